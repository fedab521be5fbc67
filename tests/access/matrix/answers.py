"""What an address may answer to each role, and a line of the matrix."""

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
# Those who write the agreement: managers of both sides and the facilitator.
WRITERS = "   in       403      403      403 200  200         403           200"
WRITERS_DO = "in       403      403      403 302  302         403           302"
WRITERS_WRONG = "in    403      403      403 422  422         403           422"
OWNER_AND_HEADS = "in  404      404      200 200  404         200           404"
OWNER_AND_HEADS_DO = "in 404    404      302 302  404         302           404"
OWNER_AND_HEADS_WRONG = "in 404 404      422 422  404         422           404"
API_READ = "  401      403      200      200 200  200         200           200"
API_HEADS = " 401      403      403      403 200  403         200           200"
API_HEADS_NOT_JSON = "401 403   403      403 415  403         415           415"
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
