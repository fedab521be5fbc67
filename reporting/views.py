"""Pages of the mirror."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import Membership
from accounts.views.access import member_required, person
from leads.selectors.balances import StageBalance, stage_balances
from reporting.selectors import source_balances


@member_required
def reports(request: HttpRequest) -> HttpResponse:
    """How the funnel stands now, and where its leads came from."""
    user = person(request)
    stages = stage_balances(user)
    context = {
        "stages": stages,
        "total": sum(balance.count for balance in stages),
        "option": _bars(stages),
        "columns": [_("Stage"), _("Open leads now")],
        "rows": [(balance.stage.label, balance.count) for balance in stages],
        "sources": source_balances(user),
    }
    return render(request, "reporting/reports.html", context)


@member_required
def reviews(request: HttpRequest) -> HttpResponse:
    """The monthly reviews; while there is none, who will chair the first."""
    chairs = Membership.objects.of_active_people().filter(role=Role.FACILITATOR)
    people = [
        membership.user for membership in chairs.select_related("user").order_by("user__name")
    ]
    return render(request, "reporting/reviews.html", {"chairs": people})


def _bars(stages: Sequence[StageBalance]) -> dict[str, Any]:
    """Return one bar a stage, in the stage's own hue, from zero, with its number at its end."""
    return {
        "grid": {"left": 8, "right": 56, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "min": 0, "show": False},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [str(balance.stage.label) for balance in stages],
            "axisLine": {"show": False},
            "axisTick": {"show": False},
        },
        "series": [
            {
                "type": "bar",
                "barMaxWidth": 28,
                "label": {"show": True, "position": "right"},
                "data": [
                    {
                        "value": balance.count,
                        "itemStyle": {"color": f"token:stage-{balance.stage.value.lower()}"},
                    }
                    for balance in stages
                ],
            }
        ],
    }
