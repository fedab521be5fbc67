"""Forms: the list, the builder, one form with its address, its frame, its code, what came in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.refusals import attempt
from accounts.views.access import member_required, person, requires
from leads.enums import FormKind
from leads.forms_capture import BuilderForm, initial_of
from leads.models import CaptureForm
from leads.qr_codes import qr_svg
from leads.selectors.forms import (
    figures_of,
    form_of,
    labels_of,
    latest_of,
    listed_forms,
    own_fields,
    texts_of,
    visible_lead_ids,
    wordings_of,
)
from leads.services.forms import open_form, save_form
from leads.views.campaigns import may_plan
from leads.views.details import may_decide
from shell.toasts import toast
from smarketing import time_source


@require_safe
@member_required
def form_list(request: HttpRequest) -> HttpResponse:
    """Every form with what it brought."""
    context = {"rows": listed_forms(), "may_plan": may_plan(request.user)}
    return render(request, "leads/capture/list.html", context)


@require_safe
@member_required
def form_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One form: where it is, how it gets into a site, what came in by it."""
    form, user = form_of(pk), person(request)
    rows = latest_of(user, form)
    first = form.languages[0] if form.languages else "en"
    context = {
        "form": form,
        "figures": figures_of(form),
        "rows": rows,
        "seen": visible_lead_ids(user, rows),
        "address": address_of(form),
        "snippet": snippet_of(form),
        "words": texts_of(form, first),
        "asked": labels_of(form),
        "wordings": wordings_of(form),
        "may_plan": may_plan(user),
        "may_capture": may_decide(user),
        "at_fair": form.kind == FormKind.FAIR,
    }
    return render(request, "leads/capture/detail.html", context)


def address_of(form: CaptureForm) -> str:
    """Return where people outside find the form, whatever host a request claims to be for."""
    return f"{settings.BASE_URL}{reverse('public-form', args=[form.token])}"


def snippet_of(form: CaptureForm) -> str:
    """Return the one line that puts the form into a page of another site, as plain text."""
    address = f"{settings.BASE_URL}{reverse('form-embed', args=[form.token])}"
    return f'<script src="{address}" async></script>'


@require_safe
@member_required
def form_code(request: HttpRequest, pk: int) -> HttpResponse:
    """The address as a code for phones; for printing, or for a stand's screen."""
    form = form_of(pk)
    answer = HttpResponse(qr_svg(address_of(form)), content_type="image/svg+xml")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_plan)
def form_new(request: HttpRequest) -> HttpResponse:
    """Build a form."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_plan)
def form_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a form; its address stays."""
    return _edit(request, form_of(pk))


def _edit(request: HttpRequest, form: CaptureForm | None) -> HttpResponse:
    first = {"languages": [request.LANGUAGE_CODE], "kind": FormKind.WEB}
    given = request.POST if request.method == "POST" else None
    typed = BuilderForm(given, initial=initial_of(form) if form else first, own=own_fields())
    saved: list[CaptureForm] = []

    def save() -> None:
        facts, version = typed.facts(), typed.cleaned_data["version"]
        who, at = person(request), time_source.now()
        saved.append(save_form(form, facts, actor=who, at=at, version=version))

    if typed.is_bound and typed.is_valid() and attempt(typed, save):
        toast(request, _("Form saved."))
        return redirect("form-detail", pk=saved[0].pk)
    context = {"typed": typed, "form": form}
    return render(request, "leads/capture/edit.html", context, status=422 if typed.errors else 200)


@require_POST
@requires(may_plan)
def form_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a form, or close it."""
    form = form_of(pk)
    is_open = request.POST.get("open") == "1"
    open_form(form, is_open=is_open, actor=person(request))
    toast(request, _("Form opened.") if is_open else _("Form closed."))
    return redirect("form-detail", pk=pk)
