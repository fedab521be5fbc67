"""The written matrix: what every address answers to every role.

A test walks every address of the resolver and fails when one is missing here, when one stands here
that is gone, or when one answers otherwise. To add an address, add one line to the group of your
app:

    Line("leads/<int:pk>/", get=MEMBERS, post=NO, path="leads/{lead}/"),

- The first value is the route as the URL tables write it, their prefixes included.
- `get` and `post` are the answers to each role, in the order of `tests.access.walking.ROLES`:

      anonymous  newcomer  marketer  rep  head  facilitator  administrator  other_head

  (`newcomer` is signed in without any role; `head` heads Sales, where the rep works; `other_head`
  heads Marketing). `in` is a way to the sign-in page that leads back. A POST carries no fields:
  a form answers 422, an act without a form what it answers when done, as a rule 302.
- `path` is given where the route takes arguments; its names are the keys of `World.ids`, made in
  `tests/access/conftest.py`. What is personal (absence, notice, token) is the rep's.

What is not to be known of is 404, what is seen but not allowed is 403.
Every unsafe request without a CSRF token is refused with 403; an address that answers otherwise
(because it is not there at all) says so by `unsafe`.
"""

from __future__ import annotations

from dataclasses import dataclass

#            anonymous newcomer marketer rep head facilitator administrator other_head
PUBLIC = "    200      200      200      200 200  200         200           200"
NOTHING = "   404      404      404      404 404  404         404           404"
NO = "        405      405      405      405 405  405         405           405"
MOVED = "     301      301      301      301 301  301         301           301"
AWAY = "      302      302      302      302 302  302         302           302"
VISITORS = "  200      302      302      302 302  302         302           302"
EVERYONE = "  in       200      200      200 200  200         200           200"
EVERYONE_DOES = "in    302      302      302 302  302         302           302"
EVERYONE_WRONG = "in   422      422      422 422  422         422           422"
EVERYONE_NONE = "in    404      404      404 404  404         404           404"
EVERYONE_NO = "in      405      405      405 405  405         405           405"
MEMBERS = "   in       403      200      200 200  200         200           200"
MEMBERS_DO = "in       403      302      302 302  302         302           302"
MEMBERS_WRONG = "in    403      422      422 422  422         422           422"
# Those who decide on leads: the people of both sides and their heads, not the neutral ones.
SIDES = "     in       403      200      200 200  403         403           200"
SIDES_DO = "  in       403      302      302 302  403         403           302"
SIDES_WRONG = "in      403      422      422 422  403         403           422"
# Those who may take or give leads: both sides, and administrators when somebody leaves.
GIVERS = "    in       403      200      200 200  403         200           200"
GIVERS_DO = " in       403      302      302 302  403         302           302"
GIVERS_WRONG = "in     403      422      422 422  403         422           422"
# Those who speak for one side: its people and its managers.
MARKETING = " in       403      200      403 403  403         403           200"
MARKETING_DO = "in     403      302      403 403  403         403           302"
MARKETING_WRONG = "in  403      422      403 403  403         403           422"
SALES = "     in       403      403      200 200  403         403           403"
SALES_WRONG = "in      403      403      422 422  403         403           403"
RULERS_WRONG = "in     403      403      403 403  422         403           403"
# Those who manage people: administrators, and heads as far as their teams reach.
HEADS = "     in       403      403      403 200  403         200           200"
HEADS_WRONG = "in      403      403      403 422  403         422           422"
HEADS_DO = "  in       403      403      403 302  403         302           302"
ITS_HEADS = " in       403      403      403 200  403         200           404"
ITS_HEADS_DO = "in     403      403      403 302  403         302           404"
ITS_HEADS_WRONG = "in  403      403      403 422  403         422           404"
ITS_HEADS_REFUSED = "in 403     403      403 409  403         409           404"
ADMINS = "    in       403      403      403 403  403         200           403"
ADMINS_DO = " in       403      403      403 403  403         302           403"
ADMINS_WRONG = "in     403      403      403 403  403         422           403"
OWNER_AND_HEADS = "in  404      404      200 200  404         200           404"
OWNER_AND_HEADS_DO = "in 404    404      302 302  404         302           404"
OWNER_AND_HEADS_WRONG = "in 404 404      422 422  404         422           404"
API_READ = "  401      403      200      200 200  200         200           200"
API_HEADS = " 401      403      403      403 200  403         200           200"
API_NO = "    401      403      405      405 405  405         405           405"
API_NOT_JSON = "401    403      415      415 415  415         415           415"


@dataclass(frozen=True)
class Line:
    """One address: its answers to GET and to POST."""

    route: str
    get: str
    post: str = NO
    path: str = ""
    unsafe: str = "403"


JOBS = [
    # Probes are answered before anything else, and change nothing whatever they are asked.
    Line("healthz", get=PUBLIC, post=PUBLIC, unsafe="200"),
    Line("readyz", get=PUBLIC, post=PUBLIC, unsafe="200"),
]
SHELL = [
    Line("", get=EVERYONE),
    Line("favicon.ico", get=AWAY),
    Line("search/", get=EVERYONE),
    Line("commands/", get=EVERYONE),
    Line("gallery/", get=EVERYONE_NONE),  # only with DEBUG
]
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
LEADS = [
    Line("leads/", get=MEMBERS),
    Line("leads/new/", get=SIDES, post=SIDES),
    Line("leads/bulk/", get=NO, post=MEMBERS_DO),
    Line("leads/<int:pk>/", get=MEMBERS, path="leads/{lead}/"),
    Line("leads/<int:pk>/preview/", get=MEMBERS, path="leads/{lead}/preview/"),
    Line("leads/<int:pk>/move/", get=NO, post=SIDES_DO, path="leads/{lead}/move/"),
    Line("leads/<int:pk>/close/", get=SIDES, post=SIDES_WRONG, path="leads/{lead}/close/"),
]
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
    Line("api/v1/routing/pools/", get=API_HEADS, post=API_NOT_JSON),
    Line("api/v1/routing/rules/", get=API_HEADS, post=API_NOT_JSON),
    Line("api/v1/routing/rehearsal/", get=API_HEADS, post=API_NO),
]
WORKING = [
    Line("leads/inbox/", get=MEMBERS),
    Line("leads/inbox/bulk/", get=NO, post=SIDES_DO),
    Line("leads/<int:pk>/accept/", get=NO, post=SIDES_DO, path="leads/{lead}/accept/"),
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
PLANNERS = "  in       403      200      403 200  403         403           200"
PLANNERS_DO = "in      403      302      403 302  403         403           302"
PLANNERS_WRONG = "in   403      422      403 422  403         403           422"
KEEPERS = "   in       403      200      403 200  403         200           200"
KEEPERS_DO = "in       403      302      403 302  403         302           302"
KEEPERS_WRONG = "in    403      422      403 422  403         422           422"
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
    Line("api/v1/deal-steps/", get=API_READ, post=API_NO),
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
SLA = [Line("agreement/", get=MEMBERS, post=MEMBERS)]
REPORTING = [
    Line("reports/", get=MEMBERS, post=MEMBERS),
    Line("reviews/", get=MEMBERS, post=MEMBERS),
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
# allauth's pages as far as people without a password and a second step see them.
NOT_OURS = "  in       403      403      403 403  403         403           403"
SIGN_IN = [
    Line("accounts/login/", get=VISITORS, post=VISITORS),
    Line("accounts/logout/", get="302 200 200 200 200 200 200 200", post=AWAY),
    Line("accounts/inactive/", get=PUBLIC),
    Line("accounts/signup/", get=VISITORS, post=VISITORS),  # it says that people are invited
    Line("accounts/reauthenticate/", get=NOT_OURS, post=NOT_OURS),
    Line("accounts/email/", get=NOTHING, post=NOTHING),  # ours comes first, and is not there
    Line("accounts/confirm-email/", get=PUBLIC),
    Line("accounts/password/change/", get=EVERYONE_DOES, post=EVERYONE_DOES),
    Line("accounts/password/set/", get=EVERYONE, post=EVERYONE),
    Line("accounts/password/reset/", get=PUBLIC, post=PUBLIC),
    Line("accounts/password/reset/done/", get=PUBLIC),
    Line("accounts/password/reset/key/done/", get=PUBLIC),
    Line(
        r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        get=PUBLIC,
        post=PUBLIC,
        path="accounts/password/reset/key/1-wrong/",
    ),
    Line("accounts/login/code/confirm/", get=AWAY, post=AWAY),
    Line(
        r"accounts/^confirm-email/(?P<key>[-:\w]+)/$",
        get=PUBLIC,
        post=NOTHING,
        path="accounts/confirm-email/x:y/",
    ),
    Line("accounts/sessions/", get=EVERYONE, post=EVERYONE_DOES),
]
SECOND_STEP = [
    Line("accounts/2fa/", get=EVERYONE, post=EVERYONE_NO),
    Line("accounts/2fa/authenticate/", get=AWAY, post=AWAY),
    Line("accounts/2fa/reauthenticate/", get=NOT_OURS, post=NOT_OURS),
    Line("accounts/2fa/totp/activate/", get=EVERYONE, post=EVERYONE),
    Line("accounts/2fa/totp/deactivate/", get=EVERYONE_NONE, post=EVERYONE_NONE),
    Line("accounts/2fa/recovery-codes/", get=EVERYONE_NONE, post=EVERYONE_NO),
    Line("accounts/2fa/recovery-codes/generate/", get=EVERYONE, post=EVERYONE),
    Line("accounts/2fa/recovery-codes/download/", get=EVERYONE_NONE, post=EVERYONE_NONE),
    Line("accounts/2fa/webauthn/", get=EVERYONE, post=EVERYONE_NO),
    Line("accounts/2fa/webauthn/add/", get=EVERYONE, post=EVERYONE),
    Line("accounts/2fa/webauthn/reauthenticate/", get=NOT_OURS, post=NOT_OURS),
    Line(
        "accounts/2fa/webauthn/keys/<int:pk>/remove/",
        get=EVERYONE_NONE,
        post=EVERYONE_NONE,
        path="accounts/2fa/webauthn/keys/9/remove/",
    ),
    Line(
        "accounts/2fa/webauthn/keys/<int:pk>/edit/",
        get=EVERYONE_NONE,
        post=EVERYONE_NONE,
        path="accounts/2fa/webauthn/keys/9/edit/",
    ),
    Line("accounts/2fa/webauthn/login/", get=AWAY, post=AWAY),
]
SINGLE_SIGN_ON = [
    Line("accounts/3rdparty/", get=EVERYONE, post=EVERYONE),
    Line("accounts/3rdparty/signup/", get=AWAY, post=AWAY),
    Line("accounts/3rdparty/login/cancelled/", get=PUBLIC),
    Line("accounts/3rdparty/login/error/", get="401 401 401 401 401 401 401 401"),
    Line("accounts/social/login/cancelled/", get=MOVED, post=MOVED),
    Line("accounts/social/login/error/", get=MOVED, post=MOVED),
    Line("accounts/social/signup/", get=MOVED, post=MOVED),
    Line("accounts/social/connections/", get=MOVED, post=MOVED),
    Line(
        "accounts/oidc/^(?P<provider_id>[^/]+)/login/",
        get=NOTHING,
        post=NOTHING,
        path="accounts/oidc/oidc/login/",
    ),
    Line(
        "accounts/oidc/^(?P<provider_id>[^/]+)/login/callback/",
        get=NOTHING,
        post=NOTHING,
        path="accounts/oidc/oidc/login/callback/",
    ),
]
# Those who write down what both teams agreed: marketers and heads; heads put it in force.
PROPOSERS = "in       403      200      403 200  403         403           200"
PROPOSERS_DO = "in    403      302      403 302  403         403           302"
PROPOSERS_WRONG = "in 403      422      403 422  403         403           422"
PROPOSERS_NONE = "in  403      404      403 404  403         403           404"
MANAGERS_DO = "in     403      403      403 302  403         403           302"
API_QUEUE = " 401      403      200      403 200  403         403           200"
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
    Line("api/v1/leads/qualify/", get=API_QUEUE, post=API_NO),
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
]
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
    Line("api/v1/leads/undo/<int:pk>/", get=API_NO, post=API_NONE, path="api/v1/leads/undo/0/"),
    Line("api/v1/reasons/", get=API_READ, post=API_NO),
]
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

SIDES_NONE = "in       403      404      404 404  403         403           404"
SIDES_REFUSED = "in    403      409      409 409  403         403           409"
API_SIDES = " 401      403      200      200 200  403         403           200"
API_SIDES_NONE = "401  403      404      404 404  403         403           404"
API_SIDES_BODY = "401  403      415      415 415  403         403           415"
RECORDS = [
    Line("contacts/", get=MEMBERS),
    Line("contacts/new/", get=SIDES, post=SIDES_WRONG),
    Line("contacts/duplicates/", get=SIDES),
    Line("contacts/<int:pk>/", get=MEMBERS, path="contacts/{contact}/"),
    Line("contacts/<int:pk>/edit/", get=SIDES, post=SIDES_WRONG, path="contacts/{contact}/edit/"),
    Line(  # without the other one there is nothing to compare
        "contacts/<int:pk>/merge/",
        get=SIDES_NONE,
        post=SIDES_NONE,
        path="contacts/{contact}/merge/",
    ),
    Line(
        "contacts/<int:pk>/not/<int:other>/",
        get=NO,
        post=SIDES_DO,
        path="contacts/{contact}/not/{other_contact}/",
    ),
    Line("companies/", get=MEMBERS),
    Line("companies/new/", get=SIDES, post=SIDES_WRONG),
    Line("companies/<int:pk>/", get=MEMBERS, path="companies/{company}/"),
    Line("companies/<int:pk>/edit/", get=SIDES, post=SIDES_WRONG, path="companies/{company}/edit/"),
    Line(  # two people: their contacts are merged instead
        "leads/<int:pk>/merge/<int:other>/",
        get=SIDES,
        post=SIDES_REFUSED,
        path="leads/{lead}/merge/{other_lead}/",
    ),
    Line("leads/<int:pk>/row/", get=SIDES, post=SIDES_WRONG, path="leads/{lead}/row/"),
    Line("leads/<int:pk>/edit/", get=SIDES, post=SIDES_WRONG, path="leads/{lead}/edit/"),
    Line("merges/<int:pk>/undo/", get=NO, post=SIDES_DO, path="merges/{merge}/undo/"),
    Line("views/new/", get=NO, post=MEMBERS_WRONG),
    Line(
        "views/<int:pk>/",
        get="in      403      404      200 404  404         404           404",
        post="in     403      404      422 404  404         404           404",
        path="views/{view}/",
    ),
    Line(
        "views/<int:pk>/delete/",
        get=NO,
        post="in     403      404      302 404  404         404           404",
        path="views/{view}/delete/",
    ),
]
API_RECORDS = [
    Line("api/v1/contacts/", get=API_READ, post=API_NOT_JSON),
    Line("api/v1/contacts/duplicates/", get=API_SIDES, post=API_NO),
    Line("api/v1/contacts/<int:pk>/", get=API_READ, post=API_NO, path="api/v1/contacts/{contact}/"),
    Line(
        "api/v1/contacts/<int:pk>/edit/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/contacts/{contact}/edit/",
    ),
    Line(
        "api/v1/contacts/<int:pk>/merge/",
        get=API_SIDES_NONE,
        post=API_SIDES_BODY,
        path="api/v1/contacts/{contact}/merge/",
    ),
    Line(
        "api/v1/contacts/<int:pk>/not-duplicate/",
        get=API_NO,
        post=API_SIDES_BODY,
        path="api/v1/contacts/{contact}/not-duplicate/",
    ),
    Line("api/v1/companies/", get=API_READ, post=API_NOT_JSON),
    Line(
        "api/v1/companies/<int:pk>/", get=API_READ, post=API_NO, path="api/v1/companies/{company}/"
    ),
    Line(
        "api/v1/companies/<int:pk>/edit/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/companies/{company}/edit/",
    ),
    Line(
        "api/v1/leads/<int:pk>/edit/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/leads/{lead}/edit/",
    ),
    Line(
        "api/v1/leads/<int:pk>/merge/",
        get=API_NO,
        post=API_SIDES_BODY,
        path="api/v1/leads/{lead}/merge/",
    ),
    Line(
        "api/v1/merges/<int:pk>/undo/",
        get=API_NO,
        post=API_SIDES,
        path="api/v1/merges/{merge}/undo/",
    ),
    Line("api/v1/views/", get=API_READ, post=API_NOT_JSON),
    Line(
        "api/v1/views/<int:pk>/edit/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/views/{view}/edit/",
    ),
    Line(
        "api/v1/views/<int:pk>/delete/",
        get=API_NO,
        post="401    403      404      204 404  404         404           404",
        path="api/v1/views/{view}/delete/",
    ),
]

GROUPS = {
    "records": RECORDS,
    "api records": API_RECORDS,
    "scoring": SCORING,
    "api scoring": API_SCORING,
    "feedback": FEEDBACK + API_FEEDBACK,
    "handoff": HANDOFF,
    "qualifying": QUALIFYING,
    "jobs and shell": JOBS + SHELL,
    "calendars": CALENDARS,
    "people": PEOPLE,
    "organisation": ORGANISATION,
    "own": OWN + DOORS,
    "leads": LEADS,
    "routing": ROUTING,
    "working": WORKING + API_WORKING,
    "deals": DEALS + API_DEALS,
    "sla and reporting": SLA + REPORTING,
    "api": API,
    "sign-in": SIGN_IN,
    "second step": SECOND_STEP,
    "single sign-on": SINGLE_SIGN_ON,
}
LINES = [line for lines in GROUPS.values() for line in lines]
