"""People, calendars, the organisation, what is one's own, doors for those outside."""

from __future__ import annotations

from tests.access.matrix.answers import (
    ADMINS,
    ADMINS_DO,
    ADMINS_WRONG,
    EVERYONE,
    EVERYONE_DOES,
    EVERYONE_WRONG,
    HEADS,
    HEADS_WRONG,
    ITS_HEADS,
    ITS_HEADS_DO,
    ITS_HEADS_REFUSED,
    ITS_HEADS_WRONG,
    MEMBERS,
    MEMBERS_WRONG,
    NO,
    NOTHING,
    OWNER_AND_HEADS,
    OWNER_AND_HEADS_DO,
    OWNER_AND_HEADS_WRONG,
    PUBLIC,
    Line,
)

CALENDARS = [
    Line("settings/calendars/", get=HEADS),
    Line("settings/calendars/new/", get=HEADS, post=HEADS_WRONG),
    Line("settings/calendars/preview/", get=NO, post=HEADS),
    Line("settings/calendars/holidays/", get=HEADS),
    Line(
        "settings/calendars/<int:pk>/",
        get=ADMINS,
        post=ADMINS_WRONG,
        path="settings/calendars/{calendar}/",
    ),
    Line(
        "settings/calendars/<int:pk>/delete/",
        get=NO,
        post=ADMINS_DO,
        path="settings/calendars/{spare_calendar}/delete/",
    ),
]
PEOPLE = [
    Line("settings/users/", get=HEADS),
    Line("settings/users/invite/", get=HEADS, post=HEADS_WRONG),
    Line(
        "settings/users/<int:user_id>/",
        get=ITS_HEADS,
        post=ITS_HEADS_WRONG,
        path="settings/users/{rep}/",
    ),
    Line(
        "settings/users/<int:user_id>/roles/",
        get=NO,
        post=ITS_HEADS_DO,
        path="settings/users/{rep}/roles/",
    ),
    Line(
        "settings/users/<int:user_id>/working-time/",
        get=NO,
        post=ITS_HEADS_DO,
        path="settings/users/{rep}/working-time/",
    ),
    Line(
        "settings/users/<int:user_id>/renew/",
        get=NO,
        post=ITS_HEADS_REFUSED,  # he has joined already
        path="settings/users/{rep}/renew/",
    ),
    Line(
        "settings/users/<int:user_id>/deactivate/",
        get=ADMINS,
        post=ADMINS_DO,
        path="settings/users/{rep}/deactivate/",
    ),
    Line(
        "settings/users/<int:user_id>/reactivate/",
        get=NO,
        post=ADMINS_DO,
        path="settings/users/{rep}/reactivate/",
    ),
]
ORGANISATION = [
    Line("settings/", get=EVERYONE),
    Line("settings/organisation/", get=ADMINS, post=ADMINS_WRONG),
    Line("settings/teams/", get=HEADS),
    Line("settings/teams/new/", get=HEADS, post=HEADS_WRONG),
    Line(
        "settings/teams/<int:team_id>/",
        get=ITS_HEADS,
        post=ITS_HEADS_WRONG,
        path="settings/teams/{team}/",
    ),
    Line(
        "settings/teams/<int:team_id>/chat/",
        get=ITS_HEADS,
        post=ITS_HEADS_WRONG,
        path="settings/teams/{team}/chat/",
    ),
    *(
        Line(
            f"settings/chat/<int:pk>/{act}/",
            get=NO,
            post=ITS_HEADS_DO,
            path=f"settings/chat/{{chat}}/{act}/",
        )
        for act in ("test", "switch", "remove")
    ),
    Line(
        "settings/teams/<int:team_id>/remove/",
        get=NO,
        # A root team is not its head's to remove; people hold roles in it.
        post="in     403      403      403 403  403         409           404",
        path="settings/teams/{team}/remove/",
    ),
    Line("settings/audit/", get=ADMINS),
    Line("settings/health/", get=ADMINS, post=ADMINS),
]
OWN = [
    Line("settings/absences/", get=EVERYONE),
    Line("settings/absences/new/", get=EVERYONE, post=EVERYONE_WRONG),
    Line(
        "settings/absences/<int:absence_id>/",
        get=OWNER_AND_HEADS,
        post=OWNER_AND_HEADS_WRONG,
        path="settings/absences/{absence}/",
    ),
    Line(
        "settings/absences/<int:absence_id>/remove/",
        get=NO,
        post=OWNER_AND_HEADS_DO,
        path="settings/absences/{absence}/remove/",
    ),
    Line("profile/", get=EVERYONE, post=EVERYONE_WRONG),
    Line("profile/theme/", get=NO, post=EVERYONE_WRONG),
    Line("settings/notices/", get=EVERYONE, post=EVERYONE_DOES),
    Line("settings/tokens/", get=MEMBERS, post=MEMBERS_WRONG),
    Line(
        "settings/tokens/<int:token_id>/revoke/",
        get=NO,
        post="in     403      404      302 404  404         404           404",
        path="settings/tokens/{token}/revoke/",
    ),
    Line("inbox/", get=EVERYONE),
    Line("inbox/badge/", get=EVERYONE),
    Line("inbox/read/", get=NO, post=EVERYONE_DOES),
    Line(
        "inbox/<int:notice_id>/",
        get="in      404      404      302 404  404         404           404",
        path="inbox/{notice}/",
    ),
]
DOORS = [
    Line(
        "invitation/<int:user_id>/<str:secret>/",
        get=PUBLIC,
        post="422    422      422      422 422  422         422           422",
        path="invitation/{invited}/{secret}/",
    ),
    Line("demo/sign-in/", get=NO, post=NOTHING),  # only with DEMO
]
