"""Rows of people as reached by those who ask."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models

if TYPE_CHECKING:
    # Names inside the base classes below, which only the type checker resolves.
    from accounts.models import ApiToken, Membership, Notice, Team, User  # noqa: F401


def normalise_email(email: str) -> str:
    """Return `email` trimmed and case-folded; no dot or plus tricks.

    Some letters fold to capitals (Cherokee), which the database's own `lower` would not leave.
    """
    return email.strip().casefold().lower()


class UserManager(BaseUserManager["User"]):
    """Users, found by their normalised e-mail."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a person; without a password he cannot sign in until he sets one."""
        user = self.model(email=normalise_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find by e-mail in any case."""
        return self.get(email=normalise_email(username or ""))

    def active(self) -> models.QuerySet[User]:
        """People who may sign in."""
        return self.filter(is_active=True)


class TeamQuerySet(models.QuerySet["Team"]):
    """Teams."""

    def roots(self) -> TeamQuerySet:
        """Teams that are part of no other."""
        return self.filter(parent__isnull=True)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships."""

    def of_active_people(self) -> MembershipQuerySet:
        """Memberships of people who may sign in."""
        return self.filter(user__is_active=True)


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """API tokens."""

    def alive(self, at: datetime) -> ApiTokenQuerySet:
        """Tokens that open something at `at`."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=at, user__is_active=True)


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices."""

    def unread(self) -> NoticeQuerySet:
        """Notices that their recipient has not opened yet."""
        return self.filter(read_at__isnull=True)
