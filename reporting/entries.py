"""What the mirror adds to the extension points of `smarketing.registry`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.rules import is_member
from reporting.drilling import KEY, by_walk, no_choices, told_walk
from smarketing.registry import ListFilter, NavigationEntry, list_filters, navigation

ENTRIES = [
    NavigationEntry(
        key="reports",
        label=_("Reports"),
        icon="chart-bar",
        url_name="reports",
        order=50,
        allowed=is_member,
        prefixes=("/reports/",),
    ),
    NavigationEntry(
        key="reviews",
        label=_("Reviews"),
        icon="presentation",
        url_name="reviews",
        order=60,
        allowed=is_member,
        prefixes=("/reviews/",),
    ),
]
WALK = ListFilter(KEY, _("Report"), no_choices, by_walk, order=200, told=told_walk)


def register() -> None:
    """Register everything; doing it again changes nothing."""
    for entry in ENTRIES:
        navigation.register(entry)
    list_filters.register(WALK)
