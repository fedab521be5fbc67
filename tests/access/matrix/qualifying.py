"""Definitions, personas, the queue."""

from __future__ import annotations

from tests.access.matrix.answers import (
    API_NO,
    API_NOT_JSON,
    API_READ,
    MEMBERS,
    MEMBERS_WRONG,
    NO,
    Line,
)

# Those who write down what both teams agreed: marketers and heads; heads put it in force.
PROPOSERS = "in       403      200      403 200  403         403           200"
PROPOSERS_DO = "in    403      302      403 302  403         403           302"
PROPOSERS_WRONG = "in 403      422      403 422  403         403           422"
MANAGERS_DO = "in     403      403      403 302  403         403           302"
API_PROPOSERS = "401  403      200      403 200  403         403           200"
API_MANAGERS = "401   403      403      403 200  403         403           200"
QUALIFYING = [
    Line("leads/qualify/", get=PROPOSERS),
    Line("leads/qualify/decide/", get=NO, post=PROPOSERS_WRONG),
    Line("leads/qualify/bulk/", get=NO, post=PROPOSERS_DO),
    Line("settings/definitions/", get=MEMBERS),
    Line("settings/definitions/<slug:stage>/", get=MEMBERS, path="settings/definitions/mql/"),
    Line(
        "settings/definitions/<slug:stage>/new/",
        get=PROPOSERS,
        post=PROPOSERS_WRONG,
        path="settings/definitions/mql/new/",
    ),
    Line(
        "settings/definitions/<int:pk>/activate/",
        get=NO,
        post=MANAGERS_DO,
        path="settings/definitions/{definition}/activate/",
    ),
    Line(
        "settings/definitions/<int:pk>/withdraw/",
        get=NO,
        post=PROPOSERS_DO,
        path="settings/definitions/{definition}/withdraw/",
    ),
    Line("settings/sql-types/", get=MEMBERS),
    Line("settings/sql-types/new/", get=PROPOSERS, post=PROPOSERS_WRONG),
    Line(
        "settings/sql-types/<int:pk>/",
        get=PROPOSERS,
        post=PROPOSERS_WRONG,
        path="settings/sql-types/{sql_type}/",
    ),
    Line("personas/", get=MEMBERS),
    Line("personas/new/", get=PROPOSERS, post=PROPOSERS_WRONG),
    Line("personas/<int:pk>/", get=MEMBERS, post=MEMBERS_WRONG, path="personas/{persona}/"),
    Line(
        "personas/<int:pk>/edit/",
        get=PROPOSERS,
        post=PROPOSERS_WRONG,
        path="personas/{persona}/edit/",
    ),
    Line("personas/<int:pk>/versions/", get=MEMBERS, path="personas/{persona}/versions/"),
    Line("personas/<int:pk>/use/", get=NO, post=MANAGERS_DO, path="personas/{persona}/use/"),
    Line(
        "personas/versions/<int:pk>/activate/",
        get=NO,
        post=MANAGERS_DO,
        path="personas/versions/{persona_version}/activate/",
    ),
    Line(
        "personas/versions/<int:pk>/withdraw/",
        get=NO,
        post=PROPOSERS_DO,
        path="personas/versions/{persona_version}/withdraw/",
    ),
    Line("api/v1/leads/qualify/", get=API_PROPOSERS, post=API_NO),
    Line("api/v1/definitions/", get=API_READ, post=API_NOT_JSON),
    Line(
        "api/v1/definitions/<int:pk>/activate/",
        get=API_NO,
        post=API_MANAGERS,
        path="api/v1/definitions/{definition}/activate/",
    ),
    Line("api/v1/personas/", get=API_READ, post=API_NOT_JSON),
    Line("api/v1/personas/<int:pk>/", get=API_READ, post=API_NO, path="api/v1/personas/{persona}/"),
    Line(
        "api/v1/personas/<int:pk>/versions/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/personas/{persona}/versions/",
    ),
    Line(
        "api/v1/personas/<int:pk>/comments/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/personas/{persona}/comments/",
    ),
    Line(
        "api/v1/personas/versions/<int:pk>/activate/",
        get=API_NO,
        post=API_MANAGERS,
        path="api/v1/personas/versions/{persona_version}/activate/",
    ),
    Line(
        "api/v1/definitions/<int:pk>/withdraw/",
        get=API_NO,
        post=API_PROPOSERS,
        path="api/v1/definitions/{definition}/withdraw/",
    ),
    Line(
        "api/v1/personas/versions/<int:pk>/withdraw/",
        get=API_NO,
        post=API_PROPOSERS,
        path="api/v1/personas/versions/{persona_version}/withdraw/",
    ),
    Line(
        "api/v1/personas/<int:pk>/use/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/personas/{persona}/use/",
    ),
    Line("api/v1/sql-types/", get=API_READ, post=API_NOT_JSON),
    *(
        Line(
            f"api/v1/sql-types/<int:pk>/{verb}/",
            get=API_NO,
            post=API_NOT_JSON,
            path=f"api/v1/sql-types/{{sql_type}}/{verb}/",
        )
        for verb in ("change", "use")
    ),
]
