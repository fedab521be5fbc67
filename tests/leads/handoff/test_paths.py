"""Whichever door a person takes, the same gate: every pair of positions by every role."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leads.enums import Cause, Disposition, LifecycleStage
from leads.lifecycle import MOVES, STAGES, Position, position
from leads.models import Feedback, Lead, UndoableAction
from leads.services.decisions import (
    By,
    Rejection,
    accept_leads,
    nurture_leads,
    qualify_leads,
    reject_leads,
)
from tests.conftest import AT
from tests.leads.api.conftest import caller
from tests.leads.test_refusals import REASONS, RETURNED, ROLES, all_facts, leads_at

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition

# Every open position, and one row closed in each way.
FROM = [
    *(Position(stage) for stage in STAGES[:-1]),
    RETURNED,
    Position(S.LEAD, D.RECYCLED),
    Position(S.MQL, D.DISQUALIFIED),
    Position(S.SQL, D.MERGED),
    Position(S.CUSTOMER, D.WON),
]
CLOSES = (D.RECYCLED, D.DISQUALIFIED, D.LOST)
# What a person may ask for at a door: a later stage, or a way to close.
Ask = LifecycleStage | Disposition
ASKS: list[Ask] = [*STAGES[1:], *CLOSES]


def target(here: Position, ask: Ask) -> Position:
    return Position(here.stage, ask) if isinstance(ask, Disposition) else position(ask)


def asked(ask: Ask) -> dict[str, str]:
    if isinstance(ask, Disposition):
        return {"disposition": ask.value, "reason": REASONS[ask], "note": "Because."}
    return {"to_stage": ask.value, "note": "Because."}


def by_form(person, client, pairs) -> None:
    client.force_login(person)
    for lead, ask in pairs:
        verb = "close" if isinstance(ask, Disposition) else "move"
        client.post(f"/leads/{lead.pk}/{verb}/", asked(ask))


def by_bulk(person, client, pairs) -> None:
    client.force_login(person)
    for ask in ASKS:
        action = "close" if isinstance(ask, Disposition) else "move"
        fields = {f"{action}-{name}": value for name, value in asked(ask).items()}
        ids = [lead.pk for lead, wanted in pairs if wanted is ask]
        client.post("/leads/bulk/", {"selected": ids, "action": action, **fields})


def by_api(person, _client, pairs) -> None:
    api = caller(person)
    for lead, ask in pairs:
        api.post(f"/api/v1/leads/{lead.pk}/move/", asked(ask), format="json")


def by_board(person, client, pairs) -> None:
    client.force_login(person)
    for lead, ask in pairs:
        if isinstance(ask, LifecycleStage):
            url = f"/leads/{lead.pk}/board/"
            client.post(url, {**asked(ask), "stage": ask.value, "expected": lead.stage})


DOORS: dict[str, Callable[..., None]] = {"form": by_form, "bulk": by_bulk, "api": by_api}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("role", ROLES)
def test_every_pair_by_every_role_through_every_door(role, door, request, client):
    person = request.getfixturevalue(role)
    asks = [(here, ask) for here in FROM for ask in ASKS]
    leads = leads_at([here for here, _ask in asks])
    before = all_facts()
    DOORS[door](person, client, [(lead, ask) for lead, (_h, ask) in zip(leads, asks, strict=True)])
    allowed = {
        lead.pk: target(here, ask)
        for lead, (here, ask) in zip(leads, asks, strict=True)
        if here != target(here, ask) and MOVES.get((here, target(here, ask))) in ROLES[role]
    }
    after = all_facts()
    rows = Lead.objects.in_bulk([lead.pk for lead in leads])
    assert {pk: rows[pk].position for pk in allowed} == allowed
    refused = [lead.pk for lead in leads if lead.pk not in allowed]
    assert [after[pk] for pk in refused] == [before[pk] for pk in refused]
    causes = {Cause.API} if door == "api" else {Cause.USER}
    made = {row["cause"] for pk in allowed for row in after[pk][2][len(before[pk][2]) :]}
    assert made == (causes if allowed else set())


def reject(ids, by):
    return reject_leads(ids, Rejection(reason="wrong_fit"), by=by, at=AT, apply_rest=True)


def send_back(ids, by):
    return reject_leads(ids, Rejection(reason="bad_data"), by=by, at=AT, apply_rest=True)


VERBS = {
    "qualify": (lambda ids, by: qualify_leads(ids, by=by, at=AT, apply_rest=True), S.LEAD,
                Position(S.MQL)),
    "nurture": (lambda ids, by: nurture_leads(ids, by=by, at=AT, apply_rest=True), S.LEAD,
                Position(S.LEAD, D.RECYCLED)),
    "accept": (lambda ids, by: accept_leads(ids, by=by, at=AT, apply_rest=True), S.MQL,
               Position(S.SAL)),
    "reject": (reject, S.MQL, Position(S.MQL, D.DISQUALIFIED)),
}  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", ROLES)
def test_every_verb_by_every_role_from_everywhere(role, verb, request):
    person = request.getfixturevalue(role)
    decide, only, there = VERBS[verb]
    leads = leads_at(FROM)
    before = all_facts()
    outcome = decide([lead.pk for lead in leads], By(actor=person, note="Because."))
    done = [lead.pk for lead, here in zip(leads, FROM, strict=True)
            if here.stage is only and MOVES.get((here, there)) in ROLES[role]]  # fmt: skip
    assert [(lead.pk, lead.position) for lead in outcome.leads] == [(pk, there) for pk in done]
    after = all_facts()
    refused = [lead.pk for lead in leads if lead.pk not in done]
    assert [after[pk] for pk in refused] == [before[pk] for pk in refused]
    decided = [pk for pk in done if pk != leads[FROM.index(RETURNED)].pk]
    assert Feedback.objects.count() == (len(decided) if only is S.MQL else 0)
    assert UndoableAction.objects.count() == bool(done)


@pytest.mark.parametrize("role", ROLES)
def test_bad_data_is_sent_back_by_sales_alone(role, request):
    person = request.getfixturevalue(role)
    leads = leads_at(FROM)
    before = all_facts()
    outcome = send_back([lead.pk for lead in leads], By(actor=person, note="Because."))
    may = role in ("rep", "manager_sales", "manager_marketing")
    done = [leads[1].pk] if may else []
    assert [lead.pk for lead in outcome.leads] == done
    after = all_facts()
    refused = [lead.pk for lead in leads if lead.pk not in done]
    assert [after[pk] for pk in refused] == [before[pk] for pk in refused]
