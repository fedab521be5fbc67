"""Windows and weeks in words."""

from datetime import date

import pytest
from django.utils import translation

from accounts.business_time import Week, Window, Windows
from accounts.enums import FirstDay
from accounts.templatetags.working_hours import (
    day_picture,
    hours,
    length_of_day,
    week_length,
    week_picture,
    week_words,
)
from accounts.week_order import place_in_week, week_order

DAY = (Window(540, 780), Window(840, 1080))
WEEK = Week.of({1: DAY, 2: DAY, 3: DAY, 5: [(540, 735)]})


@pytest.mark.parametrize(
    ("windows", "words", "length"),
    [
        ((), "closed", ""),
        (DAY, "09:00–13:00, 14:00–18:00", "8 h"),
        ((Window(0, 30),), "00:00–00:30", "0:30 h"),
        ((Window(540, 735),), "09:00–12:15", "3:15 h"),
    ],
)
def test_a_day_in_words(windows: Windows, words: str, length: str) -> None:
    assert (hours(windows), length_of_day(windows)) == (words, length)


@pytest.mark.parametrize(
    ("week", "length"),
    [
        (WEEK, "27 h 15 min"),
        (Week(), ""),
        (Week.of({1: [(0, 45)]}), "45 min"),
        (Week.of({1: DAY}), "8 h"),
    ],
)
def test_the_length_of_a_week(week: Week, length: str) -> None:
    assert week_length(week) == length


def test_a_week_in_words_joins_equal_days() -> None:
    assert week_words(WEEK) == (
        '<span class="nowrap">Mon–Wed 09:00–13:00, 14:00–18:00</span>'
        ' · <span class="nowrap">Fri 09:00–12:15</span>'
    )
    with translation.override("it"):
        assert week_words(Week.of({7: DAY})) == (
            '<span class="nowrap">Dom 09:00–13:00, 14:00–18:00</span>'
        )


def test_pictures_fill_the_open_hours() -> None:
    assert day_picture((Window(540, 600),)).count('y="540" width="9" height="60"') == 1
    assert week_picture(WEEK).count("is-open") == 7
    assert week_picture(Week(), always_open=True).count('class="is-open"') == 7


def test_a_week_is_drawn_in_the_order_of_its_reader() -> None:
    saturday = Week.of({6: DAY})
    assert 'class="is-open" x="55"' in week_picture(saturday)
    assert 'class="is-open" x="66"' in week_picture(saturday, order=week_order(FirstDay.SUNDAY))


@pytest.mark.parametrize(
    ("choice", "order"),
    [
        (FirstDay.LANGUAGE, (1, 2, 3, 4, 5, 6, 7)),
        (FirstDay.MONDAY, (1, 2, 3, 4, 5, 6, 7)),
        (FirstDay.SUNDAY, (7, 1, 2, 3, 4, 5, 6)),
    ],
)
def test_the_week_begins_where_the_person_says(choice: FirstDay, order: tuple[int, ...]) -> None:
    assert week_order(choice) == order
    sunday = date(2026, 3, 8)
    assert place_in_week(sunday, order) == order.index(7) + 1
