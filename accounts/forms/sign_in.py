"""What the sign-in's own forms do differently here."""

from __future__ import annotations

from allauth.account.forms import ResetPasswordForm

from accounts.models import User


class ResetForm(ResetPasswordForm):  # type: ignore[misc]  # allauth ships no types
    """A forgotten password: of people who have joined; an invitation has its own link and end."""

    users: list[User]

    def clean_email(self) -> str:
        """Find the person; one who never had a password has none to forget."""
        email: str = super().clean_email()
        self.users = [user for user in self.users if user.joined_at is not None]
        return email
