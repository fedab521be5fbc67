"""The timeline: one stream in one statement, no row lost or doubled, each kind by its index."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.enums import (
    ActivityKind,
    AssetKind,
    AssignmentCause,
    Decision,
    LifecycleStage,
    NextStepKind,
    PostKind,
    QueueKind,
    Ruling,
    TouchKind,
)
from leads.models import (
    Activity,
    Asset,
    AssetSend,
    Assignment,
    Campaign,
    ChannelPost,
    Contact,
    Dispute,
    Feedback,
    Lead,
    Merge,
    NextStep,
    Opportunity,
    ProductLine,
    Queue,
    Touch,
)
from leads.selectors.timeline import Place, latest_events, timeline_page, timeline_sql
from leads.selectors.timeline_branches import BRANCHES, CHIPS
from leads.services.activities import NewActivity, log_activities, withdraw_activity
from leads.services.merging import merge_contacts, merge_leads
from leads.services.unmerging import undo_merge
from leads.telling import tell_events
from tests.conftest import AT
from tests.leads.records import HOUR, lead_at

pytestmark = pytest.mark.django_db
S, K, T = LifecycleStage, ActivityKind, TouchKind
MINUTE = timedelta(minutes=1)


@pytest.fixture
def lead(rep):
    return lead_at(S.MQL, owner=rep)


def touch(lead, at, kind=T.FORM, **fields) -> Touch:
    return Touch.objects.create(
        contact_id=lead.contact_id, kind=kind, occurred_at=at, recorded_at=at, **fields
    )


def walked(lead, size, **narrowed) -> list[tuple[str, int]]:
    """Every event of the stream, page by page."""
    seen, after = [], None
    for _page in range(1000):
        page = timeline_page(lead, after=after, size=size, **narrowed)
        seen += [(event.kind, event.pk) for event in page.events]
        if not page.next:
            return seen
        assert len(page.events) == size
        after = page.next
    raise AssertionError("the stream does not end")


def fill(lead, rep, marketer, facilitator) -> None:
    """One row of every kind, all at one instant."""
    log_activities(
        [
            NewActivity(lead_id=lead.pk, kind=K.CALL, connected=False),
            NewActivity(lead_id=lead.pk, kind=K.NOTE, text="Wants a quote"),
        ],
        actor=rep,
        at=AT,
    )
    touch(lead, AT, detail="Price list")
    feedback = Feedback.objects.create(
        lead=lead, decision=Decision.REJECTED, counts_as=Decision.REJECTED, reason="wrong_fit",
        fit_rating=2, given_by=rep, decided_at=AT,
    )  # fmt: skip
    Dispute.objects.create(
        feedback=feedback, opened_by=marketer, opened_at=AT, argument="They do fit.",
        ruling=Ruling.UPHELD, ruled_by=facilitator, ruled_at=AT,
    )  # fmt: skip
    Assignment.objects.create(
        lead=lead, owner=rep, cause=AssignmentCause.COMPANY_OWNER, assigned_at=AT
    )
    Opportunity.objects.create(lead=lead, state="LOST", opened_at=AT, closed_at=AT, amount=900)
    NextStep.objects.create(
        lead=lead, owner=rep, kind=NextStepKind.CALL, due_at=AT, created_by=rep, created_at=AT,
        done_at=AT,
    )  # fmt: skip
    asset = Asset.objects.create(
        name="Case A", key="case a", kind=AssetKind.CASE_STUDY, url="https://a.example",
        created_at=AT,
    )  # fmt: skip
    AssetSend.objects.create(asset=asset, lead=lead, sender=rep, token="t", sent_at=AT)
    lead.customer_events.create(kind="RENEWED", occurred_on=AT.date(), recorded_at=AT)
    post = ChannelPost.objects.create(kind=PostKind.NOTE, author=rep, text="Hm", posted_at=AT)
    post.leads.add(lead)
    twin = Contact.objects.create(
        given_name="A.", family_name="Twin", captured_through="form", created_at=AT
    )
    Merge.objects.create(
        winner=lead.contact, loser=twin, actor=marketer, merged_at=AT, undone_at=AT, undone_by=rep
    )


def test_every_kind_of_row_is_told_once(lead, rep, marketer, facilitator):
    fill(lead, rep, marketer, facilitator)
    page = timeline_page(lead, size=100)
    at_once = [event.kind for event in page.events if event.at == AT]
    assert at_once == [branch.key for branch in BRANCHES if branch.key != "stage"]
    told = {one.kind: one for one in tell_events(page.events)}
    assert told["activity"].title == "Called, not reached"
    assert told["note"].text == "Wants a quote"
    assert (told["touch"].title, told["touch"].text) == ("Filled in a form", "Price list")
    assert told["feedback"].facts == ("Wrong fit", "Fit 2 of 5")
    assert told["ruling"].title == "The rejection stands"
    assert told["assignment"].title == "Came to Bruno Conti"
    assert told["deal_closed"].facts == ("€900",)
    assert told["asset"].facts == ("not opened yet",)
    merged, undone = told["merge"], told["unmerge"]
    assert (merged.title, merged.who, merged.undone) == ("Merged with A. Twin", "Alice Rossi", True)
    assert (undone.title, undone.who) == ("The merge with A. Twin was undone", "Bruno Conti")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 13])
def test_pages_lose_and_double_no_row_of_one_instant(lead, rep, marketer, facilitator, size):
    fill(lead, rep, marketer, facilitator)
    for n in range(5):
        touch(lead, AT)
        log_activities([NewActivity(lead_id=lead.pk, kind=K.EMAIL)], actor=rep, at=AT)
        touch(lead, AT - n * HOUR)
    whole = [(event.kind, event.pk) for event in timeline_page(lead, size=100).events]
    assert len(set(whole)) == len(whole) == 15 + 15 + 2  # the two moves that brought it here
    assert walked(lead, size) == whole


def test_chips_narrow_the_stream(lead, rep, marketer, facilitator):
    fill(lead, rep, marketer, facilitator)
    assert {branch.chip for branch in BRANCHES} == set(CHIPS)
    assert [k for k, _pk in walked(lead, 3, kinds=["notes"])] == ["note"]
    assert [k for k, _pk in walked(lead, 3, kinds=["feedback", "touches"])] == [
        "feedback", "dispute", "ruling", "touch",
    ]  # fmt: skip
    assert len(walked(lead, 3, kinds=["nonsense"])) == len(walked(lead, 3))


def test_only_this_leads_rows_and_its_persons_touches(lead, rep):
    other = lead_at(S.MQL, owner=rep, email="bea@acme.example")
    touch(other, AT)
    log_activities([NewActivity(lead_id=other.pk, kind=K.CALL)], actor=rep, at=AT)
    merged = lead_at(S.MQL, owner=rep, email="anna.old@acme.example")
    mine = touch(merged, AT)
    type(merged.contact).objects.filter(pk=merged.contact_id).update(merged_into=lead.contact_id)
    assert [pair for pair in walked(lead, 5) if pair[0] != "stage"] == [("touch", mine.pk)]
    assert ("touch", mine.pk) in walked(Lead.objects.get(pk=merged.pk), 5)


def test_what_was_taken_back_is_gone(lead, rep):
    (row,) = log_activities([NewActivity(lead_id=lead.pk, kind=K.CALL)], actor=rep, at=AT)
    withdraw_activity(row.pk, actor=rep, at=AT)
    assert ("activity", row.pk) not in walked(lead, 5)


def test_moves_that_were_undone_or_inferred_step_back(rep):
    lead = lead_at(S.SQL, owner=rep)
    rows = list(lead.transitions.order_by("id"))
    rows[-1].voided_by = lead.transitions.create(
        from_stage=S.SQL, to_stage=S.SAL, from_disposition="OPEN", to_disposition="OPEN",
        cause="user", actor=rep, effective_at=AT, recorded_at=AT,
    )  # fmt: skip
    rows[-1].save(update_fields=["voided_by"])
    undo = rows[-1].voided_by
    undo.voided_by = undo
    undo.save(update_fields=["voided_by"])
    told = tell_events(timeline_page(lead).events)
    assert (told[0].title, told[0].undone) == ("Taken back: SAL again", False)
    assert (told[1].title, told[1].undone) == ("Qualified by Sales", True)
    skipped = lead_at(S.LEAD, email="bea@acme.example")
    skipped.transitions.create(
        from_stage=S.LEAD, to_stage=S.MQL, from_disposition="OPEN", to_disposition="OPEN",
        cause="import", effective_at=None, recorded_at=AT, inferred=True,
    )  # fmt: skip
    (first, *_rest) = tell_events(timeline_page(skipped).events)
    assert (first.title, first.quiet) == ("MQL passed over", True)


def merges(lead) -> list[tuple[str, str, bool]]:
    """What the lead's page tells of merges, the newest first."""
    told = tell_events(timeline_page(Lead.objects.get(pk=lead.pk)).events)
    return [(one.title, one.who, one.undone) for one in told if "erge" in one.kind]


def test_both_sides_tell_a_merge_of_contacts_and_that_it_was_undone(lead, marketer):
    berta = lead_at(
        S.LEAD, email="berta@acme.example", given_name="Berta", product_line_id=line("Disks").pk
    )
    other = lead_at(S.LEAD, email="carl@acme.example")
    merge = merge_contacts(lead.contact_id, berta.contact_id, actor=marketer, at=AT)
    assert merges(lead) == merges(berta) == [("Merged with Berta", "Alice Rossi", False)]
    assert merges(other) == []
    undo_merge(merge.pk, actor=marketer, at=AT + HOUR)
    assert merges(lead) == [
        ("The merge with Berta was undone", "Alice Rossi", False),
        ("Merged with Berta", "Alice Rossi", True),
    ]
    assert merges(berta) == [
        ("The merge with anna@acme.example was undone", "Alice Rossi", False),
        ("Merged with anna@acme.example", "Alice Rossi", True),
    ]


def test_both_leads_tell_that_they_were_merged(marketer):
    kept = lead_at(S.LEAD)
    gone = lead_at(S.LEAD, product_line_id=line("Disks").pk)
    merge = merge_leads(kept.pk, gone.pk, actor=marketer, at=AT)
    assert merges(kept) == [("Another lead was merged into this one", "Alice Rossi", False)]
    assert merges(gone) == [("Merged into another lead", "Alice Rossi", False)]
    (told, *_rest) = tell_events(timeline_page(kept).events)
    assert told.facts == ("Disks",)
    undo_merge(merge.pk, actor=marketer, at=AT + HOUR)
    assert merges(kept) == [
        ("The merge with another lead was undone", "Alice Rossi", False),
        ("Another lead was merged into this one", "Alice Rossi", True),
    ]


def line(name: str) -> ProductLine:
    return ProductLine.objects.create(name=name, key=name.lower())


def test_a_key_of_ones_own_making_begins_anew(lead):
    first = timeline_page(lead, size=1)
    assert timeline_page(lead, size=1, after="nonsense") == first
    assert timeline_page(lead, size=1, after=first.next + "x") == first


def test_sizes_are_held_within_bounds(lead):
    for n in range(105):
        touch(lead, AT - n * MINUTE)
    assert len(timeline_page(lead, size=10**9).events) == 100
    assert len(timeline_page(lead, size=0).events) == 1


def test_a_queue_is_named(lead):
    queue, _made = Queue.objects.get_or_create(kind=QueueKind.FALLBACK, team=None)
    Assignment.objects.create(
        lead=lead, queue=queue, cause=AssignmentCause.FALLBACK, assigned_at=AT
    )
    (told, *_rest) = tell_events(timeline_page(lead).events)
    assert told.title == "Came to the queue “Nobody yet”"


def test_the_latest_of_some_kinds(lead, rep):
    for n in range(4):
        touch(lead, AT - n * HOUR)
        log_activities(
            [NewActivity(lead_id=lead.pk, kind=K.NOTE, text=str(n))], actor=rep, at=AT - n * HOUR
        )
    found = latest_events(lead, ("touch", "note"), 2)
    assert [(e.kind, e.at) for e in found] == [
        ("note", AT), ("touch", AT), ("note", AT - HOUR), ("touch", AT - HOUR),
    ]  # fmt: skip


@pytest.fixture
def crowded(lead, rep):
    """A lead with 5 000 entries among 20 000 of others."""
    others = [lead_at(S.MQL, owner=rep, email=f"p{n}@acme.example") for n in range(4)]
    campaign = Campaign.objects.create(name="Fair", key="fair", channel="event")
    for one in [lead, *others]:
        Touch.objects.bulk_create(
            Touch(
                contact_id=one.contact_id, kind=T.VISIT, campaign=campaign,
                occurred_at=AT - n * MINUTE, recorded_at=AT,
            )
            for n in range(2_500)
        )  # fmt: skip
        Activity.objects.bulk_create(
            Activity(lead=one, actor=rep, kind=K.EMAIL, occurred_at=AT - n * MINUTE, logged_at=AT)
            for n in range(2_500)
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE leads_touch; ANALYZE leads_activity")
    return lead


def test_at_five_thousand_entries_a_page_is_one_statement_by_indexes(crowded):
    deep = timeline_page(crowded, size=100)
    for _n in range(3):
        deep = timeline_page(crowded, size=100, after=deep.next)
    for after in (None, deep.next):
        with CaptureQueriesContext(connection) as captured:
            page = timeline_page(crowded, after=after)
        assert (len(captured), len(page.events)) == (1, 30)
    assert len(walked(crowded, 100)) == 5_000 + 2


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


@pytest.mark.parametrize("deep", [False, True])
def test_the_crowded_branches_walk_their_indexes(crowded, deep):
    place = Place(AT - 1000 * MINUTE, 9, 10**9) if deep else None
    values = {"lead": crowded.pk, "contact": crowded.contact_id, "each": 31, "limit": 31}
    values |= {"at": place.at, "pk": place.pk} if place else {}
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON, ANALYZE) " + timeline_sql(BRANCHES, place), values)
        (cell,) = cursor.fetchone()
    plan = (json.loads(cell) if isinstance(cell, str) else cell)[0]["Plan"]
    all_nodes = list(nodes(plan))
    assert [
        n for n in all_nodes
        if n["Node Type"] == "Seq Scan" and n["Relation Name"] in ("leads_touch", "leads_activity")
    ] == []  # fmt: skip
    walked_by = [n for n in all_nodes if n.get("Index Name") == "touch_of_contact"]
    assert [n["Actual Rows"] <= 31 for n in walked_by] == [True]
    assert "activity_of_lead" in {n.get("Index Name") for n in all_nodes}
