"""Every pair of positions by every role, and every other reason to refuse: nothing is changed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leads.enums import Cause, Disposition, LifecycleStage
from leads.lifecycle import MOVES, STAGES, Position, Side, position
from leads.models import Contact, Lead, StageTransition
from leads.moving import Move, MovesRefused, Step, When
from leads.services.contacts import ContactFacts
from leads.services.moves import move_leads
from leads.services.opening import Capture, open_leads
from tests.conftest import AT
from tests.leads.records import HOUR, facts, history, lead_at, walk_to

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
TICK = timedelta(microseconds=1)

RETURNED = Position(S.MQL, is_returned=True)
# Every position that a row can be in, and every one that somebody could ask for.
REACHED = [
    *(Position(stage) for stage in STAGES[:-1]),
    RETURNED,
    *dict.fromkeys(t for _h, t in MOVES if not t.is_open),
]
ASKED = [position(stage, disposition) for stage in STAGES for disposition in D]


REASONS = {
    D.RECYCLED: "not_now",
    D.DISQUALIFIED: "wrong_fit",
    D.LOST: "price",
    D.MERGED: "duplicate",
}
ROLES = {
    "marketer": {Side.MARKETING, Side.EITHER},
    "rep": {Side.SALES, Side.EITHER},
    "manager_marketing": set(Side),
    "manager_sales": set(Side),
    "facilitator": set(),
    "administrator": set(),
    "newcomer": set(),
}


@pytest.mark.parametrize("role", ROLES)
def test_every_pair_by_every_role(role, request):
    """From every position to every position: made or refused as the table and the role say."""
    person = request.getfixturevalue(role)
    pairs = [(here, there) for here in REACHED for there in dict.fromkeys(ASKED)]
    leads = leads_at([here for here, _there in pairs])
    other = lead_at(S.LEAD, email="other@acme.example")
    before = all_facts()
    moves = [
        Move(
            lead_id=lead.pk,
            to_stage=there.stage,
            disposition=there.disposition,
            actor=person,
            reason=REASONS.get(there.disposition, ""),
            merged_into_id=other.pk if there.disposition is D.MERGED else None,
            note="Because.",
        )
        for lead, (_here, there) in zip(leads, pairs, strict=True)
    ]
    outcome = move_leads(moves, at=AT, apply_rest=True)
    allowed = {
        lead.pk: there
        for lead, (here, there) in zip(leads, pairs, strict=True)
        if MOVES.get((here, there)) in ROLES[role]
    }
    assert {lead.pk: lead.position for lead in outcome.leads} == allowed
    assert {r.lead_id for r in outcome.refusals} == {lead.pk for lead in leads} - set(allowed)
    after = all_facts()
    refused = [lead.pk for lead in leads if lead.pk not in allowed]
    assert [after[pk] for pk in refused] == [before[pk] for pk in refused]


def leads_at(positions: list[Position]) -> list[Lead]:
    captures = [
        Capture(
            contact=ContactFacts(captured_through="test", email=f"p{n}@acme.example"),
            steps=walk_to(one),
        )
        for n, one in enumerate(positions)
    ]
    leads = [lead for lead in open_leads(captures, actor=None, at=AT).leads if lead is not None]
    returned = [lead.pk for lead, one in zip(leads, positions, strict=True) if one.is_returned]
    Lead.objects.filter(pk__in=returned).update(returned_at=AT)
    return leads


def all_facts() -> dict[int, object]:
    """The row, its contact and its history, by lead."""
    contacts = {row["id"]: row for row in Contact.objects.values()}
    history: dict[int, list[object]] = {}
    for row in StageTransition.objects.order_by("id").values():
        history.setdefault(row["lead_id"], []).append(row)
    return {
        row["id"]: (row, contacts[row["contact_id"]], history[row["id"]])
        for row in Lead.objects.values()
    }


def refusal_of(lead: Lead, **fields) -> tuple[str, str]:
    """Try the move, show that it changed nothing, return the code and the words."""
    before, rows = facts(lead), StageTransition.objects.count()
    with pytest.raises(MovesRefused) as refused:
        move_leads([Move(lead_id=lead.pk, **fields)], at=AT)
    assert (facts(lead), StageTransition.objects.count()) == (before, rows)
    (refusal,) = refused.value.refusals
    assert refused.value.code == refusal.code
    return refusal.code, str(refusal)


def test_what_the_table_does_not_know(rep):
    lead = lead_at(S.SQL, owner=rep)
    assert refusal_of(lead, to_stage=S.MQL, actor=rep) == (
        "not_in_table",
        "A lead does not go from SQL to MQL.",
    )


def test_the_other_sides_decision(rep):
    assert refusal_of(lead_at(S.LEAD), to_stage=S.MQL, actor=rep) == (
        "wrong_side",
        "Moving a lead from Lead to MQL is for Marketing to decide.",
    )


def test_skipping_the_handoff(marketer):
    assert refusal_of(lead_at(S.LEAD), to_stage=S.SAL, actor=marketer) == (
        "wrong_side",
        "Moving a lead from Lead to SAL skips the handoff between Marketing and Sales; "
        "a manager may do it with a note.",
    )


def test_another_reps_lead(rep, manager_sales):
    lead = lead_at(S.MQL, owner=manager_sales)
    assert refusal_of(lead, to_stage=S.SAL, actor=rep) == (
        "not_owner",
        "This lead belongs to Dario Greco, who decides on it.",
    )


def test_a_manager_needs_a_note(manager_sales):
    assert refusal_of(lead_at(S.LEAD), to_stage=S.MQL, actor=manager_sales, note=" ") == (
        "note_needed",
        "As a manager you may decide this with a note that says why.",
    )


def test_closing_needs_a_reason(marketer):
    lead = lead_at(S.LEAD)
    assert refusal_of(lead, disposition=D.RECYCLED, actor=marketer) == (
        "reason_needed",
        "Closing a lead needs a reason.",
    )
    assert refusal_of(lead, disposition=D.RECYCLED, actor=marketer, reason="other")[0] == (
        "reason_note_needed"
    )


def test_who_has_already_moved_it_is_named(rep, marketer):
    lead = lead_at(S.LEAD)
    move_leads([Move(lead_id=lead.pk, to_stage=S.MQL, actor=marketer)], at=AT)
    assert refusal_of(lead, to_stage=S.MQL, actor=marketer) == (
        "already_there",
        "Alice Rossi has already moved this lead to MQL.",
    )
    assert refusal_of(lead, disposition=D.LOST, reason="price", actor=rep, expected=S.LEAD) == (
        "moved_meanwhile",
        "This lead is at MQL now, no longer at Lead: Alice Rossi moved it.",
    )


def test_who_has_closed_it_is_named(marketer):
    lead = lead_at(S.LEAD)
    move_leads(
        [Move(lead_id=lead.pk, disposition=D.RECYCLED, reason="not_now", actor=marketer)], at=AT
    )
    assert refusal_of(lead, to_stage=S.MQL, actor=marketer) == (
        "closed",
        "Alice Rossi has already closed this lead: Recycled.",
    )


def test_without_a_person_it_was_the_system(marketer):
    lead = lead_at(S.LEAD, D.RECYCLED)
    assert refusal_of(lead, to_stage=S.MQL, actor=marketer) == (
        "closed",
        "The system has already closed this lead: Recycled.",
    )


def test_only_history_carries_a_date(marketer):
    lead = lead_at(S.LEAD)
    for instant in (AT - HOUR, When.UNKNOWN):
        assert refusal_of(lead, to_stage=S.MQL, actor=marketer, effective_at=instant)[0] == (
            "only_history_is_dated"
        )


def test_history_needs_its_right(rep, facilitator):
    lead = lead_at(S.LEAD)
    for person in (rep, facilitator):
        assert refusal_of(lead, to_stage=S.MQL, actor=person, cause=Cause.IMPORT) == (
            "no_history_right",
            "Bringing in history is for marketers, managers and administrators.",
        )


@pytest.mark.parametrize("role", ["marketer", "manager_sales", "administrator"])
def test_who_brings_in_history_needs_no_role_in_the_move(role, request):
    lead = lead_at(S.LEAD)
    person = request.getfixturevalue(role)
    move = Move(lead_id=lead.pk, to_stage=S.SQL, actor=person, cause=Cause.IMPORT)
    move_leads([move], at=AT)
    lead.refresh_from_db()
    assert lead.stage == S.SQL


def test_history_keeps_the_order_of_time_to_the_tick():
    lead = lead_at(S.MQL)
    before = lead.mql_at - TICK
    assert refusal_of(lead, to_stage=S.SAL, cause=Cause.IMPORT, effective_at=before)[0] == (
        "out_of_order"
    )
    move_leads(
        [Move(lead_id=lead.pk, to_stage=S.SAL, cause=Cause.IMPORT, effective_at=lead.mql_at)], at=AT
    )
    lead.refresh_from_db()
    assert lead.sal_at == lead.mql_at


def test_history_lies_not_in_the_future_to_the_tick():
    lead = lead_at(S.MQL)
    later = AT + TICK
    assert refusal_of(lead, to_stage=S.SAL, cause=Cause.IMPORT, effective_at=later)[0] == (
        "in_the_future"
    )
    move_leads([Move(lead_id=lead.pk, to_stage=S.SAL, cause=Cause.IMPORT, effective_at=AT)], at=AT)
    lead.refresh_from_db()
    assert lead.sal_at == AT


def opening_refused(step: Step) -> str:
    capture = Capture(
        contact=ContactFacts(captured_through="test", email="new@acme.example"), steps=[step]
    )
    with pytest.raises(MovesRefused) as refused:
        open_leads([capture], actor=step.actor, at=AT)
    assert (Lead.objects.count(), Contact.objects.count()) == (0, 0)
    return refused.value.code


def test_nobody_begins_a_lead_at_a_deal(rep):
    for stage in (S.OPPORTUNITY, S.CUSTOMER):
        assert opening_refused(Step(to_stage=stage, actor=rep, note="!")) == "not_in_table"


def test_begin_at_a_stage_of_the_other_side(rep, marketer, administrator, facilitator):
    assert opening_refused(Step(to_stage=S.SAL, actor=marketer)) == "wrong_side"
    assert opening_refused(Step(to_stage=S.MQL, actor=rep)) == "wrong_side"
    assert opening_refused(Step(to_stage=S.LEAD, actor=administrator)) == "wrong_side"
    assert opening_refused(Step(to_stage=S.LEAD, actor=facilitator)) == "wrong_side"


def test_a_manager_begins_later_with_a_note_only(manager_marketing):
    assert opening_refused(Step(to_stage=S.SQL, actor=manager_marketing)) == "note_needed"


def test_history_that_contradicts_itself_begins_nothing():
    steps = [history(S.OPPORTUNITY, AT - HOUR), history(S.CUSTOMER, AT - 2 * HOUR)]
    capture = Capture(
        contact=ContactFacts(captured_through="test", email="new@acme.example"), steps=steps
    )
    opened = open_leads([capture], actor=None, at=AT, apply_rest=True)
    assert [r.code for r in opened.refusals] == ["out_of_order"]
    assert (Lead.objects.count(), Contact.objects.count()) == (0, 0)
