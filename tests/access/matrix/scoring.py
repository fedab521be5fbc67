"""Score, touches, own fields."""

from __future__ import annotations

from tests.access.matrix.answers import (
    API_NO,
    API_NOT_JSON,
    API_READ,
    MEMBERS,
    NO,
    SIDES,
    SIDES_WRONG,
    Line,
)

# Score, touches, own fields: Marketing reads the rules, heads and administrators set them.
SCORE_READ = "  in     403      200      403 200  403         200           200"
SCORE_SET = "   in     403      403      403 200  403         200           200"
SCORE_DO = "    in     403      403      403 302  403         302           302"
SCORE_WRONG = " in     403      403      403 422  403         422           422"
SCORING = [
    Line("leads/<int:pk>/score/", get=MEMBERS, path="leads/{lead}/score/"),
    Line("leads/<int:pk>/own-fields/", get=MEMBERS, path="leads/{lead}/own-fields/"),
    Line(
        r"^own-fields/(?P<subject>contact|company|lead)/(?P<pk>\d{1,18})/$",
        get=SIDES,
        post=SIDES_WRONG,
        path="own-fields/lead/{lead}/",
    ),
    Line("settings/attributes/", get=SCORE_SET),
    Line("settings/attributes/new/", get=SCORE_SET, post=SCORE_WRONG),
    Line(
        "settings/attributes/<int:pk>/",
        get=SCORE_SET,
        post=SCORE_WRONG,
        path="settings/attributes/{attribute}/",
    ),
    Line(
        "settings/attributes/<int:pk>/use/",
        get=NO,
        post=SCORE_DO,
        path="settings/attributes/{attribute}/use/",
    ),
    Line("settings/scoring/", get=SCORE_READ),
    Line("settings/scoring/progress/", get=SCORE_READ),
    Line("settings/scoring/thresholds/", get=SCORE_SET, post=SCORE_WRONG),
    Line("settings/scoring/recalculate/", get=NO, post=SCORE_DO),
    Line(
        "^settings/scoring/new/(?P<kind>fit|engagement)/$",
        get=SCORE_SET,
        post=SCORE_WRONG,
        path="settings/scoring/new/fit/",
    ),
    Line(
        "settings/scoring/<int:pk>/",
        get=SCORE_SET,
        post=SCORE_WRONG,
        path="settings/scoring/{score_rule}/",
    ),
    Line(
        "settings/scoring/<int:pk>/use/",
        get=NO,
        post=SCORE_DO,
        path="settings/scoring/{score_rule}/use/",
    ),
]
API_SCORE_READ = "401  403      200      403 200  403         200           200"
API_SCORE_BODY = "401  403      415      403 415  403         415           415"
API_SCORING = [
    Line("api/v1/score-rules/", get=API_SCORE_READ, post=API_NOT_JSON),
    Line("api/v1/score-rules/preview/", get=API_NO, post=API_SCORE_BODY),
    Line(
        "api/v1/score-rules/<int:pk>/change/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/score-rules/{score_rule}/change/",
    ),
    Line(
        "api/v1/score-rules/<int:pk>/use/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/score-rules/{score_rule}/use/",
    ),
    Line("api/v1/score-thresholds/", get=API_SCORE_READ, post=API_NOT_JSON),
    Line(
        "api/v1/score-recalculation/",
        get="401 403 404 403 404 403 404 404",
        post="401 403 403 403 202 403 202 202",
    ),
    Line(
        "api/v1/leads/<int:pk>/score/", get=API_READ, post=API_NO, path="api/v1/leads/{lead}/score/"
    ),
    Line(
        "api/v1/contacts/<int:pk>/touches/",
        get=API_READ,
        post="401 403 415 415 415 403 403 415",
        path="api/v1/contacts/{contact}/touches/",
    ),
    Line("api/v1/attributes/", get=API_READ, post=API_NOT_JSON),
    Line(
        "api/v1/attributes/<int:pk>/change/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/attributes/{attribute}/change/",
    ),
    Line(
        "api/v1/attributes/<int:pk>/use/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/attributes/{attribute}/use/",
    ),
    Line(
        r"api/v1/^own-fields/(?P<subject>contact|company|lead)/(?P<pk>\d{1,18})/$",
        get=API_READ,
        post=API_NOT_JSON,
        path="api/v1/own-fields/lead/{lead}/",
    ),
]
