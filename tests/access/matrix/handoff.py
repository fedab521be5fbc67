"""Decisions, undo, reasons and windows."""

from __future__ import annotations

from tests.access.matrix.answers import (
    API_HEADS,
    API_HEADS_NOT_JSON,
    API_NO,
    API_NOT_JSON,
    API_READ,
    HEADS,
    HEADS_WRONG,
    MEMBERS_DO,
    NO,
    Line,
)

API_NONE = "  401      403      404      404 404  404         404           404"
VERBS = (
    "qualify", "nurture", "accept", "reject", "recycle", "disqualify", "lose", "rework-done",
    "rate",
)  # fmt: skip
HANDOFF = [
    Line("leads/undo/<int:pk>/", get=NO, post=MEMBERS_DO, path="leads/undo/0/"),
    Line("settings/reasons/", get=HEADS, post=NO),
    Line("settings/reasons/new/", get=HEADS, post=HEADS_WRONG),
    Line(
        "settings/reasons/<int:pk>/",
        get=HEADS,
        post=HEADS_WRONG,
        path="settings/reasons/{reason}/",
    ),
    Line("settings/funnel/", get=HEADS, post=HEADS_WRONG),
    *(
        Line(
            f"api/v1/leads/<int:pk>/{verb}/",
            get=API_NO,
            post=API_NOT_JSON,
            path="api/v1/leads/{lead}/" + verb + "/",
        )
        for verb in VERBS
    ),
    *(
        Line(f"api/v1/leads/together/{verb}/", get=API_NO, post=API_NOT_JSON)
        for verb in ("qualify", "accept", "reject")
    ),
    Line("api/v1/leads/undo/<int:pk>/", get=API_NO, post=API_NONE, path="api/v1/leads/undo/0/"),
    Line("api/v1/reasons/", get=API_READ, post=API_HEADS_NOT_JSON),
    *(
        Line(
            f"api/v1/reasons/<slug:code>/{verb}/",
            get=API_NO,
            post=API_HEADS_NOT_JSON,
            path=f"api/v1/reasons/spam/{verb}/",
        )
        for verb in ("change", "use")
    ),
    Line("api/v1/funnel-settings/", get=API_HEADS, post=API_HEADS_NOT_JSON),
]
