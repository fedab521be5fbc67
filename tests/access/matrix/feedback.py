"""Feedback, disputes, the channel, assets."""

from __future__ import annotations

from tests.access.matrix.answers import (
    API_NO,
    API_NOT_JSON,
    API_READ,
    MARKETING,
    MARKETING_DO,
    MARKETING_WRONG,
    MEMBERS,
    MEMBERS_DO,
    NO,
    PUBLIC,
    RULERS_WRONG,
    SALES,
    SALES_WRONG,
    SIDES_WRONG,
    Line,
)

FEEDBACK = [
    Line("feedback/", get=MEMBERS),
    Line("feedback/acknowledge/", get=NO, post=MARKETING_DO),
    Line("feedback/<int:pk>/", get=MEMBERS, path="feedback/{feedback}/"),
    Line(
        "feedback/<int:pk>/acknowledge/",
        get=NO,
        post=MARKETING_DO,
        path="feedback/{feedback}/acknowledge/",
    ),
    Line(
        "feedback/<int:pk>/comment/", get=NO, post=SIDES_WRONG, path="feedback/{feedback}/comment/"
    ),
    Line(
        "feedback/<int:pk>/dispute/",
        get=NO,
        post=MARKETING_WRONG,
        path="feedback/{feedback}/dispute/",
    ),
    Line("feedback/disputes/", get=MEMBERS),
    Line("feedback/disputes/<int:pk>/", get=MEMBERS, path="feedback/disputes/{dispute}/"),
    Line(
        "feedback/disputes/<int:pk>/answer/",
        get=NO,
        post=SALES_WRONG,
        path="feedback/disputes/{dispute}/answer/",
    ),
    Line(
        "feedback/disputes/<int:pk>/rule/",
        get=NO,
        post=RULERS_WRONG,
        path="feedback/disputes/{dispute}/rule/",
    ),
    Line("leads/<int:pk>/feedback/", get=MEMBERS, path="leads/{lead}/feedback/"),
    Line("channel/", get=MEMBERS),
    Line("channel/note/", get=SALES, post=SALES_WRONG),
    Line("channel/alert/", get=MARKETING, post=MARKETING_WRONG),
    Line("channel/leads/", get=MEMBERS),
    Line("channel/<int:pk>/", get=MEMBERS, path="channel/{post}/"),
    Line(
        "channel/<int:pk>/acknowledge/",
        get=NO,
        post=MEMBERS_DO,
        path="channel/{post}/acknowledge/",
    ),
    Line("leads/<int:pk>/channel/", get=MEMBERS, path="leads/{lead}/channel/"),
    Line("assets/", get=MEMBERS),
    Line("assets/new/", get=MARKETING, post=MARKETING_WRONG),
    Line("assets/<int:pk>/", get=MEMBERS, path="assets/{asset}/"),
    Line("assets/<int:pk>/edit/", get=MARKETING, post=MARKETING_WRONG, path="assets/{asset}/edit/"),
    Line("leads/<int:pk>/assets/", get=MEMBERS, path="leads/{lead}/assets/"),
    Line("leads/<int:pk>/assets/send/", get=NO, post=SIDES_WRONG, path="leads/{lead}/assets/send/"),
    # For people outside: whoever holds the link.
    Line("a/<str:token>/", get=PUBLIC, path="a/{link}/"),
    Line(
        "a/<str:token>/opened/",
        get=NO,
        post="204    204      204      204 204  204         204           204",
        path="a/{link}/opened/",
        unsafe="204",
    ),
]
API_FEEDBACK = [
    Line("api/v1/feedback/", get=API_READ, post=API_NO),
    Line("api/v1/feedback/acknowledge/", get=API_NO, post=API_NOT_JSON),
    Line(
        "api/v1/feedback/<int:pk>/", get=API_READ, post=API_NO, path="api/v1/feedback/{feedback}/"
    ),
    Line(
        "api/v1/feedback/<int:pk>/acknowledge/",
        get=API_NO,
        post="401    403      200      403 403  403         403           200",
        path="api/v1/feedback/{feedback}/acknowledge/",
    ),
    *(
        Line(
            f"api/v1/feedback/<int:pk>/{verb}/",
            get=API_NO,
            post=API_NOT_JSON,
            path=f"api/v1/feedback/{{feedback}}/{verb}/",
        )
        for verb in ("comment", "dispute")
    ),
    Line("api/v1/disputes/", get=API_READ, post=API_NO),
    Line("api/v1/disputes/<int:pk>/", get=API_READ, post=API_NO, path="api/v1/disputes/{dispute}/"),
    *(
        Line(
            f"api/v1/disputes/<int:pk>/{verb}/",
            get=API_NO,
            post=API_NOT_JSON,
            path=f"api/v1/disputes/{{dispute}}/{verb}/",
        )
        for verb in ("answer", "rule")
    ),
    Line("api/v1/channel/", get=API_READ, post=API_NOT_JSON),
    Line("api/v1/channel/<int:pk>/", get=API_READ, post=API_NO, path="api/v1/channel/{post}/"),
    Line(
        "api/v1/channel/<int:pk>/acknowledge/",
        get=API_NO,
        post="401    403      200      200 200  200         200           200",
        path="api/v1/channel/{post}/acknowledge/",
    ),
    Line("api/v1/assets/", get=API_READ, post=API_NOT_JSON),
    Line("api/v1/assets/<int:pk>/", get=API_READ, post=API_NO, path="api/v1/assets/{asset}/"),
    Line(
        "api/v1/assets/<int:pk>/send/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/assets/{asset}/send/",
    ),
]
