"""Pages of the agreement: the version in force, every other version."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.rules import is_administrator
from accounts.views.access import member_required, person
from sla.enums import AgreementState
from sla.models import Agreement
from sla.selectors.parties import parties
from smarketing.errors import NotFound


@require_safe
@member_required
def agreement(request: HttpRequest) -> HttpResponse:
    """The agreement in force; while there is none, who will sign it and what is still missing."""
    marketing, sales = parties()
    context = {
        "marketing": marketing,
        "sales": sales,
        "may_name_heads": is_administrator(person(request)),
    }
    return render(request, "sla/agreement.html", context)


@require_safe
@member_required
def agreement_version(request: HttpRequest, number: int) -> HttpResponse:
    """A version as a contract: in force, proposed, superseded or withdrawn."""
    row = Agreement.objects.exclude(state=AgreementState.DRAFT).filter(number=number).first()
    if row is None:
        raise NotFound("no such version")
    return agreement(request)
