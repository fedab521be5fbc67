"""When people are away."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accounts.enums import TeamKind
from accounts.models import Absence, Notice, Team, User
from accounts.services.absences import remove_absence, save_absence
from smarketing.errors import BadInput, NotAllowed
from tests.factories import TUESDAY, AbsenceFactory, TeamFactory, UserFactory, member

MON, FRI = date(2026, 3, 16), date(2026, 3, 20)


def save(person: User, by: User, absence: Absence | None = None, **changes: Any) -> Absence:
    facts: dict[str, Any] = {"first_on": MON, "last_on": FRI, "deputy": None, "note": ""}
    return save_absence(absence or Absence(user=person), **facts | changes, by=by, at=TUESDAY)


def test_a_person_enters_his_own_absence_and_his_head_is_told(
    rep: User, manager_sales: User
) -> None:
    save(rep, rep, note=" Sea ")
    assert list(Absence.objects.values_list("user", "first_on", "last_on", "note")) == [
        (rep.pk, MON, FRI, "Sea")
    ]
    told = Notice.objects.get()
    assert (told.recipient, told.kind) == (manager_sales, "absence")
    assert told.params == {"name": "Bruno Conti", "first_on": "2026-03-16", "last_on": "2026-03-20"}


def test_the_nearest_head_above_is_told_once(rep: User, manager_sales: User, sales: Team) -> None:
    italy = TeamFactory(name="Sales Italy", kind=TeamKind.SALES, parent=sales)
    anna = member("anna@acme.test", "REP", team=italy)
    save(anna, anna)
    assert [notice.recipient for notice in Notice.objects.all()] == [manager_sales]


def test_a_head_and_an_administrator_enter_it_for_others(
    rep: User, manager_sales: User, administrator: User
) -> None:
    save(rep, manager_sales)
    save(rep, administrator, first_on=date(2026, 4, 1), last_on=date(2026, 4, 1))
    assert Absence.objects.count() == 2


def test_others_may_not(rep: User, marketer: User, manager_marketing: User) -> None:
    for by in (marketer, manager_marketing):
        with pytest.raises(NotAllowed):
            save(rep, by)
    assert Absence.objects.count() == 0
    absence = save(rep, rep)
    with pytest.raises(NotAllowed):
        remove_absence(absence, by=marketer)
    assert Absence.objects.count() == 1
    remove_absence(absence, by=rep)
    assert Absence.objects.count() == 0


@pytest.mark.parametrize(
    ("first_on", "last_on", "refused"),
    [
        (date(2026, 3, 13), date(2026, 3, 15), False),
        (date(2026, 3, 13), MON, True),
        (date(2026, 3, 18), date(2026, 3, 18), True),
        (FRI, date(2026, 3, 25), True),
        (date(2026, 3, 21), date(2026, 3, 25), False),
    ],
)
def test_absences_of_one_person_do_not_overlap(
    rep: User, first_on: date, last_on: date, refused: bool
) -> None:
    save(rep, rep)
    if not refused:
        save(rep, rep, first_on=first_on, last_on=last_on)
        assert Absence.objects.count() == 2
        return
    with pytest.raises(BadInput) as refusal:
        save(rep, rep, first_on=first_on, last_on=last_on)
    assert refusal.value.fields == {
        "first_on": ["Bruno Conti is away on some of these days already."]
    }
    assert Absence.objects.count() == 1


def test_an_absence_is_changed_in_place(rep: User) -> None:
    absence = save(rep, rep)
    save(rep, rep, absence, last_on=MON)
    assert list(Absence.objects.values_list("last_on", flat=True)) == [MON]


def test_days_in_the_wrong_order_are_refused(rep: User) -> None:
    with pytest.raises(BadInput) as refusal:
        save(rep, rep, first_on=FRI, last_on=MON)
    assert list(refusal.value.fields) == ["last_on"]
    assert Absence.objects.count() == 0


def test_the_deputy_is_another_active_person_who_is_here(rep: User, marketer: User) -> None:
    gone = UserFactory(email="gone@acme.test", is_active=False)
    AbsenceFactory(user=marketer, first_on=FRI, last_on=FRI)
    for deputy in (rep, gone, marketer):
        with pytest.raises(BadInput) as refusal:
            save(rep, rep, deputy=deputy)
        assert list(refusal.value.fields) == ["deputy"]
    assert Absence.objects.filter(user=rep).count() == 0
    assert save(rep, rep, last_on=date(2026, 3, 19), deputy=marketer).deputy == marketer
