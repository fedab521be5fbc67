"""Forms, what they bring, visits; captures of outside sources."""

from __future__ import annotations

from tests.access.matrix.answers import (
    API_NO,
    API_NOT_JSON,
    API_READ,
    MEMBERS,
    NO,
    PUBLIC,
    SIDES,
    SIDES_DO,
    SIDES_WRONG,
    Line,
)

# Forms are built as campaigns are planned: by marketers, and by managers of either side.
PLAN = "     in     403      200      403 200  403         403           200"
PLAN_DO = "  in     403      302      403 302  403         403           302"
PLAN_WRONG = "in    403      422      403 422  403         403           422"
SITE_WRONG = "in    403      422      403 422  403         403           422"
OPEN_WRONG = "422   422      422      422 422  422         422           422"
REFUSED = "   403   403      403      403 403  403         403           403"
CAPTURE = [
    Line("forms/", get=MEMBERS),
    Line("forms/new/", get=PLAN, post=PLAN_WRONG),
    Line("forms/<int:pk>/", get=MEMBERS, path="forms/{form}/"),
    Line("forms/<int:pk>/edit/", get=PLAN, post=PLAN_WRONG, path="forms/{form}/edit/"),
    Line("forms/<int:pk>/open/", get=NO, post=PLAN_DO, path="forms/{form}/open/"),
    Line("forms/<int:pk>/code.svg", get=MEMBERS, path="forms/{form}/code.svg"),
    Line("forms/<int:pk>/stand/", get=SIDES, post=SIDES_WRONG, path="forms/{form}/stand/"),
    Line("forms/visits/", get=MEMBERS, post=SITE_WRONG),
    Line("forms/visits/<int:pk>/use/", get=NO, post=PLAN_DO, path="forms/visits/{site}/use/"),
    Line(
        "proposed-changes/<int:pk>/take/",
        get=NO,
        post=SIDES_DO,
        path="proposed-changes/{proposed}/take/",
    ),
    Line(
        "proposed-changes/<int:pk>/refuse/",
        get=NO,
        post=SIDES_DO,
        path="proposed-changes/{proposed}/refuse/",
    ),
    Line("leads/<int:pk>/proposed/", get=MEMBERS, path="leads/{lead}/proposed/"),
    # For people outside: no session is read, so no token is asked for.
    Line("f/<str:token>/", get=PUBLIC, post=OPEN_WRONG, path="f/{form_token}/", unsafe="422"),
    Line("f/<str:token>/embed.js", get=PUBLIC, path="f/{form_token}/embed.js"),
    Line("t/<str:token>.js", get=PUBLIC, path="t/{site_token}.js"),
    Line("t/<str:token>/", get=NO, post=REFUSED, path="t/{site_token}/"),
]
API_DECIDE = " 401    403      200      200 200  403         403           200"


def _read(tail: str, path: str = "", post: str = API_NO) -> Line:
    return Line(f"api/v1/{tail}", get=API_READ, post=post, path=f"api/v1/{path}" if path else "")


def _write(tail: str, path: str, post: str = API_NOT_JSON) -> Line:
    return Line(f"api/v1/{tail}", get=API_NO, post=post, path=f"api/v1/{path}")


API_CAPTURE = [
    _read("forms/", post=API_NOT_JSON),
    _read("forms/<int:pk>/", "forms/{form}/"),
    _write("forms/<int:pk>/change/", "forms/{form}/change/"),
    _write("forms/<int:pk>/use/", "forms/{form}/use/"),
    _read("forms/<int:pk>/wordings/", "forms/{form}/wordings/"),
    _read("forms/<int:pk>/submissions/", "forms/{form}/submissions/"),
    _read("sites/", post=API_NOT_JSON),
    _write("sites/<int:pk>/use/", "sites/{site}/use/"),
    _read("proposed-changes/"),
    _write("proposed-changes/<int:pk>/take/", "proposed-changes/{proposed}/take/", API_DECIDE),
    _write("proposed-changes/<int:pk>/refuse/", "proposed-changes/{proposed}/refuse/", API_DECIDE),
    Line(
        "api/v1/capture/",
        get=API_NO,
        post="401    403      415      415 415  403         403           415",
    ),
]
