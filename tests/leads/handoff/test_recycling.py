"""Recycled contacts come back once: on their date, at a hot touch, at a capture."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.rules import standing
from leads.enums import AssignmentCause, Disposition, LifecycleStage, TouchKind
from leads.models import FunnelSettings, Lead, ProductLine, Source, StageDefinition
from leads.moving import Step
from leads.selectors.avoiding import reps_to_avoid
from leads.selectors.house import funnel_settings
from leads.services.contacts import ContactFacts
from leads.services.decisions import By, Rejection, nurture_leads, reject_leads
from leads.services.opening import Capture, open_leads
from leads.services.recycling import wake_due, wake_leads
from leads.services.touches import TouchFacts, record_touches
from tests.conftest import AT
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
TICK, DAY = timedelta(microseconds=1), timedelta(days=1)
UNTIL = AT + 30 * DAY


@pytest.fixture
def resting(rep) -> Lead:
    """A lead that Bruno sent to nurturing."""
    line = ProductLine.objects.create(name="Pumps", key="pumps")
    source = Source.objects.create(name="Fair", key="fair")
    lead = lead_at(
        S.MQL, owner=rep, product_line_id=line.pk, source_id=source.pk, email="anna@acme.example"
    )
    reject_leads([lead.pk], Rejection(reason="not_now", until=UNTIL), by=By(actor=rep), at=AT)
    return Lead.objects.get(pk=lead.pk)


def cycles() -> list[Lead]:
    return list(Lead.objects.order_by("id"))


def capture(marketer, **fields):
    step = Step(to_stage=S.LEAD, actor=marketer)
    facts = ContactFacts(captured_through="test", email="anna@acme.example")
    (lead,) = open_leads(
        [Capture(contact=facts, steps=[step], **fields)], actor=marketer, at=AT + DAY
    ).leads
    return Lead.objects.get(pk=lead.pk)


def test_on_its_date_the_next_cycle_begins_to_the_tick(resting):
    assert (wake_due(UNTIL - TICK), len(cycles())) == (0, 1)
    assert wake_due(UNTIL) == 1
    old, new = cycles()
    assert (old.stage, old.disposition, old.woken_at, old.version) == (
        S.MQL, D.RECYCLED, UNTIL, resting.version + 1,
    )  # fmt: skip
    assert (new.stage, new.disposition, new.recycled_from, new.lead_at) == (
        S.LEAD, D.OPEN, old, UNTIL,
    )  # fmt: skip
    assert (new.contact_id, new.product_line_id, new.source_id, new.returning) == (
        old.contact_id, old.product_line_id, old.source_id, False,
    )  # fmt: skip
    assert (new.engagement_from, new.owner, new.queue) == (AT, None, None)
    row = new.transitions.get()
    assert (row.from_stage, row.to_stage, row.cause, row.actor) == (None, "LEAD", "rule", None)


def test_a_later_sweep_finds_it_all_the_same(resting):
    assert wake_due(UNTIL + 400 * DAY) == 1


def test_woken_twice_it_begins_once(resting):
    assert wake_due(UNTIL) == 1
    assert wake_due(UNTIL) == 0
    assert wake_leads([resting.pk], at=UNTIL + DAY) == []
    assert len(cycles()) == 2


def test_a_contact_that_came_by_itself_needs_no_waking(resting, marketer):
    new = capture(marketer, product_line_id=resting.product_line_id)
    resting.refresh_from_db()
    assert (new.recycled_from, new.engagement_from, resting.woken_at) == (resting, AT, AT + DAY)
    assert (new.returning, wake_due(UNTIL)) == (False, 0)


def test_a_capture_for_another_product_line_leaves_it_resting(resting, marketer):
    new = capture(marketer)
    resting.refresh_from_db()
    assert (new.recycled_from, resting.woken_at) == (None, None)
    assert wake_due(UNTIL) == 1


def test_of_two_resting_of_one_line_the_later_goes_on(rep):
    first, second = lead_at(S.MQL, D.RECYCLED), lead_at(S.SAL, D.RECYCLED)
    assert [lead.recycled_from for lead in wake_leads([first.pk, second.pk], at=UNTIL)] == [second]
    woken = Lead.objects.filter(disposition=D.RECYCLED).values_list("woken_at", flat=True)
    assert list(woken) == [UNTIL, UNTIL]


@pytest.mark.parametrize(
    ("kind", "woken"), [(TouchKind.FORM, 2), (TouchKind.REFERRAL, 2), (TouchKind.EMAIL_CLICK, 1)]
)
def test_a_hot_touch_wakes_it_early(kind, woken, resting):
    record_touches([TouchFacts(contact_id=resting.contact_id, kind=kind)], at=AT + DAY)
    assert len(cycles()) == woken


def test_the_setting_lets_it_sleep(resting):
    FunnelSettings.objects.update(hot_touch_wakes=False)
    record_touches([TouchFacts(contact_id=resting.contact_id, kind=TouchKind.FORM)], at=AT + DAY)
    assert len(cycles()) == 1


@pytest.mark.parametrize(
    ("disposition", "returning"),
    [(D.LOST, True), (D.DISQUALIFIED, True), (D.RECYCLED, False), (D.MERGED, False)],
)
def test_who_returns(disposition, returning, marketer):
    lead_at(S.MQL, disposition)
    assert capture(marketer).returning is returning


def test_a_customer_returns(marketer):
    lead_at(S.CUSTOMER)
    assert capture(marketer).returning is True


def test_a_lead_that_rested_is_not_asked_for_the_definition_again(resting):
    StageDefinition.objects.filter(stage="LEAD", state="IN_FORCE").update(state="RETIRED")
    StageDefinition.objects.create(
        stage="LEAD", version=2, state="IN_FORCE", responsible="MARKETING", created_at=AT,
        criteria=[{"kind": "filled", "field": "contact.phone", "required": True}],
    )  # fmt: skip
    assert wake_due(UNTIL) == 1
    assert len(cycles()) == 2


@pytest.mark.parametrize("many", [1, 3])
def test_waking_costs_the_same_for_one_and_for_three(many, rep, django_assert_num_queries):
    ids = [lead_at(S.MQL, owner=rep, email=f"p{n}@acme.example").pk for n in range(many)]
    standing(rep)
    reject_leads(ids, Rejection(reason="not_now"), by=By(actor=rep), at=AT)
    with django_assert_num_queries(16):
        assert wake_due(AT + 90 * DAY) == many


def test_the_rep_from_whom_it_was_recycled_is_avoided_for_a_while(resting, rep):
    avoided = {resting.contact_id: frozenset({rep.pk})}
    settings = funnel_settings()
    assert reps_to_avoid([resting], settings=settings, at=AT + 90 * DAY) == avoided
    assert reps_to_avoid([resting], settings=settings, at=AT + 90 * DAY + TICK) == {}


def test_marketing_nurtures_its_own(marketer):
    lead = lead_at(S.LEAD)
    nurture_leads([lead.pk], by=By(actor=marketer), at=AT, until=UNTIL)
    lead.refresh_from_db()
    assert (lead.disposition, lead.nurture_until, lead.queue.kind) == (
        D.RECYCLED, UNTIL, "MARKETING",
    )  # fmt: skip
    assert lead.assignments.get().cause == AssignmentCause.RECYCLED
