"""The gate writes what happened, once, in order, and tells it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.rules import standing
from leads.enums import Cause, CloseReason, Disposition, LifecycleStage
from leads.models import Contact, Lead, StageTransition
from leads.moving import Move, MovesRefused, When
from leads.services.moves import move_leads
from leads.signals import stages_changed
from tests.conftest import AT
from tests.leads.records import HOUR, facts, lead_at

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition


@pytest.fixture
def told():
    """What the signal told, call by call."""
    calls = []

    def listen(sender, transitions, history, at, **kwargs):
        calls.append((sender, [str(t.to_stage) for t in transitions], history, at))

    stages_changed.connect(listen, weak=False)
    yield calls
    stages_changed.disconnect(listen)


def test_qualifying_writes_stage_instants_history_and_tells_it(marketer, told):
    lead = lead_at(S.LEAD)
    told.clear()
    outcome = move_leads([Move(lead_id=lead.pk, to_stage=S.MQL, actor=marketer)], at=AT)
    lead.refresh_from_db()
    assert (lead.stage, lead.disposition, lead.mql_at, lead.stage_at) == (S.MQL, D.OPEN, AT, AT)
    assert lead.contact.__class__.objects.get(pk=lead.contact_id).first_mql_at == AT
    (row,) = outcome.transitions
    row.refresh_from_db()
    assert (row.from_stage, row.to_stage, row.cause, row.actor, row.inferred) == (
        S.LEAD,
        S.MQL,
        Cause.USER,
        marketer,
        False,
    )
    assert (row.effective_at, row.recorded_at) == (AT, AT)
    assert told == [(Lead, ["MQL"], False, AT)]


def test_closing_keeps_the_stage_and_says_why(marketer):
    lead = lead_at(S.LEAD)
    entered = lead.stage_at
    move_leads(
        [
            Move(
                lead_id=lead.pk, disposition=D.DISQUALIFIED, reason=CloseReason.SPAM, actor=marketer
            )
        ],
        at=AT,
    )
    lead.refresh_from_db()
    assert (lead.stage, lead.disposition) == (S.LEAD, D.DISQUALIFIED)
    assert (lead.closed_at, lead.stage_at) == (AT, entered)
    row = lead.transitions.latest("id")
    assert (row.from_stage, row.to_stage, row.to_disposition, row.reason) == (
        S.LEAD,
        S.LEAD,
        D.DISQUALIFIED,
        "spam",
    )


def test_a_customer_is_won_and_closed(rep):
    lead = lead_at(S.OPPORTUNITY, owner=rep)
    move_leads([Move(lead_id=lead.pk, to_stage=S.CUSTOMER, actor=rep)], at=AT)
    lead.refresh_from_db()
    assert (lead.stage, lead.disposition) == (S.CUSTOMER, D.WON)
    assert (lead.customer_at, lead.closed_at, lead.stage_at) == (AT, AT, AT)


def test_a_skip_writes_the_passed_stages_as_inferred_with_zero_duration(rep):
    lead = lead_at(S.MQL, owner=rep)
    outcome = move_leads([Move(lead_id=lead.pk, to_stage=S.OPPORTUNITY, actor=rep)], at=AT)
    assert [
        (t.from_stage, t.to_stage, t.inferred, t.effective_at) for t in outcome.transitions
    ] == [
        (S.MQL, S.SAL, True, AT),
        (S.SAL, S.SQL, True, AT),
        (S.SQL, S.OPPORTUNITY, False, AT),
    ]
    lead.refresh_from_db()
    assert (lead.sal_at, lead.sql_at, lead.opportunity_at) == (None, None, AT)


def test_a_rep_who_accepts_a_lead_of_nobody_owns_it(rep):
    lead = lead_at(S.MQL)
    move_leads([Move(lead_id=lead.pk, to_stage=S.SAL, actor=rep)], at=AT)
    lead.refresh_from_db()
    assert lead.owner == rep


def test_several_moves_of_one_lead_are_made_in_order(rep, marketer):
    lead = lead_at(S.LEAD)
    moves = [
        Move(lead_id=lead.pk, to_stage=S.MQL, actor=marketer),
        Move(lead_id=lead.pk, to_stage=S.SAL, actor=rep),
        Move(lead_id=lead.pk, disposition=D.RECYCLED, reason="not_now", actor=rep),
    ]
    move_leads(moves, at=AT)
    lead.refresh_from_db()
    assert (lead.stage, lead.disposition, lead.mql_at, lead.sal_at) == (S.SAL, D.RECYCLED, AT, AT)
    steps = lead.transitions.order_by("id").values_list("to_stage", "to_disposition")
    assert list(steps) == [
        ("LEAD", "OPEN"),
        ("MQL", "OPEN"),
        ("SAL", "OPEN"),
        ("SAL", "RECYCLED"),
    ]


def test_one_refusal_refuses_the_whole_list(marketer, rep, told):
    allowed, owned = lead_at(S.LEAD), lead_at(S.MQL, email="berta@acme.example")
    before = [facts(allowed), facts(owned)]
    told.clear()
    moves = [
        Move(lead_id=allowed.pk, to_stage=S.MQL, actor=marketer),
        Move(lead_id=owned.pk, to_stage=S.SAL, actor=marketer),
    ]
    with pytest.raises(MovesRefused) as refused:
        move_leads(moves, at=AT)
    assert [(r.lead_id, r.index, r.code) for r in refused.value.refusals] == [
        (owned.pk, 1, "wrong_side")
    ]
    assert str(refused.value) == (
        "1 of 2 moves was refused, so nothing was changed: "
        "Moving a lead from MQL to SAL is for Sales to decide."
    )
    assert [facts(allowed), facts(owned)] == before
    assert told == []


def test_in_bulk_the_rest_may_be_applied(marketer):
    allowed, owned = lead_at(S.LEAD), lead_at(S.MQL, email="berta@acme.example")
    before = facts(owned)
    moves = [
        Move(lead_id=owned.pk, to_stage=S.SAL, actor=marketer),
        Move(lead_id=allowed.pk, to_stage=S.MQL, actor=marketer),
        Move(lead_id=0, to_stage=S.MQL, actor=marketer),
    ]
    outcome = move_leads(moves, at=AT, apply_rest=True)
    assert [lead.pk for lead in outcome.leads] == [allowed.pk]
    assert [(r.index, r.code) for r in outcome.refusals] == [(0, "wrong_side"), (2, "not_found")]
    assert facts(owned) == before


def test_a_failing_receiver_rolls_the_move_back(marketer):
    lead = lead_at(S.LEAD)
    before = facts(lead)

    def fail(**kwargs):
        raise RuntimeError("receiver")

    stages_changed.connect(fail, weak=False)
    try:
        with pytest.raises(RuntimeError, match="receiver"):
            move_leads([Move(lead_id=lead.pk, to_stage=S.MQL, actor=marketer)], at=AT)
    finally:
        stages_changed.disconnect(fail)
    assert facts(lead) == before


def test_first_mql_is_kept_for_good(marketer):
    first = lead_at(S.MQL, D.RECYCLED)
    again = lead_at(S.LEAD)
    known = first.mql_at
    move_leads([Move(lead_id=again.pk, to_stage=S.MQL, actor=marketer)], at=AT)
    assert Contact.objects.get().first_mql_at == known


def test_an_older_mql_told_later_becomes_the_first():
    lead = lead_at(S.LEAD, D.RECYCLED)
    Contact.objects.filter(pk=lead.contact_id).update(first_mql_at=AT)
    older = lead_at(S.MQL)
    assert Contact.objects.get().first_mql_at == older.mql_at != AT


def test_the_rows_are_locked_in_id_order(marketer):
    one, two = lead_at(S.LEAD), lead_at(S.LEAD, email="berta@acme.example")
    moves = [Move(lead_id=lead.pk, to_stage=S.MQL, actor=marketer) for lead in (two, one)]
    with CaptureQueriesContext(
        connection,
    ) as captured:
        move_leads(moves, at=AT)
    locking = [q["sql"] for q in captured if "FOR UPDATE" in q["sql"]]
    assert len(locking) == 1
    assert locking[0].endswith('ORDER BY "leads_lead"."id" ASC FOR UPDATE OF "leads_lead"')


@pytest.mark.parametrize("many", [1, 3])
def test_a_decision_costs_nine_statements_however_many_leads(many, rep):
    leads = [lead_at(S.MQL, email=f"person{n}@acme.example") for n in range(many)]
    standing(rep)  # a request has read it long before
    accept = [Move(lead_id=lead.pk, to_stage=S.SAL, actor=rep) for lead in leads]
    advance = [Move(lead_id=lead.pk, to_stage=S.SQL, actor=rep) for lead in leads]
    recycle = [Move(lead_id=m.lead_id, disposition=D.RECYCLED, reason="not_now", actor=rep)
               for m in accept]  # fmt: skip
    # begin, lock, definitions, leads, transitions, assignments with feedback, undo, clocks, end
    assert [cost(moves) for moves in (accept, advance, recycle)] == [9, 8, 9]
    assert set(Lead.objects.values_list("stage", "disposition")) == {("SQL", "RECYCLED")}


@pytest.mark.parametrize("many", [1, 3])
def test_a_rejection_costs_nine_statements_however_many_leads(many, rep):
    leads = [lead_at(S.MQL, email=f"person{n}@acme.example") for n in range(many)]
    standing(rep)
    # begin, lock, house rules, leads, transitions, assignments with feedback, undo, clocks, end
    assert cost(
        [Move(lead_id=lead.pk, disposition=D.RECYCLED, reason="not_now", actor=rep)
         for lead in leads]
    ) == 9  # fmt: skip


@pytest.mark.parametrize("many", [1, 50])
def test_qualifying_costs_the_same_for_one_and_for_fifty(many, marketer):
    leads = [lead_at(S.LEAD, email=f"person{n}@acme.example") for n in range(many)]
    standing(marketer)
    first = lead_at(S.LEAD, email="first@beta.example")
    expected = cost([Move(lead_id=first.pk, to_stage=S.MQL, actor=marketer)])
    moves = [Move(lead_id=lead.pk, to_stage=S.MQL, actor=marketer) for lead in leads]
    assert cost(moves) == expected
    assert set(Lead.objects.values_list("stage", flat=True)) == {"MQL"}


def cost(moves: list[Move]) -> int:
    """How many statements the gate needs."""
    with CaptureQueriesContext(connection) as captured:
        move_leads(moves, at=AT)
    return len(captured)


def test_a_rule_moves_without_a_person(told):
    lead = lead_at(S.LEAD)
    move_leads([Move(lead_id=lead.pk, to_stage=S.MQL, cause=Cause.RULE)], at=AT)
    assert lead.transitions.latest("id").actor is None


def test_history_and_present_do_not_mix(marketer):
    lead = lead_at(S.LEAD)
    moves = [
        Move(lead_id=lead.pk, to_stage=S.MQL, actor=marketer),
        Move(lead_id=lead.pk, to_stage=S.SAL, cause=Cause.IMPORT),
    ]
    with pytest.raises(ValueError, match="lists of their own"):
        move_leads(moves, at=AT)


def test_waiting_for_the_lock_never_dates_a_move_before_the_last_one(rep):
    lead = lead_at(S.MQL, owner=rep)
    move_leads([Move(lead_id=lead.pk, to_stage=S.SAL, actor=rep)], at=AT)
    early = AT - timedelta(seconds=1)
    move_leads([Move(lead_id=lead.pk, to_stage=S.SQL, actor=rep)], at=early)
    lead.refresh_from_db()
    assert (lead.sal_at, lead.sql_at) == (AT, AT)


def test_history_may_be_of_unknown_time():
    lead = lead_at(S.LEAD)
    move = Move(lead_id=lead.pk, to_stage=S.SAL, cause=Cause.SYNC, effective_at=When.UNKNOWN)
    move_leads([move], at=AT)
    lead.refresh_from_db()
    assert (lead.stage, lead.sal_at, lead.stage_at) == (S.SAL, None, None)
    rows = lead.transitions.filter(from_stage__isnull=False).order_by("id")
    assert list(rows.values_list("to_stage", "effective_at", "inferred")) == [
        ("MQL", None, True),
        ("SAL", None, False),
    ]


def test_history_is_flagged(told):
    lead = lead_at(S.LEAD)
    told.clear()
    move_leads(
        [Move(lead_id=lead.pk, to_stage=S.MQL, cause=Cause.IMPORT, effective_at=AT - HOUR)], at=AT
    )
    assert told == [(Lead, ["MQL"], True, AT)]
    assert StageTransition.objects.latest("id").effective_at == AT - HOUR
