"""The API told to people: tried out from the page, as the person who is signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.views.access import member_required


@require_safe
@member_required
def api_docs(request: HttpRequest) -> HttpResponse:
    """Swagger UI over our schema, served by ourselves under our own policy."""
    return render(request, "leads/api_docs.html")
