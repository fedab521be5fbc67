"""`{% load working_hours %}`: windows, weeks and their lengths, in words and as small pictures."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from django import template
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.business_time import MINUTES_A_DAY, WEEKDAYS, Week, Windows
from accounts.forms.hours import write_hours
from accounts.week_order import MONDAY_FIRST, place_in_week

register = template.Library()

COLUMN, GAP = 9, 2


@register.filter
def hours(windows: Windows) -> str:
    """The windows of a day, "closed" when there are none."""
    return write_hours(windows) or _("closed")


@register.filter
def length_of_day(windows: Windows) -> str:
    """How long a day is open, in little room: "8 h", "7:30 h"; empty when closed."""
    whole, rest = divmod(sum(end - start for start, end in windows), 60)
    if rest:
        return _("%(time)s h") % {"time": f"{whole}:{rest:02d}"}
    return _("%(hours)s h") % {"hours": whole} if whole else ""


@register.filter
def week_length(week: Week) -> str:
    """How long a week is open: "40 h"."""
    return _length(sum(end - start for windows in week.days for start, end in windows))


@register.filter
def week_words(week: Week) -> SafeString:
    """A week in a line: "Mon–Fri 09:00–17:00 · Sat 09:00–13:00"; closed days are left out."""
    parts: list[tuple[str, str]] = []
    for windows, group in groupby(WEEKDAYS, week.on):
        days = [str(WEEKDAYS_ABBR[day - 1]) for day in group]
        if windows:
            name = days[0] if len(days) == 1 else f"{days[0]}–{days[-1]}"
            parts.append((name, write_hours(windows)))
    return format_html_join(" · ", '<span class="nowrap">{} {}</span>', parts)


@register.simple_tag
def week_picture(
    week: Week, *, always_open: bool = False, order: tuple[int, ...] = MONDAY_FIRST
) -> SafeString:
    """Seven upright days, open hours filled; decorative, `week_words` says the same."""
    all_day = ((0, MINUTES_A_DAY),)
    columns = [
        _column((COLUMN + GAP) * number, all_day if always_open else week.on(day))
        for number, day in enumerate(order)
    ]
    return format_html(
        '<svg class="week-picture" viewBox="0 0 {} {}" preserveAspectRatio="none"'
        ' aria-hidden="true">{}</svg>',
        7 * (COLUMN + GAP) - GAP, MINUTES_A_DAY, SafeString("".join(columns)),
    )  # fmt: skip


@register.simple_tag
def column_of(day: date, order: tuple[int, ...]) -> int:
    """The column of `day`, 1 to 7, in the reader's week."""
    return place_in_week(day, order)


@register.simple_tag
def day_picture(windows: Windows) -> SafeString:
    """One upright day, open hours filled; decorative, `hours` says the same."""
    return format_html(
        '<svg class="day-picture" viewBox="0 0 {} {}" preserveAspectRatio="none"'
        ' aria-hidden="true">{}</svg>',
        COLUMN, MINUTES_A_DAY, _column(0, windows),
    )  # fmt: skip


def _column(left: int, windows: Windows | tuple[tuple[int, int], ...]) -> SafeString:
    ground = format_html(
        '<rect class="is-closed" x="{}" y="0" width="{}" height="{}"/>',
        left, COLUMN, MINUTES_A_DAY,
    )  # fmt: skip
    spans = format_html_join(
        "",
        '<rect class="is-open" x="{}" y="{}" width="{}" height="{}"/>',
        ((left, start, COLUMN, end - start) for start, end in windows),
    )
    return SafeString(ground + spans)


def _length(minutes: int) -> str:
    whole, rest = divmod(minutes, 60)
    if whole and rest:
        return _("%(hours)s h %(minutes)s min") % {"hours": whole, "minutes": rest}
    if rest:
        return _("%(minutes)s min") % {"minutes": rest}
    return _("%(hours)s h") % {"hours": whole} if whole else ""
