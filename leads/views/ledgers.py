"""The ledger of a lead's score, as a part of the lead page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.views.access import member_required, person
from leads.selectors.details import visible_lead
from leads.selectors.ledgers import ledger_of
from leads.selectors.terms import lexicon


@require_safe
@member_required
def lead_score(request: HttpRequest, pk: int) -> HttpResponse:
    """Why the score is what it is: every part, the touches behind it, when it will be gone."""
    lead = visible_lead(person(request), pk)
    context = {"lead": lead, "lines": ledger_of(lead, lexicon())}
    return render(request, "leads/scoring/_ledger.html", context)
