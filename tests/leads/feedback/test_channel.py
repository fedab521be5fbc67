"""The channel: notes and alerts, who has read them, and the weekly question to reps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.enums import Role
from accounts.models import Notice
from leads.enums import AssetKind, PostKind
from leads.models import Acknowledgement, Asset, Campaign, ChannelPost, FunnelSettings
from leads.selectors.channel import one_post, posts, posts_of_lead, posts_page, told, unread_by
from leads.services.channel import (
    NewPost,
    acknowledge_posts,
    ask_for_field_notes,
    write_alert,
    write_note,
)
from smarketing.errors import BadInput, NotAllowed
from tests.conftest import AT
from tests.factories import AbsenceFactory, BusinessCalendarFactory, member
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
FRIDAY = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)  # 9:00 in Rome, the opening
OUT = AT + timedelta(days=3)


def note(rep, text="They ask for a smaller size.", at=AT, **fields) -> ChannelPost:
    return write_note(NewPost(text=text, **fields), actor=rep, at=at)


def alert(marketer, text="The check-up offer goes out.", at=AT, **fields) -> ChannelPost:
    post = NewPost(text=text, goes_out_at=OUT, **fields)
    return write_alert(post, actor=marketer, at=at)


def logins(people) -> list[str]:
    return sorted(person.email.split("@")[0] for person in people)


def test_a_field_note_links_leads_and_campaign_and_tells_marketers(rep, marketer):
    fair = Campaign.objects.create(name="Fair", key="fair", channel="event")
    lead = lead_at(owner=rep)
    post = note(rep, " They ask. ", campaign_id=fair.pk, lead_ids=[lead.pk])
    row = ChannelPost.objects.get()
    assert (row.kind, row.author, row.text, row.campaign, row.posted_at) == (
        PostKind.NOTE, rep, "They ask.", fair, AT,
    )  # fmt: skip
    assert list(row.leads.all()) == [lead]
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind, notice.url) == (
        marketer, "field_note", f"/channel/{post.pk}/",
    )  # fmt: skip


def test_an_alert_says_what_to_whom_when_what_to_say_and_with_which_assets(rep, marketer, sales):
    greta = member("greta@acme.test", Role.REP, team=sales)
    card = Asset.objects.create(
        name="Sizes", key="sizes", kind=AssetKind.DATA_SHEET, url="https://acme.example/s",
        created_at=AT,
    )  # fmt: skip
    alert(marketer, audience="Plant managers", what_to_say="Ask for the pipe.", asset_ids=[card.pk])
    row = ChannelPost.objects.get()
    assert (row.kind, row.audience, row.goes_out_at, row.what_to_say) == (
        PostKind.ALERT, "Plant managers", OUT, "Ask for the pipe.",
    )  # fmt: skip
    assert list(row.assets.all()) == [card]
    notices = Notice.objects.filter(kind="campaign_alert")
    assert logins(notice.recipient for notice in notices) == logins([rep, greta])


def test_an_alert_about_leads_goes_to_their_reps_only(rep, marketer, sales):
    member("greta@acme.test", Role.REP, team=sales)
    lead = lead_at(owner=rep)
    post = alert(marketer, lead_ids=[lead.pk])
    assert [n.recipient for n in Notice.objects.all()] == [rep]
    assert logins(one_post(marketer, post.pk).waiting) == ["bruno"]


def test_notes_come_from_sales_and_alerts_from_marketing(
    rep, marketer, manager_sales, manager_marketing, facilitator
):
    for person in (marketer, manager_marketing, facilitator):
        with pytest.raises(NotAllowed):
            note(person)
    for person in (rep, manager_sales, facilitator):
        with pytest.raises(NotAllowed):
            alert(person)
    assert ChannelPost.objects.count() == 0
    note(manager_sales)
    alert(manager_marketing)


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"text": " "}, "text"), ({"lead_ids": [99]}, "leads"), ({"asset_ids": [99]}, "assets"),
     ({"campaign_id": 99}, "campaign"), ({"lead_ids": range(1, 60)}, "leads")],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_posted(fields, field, marketer):
    with pytest.raises(BadInput) as refused:
        alert(marketer, **fields)
    assert list(refused.value.fields) == [field]
    assert (ChannelPost.objects.count(), Notice.objects.count()) == (0, 0)


def test_an_alert_says_when(marketer):
    with pytest.raises(BadInput) as refused:
        write_alert(NewPost(text="Soon."), actor=marketer, at=AT)
    assert list(refused.value.fields) == ["goes_out_at"]


@pytest.mark.parametrize(("ahead", "written"), [(-TICK, False), (0 * TICK, True), (TICK, True)])
def test_an_alert_comes_before_what_it_announces(ahead, written, marketer, rep):
    post = NewPost(text="Soon.", goes_out_at=AT + ahead)
    if written:
        write_alert(post, actor=marketer, at=AT)
    else:
        with pytest.raises(BadInput) as refused:
            write_alert(post, actor=marketer, at=AT)
        assert list(refused.value.fields) == ["goes_out_at"]
    assert (ChannelPost.objects.count(), Notice.objects.count()) == (written, written)


def test_a_lead_that_the_author_does_not_see_is_no_lead(rep, organisation, sales):
    organisation.reps_see_own_team_only = True
    organisation.save()
    foreign = lead_at()
    with pytest.raises(BadInput) as refused:
        note(rep, lead_ids=[foreign.pk])
    assert list(refused.value.fields) == ["leads"]


def test_one_click_acknowledges_and_all_see_who_has_and_who_has_not(rep, marketer, sales):
    greta = member("greta@acme.test", Role.REP, team=sales)
    post = alert(marketer)
    acknowledge_posts([post.pk], actor=rep, at=AT)
    acknowledge_posts([post.pk], actor=rep, at=OUT)
    assert acknowledge_posts([post.pk], actor=marketer, at=AT) == []  # his own
    seen = one_post(rep, post.pk)
    assert [(one.user, one.at) for one in seen.read] == [(rep, AT)]
    assert (seen.waiting, seen.mine, seen.heard, seen.expected) == ([greta], True, 1, 2)
    assert Acknowledgement.objects.count() == 1
    rows = posts(PostKind.ALERT)
    assert list(unread_by(rows, rep)) == []
    assert list(unread_by(rows, greta)) == [post]


@pytest.mark.parametrize("n", [1, 3])
def test_posts_cost_the_same_for_one_and_for_three(n, rep, marketer, django_assert_num_queries):
    lead = lead_at(owner=rep)
    for i in range(n):
        note(rep, f"Note {i}", lead_ids=[lead.pk])
    list(told(marketer, []))
    with django_assert_num_queries(7):
        page, _key = posts_page(posts(PostKind.NOTE), after=None)
        assert len(told(marketer, page)) == n


def test_pages_go_on_from_a_key(rep):
    made = [note(rep, f"Note {i}", at=AT + timedelta(minutes=i)) for i in range(3)]
    first, key = posts_page(posts(PostKind.NOTE), after=None, limit=2)
    second, end = posts_page(posts(PostKind.NOTE), after=key, limit=2)
    assert ([*first, *second], end) == (made[::-1], None)


def test_a_lead_shows_its_posts_and_the_alerts_of_its_campaign(rep, marketer):
    fair = Campaign.objects.create(name="Fair", key="fair", channel="event")
    lead = lead_at(owner=rep, campaign_id=fair.pk)
    own = note(rep, lead_ids=[lead.pk])
    of_campaign = alert(marketer, campaign_id=fair.pk, at=AT + TICK)
    note(rep, "About something else.")
    assert [one.post for one in posts_of_lead(rep, lead.pk, fair.pk)] == [of_campaign, own]


# --- the weekly question ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "asked"),
    [(FRIDAY - TICK, 0), (FRIDAY, 1), (FRIDAY + timedelta(hours=8) - TICK, 1),
     (FRIDAY + timedelta(hours=8), 0), (FRIDAY - timedelta(days=1), 0)],
)  # fmt: skip
def test_reps_are_asked_on_their_weekday_while_they_work(at, asked, rep):
    assert ask_for_field_notes(at) == asked
    assert Notice.objects.filter(kind="field_note_prompt", recipient=rep).count() == asked


def test_each_is_asked_once_a_week(rep):
    for minutes in (0, 15, 30):
        ask_for_field_notes(FRIDAY + timedelta(minutes=minutes))
    assert Notice.objects.get().dedupe_key == "field_note_prompt:2026-W10"
    assert ask_for_field_notes(FRIDAY + timedelta(days=7)) == 1
    assert Notice.objects.count() == 2


def test_who_has_posted_this_week_or_is_away_is_not_asked(rep, sales):
    greta = member("greta@acme.test", Role.REP, team=sales)
    hugo = member("hugo@acme.test", Role.REP, team=sales)
    note(rep, at=datetime(2026, 3, 1, 23, 0, tzinfo=UTC))  # Monday 0:00 in Rome
    note(hugo, at=datetime(2026, 3, 1, 23, 0, tzinfo=UTC) - TICK)  # the week before
    AbsenceFactory(user=greta, first_on=date(2026, 3, 6), last_on=date(2026, 3, 6))
    assert ask_for_field_notes(FRIDAY) == 1
    assert [n.recipient for n in Notice.objects.filter(kind="field_note_prompt")] == [hugo]


def test_the_weekday_and_the_hours_are_each_reps_own(rep, sales):
    tokyo = BusinessCalendarFactory(zone="Asia/Tokyo")
    yuki = member("yuki@acme.test", Role.REP, team=sales, calendar=tokyo)
    assert ask_for_field_notes(datetime(2026, 3, 6, 0, 0, tzinfo=UTC)) == 1  # Friday 9:00 there
    assert Notice.objects.get().recipient == yuki
    assert ask_for_field_notes(FRIDAY) == 1  # and Bruno, in Rome; Yuki has been asked


def test_no_weekday_asks_nobody_and_another_asks_then(rep):
    FunnelSettings.objects.update_or_create(pk=1, defaults={"field_note_weekday": None})
    assert ask_for_field_notes(FRIDAY) == 0
    FunnelSettings.objects.update(field_note_weekday=4)
    assert ask_for_field_notes(FRIDAY) == 0
    assert ask_for_field_notes(FRIDAY - timedelta(days=1)) == 1


@pytest.mark.parametrize("n", [1, 3])
def test_asking_costs_the_same_for_one_and_for_three(n, sales, django_assert_num_queries):
    for i in range(n):
        member(f"rep{i}@acme.test", Role.REP, team=sales)
    with django_assert_num_queries(14):
        assert ask_for_field_notes(FRIDAY) == n
