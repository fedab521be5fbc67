"""The one backward move: whole, by the same person, within the window, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leads.enums import ActivityKind, Decision, Disposition, LifecycleStage, QueueKind
from leads.models import (
    Activity,
    Assignment,
    Contact,
    Dispute,
    Feedback,
    FunnelSettings,
    Lead,
    Queue,
    UndoableAction,
)
from leads.moving import Move, MovesRefused
from leads.services.decisions import (
    By,
    Rejection,
    accept_leads,
    finish_rework,
    overturn_rejection,
    qualify_leads,
    reject_leads,
)
from leads.services.moves import move_leads
from leads.services.undoing import undo, undoable_until
from leads.signals import leads_assigned, moves_taken_back
from smarketing.errors import NotFound, Refused
from tests.conftest import AT
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
TICK, WINDOW = timedelta(microseconds=1), timedelta(seconds=10)
KEPT = ("version",)


@pytest.fixture
def taken_back():
    """What the signal told, call by call."""
    calls = []

    def listen(sender, leads, transitions, at, **kwargs):
        calls.append(([lead.pk for lead in leads], [t.to_disposition for t in transitions], at))

    moves_taken_back.connect(listen, weak=False)
    yield calls
    moves_taken_back.disconnect(listen)


def row(lead: Lead) -> dict:
    """The lead and its contact as stored, the version aside."""
    values = Lead.objects.filter(pk=lead.pk).values().get()
    contact = Contact.objects.filter(pk=lead.contact_id).values("first_mql_at").get()
    return {**{name: v for name, v in values.items() if name not in KEPT}, **contact}


def counted(lead: Lead) -> list[tuple[str, str]]:
    rows = lead.transitions.filter(voided_by__isnull=True).order_by("id")
    return list(rows.values_list("to_stage", "to_disposition"))


def reject(lead: Lead, reason: str, actor, at=AT, **given):
    return reject_leads([lead.pk], Rejection(reason=reason, **given), by=By(actor=actor), at=at)


@pytest.mark.parametrize("reason", ["not_now", "wrong_fit", "bought_elsewhere", "bad_data"])
def test_a_rejection_is_taken_back_whole(reason, rep, taken_back):
    lead = lead_at(S.MQL, owner=rep)
    before, history = row(lead), counted(lead)
    outcome = reject(lead, reason, rep)
    undone = undo(outcome.action.pk, actor=rep, at=AT + WINDOW)
    assert (row(lead), counted(lead)) == (before, history)
    assert Lead.objects.get(pk=lead.pk).version == 3
    assert [f.voided_at for f in Feedback.objects.all()] == [AT + WINDOW]
    assert {a.voided_at for a in Assignment.objects.all()} <= {AT + WINDOW}
    assert taken_back == [([lead.pk], [t.to_disposition for t in undone.transitions], AT + WINDOW)]


def test_the_row_back_voids_the_moves_and_itself(rep):
    lead = lead_at(S.MQL, owner=rep)
    outcome = move_leads([Move(lead_id=lead.pk, to_stage=S.OPPORTUNITY, actor=rep)], at=AT)
    undo(outcome.action.pk, actor=rep, at=AT + WINDOW)
    *voided, back = lead.transitions.exclude(voided_by=None).order_by("id")
    assert [(t.to_stage, t.voided_by_id) for t in voided] == [
        ("SAL", back.pk), ("SQL", back.pk), ("OPPORTUNITY", back.pk),
    ]  # fmt: skip
    assert (back.from_stage, back.to_stage, back.actor, back.voided_by_id) == (
        "OPPORTUNITY", "MQL", rep, back.pk,
    )  # fmt: skip


def test_a_lead_taken_by_accepting_is_nobodys_again(rep):
    fallback = Queue.objects.get(kind=QueueKind.FALLBACK)
    lead = lead_at(S.MQL)
    Lead.objects.filter(pk=lead.pk).update(queue=fallback)
    outcome = accept_leads([lead.pk], by=By(actor=rep), at=AT)
    assert row(lead)["owner_id"] == rep.pk
    undo(outcome.action.pk, actor=rep, at=AT)
    lead.refresh_from_db()
    assert (lead.stage, lead.owner, lead.queue, lead.sal_at) == (S.MQL, None, fallback, None)


def test_the_first_mql_of_the_contact_is_found_anew(marketer):
    lead = lead_at(S.LEAD)
    outcome = qualify_leads([lead.pk], by=By(actor=marketer), at=AT)
    assert row(lead)["first_mql_at"] == AT
    undo(outcome.action.pk, actor=marketer, at=AT)
    assert (row(lead)["first_mql_at"], row(lead)["queue_id"]) == (None, None)


def test_an_earlier_first_mql_stays(marketer):
    earlier = lead_at(S.MQL, D.RECYCLED)
    lead = lead_at(S.LEAD)
    outcome = qualify_leads([lead.pk], by=By(actor=marketer), at=AT)
    undo(outcome.action.pk, actor=marketer, at=AT)
    assert row(lead)["first_mql_at"] == earlier.mql_at


def test_bulk_is_taken_back_by_one_undo(rep, django_assert_num_queries):
    leads = [lead_at(S.MQL, owner=rep, email=f"p{n}@acme.example") for n in range(3)]
    before = [row(lead) for lead in leads]
    ids = [lead.pk for lead in leads]
    outcome = reject_leads(ids, Rejection(reason="not_now"), by=By(actor=rep), at=AT)
    undo(outcome.action.pk, actor=rep, at=AT)
    assert [row(lead) for lead in leads] == before


@pytest.mark.parametrize("many", [1, 3])
def test_an_undo_costs_the_same_for_one_and_for_three(many, rep, django_assert_num_queries):
    ids = [lead_at(S.MQL, owner=rep, email=f"p{n}@acme.example").pk for n in range(many)]
    outcome = reject_leads(ids, Rejection(reason="not_now"), by=By(actor=rep), at=AT)
    # begin, action, settings, leads, activities, transitions, leads, rows back, voided, first MQL,
    # assignments, feedback, action, end; three by those who hear of it
    with django_assert_num_queries(21):
        undo(outcome.action.pk, actor=rep, at=AT)


@pytest.mark.parametrize("late", [TICK, WINDOW - TICK, WINDOW])
def test_until_the_last_tick_of_the_window(late, rep):
    lead = lead_at(S.MQL, owner=rep)
    outcome = accept_leads([lead.pk], by=By(actor=rep), at=AT)
    undo(outcome.action.pk, actor=rep, at=AT + late)
    assert row(lead)["stage"] == S.MQL


def refused(outcome, actor, at) -> str:
    lead = outcome.leads[0]
    before, history = row(lead), counted(lead)
    with pytest.raises((Refused, NotFound)) as no:
        undo(outcome.action.pk, actor=actor, at=at)
    assert (row(lead), counted(lead)) == (before, history)
    assert UndoableAction.objects.filter(pk=outcome.action.pk, undone_at=None).exists() or (
        no.value.code == "already_undone"
    )
    return no.value.code


def test_one_tick_after_the_window_is_too_late(rep):
    lead = lead_at(S.MQL, owner=rep)
    outcome = accept_leads([lead.pk], by=By(actor=rep), at=AT)
    assert refused(outcome, rep, AT + WINDOW + TICK) == "too_late"


def test_the_window_is_the_houses(rep):
    FunnelSettings.objects.update(undo_seconds=30)
    lead = lead_at(S.MQL, owner=rep)
    outcome = accept_leads([lead.pk], by=By(actor=rep), at=AT)
    assert undoable_until(AT) == AT + 3 * WINDOW
    undo(outcome.action.pk, actor=rep, at=AT + 3 * WINDOW)


def test_only_who_did_it_takes_it_back(rep, manager_sales):
    lead = lead_at(S.MQL, owner=rep)
    outcome = accept_leads([lead.pk], by=By(actor=rep), at=AT)
    assert refused(outcome, manager_sales, AT) == "not_found"


def test_nothing_is_undone_twice(rep):
    lead = lead_at(S.MQL, owner=rep)
    outcome = accept_leads([lead.pk], by=By(actor=rep), at=AT)
    undo(outcome.action.pk, actor=rep, at=AT)
    assert refused(outcome, rep, AT) == "already_undone"


def test_after_somebody_moved_it_on_it_stays(rep, manager_sales):
    lead = lead_at(S.MQL, owner=rep)
    outcome = accept_leads([lead.pk], by=By(actor=rep), at=AT)
    move = Move(lead_id=lead.pk, to_stage=S.SQL, actor=manager_sales, note="Met her")
    move_leads([move], at=AT + TICK)
    assert refused(outcome, rep, AT + TICK) == "acted_meanwhile"


def test_who_worked_on_it_meanwhile_is_named(rep, manager_sales):
    lead = lead_at(S.MQL, owner=rep)
    outcome = accept_leads([lead.pk], by=By(actor=rep), at=AT)
    Activity.objects.create(
        lead=lead, actor=manager_sales, kind=ActivityKind.CALL, occurred_at=AT, logged_at=AT
    )
    with pytest.raises(Refused) as no:
        undo(outcome.action.pk, actor=rep, at=AT)
    assert str(no.value) == (
        "Dario Greco has worked on this lead meanwhile, so it can no longer be undone."
    )


def test_ones_own_call_does_not_hold_the_undo(rep):
    lead = lead_at(S.MQL, owner=rep)
    outcome = accept_leads([lead.pk], by=By(actor=rep), at=AT)
    Activity.objects.create(
        lead=lead, actor=rep, kind=ActivityKind.CALL, occurred_at=AT, logged_at=AT
    )
    undo(outcome.action.pk, actor=rep, at=AT)
    assert row(lead)["stage"] == S.MQL


def test_a_close_stays_when_the_contact_has_begun_anew(rep):
    lead = lead_at(S.MQL, owner=rep)
    outcome = reject(lead, "wrong_fit", rep)
    lead_at(S.LEAD)
    assert refused(outcome, rep, AT) == "taken_up"


def test_what_several_people_did_at_once_is_nobodys_to_undo(rep, marketer):
    lead = lead_at(S.LEAD)
    moves = [
        Move(lead_id=lead.pk, to_stage=S.MQL, actor=marketer),
        Move(lead_id=lead.pk, to_stage=S.SAL, actor=rep),
    ]
    assert move_leads(moves, at=AT).action is None


def test_handing_back_is_undone_too(rep, marketer):
    lead = lead_at(S.MQL, owner=rep)
    reject(lead, "bad_data", rep)
    before = row(lead)
    outcome = finish_rework([lead.pk], actor=marketer, at=AT)
    undo(outcome.action.pk, actor=marketer, at=AT)
    assert row(lead) == before


def test_after_an_undo_the_decision_is_made_again(rep):
    lead = lead_at(S.MQL, owner=rep)
    outcome = reject(lead, "not_now", rep)
    undo(outcome.action.pk, actor=rep, at=AT)
    accept_leads([lead.pk], by=By(actor=rep), at=AT + TICK)
    assert list(Feedback.objects.filter(voided_at=None).values_list("decision", "counts_as")) == [
        (Decision.ACCEPTED, Decision.ACCEPTED)
    ]
    with pytest.raises(MovesRefused) as no:
        accept_leads([lead.pk], by=By(actor=rep), at=AT + TICK)
    assert str(no.value) == "Bruno Conti has already moved this lead to SAL."


@pytest.mark.parametrize("reason", ["not_now", "wrong_fit", "bought_elsewhere"])
def test_an_overturned_rejection_opens_the_same_row_for_somebody_else(
    reason, rep, facilitator, taken_back
):
    told = []
    listen = lambda sender, assignments, **kwargs: told.extend(assignments)  # noqa: E731
    lead = lead_at(S.MQL, owner=rep)
    (given,) = reject(lead, reason, rep).feedback
    leads_assigned.connect(listen, weak=False)
    try:
        overturn_rejection(given, actor=facilitator, note="It fits", at=AT + WINDOW)
    finally:
        leads_assigned.disconnect(listen)
    lead.refresh_from_db()
    assert (lead.stage, lead.disposition, lead.closed_at, lead.nurture_until) == (
        S.MQL, D.OPEN, None, None,
    )  # fmt: skip
    assert (lead.owner, lead.queue.kind) == (None, QueueKind.FALLBACK)
    given.refresh_from_db()
    assert (given.decision, given.counts_as, given.decided_at, given.voided_at) == (
        Decision.REJECTED, Decision.ACCEPTED, AT, None,
    )  # fmt: skip
    assert counted(lead) == [("LEAD", "OPEN"), ("MQL", "OPEN")]
    assert [(a.lead_id, a.cause) for a in told] == [(lead.pk, "OVERTURNED")]
    assert len(taken_back) == 1


def test_the_decision_after_a_ruling_counts_in_no_rate(rep, manager_sales, facilitator):
    lead = lead_at(S.MQL, owner=rep)
    (given,) = reject(lead, "wrong_fit", rep).feedback
    overturn_rejection(given, actor=facilitator, note="", at=AT)
    by = By(actor=manager_sales, note="Again")
    reject_leads([lead.pk], Rejection(reason="not_now"), by=by, at=AT)
    rows = Feedback.objects.order_by("id").values_list("decision", "counts_as")
    assert list(rows) == [("REJECTED", "ACCEPTED"), ("REJECTED", None)]


def test_a_ruling_only_counts_when_the_contacts_next_lead_is_open(rep, facilitator):
    lead = lead_at(S.MQL, owner=rep)
    (given,) = reject(lead, "wrong_fit", rep).feedback
    lead_at(S.LEAD)
    overturn_rejection(given, actor=facilitator, note="", at=AT)
    lead.refresh_from_db()
    assert lead.disposition == D.DISQUALIFIED
    assert Feedback.objects.get().counts_as == Decision.ACCEPTED


def test_what_is_disputed_is_not_taken_back(rep, marketer):
    lead = lead_at(S.MQL, owner=rep)
    outcome = reject_leads([lead.pk], Rejection(reason="wrong_fit"), by=By(actor=rep), at=AT)
    (given,) = outcome.feedback
    Dispute.objects.create(feedback=given, opened_by=marketer, argument="It fits.", opened_at=AT)
    assert refused(outcome, rep, AT + TICK) == "acted_meanwhile"
    given.refresh_from_db()
    assert given.voided_at is None
