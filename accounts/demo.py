"""The demo's people: Acme Instruments of Bologna, with teams in Italy, Spain and France."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pghistory
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from accounts.enums import ORGANISATION_ROLES, Role, TeamKind
from accounts.models import (
    Absence,
    BusinessCalendar,
    Membership,
    NoticeDelivery,
    Organisation,
    Team,
    User,
)
from accounts.services.absences import save_absence
from accounts.services.invitations import ACCEPTED, invite
from accounts.services.notices import notify
from accounts.services.organisation import ensure_organisation
from accounts.services.people import confirm_email
from accounts.services.roles import ROLES_CHANGED, Held

PASSWORD = "acme-instruments-demo"  # noqa: S105  # printed on purpose: the demo runs on loopback only
DOMAIN = "acme-instruments.example"
LUNCH_WEEK: dict[str, Any] = {
    str(day): [["09:00", "13:00"], ["14:00", "18:00"]] for day in range(1, 6)
}
# name of the calendar: zone, country and region of its public holidays
CALENDARS = {
    "Bologna office": ("Europe/Rome", "IT", "BO"),
    "Madrid office": ("Europe/Madrid", "ES", "MD"),
    "Lyon office": ("Europe/Paris", "FR", ""),
}
# name, side, parent, calendar
TEAMS = [
    ("Marketing", TeamKind.MARKETING, "", ""),
    ("Marketing Italy", TeamKind.MARKETING, "Marketing", ""),
    ("Marketing Spain", TeamKind.MARKETING, "Marketing", "Madrid office"),
    ("Marketing France", TeamKind.MARKETING, "Marketing", "Lyon office"),
    ("Sales", TeamKind.SALES, "", ""),
    ("Sales Italy", TeamKind.SALES, "Sales", ""),
    ("Sales Spain", TeamKind.SALES, "Sales", "Madrid office"),
    ("Sales France", TeamKind.SALES, "Sales", "Lyon office"),
]


@dataclass(frozen=True)
class DemoPerson:
    """One of the demo's people; `heads` says that he leads his team."""

    login: str
    name: str
    role: Role
    team: str = ""
    heads: bool = False
    language: str = "en"
    zone: str = "Europe/Rome"

    @property
    def email(self) -> str:
        """His sign-in."""
        return f"{self.login}@{DOMAIN}"


MADRID, PARIS = "Europe/Madrid", "Europe/Paris"
PEOPLE = [
    DemoPerson("chiara.lombardi", "Chiara Lombardi", Role.MARKETER, "Marketing Italy"),
    DemoPerson("andrea.galli", "Andrea Galli", Role.REP, "Sales Italy"),
    DemoPerson("giulia.ferri", "Giulia Ferri", Role.MANAGER, "Marketing", heads=True),
    DemoPerson("marco.bianchi", "Marco Bianchi", Role.MANAGER, "Sales", heads=True),
    DemoPerson("paolo.neri", "Paolo Neri", Role.FACILITATOR),
    DemoPerson("martina.costa", "Martina Costa", Role.ADMINISTRATOR),
    DemoPerson("davide.rinaldi", "Davide Rinaldi", Role.MARKETER, "Marketing Italy", language="it"),
    DemoPerson("lucia.navarro", "Lucía Navarro", Role.MARKETER, "Marketing Spain", heads=True,
               language="es", zone=MADRID),
    DemoPerson("camille.laurent", "Camille Laurent", Role.MARKETER, "Marketing France", heads=True,
               language="fr", zone=PARIS),
    DemoPerson("sara.esposito", "Sara Esposito", Role.REP, "Sales Italy", heads=True,
               language="it"),
    DemoPerson("javier.ortega", "Javier Ortega", Role.REP, "Sales Spain", heads=True,
               language="es", zone=MADRID),
    DemoPerson("nuria.vidal", "Nuria Vidal", Role.REP, "Sales Spain", language="es", zone=MADRID),
    DemoPerson("antoine.mercier", "Antoine Mercier", Role.REP, "Sales France", language="fr",
               zone=PARIS),
    DemoPerson("elodie.garnier", "Élodie Garnier", Role.REP, "Sales France", heads=True,
               language="fr", zone=PARIS),
]  # fmt: skip
# One click on the sign-in page for each of these; the words say what he comes for.
SIGN_INS = {
    "chiara.lombardi": _("Marketer"),
    "andrea.galli": _("Sales rep"),
    "giulia.ferri": _("Manager, Marketing"),
    "marco.bianchi": _("Manager, Sales"),
    "paolo.neri": _("Facilitator"),
    "martina.costa": _("Administrator"),
}


def load_people(at: datetime) -> None:
    """Load organisation, calendars, teams, people, absences and first notices; twice is once."""
    if User.objects.filter(email=PEOPLE[0].email).exists():
        return
    _load_organisation()
    teams = _load_teams()
    people = {
        person.login: _load_person(person, teams, at - timedelta(hours=5 * place + 2))
        for place, person in enumerate(PEOPLE)
    }
    with pghistory.context(user=people["martina.costa"].pk):
        _appoint_heads(people, teams)
    _load_former_rep(teams["Sales Italy"], at)
    _load_absences(people, at)
    invite(
        email=f"tommaso.riva@{DOMAIN}",
        name="Tommaso Riva",
        roles=[Held(Role.MARKETER, teams["Marketing Italy"].pk)],
        by=people["giulia.ferri"],
        at=at - timedelta(days=1),
    )
    notify(
        [people["sara.esposito"]],
        ROLES_CHANGED,
        {"by": "Martina Costa", "roles": "Sales rep (Sales Italy), Manager (Sales Italy)"},
        at=at - timedelta(days=3),
        url="/profile/",
    )
    notify(
        [people["martina.costa"]],
        ACCEPTED,
        {"name": "Chiara Lombardi"},
        at=at - timedelta(days=2),
        url=f"/settings/users/{people['chiara.lombardi'].pk}/",
    )
    # What happened before the demo was loaded is not mailed to anyone now.
    NoticeDelivery.objects.all().delete()
    set_demo_password()


def _load_organisation() -> None:
    for name, (zone, country, region) in CALENDARS.items():
        BusinessCalendar.objects.create(
            name=name,
            zone=zone,
            weekly=LUNCH_WEEK,
            holiday_country=country,
            holiday_subdivision=region,
        )
    organisation = ensure_organisation()
    office = BusinessCalendar.objects.get(name="Bologna office")
    Organisation.objects.filter(pk=organisation.pk).update(
        name="Acme Instruments", zone="Europe/Rome", currency="EUR", calendar=office
    )


def _load_teams() -> dict[str, Team]:
    teams: dict[str, Team] = {}
    for name, kind, parent, calendar in TEAMS:
        works = BusinessCalendar.objects.filter(name=calendar).first() if calendar else None
        teams[name] = Team.objects.create(
            name=name, kind=kind, parent=teams.get(parent), calendar=works
        )
    return teams


def _load_person(person: DemoPerson, teams: dict[str, Team], seen_at: datetime) -> User:
    user = User.objects.create(
        email=person.email,
        name=person.name,
        language=person.language,
        zone=person.zone,
        joined_at=seen_at - timedelta(days=400),
        last_login=seen_at,
    )
    team = None if person.role in ORGANISATION_ROLES else teams[person.team]
    Membership.objects.create(user=user, role=person.role, team=team)
    confirm_email(user)
    return user


def _appoint_heads(people: dict[str, User], teams: dict[str, Team]) -> None:
    for person in PEOPLE:
        if person.heads:
            user, team = people[person.login], teams[person.team]
            Membership.objects.get_or_create(user=user, role=Role.MANAGER, team=team)
            Team.objects.filter(pk=team.pk).update(head=user)


def _load_former_rep(team: Team, at: datetime) -> None:
    left_at = at - timedelta(days=60)
    user = User.objects.create(
        email=f"stefano.villa@{DOMAIN}",
        name="Stefano Villa",
        joined_at=at - timedelta(days=700),
        is_active=False,
        deactivated_at=left_at,
    )
    Membership.objects.create(user=user, role=Role.REP, team=team)


def _load_absences(people: dict[str, User], at: datetime) -> None:
    today = at.date()
    for login, deputy, begins, days, note in [
        ("sara.esposito", "andrea.galli", -1, 4, ""),
        ("davide.rinaldi", "chiara.lombardi", 9, 5, "Trade fair in Parma"),
        ("nuria.vidal", "javier.ortega", 20, 12, ""),
        ("elodie.garnier", "antoine.mercier", -40, 6, ""),
    ]:
        person = people[login]
        first_on = today + timedelta(days=begins)
        save_absence(
            Absence(user=person),
            first_on=first_on,
            last_on=first_on + timedelta(days=days),
            deputy=people[deputy],
            note=note,
            by=person,
            at=at,
        )


def set_demo_password() -> None:
    """Give all demo people the one demo password; hashed once, for it is no secret."""
    logins = [person.email for person in PEOPLE]
    User.objects.filter(email__in=logins).update(password=make_password(PASSWORD))


@dataclass(frozen=True)
class DemoSignIn:
    """Somebody whom one click signs in."""

    id: int
    name: str
    email: str
    role_label: Any


def demo_people() -> list[DemoSignIn]:
    """Return those whom one click signs in, in order; none without a demo."""
    emails = {f"{login}@{DOMAIN}": label for login, label in SIGN_INS.items()}
    known = User.objects.active().filter(email__in=list(emails)).in_bulk(field_name="email")
    return [
        DemoSignIn(known[email].pk, known[email].name, email, label)
        for email, label in emails.items()
        if email in known
    ]
