"""Who gets a lead: pools, rules, taking and giving."""

from __future__ import annotations

from tests.access.matrix.answers import (
    API_HEADS,
    API_HEADS_NOT_JSON,
    API_NO,
    API_NOT_JSON,
    API_READ,
    GIVERS,
    GIVERS_DO,
    GIVERS_WRONG,
    HEADS,
    HEADS_DO,
    HEADS_WRONG,
    MEMBERS,
    NO,
    Line,
)

API_HEADS_REMOVE = "  401 403   403      403 204  403         204           204"
API_HEADS_REFUSED = " 401 403   403      403 409  403         409           409"
ROUTING = [
    Line("settings/routing/", get=HEADS),
    Line("settings/routing/rehearsal/", get=HEADS),
    Line("settings/routing/pools/new/", get=HEADS, post=HEADS_WRONG),
    Line(
        "settings/routing/pools/<int:pk>/",
        get=HEADS,
        post=HEADS_WRONG,
        path="settings/routing/pools/{pool}/",
    ),
    Line(
        "settings/routing/pools/<int:pk>/remove/",
        get=NO,
        post=HEADS_DO,
        path="settings/routing/pools/{pool}/remove/",
    ),
    Line("settings/routing/rules/new/", get=HEADS, post=HEADS_WRONG),
    Line(
        "settings/routing/rules/<int:pk>/",
        get=HEADS,
        post=HEADS_WRONG,
        path="settings/routing/rules/{rule}/",
    ),
    Line(
        "settings/routing/rules/<int:pk>/move/",
        get=NO,
        post=HEADS_DO,
        path="settings/routing/rules/{rule}/move/",
    ),
    Line(
        "settings/routing/rules/<int:pk>/remove/",
        get=NO,
        post=HEADS_DO,
        path="settings/routing/rules/{rule}/remove/",
    ),
    Line("leads/give/", get=NO, post=GIVERS_WRONG),
    Line("leads/of/<int:user_id>/give/", get=HEADS, post=HEADS_WRONG, path="leads/of/{rep}/give/"),
    Line("leads/<int:pk>/owner/", get=MEMBERS, path="leads/{lead}/owner/"),
    Line("leads/<int:pk>/take/", get=NO, post=GIVERS_DO, path="leads/{lead}/take/"),
    Line("leads/<int:pk>/give/", get=GIVERS, post=GIVERS_WRONG, path="leads/{lead}/give/"),
    Line("api/v1/leads/reassign/", get=API_NO, post=API_NOT_JSON),
    *(
        Line(
            f"api/v1/leads/<int:pk>/{verb}/",
            get=API_NO,
            post=API_NOT_JSON,
            path=f"api/v1/leads/{{lead}}/{verb}/",
        )
        for verb in ("take", "give")
    ),
    Line(
        "api/v1/leads/<int:pk>/assignments/",
        get=API_READ,
        post=API_NO,
        path="api/v1/leads/{lead}/assignments/",
    ),
    Line("api/v1/routing/pools/", get=API_HEADS, post=API_HEADS_NOT_JSON),
    Line("api/v1/routing/rules/", get=API_HEADS, post=API_HEADS_NOT_JSON),
    *(
        Line(
            f"api/v1/routing/{kind}s/<int:pk>/{verb}/",
            get=API_NO,
            post=answer,
            path=f"api/v1/routing/{kind}s/{{{kind}}}/{verb}/",
        )
        for kind, verb, answer in (
            ("pool", "change", API_HEADS_NOT_JSON),
            ("pool", "remove", API_HEADS_REFUSED),  # a rule leads to it
            ("rule", "change", API_HEADS_NOT_JSON),
            ("rule", "use", API_HEADS_NOT_JSON),
            ("rule", "move", API_HEADS_NOT_JSON),
            ("rule", "remove", API_HEADS_REMOVE),
        )
    ),
    Line("api/v1/routing/rehearsal/", get=API_HEADS, post=API_NO),
]
