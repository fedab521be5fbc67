"""The written matrix: what every address answers to every role.

A test walks every address of the resolver and fails when one is missing here, when one stands here
that is gone, or when one answers otherwise. To add an address, add one line to the group of your
part:

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

from tests.access.matrix.accounts import CALENDARS, DOORS, ORGANISATION, OWN, PEOPLE
from tests.access.matrix.agreement import AGREEMENT, API_AGREEMENT
from tests.access.matrix.answers import Line
from tests.access.matrix.calculator import API_CALCULATOR, CALCULATOR
from tests.access.matrix.capture import API_CAPTURE, CAPTURE
from tests.access.matrix.clocks import API_CLOCKS, CLOCKS
from tests.access.matrix.deals import API_DEALS, DEALS
from tests.access.matrix.feedback import API_FEEDBACK, FEEDBACK
from tests.access.matrix.handoff import HANDOFF
from tests.access.matrix.imports import API_IMPORTS, IMPORTS
from tests.access.matrix.leads import API, LEADS
from tests.access.matrix.out import API_OUT, OUT
from tests.access.matrix.periods import API_PERIODS, PERIODS
from tests.access.matrix.qualifying import QUALIFYING
from tests.access.matrix.records import API_RECORDS, RECORDS
from tests.access.matrix.routing import ROUTING
from tests.access.matrix.scoring import API_SCORING, SCORING
from tests.access.matrix.shell import JOBS, SHELL
from tests.access.matrix.sign_in import SECOND_STEP, SIGN_IN, SINGLE_SIGN_ON
from tests.access.matrix.upper import API_REPORTING, REPORTING
from tests.access.matrix.working import API_WORKING, WORKING

__all__ = ["GROUPS", "LINES", "Line"]

GROUPS = {
    "capture": CAPTURE + API_CAPTURE,
    "api imports": API_IMPORTS,
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
    "imports": IMPORTS,
    "routing": ROUTING,
    "working": WORKING + API_WORKING,
    "deals": DEALS + API_DEALS,
    "agreement": AGREEMENT + API_AGREEMENT,
    "clocks": CLOCKS + API_CLOCKS,
    "periods": PERIODS + API_PERIODS,
    "calculator": CALCULATOR + API_CALCULATOR,
    "reporting": REPORTING + API_REPORTING,
    "out": OUT + API_OUT,
    "api": API,
    "sign-in": SIGN_IN,
    "second step": SECOND_STEP,
    "single sign-on": SINGLE_SIGN_ON,
}
LINES = [line for lines in GROUPS.values() for line in lines]
