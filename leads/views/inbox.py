"""`/leads/inbox/`: packets to decide on, the list left, the open packet right."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.views.access import member_required, person
from leads.enums import ReasonOutcome
from leads.forms_working import MINUTES, RejectForm
from leads.selectors.details import visible_lead
from leads.selectors.house import house_rules
from leads.selectors.inbox import Inbox, inbox_of
from leads.selectors.packet import packet_of
from leads.views.details import options_for
from leads.views.verbs import verbs_for
from smarketing import time_source
from smarketing.errors import NotFound

DIGITS = 18
CHIPS = {
    "mine": gettext_lazy("Mine"),
    "queue": gettext_lazy("Nobody yet"),
    "snoozed": gettext_lazy("Snoozed"),
}


@require_safe
@member_required
def inbox(request: HttpRequest) -> HttpResponse:
    """The inbox; htmx asks for its desk alone, with the next packet open."""
    user, now = person(request), time_source.now()
    found = inbox_of(user, show=request.GET.get("show", ""), at=now)
    context = {"now": now, "inbox": found, "chips": _chips(found), **_opened(request, user, found)}
    asked_part = request.headers.get("HX-Request") == "true"
    template = "leads/working/_desk.html" if asked_part else "leads/working/inbox.html"
    return render(request, template, context)


def _chips(found: Inbox) -> list[dict[str, Any]]:
    url = reverse("lead-inbox")
    return [
        {"key": key, "label": label, "n": found.counts[key], "on": key == found.show,
         "url": url if key == "mine" else f"{url}?show={key}"}
        for key, label in CHIPS.items()
    ]  # fmt: skip


def _opened(request: HttpRequest, user: User, found: Inbox) -> dict[str, Any]:
    """Return the packet that is open: the one asked for, else the most urgent one.

    A phone shows it only when it was asked for (`chosen`).
    """
    wanted = request.GET.get("lead", "")
    pk = int(wanted) if wanted.isdecimal() and len(wanted) <= DIGITS else None
    chosen = pk is not None
    if pk is None and found.leads:
        pk = found.leads[0].pk
    home = reverse("lead-inbox") + ("" if found.show == "mine" else f"?show={found.show}")
    if pk is None:
        return {"home": home, "chosen": False}
    reasons = house_rules().active_reasons
    for_many = [one for one in reasons if one.outcome is not ReasonOutcome.CHOOSE]
    try:
        lead = visible_lead(user, pk)
    except NotFound:
        return {"home": home, "chosen": False, "bulk_reasons": for_many}
    options = options_for(user, lead)
    return {
        "home": home, "chosen": chosen, "lead": lead, "contact": lead.contact.canonical,
        "packet": packet_of(user, lead), "verbs": verbs_for(lead, options),
        "may_work": bool(options.primary), "snoozes": snooze_times(time_source.now()),
        "reject_form": RejectForm(reasons=reasons),
        "pad": [one for one in reasons if one.key],
        "more_reasons": [one for one in reasons if not one.key],
        "bulk_reasons": for_many,
    }  # fmt: skip


def snooze_times(now: datetime) -> list[tuple[str, str]]:
    """Return the usual ends of a snooze as a form posts them, with their words."""
    local = timezone.localtime(now)
    morning = timezone.make_aware(datetime.combine(local.date() + timedelta(days=1), time(9)))
    monday = morning + timedelta(days=(7 - morning.weekday()) % 7 or 7)
    return [
        ((local + timedelta(hours=2)).strftime(MINUTES), _("In two hours")),
        (morning.strftime(MINUTES), _("Tomorrow morning")),
        (monday.strftime(MINUTES), _("Next Monday")),
    ]
