"""Clocks as people see them."""

from __future__ import annotations

from tests.access.matrix.answers import MEMBERS, MEMBERS_WRONG, NO, SIDES, Line

CLOCKS: list[Line] = [
    Line("sla/clocks/", get=MEMBERS),
    Line("sla/clocks/export/", get=SIDES),
    Line("sla/clocks/<int:pk>/", get=MEMBERS, path="sla/clocks/{clock}/"),
    Line(
        "sla/clocks/<int:pk>/pause/", get=NO, post=MEMBERS_WRONG, path="sla/clocks/{clock}/pause/"
    ),
    # A clock that is not held is not resumed: whoever may not hold it is told so first.
    Line(
        "sla/clocks/<int:pk>/resume/",
        get=NO,
        post="in       403      403      302 302  403         403           302",
        path="sla/clocks/{clock}/resume/",
    ),
    Line("leads/<int:pk>/clocks/", get=MEMBERS, path="leads/{lead}/clocks/"),
]
API_CLOCKS: list[Line] = []
