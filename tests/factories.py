"""Rows for tests: fixed names, possible states only.

People first; each app adds its own below. A password is hashed only when one is asked for.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import factory

from accounts.enums import ORGANISATION_ROLES, Role, TeamKind
from accounts.models import Absence, BusinessCalendar, Membership, Team, User
from accounts.services.organisation import OFFICE_WEEK

# A Tuesday, 11:00 in Rome: inside everyone's office hours.
TUESDAY = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A person without roles; `password=` makes the sign-in form usable."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@acme.test")
    name = factory.LazyAttribute(lambda o: o.email.split("@")[0].replace(".", " ").title())
    joined_at = TUESDAY

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        password = kwargs.pop("password", None)
        user = model_class(*args, **kwargs)
        user.set_password(password)
        if not user.is_active:
            user.deactivated_at = user.deactivated_at or TUESDAY
        user.save()
        return user


class BusinessCalendarFactory(factory.django.DjangoModelFactory[BusinessCalendar]):
    """Mon-Fri, 9-17, Rome."""

    class Meta:
        model = BusinessCalendar

    name = factory.Sequence(lambda n: f"Calendar {n}")
    zone = "Europe/Rome"
    weekly = OFFICE_WEEK


class TeamFactory(factory.django.DjangoModelFactory[Team]):
    """A team; roots are found again by their name."""

    class Meta:
        model = Team
        django_get_or_create = ("name",)

    name = "Sales"
    kind = TeamKind.SALES


class AbsenceFactory(factory.django.DjangoModelFactory[Absence]):
    """Away; give `user`, `first_on`, `last_on`."""

    class Meta:
        model = Absence


def member(email: str, *roles: Role, team: Team | None = None, **fields: Any) -> User:
    """Return the person with `email` holding `roles`, team roles in `team`."""
    user = UserFactory(email=email, **fields)
    for role in roles:
        in_team = None if role in ORGANISATION_ROLES else team
        Membership.objects.create(user=user, role=role, team=in_team)
    return user
