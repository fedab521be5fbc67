"""The goal calculator."""

from __future__ import annotations

from tests.access.matrix.answers import (
    API_NO,
    API_NOT_JSON,
    API_READ,
    MEMBERS,
    MEMBERS_DO,
    MEMBERS_WRONG,
    NO,
    Line,
)

WRITERS_WRONG = "in     403      403      403 422  422         403           422"
ITS_AUTHOR_DOES = "in   403      403      302 302  403         403           302"
API_PROMISES = "  401      403      403      403 200  200         403           200"

CALCULATOR = [
    Line("sla/calculator/", get=MEMBERS, post=NO),
    Line("sla/calculator/keep/", get=NO, post=MEMBERS_WRONG),
    Line("sla/calculator/promise/", get=NO, post=WRITERS_WRONG),
    Line("sla/calculator/scenarios/", get=MEMBERS, post=NO),
    Line(
        "sla/calculator/scenarios/<int:pk>/",
        get=MEMBERS_DO,
        post=NO,
        path="sla/calculator/scenarios/{scenario}/",
    ),
    Line(
        "sla/calculator/scenarios/<int:pk>/delete/",
        get=NO,
        post=ITS_AUTHOR_DOES,
        path="sla/calculator/scenarios/{scenario}/delete/",
    ),
]
API_CALCULATOR = [
    Line("api/v1/goal-calculator/", get=API_NO, post=API_NOT_JSON),
    Line("api/v1/scenarios/", get=API_READ, post=API_NOT_JSON),
    Line(
        "api/v1/scenarios/<int:pk>/", get=API_READ, post=API_NO, path="api/v1/scenarios/{scenario}/"
    ),
    Line(
        "api/v1/scenarios/<int:pk>/promise/",
        get=API_NO,
        post=API_PROMISES,
        path="api/v1/scenarios/{scenario}/promise/",
    ),
]
