"""What becomes of an MQL by each coded reason, and what Marketing learns of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.enums import Role
from accounts.models import Organisation
from leads.enums import AssignmentCause, Cause, Decision, Disposition, LifecycleStage, QueueKind
from leads.models import Assignment, Competitor, Feedback, Lead, ProductLine, Queue, Reason
from leads.moving import MovesRefused
from leads.services.decisions import (
    By,
    Rejection,
    accept_leads,
    close_leads,
    finish_rework,
    nurture_leads,
    qualify_leads,
    rate_lead,
    reject_leads,
)
from leads.services.merging import merge_contacts
from smarketing.errors import BadInput, NotAllowed, Refused
from tests.conftest import AT
from tests.factories import member
from tests.leads.records import facts, lead_at

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)


@pytest.fixture
def mql(rep) -> Lead:
    """An MQL of Bruno's."""
    return lead_at(S.MQL, owner=rep)


def rejected(lead: Lead, reason: str, actor, **given) -> Lead:
    note = given.pop("note", "")
    rejection = Rejection(reason=reason, **given)
    reject_leads([lead.pk], rejection, by=By(actor=actor, note=note), at=AT)
    return Lead.objects.get(pk=lead.pk)


def refused(call, *leads: Lead) -> str:
    """Show that the refused call changed nothing; return its code."""
    before = [facts(lead) for lead in leads]
    rows = (Feedback.objects.count(), Assignment.objects.count())
    with pytest.raises(MovesRefused) as refusal:
        call()
    assert [facts(lead) for lead in leads] == before
    assert (Feedback.objects.count(), Assignment.objects.count()) == rows
    return refusal.value.code


def queue(kind: QueueKind) -> Queue:
    return Queue.objects.get(kind=kind, team=None)


def test_accepting_tells_marketing(mql, rep):
    outcome = accept_leads([mql.pk], by=By(actor=rep, note="Good one"), at=AT, fit_rating=4)
    (given,) = Feedback.objects.all()
    assert (given.decision, given.counts_as, given.reason, given.fit_rating, given.text) == (
        Decision.ACCEPTED, Decision.ACCEPTED, "", 4, "Good one",
    )  # fmt: skip
    assert (given.given_by, given.decided_at, given.transition_id) == (
        rep, AT, outcome.transitions[0].pk,
    )  # fmt: skip
    mql.refresh_from_db()
    assert (mql.stage, mql.owner, mql.version) == (S.SAL, rep, 2)


@pytest.mark.parametrize("reason", ["not_now", "no_contact"])
def test_not_now_and_no_contact_go_to_nurturing(reason, mql, rep):
    lead = rejected(mql, reason, rep)
    assert (lead.stage, lead.disposition, lead.closed_at) == (S.MQL, D.RECYCLED, AT)
    assert (lead.owner, lead.queue, lead.nurture_until) == (
        None, queue(QueueKind.MARKETING), AT + 90 * DAY,
    )  # fmt: skip
    (row,) = Assignment.objects.all()
    assert (row.cause, row.from_owner, row.owner, row.queue, row.actor) == (
        AssignmentCause.RECYCLED, rep, None, queue(QueueKind.MARKETING), rep,
    )  # fmt: skip


def test_nurturing_lasts_until_the_day_that_the_rep_says(mql, rep):
    assert rejected(mql, "not_now", rep, until=AT + 7 * DAY).nurture_until == AT + 7 * DAY


def test_nurturing_ends_ahead_to_the_tick(mql, rep):
    for until in (AT - TICK, AT):
        assert refused(lambda until=until: rejected(mql, "not_now", rep, until=until), mql) == (
            "until_is_past"
        )
    assert rejected(mql, "not_now", rep, until=AT + TICK).nurture_until == AT + TICK


@pytest.mark.parametrize("reason", ["wrong_fit", "competitor", "spam", "existing_customer"])
def test_who_never_fits_is_disqualified(reason, mql, rep):
    lead = rejected(mql, reason, rep)
    assert (lead.stage, lead.disposition, lead.owner, lead.nurture_until) == (
        S.MQL, D.DISQUALIFIED, rep, None,
    )  # fmt: skip
    (given,) = Feedback.objects.all()
    assert (given.decision, given.counts_as, given.reason) == (
        Decision.REJECTED, Decision.REJECTED, reason,
    )  # fmt: skip


def test_bought_elsewhere_is_lost_to_a_competitor(mql, rep):
    globex = Competitor.objects.create(name="Globex", key="globex")
    lead = rejected(mql, "bought_elsewhere", rep, competitor_id=globex.pk)
    assert (lead.disposition, lead.competitor) == (D.LOST, globex)


def test_bad_data_waits_to_be_fixed_and_is_no_decision_in_the_rate(mql, rep):
    lead = rejected(mql, "bad_data", rep, note="The phone is wrong")
    assert (lead.stage, lead.disposition, lead.returned_at) == (S.MQL, D.OPEN, AT)
    assert (lead.owner, lead.queue, lead.version) == (None, queue(QueueKind.FIX), 2)
    assert lead.transitions.count() == 2
    (given,) = Feedback.objects.all()
    assert (given.decision, given.counts_as, given.transition, given.text) == (
        Decision.RETURNED, None, None, "The phone is wrong",
    )  # fmt: skip
    (row,) = Assignment.objects.all()
    assert (row.cause, row.from_owner, row.queue) == (
        AssignmentCause.RETURNED, rep, queue(QueueKind.FIX),
    )  # fmt: skip


def test_a_lead_is_returned_once(mql, rep):
    rejected(mql, "bad_data", rep)
    assert refused(lambda: rejected(mql, "bad_data", rep), mql) == "already_returned"


def test_a_fixed_lead_goes_back_to_whoever_returned_it(mql, rep, marketer):
    rejected(mql, "bad_data", rep)
    assert refused(lambda: finish_rework([mql.pk], actor=rep, at=AT), mql) == "wrong_side"
    finish_rework([mql.pk], actor=marketer, at=AT + DAY)
    lead = Lead.objects.get(pk=mql.pk)
    assert (lead.returned_at, lead.owner, lead.queue, lead.stage) == (None, rep, None, S.MQL)
    last = lead.assignments.latest("id")
    assert (last.cause, last.owner, last.actor) == (AssignmentCause.RETURNED, rep, marketer)
    assert refused(lambda: finish_rework([mql.pk], actor=marketer, at=AT), mql) == "not_returned"


def test_a_duplicate_is_merged_into_the_contacts_other_lead(rep):
    line = ProductLine.objects.create(name="Pumps", key="pumps")
    stays = lead_at(S.SAL, owner=rep, product_line_id=line.pk)
    lead = rejected(lead_at(S.MQL, owner=rep), "duplicate", rep)
    assert (lead.disposition, lead.merged_into) == (D.MERGED, stays)


def test_a_duplicate_of_nothing_is_refused_in_words(mql, rep):
    assert refused(lambda: rejected(mql, "duplicate", rep), mql) == "no_other_lead"


def test_of_several_leads_one_is_chosen(rep):
    lines = [ProductLine.objects.create(name=name, key=name) for name in ("pumps", "valves")]
    first, second = (lead_at(S.SAL, owner=rep, product_line_id=line.pk) for line in lines)
    lead = lead_at(S.MQL, owner=rep)
    assert refused(lambda: rejected(lead, "duplicate", rep), lead) == "several_leads"
    assert rejected(lead, "duplicate", rep, duplicate_of_id=second.pk).merged_into == second
    assert Lead.objects.get(pk=first.pk).disposition == D.OPEN


def test_a_lead_is_no_duplicate_of_itself_or_of_a_closed_one(mql, rep):
    closed = lead_at(S.LEAD, D.RECYCLED, email="berta@acme.example")
    for other in (mql, closed):
        call = lambda other=other: rejected(mql, "duplicate", rep, duplicate_of_id=other.pk)  # noqa: E731
        assert refused(call, mql) == "no_other_lead"


def test_the_lead_of_another_person_waits_for_the_merge_of_the_two(mql, rep, marketer):
    berta = lead_at(S.SAL, owner=rep, email="berta@acme.example", given_name="Berta")
    before = facts(berta)
    call = lambda: rejected(mql, "duplicate", rep, duplicate_of_id=berta.pk)  # noqa: E731
    assert refused(call, mql) == "other_person"
    assert facts(berta) == before
    line = ProductLine.objects.create(name="Pumps", key="pumps")
    Lead.objects.filter(pk=berta.pk).update(product_line=line)
    merge_contacts(mql.contact_id, berta.contact_id, actor=marketer, at=AT)
    assert call().merged_into == berta


def test_a_lead_that_the_rep_does_not_see_is_not_told_to_be_anybodys(mql, rep):
    organisation, _new = Organisation.objects.get_or_create()
    organisation.reps_see_own_team_only = True
    organisation.save()
    hidden = lead_at(S.SAL, email="berta@acme.example")
    call = lambda: rejected(mql, "duplicate", rep, duplicate_of_id=hidden.pk)  # noqa: E731
    assert refused(call, mql) == "no_other_lead"


@pytest.mark.parametrize("disposition", [D.RECYCLED, D.DISQUALIFIED, D.LOST])
def test_another_reason_lets_the_rep_choose_with_a_note(disposition, mql, rep):
    lead = rejected(mql, "other", rep, disposition=disposition, note="Moved abroad")
    assert (lead.disposition, Feedback.objects.get().text) == (disposition, "Moved abroad")


def test_another_reason_needs_the_choice_and_the_note(mql, rep):
    assert refused(lambda: rejected(mql, "other", rep, note="!"), mql) == "disposition_needed"
    call = lambda **given: rejected(mql, "other", rep, disposition=D.LOST, **given)  # noqa: E731
    assert refused(call, mql) == "reason_note_needed"
    assert refused(lambda: call(note=" "), mql) == "reason_note_needed"


def test_a_reason_out_of_use_or_made_up_is_refused(mql, rep):
    Reason.objects.filter(code="spam").update(is_active=False)
    assert refused(lambda: rejected(mql, "spam", rep), mql) == "reason_unknown"
    assert refused(lambda: rejected(mql, "weather", rep), mql) == "reason_unknown"
    assert refused(lambda: rejected(mql, "", rep), mql) == "reason_needed"


def test_a_reason_of_the_houses_own_follows_its_outcome(mql, rep):
    Reason.objects.create(code="no_budget", own_label="No budget", outcome="RECYCLE")
    lead = rejected(mql, "no_budget", rep)
    assert (lead.disposition, Feedback.objects.get().reason) == (D.RECYCLED, "no_budget")


def test_the_gate_holds_reason_and_ending_together(mql, rep):
    by = By(actor=rep)
    call = lambda: close_leads([mql.pk], D.LOST, "wrong_fit", by=by, at=AT)  # noqa: E731
    assert refused(call, mql) == "reason_misplaced"


def test_only_an_mql_is_rejected_or_accepted(rep):
    lead = lead_at(S.SAL, owner=rep)
    assert refused(lambda: rejected(lead, "not_now", rep), lead) == "moved_meanwhile"
    assert refused(lambda: rejected(lead, "bad_data", rep), lead) == "moved_meanwhile"


@pytest.mark.parametrize("reason", ["not_now", "bad_data", "duplicate"])
def test_rejecting_is_for_sales(reason, mql, marketer):
    lead = lead_at(S.MQL, email="nobodys@acme.example")
    lead_at(S.SAL, email="nobodys@acme.example", product_line_id=line().pk)
    if reason == "duplicate":
        rejected(lead, reason, marketer)  # merging is either side's, but no decision of Sales
        assert Feedback.objects.count() == 0
    else:
        assert refused(lambda: rejected(lead, reason, marketer), lead) == "wrong_side"


def line() -> ProductLine:
    return ProductLine.objects.create(name="Pumps", key="pumps")


def test_another_reps_lead_is_his(mql, sales):
    greta = member("greta@acme.test", Role.REP, team=sales, name="Greta Villa")
    for reason in ("not_now", "bad_data"):
        assert refused(lambda reason=reason: rejected(mql, reason, greta), mql) == "not_owner"


@pytest.mark.parametrize("reason", ["not_now", "bad_data"])
def test_a_manager_rejects_with_a_note(reason, mql, manager_sales):
    assert refused(lambda: rejected(mql, reason, manager_sales), mql) == "note_needed"
    rejected(mql, reason, manager_sales, note="Asked by phone")
    assert Feedback.objects.get().given_by == manager_sales


def test_a_skip_is_an_acceptance_that_counts_in_no_rate(mql, rep):
    from leads.moving import Move  # noqa: PLC0415
    from leads.services.moves import move_leads  # noqa: PLC0415

    move_leads([Move(lead_id=mql.pk, to_stage=S.SQL, actor=rep)], at=AT)
    given = Feedback.objects.get()
    assert (given.decision, given.counts_as) == (Decision.ACCEPTED, None)


@pytest.mark.parametrize("rating", [0, 6])
def test_a_fit_is_rated_from_one_to_five(rating, mql, rep):
    call = lambda: accept_leads([mql.pk], by=By(actor=rep), at=AT, fit_rating=rating)  # noqa: E731
    assert refused(call, mql) == "rating_out_of_range"
    accept_leads([mql.pk], by=By(actor=rep), at=AT)
    with pytest.raises(BadInput):
        rate_lead(mql.pk, rating, actor=rep, at=AT)
    assert Feedback.objects.get().fit_rating is None


def test_the_fit_may_be_rated_later_by_those_who_know(mql, rep, marketer, manager_sales):
    with pytest.raises(Refused) as early:
        rate_lead(mql.pk, 3, actor=rep, at=AT)
    assert early.value.code == "not_decided"
    accept_leads([mql.pk], by=By(actor=rep), at=AT)
    with pytest.raises(NotAllowed):
        rate_lead(mql.pk, 3, actor=marketer, at=AT)
    assert Feedback.objects.get().fit_rating is None
    rate_lead(mql.pk, 1, actor=rep, at=AT)
    rate_lead(mql.pk, 5, actor=manager_sales, at=AT)
    assert Feedback.objects.get().fit_rating == 5


def test_in_bulk_the_refused_are_told_and_the_rest_decided(mql, rep):
    later = lead_at(S.SAL, owner=rep, email="berta@acme.example")
    outcome = reject_leads(
        [later.pk, mql.pk, 0], Rejection(reason="bad_data"), by=By(actor=rep), at=AT,
        apply_rest=True,
    )  # fmt: skip
    assert [(r.index, r.code) for r in outcome.refusals] == [
        (0, "moved_meanwhile"),
        (2, "not_found"),
    ]
    assert [lead.pk for lead in outcome.leads] == [mql.pk]


@pytest.mark.parametrize("many", [1, 3])
def test_a_return_costs_the_same_for_one_and_for_three(many, rep, django_assert_num_queries):
    from accounts.rules import standing  # noqa: PLC0415

    standing(rep)
    ids = [lead_at(S.MQL, owner=rep, email=f"p{n}@acme.example").pk for n in range(many)]
    # begin, house rules, lock, leads, assignments with feedback, undo, end
    with django_assert_num_queries(9):
        reject_leads(ids, Rejection(reason="bad_data"), by=By(actor=rep), at=AT)


def test_marketing_qualifies_nurtures_and_disqualifies(marketer):
    one, two, three = (lead_at(S.LEAD, email=f"p{n}@acme.example") for n in range(3))
    by = By(actor=marketer, cause=Cause.API)
    qualify_leads([one.pk], by=by, at=AT)
    nurture_leads([two.pk], by=by, at=AT, until=AT + DAY)
    close_leads([three.pk], D.DISQUALIFIED, "spam", by=by, at=AT)
    stood = Lead.objects.order_by("id").values_list("stage", "disposition", "nurture_until")
    assert list(stood) == [
        ("MQL", "OPEN", None), ("LEAD", "RECYCLED", AT + DAY), ("LEAD", "DISQUALIFIED", None),
    ]  # fmt: skip
    assert Feedback.objects.count() == 0


@pytest.mark.parametrize("stage", [S.SAL, S.SQL])
def test_sales_may_let_go_later_with_a_reason(stage, rep):
    endings = {D.RECYCLED: "no_contact", D.DISQUALIFIED: "wrong_fit", D.LOST: "price"}
    for n, (disposition, reason) in enumerate(endings.items()):
        lead = lead_at(stage, owner=rep, email=f"p{n}@acme.example")
        close_leads([lead.pk], disposition, reason, by=By(actor=rep), at=AT)
        lead.refresh_from_db()
        assert (lead.stage, lead.disposition) == (stage, disposition)
    assert Feedback.objects.count() == 0
