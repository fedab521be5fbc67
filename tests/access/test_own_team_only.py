"""Where reps see their own team's leads only, what is another team's is as if it were not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.test import Client

from accounts.enums import Role
from accounts.models import Team, User
from leads.models import Lead
from tests.access.bodies import body_of
from tests.access.matrix import LINES, Line
from tests.access.walking import World
from tests.factories import member
from tests.leads.api.conftest import caller
from tests.leads.records import facts, lead_at

pytestmark = pytest.mark.django_db
# What `World` makes of the rep's; companies are everybody's.
RECORDS = ("lead", "contact", "deal", "activity", "next_step", "feedback", "dispute", "merge")
NAMED = re.compile("{(" + "|".join(RECORDS) + ")}")
PEOPLE = ("anna", "cora", "dora")  # of the leads of the rep
ABOUT_RECORDS: list[Line] = [line for line in LINES if NAMED.search(line.path)]
# Refused by role, whatever the id: acknowledging and disputing are Marketing's, ruling is neutral.
BY_ROLE = {
    "feedback/<int:pk>/acknowledge/",
    "feedback/<int:pk>/dispute/",
    "feedback/disputes/<int:pk>/rule/",
}
# One person's data and their erasure are for managers and administrators, whoever's they are.
BY_OFFICE = {
    ("contacts/<int:pk>/data/", "post"),
    ("contacts/<int:pk>/erase/", "get"),
    ("contacts/<int:pk>/erase/", "post"),
}


@pytest.fixture
def stranger(world: World, sales: Team, organisation: Any) -> User:
    """A rep of another team than the one whose records the world holds; the setting is on."""
    type(organisation).objects.update(reps_see_own_team_only=True)
    north = Team.objects.create(name="North", kind=sales.kind, parent=sales)
    return member("nora@acme.test", Role.REP, team=north, name="Nora Nardi")


Ask = Callable[[str, str, Any], int]


@pytest.fixture
def ask(stranger: User) -> Ask:
    """Asks an address as the stranger, by browser or by token, and forgets what it did."""
    browser, api = Client(raise_request_exception=False), caller(stranger)
    api.raise_request_exception = False
    browser.force_login(stranger)

    def status(method: str, path: str, body: Any = None) -> int:
        client: Any = api if path.startswith("/api/") else browser
        as_json = {"format": "json"} if client is api and body is not None else {}
        with transaction.atomic():
            got = getattr(client, method)(path, body, **as_json)
            transaction.set_rollback(True)
        return int(got.status_code)

    return status


def test_every_address_of_a_record_answers_as_if_it_were_not_there(world: World, ask: Ask) -> None:
    """Each is asked by the methods that it has, a POST to the API with the least body it takes."""
    found = {}
    for line in ABOUT_RECORDS:
        path = "/" + line.path.format(**world.ids)
        for method, written in (("get", line.get), ("post", line.post)):
            if "405" not in written.split():
                body = body_of(line.route) if method == "post" else None
                found[line.route, method] = ask(method, path, body)
    refused = {key: status for key, status in found.items() if status != 404}
    by_role = {*((route, "post") for route in BY_ROLE), *BY_OFFICE}
    assert refused == dict.fromkeys(by_role, 403)
    assert len(found) > 100


@pytest.mark.parametrize(
    ("path", "body", "answer"),
    [
        ("/leads/bulk/", {"selected": ["{lead}"], "action": "accept"}, 302),
        ("/leads/inbox/bulk/", {"selected": ["{lead}"], "action": "accept"}, 302),
        ("/leads/give/", {"selected": ["{lead}"], "to": "person:{stranger}"}, 422),
        ("/leads/{own}/merge/{lead}/", {}, 404),
        ("/contacts/{own_contact}/merge/", {"with": "{contact}"}, 404),
        ("/contacts/{own_contact}/not/{contact}/", {}, 404),
        ("/api/v1/leads/reassign/", {"leads": ["{lead}"], "person": "{stranger}"}, 200),
        ("/api/v1/leads/reassign/", {"owner": "{rep}", "person": "{stranger}"}, 200),
        ("/api/v1/leads/{own}/merge/", {"loser": "{lead}"}, 404),
        ("/api/v1/contacts/{own_contact}/merge/", {"loser": "{contact}"}, 404),
        ("/api/v1/contacts/{own_contact}/not-duplicate/", {"other": "{contact}"}, 404),
        ("/api/v1/assets/{asset}/send/", {"lead": "{lead}"}, 404),
    ],
)
def test_nothing_is_done_to_a_record_that_a_body_names(
    path: str, body: dict[str, Any], answer: int, world: World, stranger: User
) -> None:
    own = lead_at(email="otto@gamma.example", owner=stranger)
    ids = {**world.ids, "own": own.pk, "own_contact": own.contact_id, "stranger": stranger.pk}
    client: Any = Client()
    client.force_login(stranger)
    sent = {
        k: [x.format(**ids) for x in v] if isinstance(v, list) else v.format(**ids)
        for k, v in body.items()
    }
    before = stored(world)
    if path.startswith("/api/"):
        client, sent = caller(stranger), {k: _number(v) for k, v in sent.items()}
        got = client.post(path.format(**ids), sent, format="json")
    else:
        got = client.post(path.format(**ids), sent)
    assert got.status_code == answer
    assert stored(world) == before


def _number(value: Any) -> Any:
    return [int(one) for one in value] if isinstance(value, list) else int(value)


def stored(world: World) -> Any:
    """What is kept of the rep's lead and its contact."""
    lead = Lead.objects.select_related("contact").get(pk=world.ids["lead"])
    return facts(lead), lead.version, lead.contact.version, lead.asset_sends.count()


def readable(data: bytes) -> str:
    """What an answer says, a workbook's sheets included."""
    if not data.startswith(b"PK"):
        return data.decode()
    with ZipFile(BytesIO(data)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


def naming(user: User, world: World, query: str = "") -> set[str]:
    """The addresses without a record of their own that name a person of the rep's leads."""
    browser, api = Client(), caller(user)
    browser.force_login(user)
    leads = Lead.objects.filter(owner=world.people["rep"]).values_list("pk", flat=True)
    marks = [*(f"/leads/{pk}/" for pk in leads), *(f"{n}@acme.example" for n in PEOPLE)]
    marks.append(f"/feedback/{world.ids['feedback']}/")
    found = set()
    for line in LINES:
        path = "/" + (line.path or line.route).format(**world.ids)
        apart = line in ABOUT_RECORDS or line.route in {"accounts/logout/", "api/schema/"}
        if apart or "405" in line.get.split() or "^" in path:
            continue
        client: Any = api if path.startswith("/api/") else browser
        got = client.get(path, {"q": query} if query else {})
        text = readable(got.getvalue())
        if any(mark in text for mark in marks):
            found.add(line.route)
    return found


def test_no_page_names_whom_the_stranger_does_not_see(
    world: World, stranger: User, rep: User
) -> None:
    """Lists, boards, inboxes, feedback and search name them to the rep and not to the stranger."""
    assert naming(stranger, world) == set()
    assert naming(stranger, world, "acme") == set()
    assert naming(rep, world) | naming(rep, world, "acme") >= {
        "", "leads/", "leads/board/", "contacts/", "companies/<int:pk>/", "inbox/",
        "assets/<int:pk>/", "channel/leads/", "search/", "api/v1/leads/", "api/v1/contacts/",
    }  # fmt: skip
