"""Clocks as people see them: state shown, filtered, counted and exported by one instant."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from leads.models import Lead
from leads.services.decisions import By, accept_leads
from sla.clock_filters import ClockFilter
from sla.enums import ClockState, CommitmentKind, Side
from sla.lead_filters import CHOICES, by_deadline
from sla.models import Clock, Pause
from sla.querysets import OPEN_STATES
from sla.selectors.clock_panels import late_by_team, my_clocks
from sla.selectors.clock_story import story_of
from sla.selectors.clocks import clock_page, listed_clocks, one_clock, open_counts, shown
from sla.services.breaching import note_breaches
from sla.services.pausing import pause_clock, resume_clock
from smarketing import time_source
from smarketing.errors import NotAllowed
from tests.conftest import AT
from tests.sla.promising import in_force, promise
from tests.sla.test_clocks import DUE, HOUR, TICK, fresh_mql, only_clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(rep, marketer):
    """One decision of Bruno's to be made within four business hours."""
    in_force(promise())
    return only_clock(fresh_mql(marketer, rep))


@pytest.fixture
def desk(client: Client, rep) -> Client:
    """Bruno's browser."""
    client.force_login(rep)
    return client


def found(user: Any, at: datetime, **asked: str) -> list[int]:
    """The ids that the filters find at an instant."""

    class Asker:
        pass

    asker: Any = Asker()
    asker.user = user
    rows = ClockFilter(asked, queryset=listed_clocks(user), request=asker, at=at).found
    return sorted(rows.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (AT, ClockState.RUNNING),
        (AT + 3 * HOUR, ClockState.AT_RISK),
        (DUE, ClockState.AT_RISK),
        (DUE + TICK, ClockState.BREACHED),
    ],
)
def test_what_is_shown_is_filtered_and_counted(clock, rep, now, state):
    assert shown(clock, now).state is state
    assert {one: found(rep, now, state=one.value) for one in OPEN_STATES} == {
        one: [clock.pk] if one is state else [] for one in OPEN_STATES
    }
    assert open_counts(Clock.objects.all(), now) == {one: int(one is state) for one in OPEN_STATES}


def test_filters_narrow_by_who_holds_what_is_promised_and_when(
    clock, rep, sales, marketing, marketer
):
    assert found(rep, AT, owner="me") == found(rep, AT, owner=str(rep.pk)) == [clock.pk]
    assert found(rep, AT, owner="nobody") == []
    assert found(rep, AT, team=str(sales.pk)) == [clock.pk]
    assert found(rep, AT, team=str(marketing.pk)) == []
    assert found(rep, AT, side=Side.SALES) == [clock.pk]
    assert found(rep, AT, side=Side.MARKETING) == []
    assert found(rep, AT, kind=CommitmentKind.TIME_TO_QUALIFY) == []
    assert found(rep, AT, due_from="2026-03-03", due_to="2026-03-03") == [clock.pk]
    assert found(rep, AT, due_from="2026-03-04") == []


def test_ended_clocks_stand_apart_with_their_verdict(clock, rep):
    accept_leads([clock.lead_id], by=By(actor=rep), at=DUE + TICK)
    assert found(rep, DUE) == []
    assert found(rep, DUE, state="ended") == found(rep, DUE, state="any") == [clock.pk]
    assert found(rep, DUE, state="any", verdict="missed") == [clock.pk]
    assert found(rep, DUE, state="any", verdict="met") == []


def test_what_an_undo_took_back_is_not_shown(clock, rep):
    Clock.objects.update(voided_at=AT)
    assert found(rep, AT, state="any") == []


def test_pages_go_on_where_they_ended(rep, marketer):
    in_force(promise(), promise(minutes=60), promise(minutes=120))
    fresh_mql(marketer, rep)
    rows = listed_clocks(rep)
    first, place = clock_page(rows, AT, soonest_first=True, limit=2)
    rest, end = clock_page(rows, AT, soonest_first=True, limit=2, after=place)
    minutes = [one.clock.target // timedelta(minutes=1) for one in [*first, *rest]]
    assert (minutes, end) == ([60, 120, 240], None)
    newest, _place = clock_page(rows, AT, soonest_first=False, limit=1)
    assert newest[0].clock.target == 4 * HOUR


def test_the_page_costs_the_same_for_one_and_three(desk, rep, marketer, django_assert_num_queries):
    in_force(promise())
    fresh_mql(marketer, rep, "1@acme.example")
    desk.get("/sla/clocks/")
    with django_assert_num_queries(PAGE_COSTS):
        assert "Time to decide" in desk.get("/sla/clocks/").content.decode()
    for n in "23":
        fresh_mql(marketer, rep, f"{n}@acme.example")
    with django_assert_num_queries(PAGE_COSTS):
        assert len(desk.get("/sla/clocks/").context["page"]) == 3


PAGE_COSTS = 8


def test_the_file_holds_the_rows_of_the_page(desk, clock):
    answer = desk.get("/sla/clocks/export/?state=any")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    head, row = list(csv.reader(StringIO(text)))
    page = desk.get("/sla/clocks/?state=any").context["page"]
    assert [int(row[0])] == [one.clock.pk for one in page] == [clock.pk]
    assert dict(zip(head, row, strict=True))["State"] == str(page[0].state.label)
    assert dict(zip(head, row, strict=True))["Due"] == "2026-03-03T15:00:00+01:00"


def test_the_story_tells_start_pause_move_breach_and_stop(clock, rep, marketer):
    until = AT + timedelta(days=1)
    pause_clock(clock.pk, reason="Waits for the fair", until=until, actor=rep, at=AT + HOUR)
    resume_clock(clock.pk, actor=rep, at=AT + 2 * HOUR)
    late = DUE + 2 * HOUR
    note_breaches(at=late)
    accept_leads([clock.lead_id], by=By(actor=rep), at=late)
    one = one_clock(rep, clock.pk, late)
    story = story_of(one, late)
    assert [line.title for line in reversed(story.lines)] == [
        "Clock started",
        "Clock paused",
        "Due moved: Paused",
        "Clock goes on",
        "Due moved: Resumed",
        "Past due",
        "Met late",
    ]
    assert (story.span, story.used, story.late_by) == (4 * HOUR, 5 * HOUR, HOUR)
    assert (story.lines[-1].who, story.lines[0].who) == (marketer.name, rep.name)


def test_past_due_is_told_before_the_pass_has_found_it(clock, rep):
    story = story_of(one_clock(rep, clock.pk, DUE + HOUR), DUE + HOUR)
    assert (story.lines[0].title, story.lines[0].at) == ("Past due", DUE)
    assert story.late_by == HOUR


def test_the_owner_and_managers_hold_a_clock_nobody_else(clock, marketer, manager_marketing):
    asked = {"reason": "Waits", "until": AT + timedelta(days=1), "at": AT}
    with pytest.raises(NotAllowed):
        pause_clock(clock.pk, actor=marketer, **asked)
    assert Pause.objects.count() == 0
    pause_clock(clock.pk, actor=manager_marketing, **asked)
    with pytest.raises(NotAllowed):
        resume_clock(clock.pk, actor=marketer, at=AT + HOUR)


def test_a_refused_pause_comes_back_with_what_was_typed(desk, clock):
    answer = desk.post(reverse("clock-pause", args=[clock.pk]), {"reason": "Fair", "until": ""})
    assert answer.status_code == 422
    assert 'value="Fair"' in answer.content.decode()
    assert Pause.objects.count() == 0


def test_a_clock_is_paused_and_resumed_from_its_page(desk, rep, marketer):
    in_force(promise(minutes=24_000))
    lead = fresh_mql(marketer, rep)
    now = time_source.now()
    Clock.objects.update(started_at=now, due_at=now + 99 * HOUR, risk_at=now + 80 * HOUR)
    clock = only_clock(lead)
    url = reverse("clock-detail", args=[clock.pk])
    until = (now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    desk.post(f"{url}pause/", {"reason": "Trade fair", "until": until})
    assert "Trade fair" in desk.get(url).content.decode()
    assert Pause.objects.get().ended_at is None
    desk.post(f"{url}resume/")
    assert Pause.objects.get().ended_at is not None


def test_the_lead_page_lists_its_clocks(desk, clock):
    text = desk.get(reverse("lead-clocks", args=[clock.lead_id])).content.decode()
    assert "Time to decide" in text
    assert reverse("clock-detail", args=[clock.pk]) in text


def test_today_names_what_is_late_and_at_risk(clock, rep, manager_sales, sales):
    assert my_clocks(rep, AT)["rows"] == []
    at_risk = my_clocks(rep, AT + 3 * HOUR)
    assert ([one.clock.pk for one in at_risk["rows"]], at_risk["at_risk"]) == ([clock.pk], 1)
    late = late_by_team(manager_sales, DUE + TICK)
    assert [(one.team_id, one.late) for one in late["teams"]] == [(sales.pk, 1)]
    assert late_by_team(manager_sales, DUE)["rows"] == []


@pytest.mark.parametrize(
    ("now", "word"),
    [
        (AT, "in-time"),
        (AT + 3 * HOUR - TICK, "in-time"),
        (AT + 3 * HOUR, "at-risk"),
        (DUE, "at-risk"),
        (DUE + TICK, "late"),
    ],
)
def test_leads_are_found_by_what_falls_due(clock, now, word):
    hits = {key: by_deadline(Lead.objects.all(), key, now).count() for key, _ in CHOICES}
    assert hits == {key: int(key == word) for key, _ in CHOICES}
