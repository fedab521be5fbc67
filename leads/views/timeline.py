"""The timeline of a lead, as a part of its page and by itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.views.access import member_required, person
from leads.models import Lead
from leads.selectors.details import visible_lead
from leads.selectors.timeline import timeline_page
from leads.selectors.timeline_branches import CHIPS
from leads.telling import tell_events
from smarketing import time_source


@require_safe
@member_required
def lead_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """A part of the timeline: the whole card, or the rows after a key."""
    lead = visible_lead(person(request), pk)
    context = {"lead": lead, "now": time_source.now(), **timeline_context(lead, request.GET)}
    part = "_events" if request.GET.get("after") else "_timeline"
    return render(request, f"leads/working/{part}.html", context)


def timeline_context(lead: Lead, asked: QueryDict) -> dict[str, Any]:
    """Return what the timeline's templates show; one statement."""
    kinds = [one for one in asked.getlist("kind") if one in CHIPS]
    page = timeline_page(lead, kinds=kinds, after=asked.get("after"))
    kept = [("kind", one) for one in kinds]
    return {
        "events": tell_events(page.events),
        "more": urlencode([*kept, ("after", page.next)]) if page.next else "",
        "chips": [(key, label, key in kinds) for key, label in CHIPS.items()],
        "narrowed": bool(kinds),
    }
