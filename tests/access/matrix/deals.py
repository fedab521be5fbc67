"""Opportunities, the board, campaigns, lists of names."""

from __future__ import annotations

from tests.access.matrix.answers import (
    API_NO,
    API_NOT_JSON,
    API_READ,
    MEMBERS,
    NO,
    SIDES,
    SIDES_DO,
    SIDES_WRONG,
    Line,
)

PLANNERS = "  in       403      200      403 200  403         403           200"
PLANNERS_DO = "in      403      302      403 302  403         403           302"
PLANNERS_WRONG = "in   403      422      403 422  403         403           422"
KEEPERS = "   in       403      200      403 200  403         200           200"
KEEPERS_DO = "in       403      302      403 302  403         302           302"
KEEPERS_WRONG = "in    403      422      403 422  403         422           422"
API_KEEPERS_REMOVE = "401 403  204      403 204  403         204           204"
SELLERS = "   in       403      403      200 200  403         403           200"
SELLERS_WRONG = "in    403      403      422 422  403         403           422"
DEALS = [
    Line("leads/board/", get=MEMBERS),
    Line("leads/board/<str:stage>/", get=MEMBERS, path="leads/board/LEAD/"),
    Line("leads/<int:pk>/board/", get=SIDES_DO, post=SIDES_DO, path="leads/{lead}/board/"),
    Line("leads/<int:pk>/convert/", get=SIDES, post=SIDES_WRONG, path="leads/{lead}/convert/"),
    Line("leads/<int:pk>/opportunities/", get=MEMBERS, path="leads/{lead}/opportunities/"),
    Line(
        "leads/<int:pk>/opportunities/new/",
        get=SIDES,
        post=SIDES_WRONG,
        path="leads/{lead}/opportunities/new/",
    ),
    Line("leads/<int:pk>/customer/", get=SIDES, post=SIDES_WRONG, path="leads/{lead}/customer/"),
    Line("opportunities/", get=MEMBERS),
    Line("opportunities/<int:pk>/", get=MEMBERS, post=SIDES_WRONG, path="opportunities/{deal}/"),
    Line("opportunities/<int:pk>/step/", get=NO, post=SIDES_DO, path="opportunities/{deal}/step/"),
    Line(
        "opportunities/<int:pk>/win/",
        get=SELLERS,
        post=SELLERS_WRONG,
        path="opportunities/{deal}/win/",
    ),
    Line(
        "opportunities/<int:pk>/lose/",
        get=SELLERS,
        post=SELLERS_WRONG,
        path="opportunities/{deal}/lose/",
    ),
    Line("campaigns/", get=MEMBERS),
    Line("campaigns/new/", get=PLANNERS, post=PLANNERS_WRONG),
    Line("campaigns/<int:pk>/", get=MEMBERS, path="campaigns/{campaign}/"),
    Line(
        "campaigns/<int:pk>/edit/",
        get=PLANNERS,
        post=PLANNERS_WRONG,
        path="campaigns/{campaign}/edit/",
    ),
    Line(
        "campaigns/<int:pk>/costs/",
        get=NO,
        post=PLANNERS_WRONG,
        path="campaigns/{campaign}/costs/",
    ),
    Line(
        "campaigns/<int:pk>/costs/<int:cost>/remove/",
        get=NO,
        post=PLANNERS_DO,
        path="campaigns/{campaign}/costs/{cost}/remove/",
    ),
    Line("settings/catalogue/", get=KEEPERS),
    Line(
        "settings/catalogue/<str:kind>/add/",
        get=NO,
        post=KEEPERS_WRONG,
        path="settings/catalogue/competitors/add/",
    ),
    Line(
        "settings/catalogue/<str:kind>/<int:pk>/",
        get=KEEPERS,
        post=KEEPERS_WRONG,
        path="settings/catalogue/competitors/{competitor}/",
    ),
    Line(
        "settings/catalogue/<str:kind>/<int:pk>/remove/",
        get=NO,
        post=KEEPERS_DO,
        path="settings/catalogue/competitors/{competitor}/remove/",
    ),
    Line("settings/deal-steps/", get=KEEPERS),
    Line("settings/deal-steps/new/", get=KEEPERS, post=KEEPERS_WRONG),
    Line(
        "settings/deal-steps/<int:pk>/",
        get=KEEPERS,
        post=KEEPERS_WRONG,
        path="settings/deal-steps/{deal_step}/",
    ),
    Line(
        "settings/deal-steps/<int:pk>/move/",
        get=NO,
        post=KEEPERS_DO,
        path="settings/deal-steps/{deal_step}/move/",
    ),
    Line(
        "settings/deal-steps/<int:pk>/remove/",
        get=NO,
        post=KEEPERS_DO,
        path="settings/deal-steps/{deal_step}/remove/",
    ),
]
API_DEALS = [
    *(
        Line(
            f"api/v1/leads/<int:pk>/{verb}/",
            get=API_NO,
            post=API_NOT_JSON,
            path=f"api/v1/leads/{{lead}}/{verb}/",
        )
        for verb in ("convert", "opportunities")
    ),
    Line(
        "api/v1/leads/<int:pk>/customer-events/",
        get=API_READ,
        post=API_NOT_JSON,
        path="api/v1/leads/{lead}/customer-events/",
    ),
    Line("api/v1/opportunities/", get=API_READ, post=API_NO),
    Line(
        "api/v1/opportunities/<int:pk>/",
        get=API_READ,
        post=API_NO,
        path="api/v1/opportunities/{deal}/",
    ),
    *(
        Line(
            f"api/v1/opportunities/<int:pk>/{verb}/",
            get=API_NO,
            post=API_NOT_JSON,
            path=f"api/v1/opportunities/{{deal}}/{verb}/",
        )
        for verb in ("change", "step", "win", "lose")
    ),
    Line("api/v1/deal-steps/", get=API_READ, post=API_NOT_JSON),
    *(
        Line(
            f"api/v1/deal-steps/<int:pk>/{verb}/",
            get=API_NO,
            post=answer,
            path=f"api/v1/deal-steps/{{deal_step}}/{verb}/",
        )
        for verb, answer in (
            ("change", API_NOT_JSON),
            ("move", API_NOT_JSON),
            ("remove", API_KEEPERS_REMOVE),
        )
    ),
    Line(
        "api/v1/catalogue/<str:kind>/",
        get=API_READ,
        post=API_NOT_JSON,
        path="api/v1/catalogue/competitors/",
    ),
    *(
        Line(
            f"api/v1/catalogue/<str:kind>/<int:pk>/{verb}/",
            get=API_NO,
            post=answer,
            path=f"api/v1/catalogue/competitors/{{competitor}}/{verb}/",
        )
        for verb, answer in (("change", API_NOT_JSON), ("remove", API_KEEPERS_REMOVE))
    ),
    Line("api/v1/board/", get=API_READ, post=API_NO),
    Line("api/v1/campaigns/", get=API_READ, post=API_NOT_JSON),
    Line(
        "api/v1/campaigns/<int:pk>/",
        get=API_READ,
        post=API_NO,
        path="api/v1/campaigns/{campaign}/",
    ),
    Line(
        "api/v1/campaigns/<int:pk>/change/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/campaigns/{campaign}/change/",
    ),
    Line(
        "api/v1/campaigns/<int:pk>/costs/",
        get=API_READ,
        post=API_NOT_JSON,
        path="api/v1/campaigns/{campaign}/costs/",
    ),
    Line(
        "api/v1/campaigns/<int:pk>/costs/<int:cost>/remove/",
        get=API_NO,
        post="401    403      204      403 204  403         403           204",
        path="api/v1/campaigns/{campaign}/costs/{cost}/remove/",
    ),
]
