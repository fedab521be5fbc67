"""The inbox, activities, next steps."""

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

WORKING = [
    Line("leads/inbox/", get=MEMBERS),
    Line("leads/inbox/bulk/", get=NO, post=SIDES_DO),
    Line("leads/<int:pk>/accept/", get=NO, post=SIDES_DO, path="leads/{lead}/accept/"),
    Line("leads/<int:pk>/hand-back/", get=NO, post=SIDES_DO, path="leads/{lead}/hand-back/"),
    Line("leads/<int:pk>/reject/", get=SIDES, post=SIDES_WRONG, path="leads/{lead}/reject/"),
    Line("leads/<int:pk>/advance/", get=SIDES, post=SIDES_WRONG, path="leads/{lead}/advance/"),
    Line("leads/<int:pk>/timeline/", get=MEMBERS, path="leads/{lead}/timeline/"),
    Line("leads/<int:pk>/log/", get=SIDES, post=SIDES_WRONG, path="leads/{lead}/log/"),
    Line(
        "leads/<int:pk>/next-steps/",
        get=SIDES,
        post=SIDES_WRONG,
        path="leads/{lead}/next-steps/",
    ),
    Line("leads/<int:pk>/snooze/", get=SIDES, post=SIDES_WRONG, path="leads/{lead}/snooze/"),
    Line("leads/<int:pk>/unsnooze/", get=NO, post=SIDES_DO, path="leads/{lead}/unsnooze/"),
    Line(
        "activities/<int:pk>/withdraw/",
        get=NO,
        post="in     403      403      302 403  403         403           403",
        path="activities/{activity}/withdraw/",
    ),
    Line(
        "next-steps/<int:pk>/<step_verb:verb>/",
        get=NO,
        post="in     403      403      302 302  403         403           302",
        path="next-steps/{next_step}/done/",
    ),
]
API_DONE = "  401      403      403      200 200  403         403           200"
API_WORKING = [
    Line("api/v1/inbox/", get=API_READ, post=API_NO),
    Line(
        "api/v1/leads/<int:pk>/timeline/",
        get=API_READ,
        post=API_NO,
        path="api/v1/leads/{lead}/timeline/",
    ),
    Line(
        "api/v1/leads/<int:pk>/packet/",
        get=API_READ,
        post=API_NO,
        path="api/v1/leads/{lead}/packet/",
    ),
    Line(
        "api/v1/leads/<int:pk>/activities/",
        get=API_READ,
        post=API_NOT_JSON,
        path="api/v1/leads/{lead}/activities/",
    ),
    Line(
        "api/v1/leads/<int:pk>/next-steps/",
        get=API_READ,
        post=API_NOT_JSON,
        path="api/v1/leads/{lead}/next-steps/",
    ),
    Line(
        "api/v1/leads/<int:pk>/snooze/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/leads/{lead}/snooze/",
    ),
    Line(
        "api/v1/leads/<int:pk>/unsnooze/",
        get=API_NO,
        post="401    403      204      204 204  204         204           204",
        path="api/v1/leads/{lead}/unsnooze/",
    ),
    Line(
        "api/v1/activities/<int:pk>/",
        get=API_READ,
        post=API_NO,
        path="api/v1/activities/{activity}/",
    ),
    *(
        Line(
            f"api/v1/next-steps/<int:pk>/{verb}/",
            get=API_NO,
            post=API_NOT_JSON if verb == "move" else API_DONE,
            path=f"api/v1/next-steps/{{next_step}}/{verb}/",
        )
        for verb in ("done", "drop", "move")
    ),
]
