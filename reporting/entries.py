"""What the mirror adds to the extension points of `smarketing.registry`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.rules import is_member
from smarketing.registry import NavigationEntry, navigation

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


def register() -> None:
    """Register everything; doing it again changes nothing."""
    for entry in ENTRIES:
        navigation.register(entry)
