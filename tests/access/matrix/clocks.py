"""Clocks as people see them."""

from __future__ import annotations

from tests.access.matrix.answers import (
    ADMINS_DO,
    API_NO,
    API_NOT_JSON,
    API_READ,
    MEMBERS,
    MEMBERS_WRONG,
    NO,
    SIDES,
    Line,
)

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
    # The calendar of the house: administrators change it, and nobody else takes a change back.
    Line(
        "sla/recalculations/<int:pk>/undo/",
        get=NO,
        post=ADMINS_DO,
        path="sla/recalculations/{recalculation}/undo/",
    ),
    Line("leads/<int:pk>/clocks/", get=MEMBERS, path="leads/{lead}/clocks/"),
]
API_CLOCKS: list[Line] = [
    Line("api/v1/clocks/", get=API_READ, post=API_NO),
    Line("api/v1/clocks/<int:pk>/", get=API_READ, post=API_NO, path="api/v1/clocks/{clock}/"),
    Line(
        "api/v1/clocks/<int:pk>/pause/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/clocks/{clock}/pause/",
    ),
    Line(
        "api/v1/clocks/<int:pk>/resume/",
        get=API_NO,
        post="401    403      403      409 409  403         403           409",
        path="api/v1/clocks/{clock}/resume/",
    ),
]
