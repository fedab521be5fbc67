"""Pages of the agreement."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.rules import is_administrator
from accounts.views.access import member_required, person
from sla.selectors.parties import parties


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
