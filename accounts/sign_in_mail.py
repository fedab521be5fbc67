"""What the sign-in writes by mail: its events in our words."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class SignInMail(NamedTuple):
    """A mail of the sign-in; `link` names the value that holds its link, `label` says where to."""

    title: Any
    body: Any
    link: str = ""
    label: Any = ""


_WARNING = _("Was it not you? Change your password and tell an administrator.")
# By the last part of the name under which the sign-in library asks for a mail.
SIGN_IN_MAILS = {
    "password_reset_key": SignInMail(
        _("Choose a new password"),
        _("Somebody asked for a new password for your account. The link works for three days, "
          "once. Ignore this mail if it was not you: nothing has changed."),
        "password_reset_url",
        _("Choose a password"),
    ),
    "unknown_account": SignInMail(
        _("You have no account here"),
        _("Somebody asked for a new password with this address, but no account has it. "
          "Perhaps you were invited with another address."),
    ),
    "password_changed": SignInMail(_("Your password was changed"), _WARNING),
    "password_set": SignInMail(_("Your password was set"), _WARNING),
    "password_reset": SignInMail(_("Your password was reset"), _WARNING),
    "totp_activated": SignInMail(_("Two-step sign-in is on"), _WARNING),
    "totp_deactivated": SignInMail(_("Two-step sign-in is off"), _WARNING),
    "recovery_codes_generated": SignInMail(_("New recovery codes were made"), _WARNING),
    "webauthn_added": SignInMail(_("A passkey was added"), _WARNING),
    "webauthn_removed": SignInMail(_("A passkey was removed"), _WARNING),
    "account_connected": SignInMail(_("Single sign-on was connected"), _WARNING),
    "account_disconnected": SignInMail(_("Single sign-on was disconnected"), _WARNING),
}  # fmt: skip
