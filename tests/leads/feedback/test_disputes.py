"""A rejection may be disputed once, in time; Sales answers; somebody neutral rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.enums import Role
from accounts.models import Membership, Notice
from leads.enums import Decision, Ruling
from leads.enums import LifecycleStage as S
from leads.models import Dispute, Feedback, FunnelSettings, StageTransition
from leads.moving import Move
from leads.selectors.disputes import last_instants_to_dispute, parties_of
from leads.services.disputes import answer_dispute, open_dispute, rule_dispute
from leads.services.moves import move_leads
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused
from tests.conftest import AT
from tests.factories import BusinessCalendarFactory, member
from tests.leads.feedback.records import accepted, feedback_on, rejected
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
# Tuesday 3 March 11:00 in Rome; five business days later it is Tuesday 10 March, closing 17:00.
LAST = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)


def waiting(rep, marketer, **fields) -> Dispute:
    row = rejected(rep, **fields)
    return open_dispute(row.pk, "He asked twice for a price.", actor=marketer, at=AT)


def notices(kind: str) -> list[str]:
    rows = Notice.objects.filter(kind=kind).order_by("recipient__email")
    return [notice.recipient.email.split("@")[0] for notice in rows]


def test_the_last_instant_is_the_end_of_the_nth_business_day(marketing):
    assert last_instants_to_dispute([AT]) == {AT: LAST}
    FunnelSettings.objects.update_or_create(pk=1, defaults={"dispute_days": 1})
    assert last_instants_to_dispute([AT]) == {AT: datetime(2026, 3, 4, 16, 0, tzinfo=UTC)}


def test_the_calendar_is_that_of_the_root_of_marketing(marketing):
    marketing.calendar = BusinessCalendarFactory(weekly={"1": [["08:00", "12:00"]]})
    marketing.save()
    mondays = datetime(2026, 4, 6, 10, 0, tzinfo=UTC)  # the fifth one, noon in summer time
    assert last_instants_to_dispute([AT]) == {AT: mondays}


def test_without_a_team_of_marketing_the_organisations_calendar_counts(organisation):
    assert last_instants_to_dispute([AT]) == {AT: LAST}


@pytest.mark.parametrize("at", [LAST - TICK, LAST])
def test_a_tick_before_and_at_the_last_instant_is_in_time(at, marketer, rep):
    row = rejected(rep)
    dispute = open_dispute(row.pk, "He asked.", actor=marketer, at=at)
    assert (dispute.opened_at, dispute.opened_by, dispute.argument) == (at, marketer, "He asked.")


def test_a_tick_after_it_is_too_late(marketer, rep):
    row = rejected(rep)
    with pytest.raises(Refused) as refused:
        open_dispute(row.pk, "He asked.", actor=marketer, at=LAST + TICK)
    assert refused.value.code == "too_late"
    assert str(refused.value) == "This rejection could be disputed until 10 Mar 2026, 16:00."
    assert Dispute.objects.count() == 0


def test_a_rejection_is_disputed_once(marketer, manager_marketing, rep):
    waiting(rep, marketer)
    row = Feedback.objects.get()
    with pytest.raises(Refused) as refused:
        open_dispute(row.pk, "I think so too.", actor=manager_marketing, at=AT)
    assert refused.value.code == "disputed_already"
    assert str(refused.value) == "Alice Rossi has already disputed this rejection."
    assert Dispute.objects.get().opened_by == marketer


def test_only_rejections_that_stand_are_disputed(marketer, rep):
    returned = feedback_on(lead_at(email="cora@acme.example"), Decision.RETURNED, by=rep)
    undone = rejected(rep, voided_at=AT)
    for row, code in (
        (accepted(rep), "not_rejected"),
        (returned, "not_rejected"),
        (undone, "undone"),
    ):
        with pytest.raises(Refused) as refused:
            open_dispute(row.pk, "Why?", actor=marketer, at=AT)
        assert refused.value.code == code
    with pytest.raises(NotFound):
        open_dispute(0, "Why?", actor=marketer, at=AT)
    assert Dispute.objects.count() == 0


def test_only_marketing_disputes_and_with_words(marketer, rep, manager_sales, facilitator):
    row = rejected(rep)
    for person in (rep, manager_sales, facilitator):
        with pytest.raises(NotAllowed):
            open_dispute(row.pk, "Why?", actor=person, at=AT)
    with pytest.raises(BadInput) as refused:
        open_dispute(row.pk, "  ", actor=marketer, at=AT)
    assert list(refused.value.fields) == ["argument"]
    assert Dispute.objects.count() == 0


def test_opening_tells_who_answers_and_who_rules(marketer, rep, manager_sales, facilitator):
    dispute = waiting(rep, marketer, given_name="Anna", family_name="Verdi")
    assert notices("dispute_opened") == ["bruno", "dario"]
    assert notices("dispute_to_rule") == ["elena"]
    notice = Notice.objects.get(recipient=rep)
    assert notice.url == f"/feedback/disputes/{dispute.pk}/"
    assert notice.params == {"lead": "Anna Verdi", "by": "Alice Rossi"}


def test_who_decided_answers_once(marketer, rep, facilitator, manager_sales):
    dispute = waiting(rep, marketer)
    done = answer_dispute(dispute.pk, " He never called back. ", actor=rep, at=AT)
    assert (done.answer, done.answered_by, done.answered_at) == ("He never called back.", rep, AT)
    assert notices("dispute_answered") == ["alice", "elena"]
    with pytest.raises(Refused) as refused:
        answer_dispute(dispute.pk, "And more.", actor=manager_sales, at=AT)
    assert str(refused.value) == "Bruno Conti has already answered for Sales."


def test_nobody_else_answers_for_sales(marketer, rep, sales, facilitator, manager_sales):
    dispute = waiting(rep, marketer)
    greta = member("greta@acme.test", Role.REP, team=sales)
    for person in (greta, marketer, facilitator):
        with pytest.raises(NotAllowed):
            answer_dispute(dispute.pk, "No.", actor=person, at=AT)
    dispute.refresh_from_db()
    assert dispute.answered_at is None
    answer_dispute(dispute.pk, "I answer for him.", actor=manager_sales, at=AT)


def test_upheld_leaves_the_rejection_as_it_was(marketer, rep, manager_sales, facilitator):
    dispute = waiting(rep, marketer)
    before = Feedback.objects.values().get(), list(StageTransition.objects.values())
    rule_dispute(dispute.pk, Ruling.UPHELD, "No budget.", actor=facilitator, at=AT)
    dispute.refresh_from_db()
    assert (dispute.ruling, dispute.ruled_by, dispute.ruled_at, dispute.ruling_note) == (
        Ruling.UPHELD, facilitator, AT, "No budget.",
    )  # fmt: skip
    assert (Feedback.objects.values().get(), list(StageTransition.objects.values())) == before
    assert notices("dispute_upheld") == ["alice", "bruno", "dario"]


def test_a_dispute_is_ruled_once_and_then_not_answered(marketer, rep, facilitator):
    dispute = waiting(rep, marketer)
    rule_dispute(dispute.pk, Ruling.UPHELD, "No budget.", actor=facilitator, at=AT)
    for work in (
        lambda: rule_dispute(dispute.pk, Ruling.OVERTURNED, "Yes.", actor=facilitator, at=AT),
        lambda: answer_dispute(dispute.pk, "Late.", actor=rep, at=AT),
    ):
        with pytest.raises(Refused) as refused:
            work()
        assert str(refused.value) == "Elena Fontana has already ruled this dispute."
    dispute.refresh_from_db()
    assert (dispute.ruling, dispute.answer) == (Ruling.UPHELD, "")


def test_only_facilitators_rule_and_with_words(marketer, rep, manager_sales, facilitator):
    dispute = waiting(rep, marketer)
    for person in (marketer, rep, manager_sales):
        with pytest.raises(NotAllowed):
            rule_dispute(dispute.pk, Ruling.UPHELD, "So be it.", actor=person, at=AT)
    with pytest.raises(BadInput) as refused:
        rule_dispute(dispute.pk, Ruling.UPHELD, " ", actor=facilitator, at=AT)
    assert list(refused.value.fields) == ["note"]
    dispute.refresh_from_db()
    assert dispute.ruling == ""


def test_nobody_who_is_party_to_it_rules(marketer, rep, manager_sales):
    dispute = waiting(rep, marketer)
    answer_dispute(dispute.pk, "No.", actor=manager_sales, at=AT)
    dispute.refresh_from_db()
    assert parties_of(dispute) == {marketer.pk, rep.pk, manager_sales.pk}
    for person in (marketer, rep, manager_sales):
        Membership.objects.create(user=person, role=Role.FACILITATOR)
        held = type(person).objects.get(pk=person.pk)
        with pytest.raises(NotAllowed) as refused:
            rule_dispute(dispute.pk, Ruling.UPHELD, "So be it.", actor=held, at=AT)
        assert refused.value.code == "not_neutral"
    dispute.refresh_from_db()
    assert dispute.ruling == ""


def test_who_qualified_the_lead_does_not_rule(marketer, marketing, rep):
    lead = lead_at(S.LEAD)
    Membership.objects.create(user=marketer, role=Role.FACILITATOR)
    move_leads([Move(lead_id=lead.pk, to_stage=S.MQL, actor=marketer)], at=AT)
    row = feedback_on(lead, by=rep, at=AT)
    other = member("ada@acme.test", Role.MARKETER, team=marketing)
    dispute = open_dispute(row.pk, "He asked.", actor=other, at=AT)
    assert marketer.pk in parties_of(dispute)
    assert notices("dispute_to_rule") == []
