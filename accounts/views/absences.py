"""When people are away: one's own absences, and those of the people one oversees."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.refusals import attempt
from accounts.forms.settings import AbsenceForm
from accounts.models import Absence, User
from accounts.selectors import people as selectors
from accounts.services import absences as services
from accounts.views.access import person, signed_in
from accounts.views.answers import form_page, posted
from shell.toasts import toast
from smarketing import time_source

MOST_SHOWN = 200


@require_safe
@signed_in
def absences(request: HttpRequest) -> HttpResponse:
    """Who is away now and later; the past on demand."""
    past = request.GET.get("past") == "1"
    today = _today()
    rows = selectors.managed_absences(person(request))
    rows = (
        rows.filter(last_on__lt=today).order_by("-first_on")
        if past
        else rows.filter(last_on__gte=today).order_by("first_on", "user__name")
    )
    context = {"absences": list(rows[:MOST_SHOWN]), "past": past, "today": today}
    return render(request, "settings/absences.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def absence_new(request: HttpRequest) -> HttpResponse:
    """Enter an absence."""
    reader = person(request)
    form = AbsenceForm(posted(request), people=_people(reader), initial={"user": reader.pk})
    if request.method == "POST" and form.is_valid() and _save(form, Absence(), reader):
        toast(request, _("Absence saved."))
        return redirect("settings-absences")
    return form_page(request, "settings/absence.html", form, absence=None)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def absence_page(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Change an absence."""
    reader = person(request)
    absence = get_object_or_404(selectors.managed_absences(reader), pk=absence_id)
    initial = {
        "user": absence.user_id,
        "first_on": absence.first_on,
        "last_on": absence.last_on,
        "deputy": absence.deputy_id,
        "note": absence.note,
    }
    form = AbsenceForm(posted(request), people=_people(reader), absence=absence, initial=initial)
    if request.method == "POST" and form.is_valid() and _save(form, absence, reader):
        toast(request, _("Absence saved."))
        return redirect("settings-absences")
    return form_page(request, "settings/absence.html", form, absence=absence)


@require_POST
@signed_in
def absence_remove(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Forget an absence."""
    reader = person(request)
    absence = get_object_or_404(selectors.managed_absences(reader), pk=absence_id)
    services.remove_absence(absence, by=reader)
    toast(request, _("Absence removed."))
    return redirect("settings-absences")


def _save(form: AbsenceForm, absence: Absence, by: User) -> bool:
    facts = dict(form.cleaned_data)
    absence.user = facts.pop("user")
    at = time_source.now()
    return attempt(form, lambda: services.save_absence(absence, **facts, by=by, at=at))


def _people(reader: User) -> object:
    """Those whose absences `reader` may enter: himself and the people he manages."""
    managed = selectors.managed_people(reader).values("pk")
    return User.objects.filter(Q(pk=reader.pk) | Q(pk__in=managed), is_active=True)


def _today() -> date:
    return timezone.localtime(time_source.now()).date()
