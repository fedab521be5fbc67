"""People come, change, leave and come back; a refusal changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role, TeamKind
from accounts.models import Membership, Notice, Team, User
from accounts.rules import is_administrator
from accounts.selectors.calendars import calendar_of_person
from accounts.services.people import (
    change_person,
    change_working_time,
    deactivate,
    reactivate,
)
from accounts.services.roles import Held, change_roles
from accounts.signals import calendars_changed
from smarketing.errors import BadInput, DomainError, NotAllowed, Refused
from smarketing.registry import OpenWork, OpenWorkSource, open_work_sources
from tests.factories import PASSWORD, TUESDAY, BusinessCalendarFactory, TeamFactory, member


def held_by(person: User) -> set[tuple[str, int | None]]:
    return set(Membership.objects.filter(user=person).values_list("role", "team"))


def change(person: User, *wanted: Held, by: User) -> bool:
    return change_roles(person, wanted, by=by, at=TUESDAY)


# --- roles ---------------------------------------------------------------------------------------


def test_an_administrator_gives_and_takes_any_role(
    administrator: User, rep: User, sales: Team, marketing: Team
) -> None:
    assert change(rep, Held(Role.MARKETER, marketing.pk), Held(Role.FACILITATOR), by=administrator)
    assert held_by(rep) == {("MARKETER", marketing.pk), ("FACILITATOR", None)}
    told = Notice.objects.get(recipient=rep)
    assert told.kind == "roles_changed"
    assert told.params == {"by": "Fabio Serra", "roles": "Facilitator, Marketer (Marketing)"}


def test_the_same_roles_again_change_and_tell_nothing(
    administrator: User, rep: User, sales: Team
) -> None:
    assert not change(rep, Held(Role.REP, sales.pk), by=administrator)
    assert Notice.objects.count() == 0


def test_a_head_gives_team_roles_in_and_below_the_team_and_nowhere_else(
    manager_sales: User, rep: User, sales: Team, marketing: Team
) -> None:
    italy = TeamFactory(name="Sales Italy", kind=TeamKind.SALES, parent=sales)
    assert change(rep, Held(Role.REP, italy.pk), by=manager_sales)
    before = held_by(rep)
    for wanted in [
        Held(Role.MARKETER, marketing.pk),
        Held(Role.ADMINISTRATOR),
        Held(Role.FACILITATOR),
    ]:
        with pytest.raises(NotAllowed):
            change(rep, Held(Role.REP, italy.pk), wanted, by=manager_sales)
        assert held_by(rep) == before


def test_a_rep_gives_nothing(rep: User, marketer: User, sales: Team) -> None:
    with pytest.raises(NotAllowed):
        change(rep, Held(Role.REP, sales.pk), Held(Role.MANAGER, sales.pk), by=rep)
    assert held_by(rep) == {("REP", sales.pk)}


def test_a_role_must_fit_the_team(
    administrator: User, rep: User, sales: Team, marketing: Team
) -> None:
    for wrong in [
        Held(Role.MARKETER, sales.pk),
        Held(Role.REP, marketing.pk),
        Held(Role.ADMINISTRATOR, sales.pk),
        Held(Role.REP),
    ]:
        with pytest.raises(BadInput) as refusal:
            change(rep, Held(Role.REP, sales.pk), wrong, by=administrator)
        assert list(refusal.value.fields) == ["roles"]
        assert held_by(rep) == {("REP", sales.pk)}


def test_the_last_administrator_stays(administrator: User) -> None:
    with pytest.raises(Refused) as refusal:
        change(administrator, by=administrator)
    assert refusal.value.code == "last_administrator"
    with pytest.raises(Refused):
        deactivate(administrator, by=administrator, at=TUESDAY)
    administrator.refresh_from_db()
    assert (administrator.is_active, held_by(administrator)) == (True, {("ADMINISTRATOR", None)})


def test_an_invited_or_inactive_administrator_does_not_count(administrator: User) -> None:
    member("zoe@acme.test", Role.ADMINISTRATOR, joined_at=None, invited_at=TUESDAY)
    member("yves@acme.test", Role.ADMINISTRATOR, is_active=False)
    with pytest.raises(Refused):
        change(administrator, by=administrator)
    member("xenia@acme.test", Role.ADMINISTRATOR)
    assert change(administrator, by=administrator)


def test_the_head_of_a_team_keeps_the_manager_role_there(
    administrator: User, manager_sales: User, sales: Team
) -> None:
    with pytest.raises(Refused) as refusal:
        change(manager_sales, by=administrator)
    assert refusal.value.code == "heads_a_team"
    assert held_by(manager_sales) == {("MANAGER", sales.pk)}


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_demote_each_other_at_once(administrator: User) -> None:
    other = member("xenia@acme.test", Role.ADMINISTRATOR)
    refusals: list[DomainError] = []
    start = Barrier(2)

    def demote(person: User, by: User) -> None:
        assert is_administrator(by)  # both doors were open when both went through
        start.wait()
        try:
            change(person, by=by)
        except DomainError as refusal:
            refusals.append(refusal)
        finally:
            connections.close_all()

    pairs = [(administrator, other), (other, administrator)]
    threads = [Thread(target=demote, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Membership.objects.filter(role=Role.ADMINISTRATOR).count() == 1
    assert [refusal.code for refusal in refusals] == ["last_administrator"]


def test_administrators_are_locked_before_they_are_counted(administrator: User) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        change(administrator, Held(Role.ADMINISTRATOR), by=administrator)
    locks = [q["sql"] for q in queries if "FOR UPDATE" in q["sql"]]
    assert len(locks) == 1
    assert "ORDER BY" in locks[0]


# --- name and address ----------------------------------------------------------------------------


def test_a_new_address_is_the_sign_in_at_once(administrator: User, rep: User) -> None:
    change_person(rep, name=" Bruno Conti-Neri ", email=" BRUNO.Neri@acme.test", by=administrator)
    rep.refresh_from_db()
    assert (rep.name, rep.email) == ("Bruno Conti-Neri", "bruno.neri@acme.test")
    address = EmailAddress.objects.get(user=rep)
    assert (address.email, address.verified, address.primary) == (rep.email, True, True)


def test_an_address_that_somebody_has_is_refused(
    administrator: User, rep: User, marketer: User
) -> None:
    with pytest.raises(BadInput) as refusal:
        change_person(rep, name="Other", email="ALICE@acme.test", by=administrator)
    assert list(refusal.value.fields) == ["email"]
    rep.refresh_from_db()
    assert (rep.name, rep.email) == ("Bruno Conti", "bruno@acme.test")


def test_heads_do_not_change_addresses(manager_sales: User, rep: User) -> None:
    with pytest.raises(NotAllowed):
        change_person(rep, name="Other", email="x@acme.test", by=manager_sales)
    rep.refresh_from_db()
    assert rep.email == "bruno@acme.test"


# --- leaving and coming back ---------------------------------------------------------------------


def test_deactivation_ends_sessions_and_names_the_open_work(
    administrator: User, sales: Team
) -> None:
    rep = member("bruno@acme.test", Role.REP, team=sales, password=PASSWORD)
    browser = Client()
    signed_in = browser.post("/accounts/login/", {"login": rep.email, "password": PASSWORD})
    assert signed_in.status_code == 302
    assert UserSession.objects.filter(user=rep).count() == 1
    source = OpenWorkSource(
        "leads-test", 10, lambda person: OpenWork("Open leads", 3, f"/leads/?owner={person.pk}")
    )
    open_work_sources.register(source)
    try:
        left = deactivate(rep, by=administrator, at=TUESDAY)
    finally:
        del open_work_sources._entries["leads-test"]
    assert left == [OpenWork("Open leads", 3, f"/leads/?owner={rep.pk}")]
    assert (rep.is_active, rep.deactivated_at) == (False, TUESDAY)
    assert (UserSession.objects.count(), Session.objects.count()) == (0, 0)
    assert browser.get("/profile/").status_code == 302
    assert held_by(rep) == {("REP", sales.pk)}

    deactivate(rep, by=administrator, at=TUESDAY + timedelta(days=1))
    assert rep.deactivated_at == TUESDAY

    reactivate(rep, by=administrator)
    assert (rep.is_active, rep.deactivated_at) == (True, None)


def test_a_head_is_not_deactivated_before_another_is_chosen(
    administrator: User, manager_sales: User
) -> None:
    with pytest.raises(Refused) as refusal:
        deactivate(manager_sales, by=administrator, at=TUESDAY)
    assert str(refusal.value) == "Dario Greco heads Sales. Choose another head first."
    manager_sales.refresh_from_db()
    assert manager_sales.is_active


def test_only_administrators_deactivate(manager_sales: User, rep: User) -> None:
    with pytest.raises(NotAllowed):
        deactivate(rep, by=manager_sales, at=TUESDAY)
    with pytest.raises(NotAllowed):
        reactivate(rep, by=manager_sales)
    rep.refresh_from_db()
    assert rep.is_active


# --- working time --------------------------------------------------------------------------------


@pytest.fixture
def told() -> Iterator[list[set[int]]]:
    """The calendars of which the apps above were told, change by change."""
    heard: list[set[int]] = []

    def hear(calendar_ids: set[int], **_facts: object) -> None:
        heard.append(calendar_ids)

    calendars_changed.connect(hear, weak=False)
    yield heard
    calendars_changed.disconnect(hear)


@pytest.mark.parametrize("chooser", ["manager_sales", "administrator"])
def test_heads_and_administrators_choose_the_working_time_of_a_person(
    chooser: str, request: pytest.FixtureRequest, rep: User, told: list[set[int]]
) -> None:
    by = request.getfixturevalue(chooser)
    mornings = BusinessCalendarFactory(name="Mornings")
    office = calendar_of_person(rep)

    assert change_working_time(rep, mornings, by=by, at=TUESDAY)
    assert calendar_of_person(rep) == mornings
    assert not change_working_time(rep, mornings, by=by, at=TUESDAY)
    assert change_working_time(rep, None, by=by, at=TUESDAY)
    assert calendar_of_person(rep) == office
    assert told == [{mornings.pk}, {mornings.pk}]


@pytest.mark.parametrize("chooser", ["rep", "marketer", "manager_marketing", "facilitator"])
def test_nobody_else_chooses_it(
    chooser: str, request: pytest.FixtureRequest, rep: User, told: list[set[int]]
) -> None:
    with pytest.raises(NotAllowed):
        change_working_time(
            rep,
            BusinessCalendarFactory(name="Mornings"),
            by=request.getfixturevalue(chooser),
            at=TUESDAY,
        )
    rep.refresh_from_db()
    assert (rep.calendar, told) == (None, [])


def test_the_working_time_is_chosen_on_the_page_and_read_in_the_profile(
    manager_sales: User, rep: User, client: Client
) -> None:
    mornings = BusinessCalendarFactory(name="Mornings")
    path = f"/settings/users/{rep.pk}/"
    client.force_login(manager_sales)
    assert "Save working time" in client.get(path).content.decode()
    answer = client.post(f"{path}working-time/", {"calendar": mornings.pk})
    assert (answer.status_code, answer["Location"]) == (302, path)
    assert client.post(f"{path}working-time/", {"calendar": "0"}).status_code == 422
    rep.refresh_from_db()
    assert rep.calendar == mornings

    client.force_login(rep)
    assert "Mornings" in client.get("/profile/").content.decode()
