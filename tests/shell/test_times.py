"""An instant as the person reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from shell.times import moment

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)  # Tuesday, 11:00 in Rome


def told(instant: datetime, form: str = "relative", zone: str = "Europe/Rome") -> str:
    with translation.override("en"), timezone.override(ZoneInfo(zone)):
        return moment(instant, NOW, form).text


@pytest.mark.parametrize(
    ("away", "text"),
    [
        (timedelta(minutes=25), "Today 11:25 (in 25 min)"),
        (timedelta(seconds=30), "Today 11:00 (now)"),
        (timedelta(hours=-3), "Today 08:00 (3 h ago)"),
        (timedelta(hours=-12), "Yesterday 23:00 (12 h ago)"),
        (timedelta(hours=23, minutes=59), "Wed 10:59 (in 23 h 59 min)"),
        (timedelta(hours=24), "Wed 11:00"),
        (timedelta(days=6), "Mon 11:00"),
        (timedelta(days=7), "10 Mar 11:00"),
        (timedelta(days=-90), "3 Dec 2025 11:00"),
    ],
)
def test_the_nearer_the_fewer_words(away: timedelta, text: str) -> None:
    assert told(NOW + away) == text


def test_the_zone_is_the_readers() -> None:
    assert told(NOW + timedelta(minutes=25), zone="America/New_York") == "Today 05:25 (in 25 min)"


def test_plain_leaves_out_the_distance_and_day_the_time() -> None:
    assert told(NOW + timedelta(minutes=25), "plain") == "Today 11:25"
    assert told(NOW + timedelta(minutes=25), "day") == "Today"


def test_hovering_tells_the_exact_instant() -> None:
    with translation.override("en"), timezone.override(ZoneInfo("Europe/Rome")):
        assert moment(NOW, NOW).exact == "Tuesday 3 March 2026, 11:00:00 CET"
        assert moment(NOW, NOW).machine == "2026-03-03T10:00:00+00:00"


def test_late_begins_strictly_after_the_due_instant() -> None:
    due, warn, tick = NOW, NOW - timedelta(minutes=10), timedelta(microseconds=1)
    at = moment(due, NOW)
    assert at.tone(warn, warn - tick) == "on-track"
    assert at.tone(warn, warn) == "at-risk"
    assert at.tone(warn, due) == "at-risk"
    assert at.tone(warn, due + tick) == "late"
    assert at.tone(None, due) == "on-track"
    assert at.tone(warn, None) == "neutral"


def test_inside_a_sentence_days_have_no_capital() -> None:
    with translation.override("en"), timezone.override(ZoneInfo("Europe/Rome")):
        assert moment(NOW, NOW, "plain", inside=True).text == "today 11:00"
        assert moment(NOW - timedelta(days=1), NOW, "day", inside=True).text == "yesterday"
        assert moment(NOW + timedelta(days=1), NOW, "day", inside=True).text == "Wed"
