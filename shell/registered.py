"""What the frame itself adds to the extension points: Today, and each person's own sign-in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from smarketing.registry import NavigationEntry, SettingsEntry, navigation, settings_pages

TODAY = NavigationEntry("today", _("Today"), "sun", "today", order=0)
OWN_SIGN_IN = [
    SettingsEntry(
        key="security",
        label=_("Sign-in and security"),
        summary=_("Passkeys, second step, recovery codes"),
        icon="shield-lock",
        url_name="mfa_index",
        order=5,
        section=_("You"),
    ),
    SettingsEntry(
        key="password",
        label=_("Password"),
        summary=_("Change your password"),
        icon="key",
        url_name="account_change_password",
        order=6,
        section=_("You"),
    ),
    SettingsEntry(
        key="sessions",
        label=_("Sessions"),
        summary=_("Where you are signed in"),
        icon="device-laptop",
        url_name="usersessions_list",
        order=7,
        section=_("You"),
    ),
]


def register() -> None:
    """Register everything; doing it again changes nothing."""
    navigation.register(TODAY)
    for page in OWN_SIGN_IN:
        settings_pages.register(page)
