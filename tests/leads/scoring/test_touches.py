"""Touches: many at once, each once, scored in the same transaction, heard by the world."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.enums import Disposition, LifecycleStage, TouchKind
from leads.models import Campaign, Contact, Lead, ProductLine, Source, Touch
from leads.moving import MovesRefused, Step
from leads.services.contacts import ContactFacts
from leads.services.opening import Capture, open_leads
from leads.services.touches import TouchFacts, record_touches
from leads.signals import touches_recorded
from smarketing.errors import BadInput
from tests.conftest import AT
from tests.leads.records import facts, lead_at
from tests.leads.scoring.made import (
    DAY,
    assert_sums,
    engagement_rule,
    fit_rule,
    funnel,
    ledger,
    proposed_at,
    score_of,
    touch,
)

pytestmark = pytest.mark.django_db
S = LifecycleStage
TICK = timedelta(microseconds=1)


def test_a_touch_keeps_everything_that_is_told():
    lead = lead_at()
    campaign = Campaign.objects.create(name="Fair", key="fair", channel="event")
    told = touch(
        lead, TouchKind.FORM, 2, campaign_id=campaign.pk, detail="Contact us", url="/contact",
        utm_source="news", utm_medium="mail", utm_campaign="spring", utm_term="pumps",
        utm_content="top", outside_id="f-1", asset_id=9,
    )  # fmt: skip
    (new,) = record_touches([told], at=AT)
    row = Touch.objects.values().get(pk=new.pk)
    assert row == {
        "id": new.pk, "contact_id": lead.contact_id, "kind": "FORM", "campaign_id": campaign.pk,
        "source_id": None, "detail": "Contact us", "url": "/contact", "utm_source": "news",
        "utm_medium": "mail", "utm_campaign": "spring", "utm_term": "pumps", "utm_content": "top",
        "asset_id": 9, "outside_id": "f-1", "occurred_at": AT - 2 * DAY, "recorded_at": AT,
    }  # fmt: skip


def test_the_same_event_twice_is_one_touch():
    engagement_rule(10)
    lead = lead_at()
    told = touch(lead, days_ago=1, outside_id="w-1")
    first = record_touches([told, told], at=AT)
    again = record_touches([told], at=AT + DAY)
    assert (len(first), again, Touch.objects.count(), score_of(lead)) == (1, [], 1, 10)


@pytest.mark.parametrize(
    "other",
    [{"occurred_at": AT - 2 * DAY}, {"kind": TouchKind.FORM}, {"outside_id": "w-2"}],
    ids=["instant", "kind", "outside id"],
)
def test_another_event_is_another_touch(other):
    told = touch(lead_at(), days_ago=1, outside_id="w-1")
    assert len(record_touches([told, replace(told, **other)], at=AT)) == 2


def test_without_an_outside_id_every_telling_is_a_touch():
    told = touch(lead_at(), days_ago=1)
    assert len(record_touches([told, told], at=AT)) == 2


@pytest.mark.parametrize(("later", "refused"), [(-TICK, False), (0 * TICK, False), (TICK, True)])
def test_a_touch_of_the_future_is_refused_with_the_whole_list(later, refused):
    engagement_rule(10)
    lead = lead_at()
    before = facts(lead)
    told = [touch(lead, days_ago=1), replace(touch(lead), occurred_at=AT + later)]
    if not refused:
        assert len(record_touches(told, at=AT)) == 2
        return
    with pytest.raises(BadInput) as refusal:
        record_touches(told, at=AT)
    assert (refusal.value.code, list(refusal.value.fields)) == ("in_the_future", ["occurred_at"])
    assert (Touch.objects.count(), facts(lead)) == (0, before)


def test_a_touch_of_nobody_is_refused():
    with pytest.raises(BadInput) as refusal:
        record_touches([TouchFacts(contact_id=1, kind=TouchKind.FORM)], at=AT)
    assert str(refusal.value) == "There is no contact 1."
    assert Touch.objects.count() == 0


def test_a_touch_proposes_every_open_lead_of_its_person():
    engagement_rule(60)
    line = ProductLine.objects.create(name="Disks", key="disks")
    leads = [lead_at(), lead_at(product_line_id=line.pk)]
    record_touches([touch(leads[0])], at=AT)
    assert [(score_of(lead), proposed_at(lead)) for lead in leads] == [(60, AT)] * 2
    assert_sums()


def test_a_receiver_hears_of_new_touches_and_may_roll_them_back():
    engagement_rule(10)
    lead = lead_at()
    record_touches([touch(lead, days_ago=3, outside_id="known")], at=AT)
    before = facts(lead)
    heard = []

    def refuse(sender, touches, at, **_):
        heard.append([one.outside_id for one in touches])
        raise RuntimeError

    touches_recorded.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            record_touches(
                [
                    touch(lead, days_ago=3, outside_id="known"),
                    touch(lead, days_ago=1, outside_id="new"),
                ],
                at=AT,
            )
    finally:
        touches_recorded.disconnect(refuse)
    assert heard == [["new"]]
    assert (Touch.objects.count(), facts(lead)) == (1, before)


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_statements_does_not_grow(number):
    engagement_rule(10)
    leads = [lead_at(email=f"p{n}@acme.example") for n in range(number)]
    told = [touch(lead, days_ago=days) for lead in leads for days in range(number)]
    with CaptureQueriesContext(connection) as statements:
        record_touches(told, at=AT)
    asked = [one["sql"] for one in statements if "SAVEPOINT" not in one["sql"]]
    # contacts, ids, touches, those kept, whose leads, leads, house, whose touches, touches, parts;
    # parts and leads written.
    assert len(asked) == 13


# Captures


def capture(**fields):
    contact = ContactFacts(captured_through="form", email="anna@acme.example", job_title="CTO")
    fields.setdefault("touch", TouchFacts(kind=TouchKind.FORM, outside_id="f-1"))
    return Capture(contact=contact, **fields)


def captured(*captures, actor, at=AT):
    steps = [Step(to_stage=S.LEAD, actor=actor)]
    return open_leads([replace(one, steps=steps) for one in captures], actor=actor, at=at)


def test_the_story_of_a_captured_lead_begins_with_its_touch(marketer):
    fit_rule(25)
    engagement_rule(35, TouchKind.FORM)
    source = Source.objects.create(name="Web", key="web")
    (lead,) = captured(capture(source_id=source.pk), actor=marketer).leads
    row = Touch.objects.get()
    assert (row.contact_id, row.kind, row.source, row.occurred_at) == (
        lead.contact_id, "FORM", source, AT,
    )  # fmt: skip
    assert ledger(lead) == {"Fit 25": 25, "FORM 35": 35}
    assert (score_of(lead), proposed_at(lead)) == (60, AT)


def test_the_same_person_again_adds_the_touch_to_the_open_lead(marketer):
    engagement_rule(35, TouchKind.FORM)
    (lead,) = captured(capture(), actor=marketer).leads
    again = capture(touch=TouchFacts(kind=TouchKind.FORM, outside_id="f-2"))
    opened = captured(again, actor=marketer, at=AT + DAY)
    assert opened.existing == {0}
    assert (Lead.objects.count(), Touch.objects.count(), score_of(lead)) == (1, 2, 70)
    assert opened.leads[0].score == 70


def test_the_same_capture_again_changes_nothing(marketer):
    engagement_rule(35, TouchKind.FORM)
    told = capture(touch=TouchFacts(kind=TouchKind.FORM, outside_id="f-2", occurred_at=AT))
    (lead,) = captured(told, actor=marketer).leads
    before = facts(lead)
    captured(told, actor=marketer, at=AT + DAY)
    assert (Touch.objects.count(), facts(lead)) == (1, before)


def test_a_refused_capture_leaves_no_touch(rep):
    wrong = replace(capture(), steps=[Step(to_stage=S.MQL, actor=rep)])
    with pytest.raises(MovesRefused):
        open_leads([wrong], actor=rep, at=AT)
    assert (Touch.objects.count(), Contact.objects.count()) == (0, 0)


def test_a_capture_that_reaches_the_threshold_is_an_mql_where_the_setting_says_so(marketer):
    engagement_rule(60, TouchKind.FORM)
    funnel(mql_making="MAKE")
    (lead,) = captured(capture(), actor=marketer).leads
    assert (lead.stage, lead.score) == (S.MQL, 60)
    assert lead.owner_id or lead.queue_id
    assert_sums()


# Recycled leads


def recycled(**fields):
    """A lead that Marketing put to rest two days ago."""
    lead = lead_at(S.LEAD, Disposition.RECYCLED, at=AT - 2 * DAY, **fields)
    Lead.objects.filter(pk=lead.pk).update(closed_at=AT - 2 * DAY, nurture_until=AT + 90 * DAY)
    return Lead.objects.get(pk=lead.pk)


@pytest.mark.parametrize(
    ("kind", "days_ago", "setting", "wakes"),
    [
        (TouchKind.FORM, 1, True, True),
        (TouchKind.FORM, 1, False, False),
        (TouchKind.VISIT, 1, True, False),
        (TouchKind.FORM, 3, True, False),
    ],
    ids=["hot", "setting off", "not hot", "before the rest"],
)
def test_a_hot_touch_ends_nurturing_where_the_setting_says_so(kind, days_ago, setting, wakes):
    engagement_rule(10, kind)
    fit_rule(20)
    funnel(hot_touch_wakes=setting)
    lead = recycled(job_title="CTO")
    record_touches([touch(lead, kind, days_ago)], at=AT)
    woken = list(Lead.objects.filter(recycled_from=lead))
    assert len(woken) == (1 if wakes else 0)
    for one in woken:
        # Fit stays, engagement restarts: the touch that woke it is the first that counts.
        assert ledger(one) == {"Fit 20": 20, f"{kind} 10": 10}
    assert_sums()
