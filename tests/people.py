"""Fixtures that every app's tests share: the organisation, both root teams, one person per role."""

from __future__ import annotations

import pytest

from accounts.enums import Role, TeamKind
from accounts.models import Organisation, Team, User
from accounts.services.organisation import ensure_organisation
from tests.factories import TeamFactory, UserFactory, member


@pytest.fixture
def organisation(db: None) -> Organisation:
    """The organisation, office hours Mon-Fri 9-17 in Rome."""
    return ensure_organisation()


@pytest.fixture
def marketing(organisation: Organisation) -> Team:
    """The root team of Marketing."""
    return TeamFactory(name="Marketing", kind=TeamKind.MARKETING)


@pytest.fixture
def sales(organisation: Organisation) -> Team:
    """The root team of Sales."""
    return TeamFactory(name="Sales", kind=TeamKind.SALES)


@pytest.fixture
def marketer(marketing: Team) -> User:
    """Alice, marketer."""
    return member("alice@acme.test", Role.MARKETER, team=marketing, name="Alice Rossi")


@pytest.fixture
def rep(sales: Team) -> User:
    """Bruno, sales rep."""
    return member("bruno@acme.test", Role.REP, team=sales, name="Bruno Conti")


@pytest.fixture
def manager_marketing(marketing: Team) -> User:
    """Carla, head of Marketing."""
    return _head("carla@acme.test", "Carla Moretti", marketing)


@pytest.fixture
def manager_sales(sales: Team) -> User:
    """Dario, head of Sales."""
    return _head("dario@acme.test", "Dario Greco", sales)


@pytest.fixture
def facilitator(organisation: Organisation) -> User:
    """Elena, facilitator."""
    return member("elena@acme.test", Role.FACILITATOR, name="Elena Fontana")


@pytest.fixture
def administrator(organisation: Organisation) -> User:
    """Fabio, administrator."""
    return member("fabio@acme.test", Role.ADMINISTRATOR, name="Fabio Serra")


@pytest.fixture
def newcomer(organisation: Organisation) -> User:
    """Gaia, signed in but without any role yet."""
    return UserFactory(email="gaia@acme.test", name="Gaia Longo")


def _head(email: str, name: str, team: Team) -> User:
    user = member(email, Role.MANAGER, team=team, name=name)
    team.head = user
    team.save(update_fields=["head"])
    return user
