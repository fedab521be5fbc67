"""Hours as people write them."""

import pytest
from django.core.exceptions import ValidationError

from accounts.forms.hours import HoursField, read_hours, write_hours


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("  ", ""),
        ("9-17", "09:00–17:00"),
        ("9:00-17:00", "09:00–17:00"),
        ("09.15 – 13.45", "09:15–13:45"),
        ("9h30—12h00", "09:30–12:00"),
        ("14-18, 9-13", "09:00–13:00, 14:00–18:00"),
        ("9-13; 14-18", "09:00–13:00, 14:00–18:00"),
        ("9-13 + 13-18", "09:00–18:00"),
        ("0-24", "00:00–24:00"),
        ("22-0", "22:00–24:00"),
        ("22:00-00:00", "22:00–24:00"),
    ],
)
def test_hours_are_read_and_shown(text: str, shown: str) -> None:
    assert write_hours(read_hours(text)) == shown
    assert read_hours(shown) == read_hours(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nine to five", "Write hours as 09:00–13:00, 14:00–18:00; nine to five is not readable."),
        ("9", "Write hours as 09:00–13:00, 14:00–18:00; 9 is not readable."),
        ("9-12:60", "Write hours as 09:00–13:00, 14:00–18:00; 9-12:60 is not readable."),
        ("9-25", "A day ends at 24:00."),
        ("17-9", "17:00–09:00 must end after it starts."),
        ("9-9", "09:00–09:00 must end after it starts."),
        ("9-13, 12-15", "12:00–15:00 overlaps the hours before it."),
    ],
)
def test_bad_hours_are_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValidationError) as caught:
        read_hours(text)
    assert caught.value.messages == [reason]


def test_the_field_keeps_what_was_typed() -> None:
    field = HoursField()
    assert field.prepare_value("9-foo") == "9-foo"
    assert field.prepare_value(((540, 1020),)) == "09:00–17:00"
    assert field.prepare_value(None) == ""
    assert field.has_changed(((540, 1020),), "09:00–17:00") is False
    assert field.has_changed(((540, 1020),), "09:00–18:00") is True
