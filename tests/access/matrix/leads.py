"""The list of leads, one lead, the API around them."""

from __future__ import annotations

from tests.access.matrix.answers import (
    API_NO,
    API_NOT_JSON,
    API_READ,
    MEMBERS,
    MEMBERS_DO,
    NO,
    NOTHING,
    PUBLIC,
    SIDES,
    SIDES_DO,
    SIDES_WRONG,
    Line,
)

LEADS = [
    Line("leads/", get=MEMBERS),
    Line("leads/new/", get=SIDES, post=SIDES),
    Line("leads/bulk/", get=NO, post=MEMBERS_DO),
    Line("leads/<int:pk>/", get=MEMBERS, path="leads/{lead}/"),
    Line("leads/<int:pk>/preview/", get=MEMBERS, path="leads/{lead}/preview/"),
    Line("leads/<int:pk>/move/", get=NO, post=SIDES_DO, path="leads/{lead}/move/"),
    Line("leads/<int:pk>/close/", get=SIDES, post=SIDES_WRONG, path="leads/{lead}/close/"),
]
API = [
    Line("api/docs/", get=MEMBERS),
    Line("api/schema/", get=PUBLIC),
    Line("api/v1/leads/", get=API_READ, post=API_NOT_JSON),
    Line("api/v1/leads/<int:pk>/", get=API_READ, post=API_NO, path="api/v1/leads/{lead}/"),
    Line(
        "api/v1/leads/<int:pk>/move/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/leads/{lead}/move/",
    ),
    Line("api/", get=NOTHING, post=NOTHING, unsafe="404"),
    Line("api/<path:rest>", get=NOTHING, post=NOTHING, path="api/v1/none/", unsafe="404"),
]
