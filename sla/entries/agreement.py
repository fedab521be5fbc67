"""The agreement."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.rules import is_member
from smarketing.registry import NavigationEntry, navigation

AGREEMENT = NavigationEntry(
    key="agreement",
    label=_("Agreement"),
    icon="file-certificate",
    url_name="agreement",
    order=30,
    allowed=is_member,
    prefixes=("/agreement/", "/sla/"),
)


def register() -> None:
    """Register everything; doing it again changes nothing."""
    navigation.register(AGREEMENT)
