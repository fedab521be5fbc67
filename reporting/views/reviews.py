"""The monthly reviews."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.enums import Role
from accounts.models import Membership
from accounts.views.access import member_required


@require_safe
@member_required
def reviews(request: HttpRequest) -> HttpResponse:
    """The monthly reviews; while there is none, who will chair the first."""
    chairs = Membership.objects.of_active_people().filter(role=Role.FACILITATOR)
    people = [
        membership.user for membership in chairs.select_related("user").order_by("user__name")
    ]
    return render(request, "reporting/reviews.html", {"chairs": people})
