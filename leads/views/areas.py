"""Areas whose work begins with the handoff: what they will hold, and what can be done today."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.views.access import member_required


@require_safe
@member_required
def channel(request: HttpRequest) -> HttpResponse:
    """What both teams tell each other: field notes and campaign alerts."""
    return render(request, "leads/channel.html")
