"""What the frame itself adds to the extension points: Today, and each person's own sign-in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from smarketing.registry import NavigationEntry, SettingsEntry, navigation, settings_pages

TODAY = NavigationEntry("today", _("Today"), "sun", "today", order=0)
SECURITY = SettingsEntry(
    key="security",
    label=_("Sign-in and security"),
    summary=_("Password, passkeys, second step, sessions"),
    icon="shield-lock",
    url_name="mfa_index",
    order=15,
    section=_("You"),
)


def register() -> None:
    """Register everything; doing it again changes nothing."""
    navigation.register(TODAY)
    settings_pages.register(SECURITY)
