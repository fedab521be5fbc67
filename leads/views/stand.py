"""The stand at a fair: one of ours types in, on the phone, whom he just met."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.views.access import person, requires
from leads.enums import FormKind
from leads.form_stamp import Stamp, read_stamp, write_stamp
from leads.forms_public import PublicForm
from leads.models import CaptureForm
from leads.selectors.forms import form_of, own_fields_of, texts_of
from leads.services.submitting import submit
from leads.views.details import may_decide
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import NotFound, Refused


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
@never_cache
def form_stand(request: HttpRequest, pk: int) -> HttpResponse:
    """Capture whoever stands there; a rep's own lead at once, with the fair's campaign."""
    form, user, at = form_of(pk), person(request), time_source.now()
    if form.kind != FormKind.FAIR:
        raise NotFound("no form of a fair")
    if not form.is_active:
        raise Refused(_("This form is closed."))
    language = _language(form)
    given = request.POST if request.method == "POST" else None
    typed = PublicForm(given, form=form, language=language, own=own_fields_of(form))
    stamp = read_stamp(request.POST.get("stamp", ""), form.token)
    if typed.is_bound and typed.is_valid() and stamp is not None:
        _take(request, form, typed, stamp, user)
        return redirect("form-stand", pk=pk)
    context = {
        "form": form,
        "typed": typed,
        "words": texts_of(form, language),
        "stamp": write_stamp(form.token, at=at, consent=form.consent_version),
        "latest": form.submissions.filter(recorded_by=user).select_related("contact", "lead")[:3],
    }
    status = 422 if typed.is_bound else 200
    return render(request, "leads/capture/stand.html", context, status=status)


def _take(
    request: HttpRequest, form: CaptureForm, typed: PublicForm, stamp: Stamp, user: User
) -> None:
    row, _is_new = submit(form, typed.sent(stamp), at=time_source.now(), by=user)
    if row.contact is None:
        toast(
            request,
            _("This person asked to be erased, so nothing was kept."),
            level=messages.WARNING,
        )
        return
    toast(request, _("%(name)s is captured.") % {"name": row.contact.name})


def _language(form: CaptureForm) -> str:
    asked = translation.get_language()
    return asked if asked in form.languages else str(form.languages[0])
