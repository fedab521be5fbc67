"""The marketer's queue: look at a lead, press one key, meet the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Role
from accounts.rules import holds, standing
from accounts.views.access import person, requires
from accounts.views.answers import wants_part
from leads import rules
from leads.enums import CloseReason, Disposition
from leads.filters import organisation_zone
from leads.forms_queue import BulkQualifyForm, QueueForm
from leads.models import Lead
from leads.moving import MovesRefused
from leads.selectors.details import visible_lead
from leads.selectors.house import HouseRules, house_rules
from leads.selectors.qualifying import FILTERS, Checks, qualify_desk, waiting_leads
from leads.services.decisions import By, close_leads, nurture_leads, qualify_leads
from leads.services.gate import Outcome
from leads.views.returning import undo_url
from shell.toasts import toast
from smarketing import time_source

MOST_KEYS = 9
LONGEST_ID = 17
SOMEBODY_WAS_FASTER = frozenset({"closed", "already_there", "moved_meanwhile"})


def qualifies(user: Any) -> bool:
    """Tell whether the person works the queue."""
    return rules.qualifies_leads(standing(user))


@require_safe
@requires(qualifies)
def qualify_queue(request: HttpRequest) -> HttpResponse:
    """The queue, the lead of the address open; for htmx just the desk."""
    chosen = request.GET.get("lead", "")
    show = _show(request.GET)
    is_id = chosen.isdecimal() and len(chosen) <= LONGEST_ID
    return _desk(request, show, int(chosen) if is_id else None)


@require_POST
@requires(qualifies)
def qualify_decide(request: HttpRequest) -> HttpResponse:
    """Qualify, nurture or disqualify the open lead; the answer shows the next one."""
    now = time_source.now()
    show, zone = _show(request.POST), organisation_zone()
    form = QueueForm(request.POST, today=now.astimezone(zone).date())
    if not form.is_valid():
        toast(request, _first_error(form), level=messages.ERROR)
        pk = form.cleaned_data.get("lead")
        return _desk(request, show, pk, answers=form.answers, status=422)
    data = form.cleaned_data
    lead = visible_lead(person(request), data["lead"])
    try:
        outcome = _act(request, form, lead, now)
    except MovesRefused as refused:
        toast(request, str(refused), level=messages.ERROR)
        if refused.refusals[0].code in SOMEBODY_WAS_FASTER:
            return _next(request, show, data["next"])
        return _desk(request, show, lead.pk, answers=form.answers, status=422)
    said = _said(lead, data, outcome)
    toast(request, said, undo_url=undo_url(outcome.action))
    return _next(request, show, data["next"], said)


@require_POST
@requires(qualifies)
def qualify_bulk(request: HttpRequest) -> HttpResponse:
    """Qualify the chosen leads that meet every criterion; the others stay and are counted."""
    show, now = _show(request.POST), time_source.now()
    form = BulkQualifyForm(request.POST)
    if not form.is_valid():
        toast(request, _("Select at least one lead."), level=messages.WARNING)
        return _next(request, show, None)
    ids = form.cleaned_data["selected"]
    leads = list(waiting_leads(request.user).filter(pk__in=ids).select_related("contact"))
    checks = Checks(leads, now)
    obvious = [lead.pk for lead in leads if checks.row(lead).all_met]
    by = By(actor=person(request), note=request.POST.get("note", "").replace("\x00", "")[:2_000])
    outcome = qualify_leads(obvious, by=by, at=now, apply_rest=True)
    n = len(outcome.leads)
    said = ngettext("%(n)d lead qualified.", "%(n)d leads qualified.", n) % {"n": n}
    left = len(ids) - n
    if left:
        stay = ngettext("%(n)d stays in the queue.", "%(n)d stay in the queue.", left)
        said = f"{said} {stay % {'n': left}}"
    level = messages.SUCCESS if n else messages.WARNING
    toast(request, said, undo_url=undo_url(outcome.action), level=level)
    return _next(request, show, None, said)


def _act(request: HttpRequest, form: QueueForm, lead: Lead, now: datetime) -> Outcome:
    """Enter the verb that was chosen."""
    data = form.cleaned_data
    by = By(actor=person(request), note=data["note"])
    if data["action"] == "qualify":
        return qualify_leads([lead.pk], by=by, at=now, answers=form.answers)
    if data["action"] == "nurture":
        until = form.until_instant(organisation_zone())
        reason = CloseReason.NOT_NOW.value
        return nurture_leads([lead.pk], by=by, at=now, until=until, reason=reason)
    return close_leads([lead.pk], Disposition.DISQUALIFIED, data["reason"], by=by, at=now)


def _said(lead: Lead, data: Mapping[str, Any], outcome: Outcome) -> str:
    """Say what happened and where the lead is now."""
    now = next(iter(outcome.leads), lead)
    names = {"name": lead.contact.canonical.name, "owner": getattr(now.owner, "name", "")}
    if data["action"] == "disqualify":
        return _("%(name)s is disqualified.") % names
    if data["action"] == "nurture":
        day = now.nurture_until or data["until"]
        return _("%(name)s is nurtured until %(day)s.") % {**names, "day": f"{day:%Y-%m-%d}"}
    if now.owner_id:
        return _("%(name)s is an MQL and goes to %(owner)s.") % names
    return _("%(name)s is an MQL and waits in a queue of Sales.") % names


def _desk(
    request: HttpRequest,
    show: str,
    chosen: int | None,
    *,
    answers: Mapping[str, bool] | None = None,
    status: int = 200,
    said: str = "",
) -> HttpResponse:
    user, now = person(request), time_source.now()
    house = house_rules()
    desk = qualify_desk(user, show, chosen, at=now, answers=answers)
    context = {
        "desk": desk,
        "lead": desk.open.lead if desk.open else None,
        "show": show,
        "filters": _filters(show),
        "reasons": list(enumerate(_reasons(house), start=1)),
        "until": _usual_day(house, now),
        "tomorrow": _day_after(now, 1),
        "needs_note": not holds(user, Role.MARKETER),
        "given_note": request.POST.get("note", "") if answers is not None else "",
        "said": said,
    }
    page = "_desk" if wants_part(request) else "queue"
    response = render(request, f"leads/qualifying/{page}.html", context, status=status)
    if wants_part(request) and request.method == "POST" and desk.open:
        response["HX-Replace-Url"] = queue_url(show, desk.open.lead.pk)
    return response


def _next(request: HttpRequest, show: str, following: int | None, said: str = "") -> HttpResponse:
    """Show the next lead at once: in this answer for htmx, after a redirect without it."""
    if wants_part(request):
        return _desk(request, show, following, said=said)
    return HttpResponseRedirect(queue_url(show, following))


def queue_url(show: str = "all", lead_id: int | None = None) -> str:
    """Return the address of the queue with a lead open."""
    query = {name: value for name, value in (("show", show), ("lead", lead_id)) if value}
    if show == FILTERS[0]:
        query.pop("show")
    return reverse("lead-qualify") + (f"?{urlencode(query)}" if query else "")


def _show(data: Mapping[str, Any]) -> str:
    asked = str(data.get("show", ""))
    return asked if asked in FILTERS else FILTERS[0]


def _filters(show: str) -> list[tuple[str, str, bool]]:
    """Return the ways to narrow the queue: address, words, whether it is the present one."""
    words = {
        "all": _("All to qualify"),
        "proposed": _("Proposed"),
        "returned": _("Back from nurturing"),
    }
    return [(queue_url(one), words[one], one == show) for one in FILTERS]


def _reasons(house: HouseRules) -> list[Any]:
    return house.reasons_for(Disposition.DISQUALIFIED)[:MOST_KEYS]


def _usual_day(house: HouseRules, now: datetime) -> str:
    return _day_after(now, house.settings.nurture_days)


def _day_after(now: datetime, days: int) -> str:
    return (now + timedelta(days=days)).astimezone(organisation_zone()).date().isoformat()


def _first_error(form: QueueForm) -> str:
    return next((str(errors[0]) for errors in form.errors.values()), "")
