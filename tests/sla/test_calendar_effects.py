"""The calendar's page tells by when a new MQL would be due, which clocks a change would move, and
after it how many moved; a change is taken back by who may change the calendar."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import BusinessCalendar, Organisation, User
from sla import calendar_effects
from sla.enums import CommitmentKind, Side
from sla.models import Clock, Recalculation
from sla.selectors.arrivals import arrivals
from sla.services.recalculating import recalculate
from tests.accounts.calendar_pages import text_of
from tests.conftest import AT
from tests.factories import BusinessCalendarFactory
from tests.sla.promising import in_force, promise
from tests.sla.test_clocks import DUE, HOUR, fresh_mql, only_clock

pytestmark = pytest.mark.django_db
K = CommitmentKind
# Open until 12:00 only, four hours from Tuesday 11:00 end on Wednesday at 12:00 in Rome;
# the calendar of the house is open from 9:00 to 17:00.
SHORT = {"day_2": "9-13", "day_3": "9-13"}
MORNINGS = {f"day_{day}": "9-12" for day in range(1, 6)}
LATER = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def house(organisation: Organisation) -> BusinessCalendar:
    return organisation.calendar


def typed(calendar: BusinessCalendar, **changed: str) -> dict[str, str]:
    """The calendar's form as it would be sent, with some hours changed."""
    hours = {f"day_{day}": "9-17" if day < 6 else "" for day in range(1, 8)}
    rows = {"exceptions-TOTAL_FORMS": "0", "exceptions-INITIAL_FORMS": "0"}
    return {"name": calendar.name, "zone": calendar.zone, **hours, **rows, **changed}


def url(calendar: BusinessCalendar) -> str:
    return f"/settings/calendars/{calendar.pk}/"


def effect_in(response: Any) -> Any:
    (told,) = response.context["effects"]
    return told.context


def test_an_mql_arriving_now_would_be_due(
    client: Client, administrator: User, house: BusinessCalendar
) -> None:
    in_force(
        promise(minutes=240, bands={60: 60}),
        promise(K.TIME_TO_QUALIFY, minutes=600),
    )
    client.force_login(administrator)
    response = client.get(url(house))
    due = [(one.score_from, one.due_at) for one in effect_in(response)["arrivals"]]
    assert due == [(60, AT + HOUR), (None, DUE)]
    assert "An MQL arriving now would be due" in text_of(response)
    shorter = client.post(
        f"/settings/calendars/preview/?calendar={house.pk}",
        typed(house, day_2="9-13", day_3="9-13"),
    )
    due = [one.due_at for one in effect_in(shorter)["arrivals"]]
    assert due == [AT + HOUR, datetime(2026, 3, 4, 10, 0, tzinfo=UTC)]


def test_only_promises_of_who_works_by_the_calendar_are_told(
    house: BusinessCalendar, sales: Any, marketing: Any, rep: User
) -> None:
    own = BusinessCalendarFactory(name="Sales hours")
    sales.calendar = own
    sales.save()
    in_force(promise(minutes=60), promise(K.TIME_TO_ASSIGN, side=Side.MARKETING, minutes=30))
    wanted = calendar_effects._stored(house.pk)

    def kinds(pk: int | None) -> list[str]:
        return [one.commitment.kind for one in arrivals(pk, wanted, at=AT)]

    assert kinds(own.pk) == [K.TIME_TO_DECIDE]
    assert kinds(house.pk) == [K.TIME_TO_ASSIGN]
    assert kinds(None) == [K.TIME_TO_DECIDE, K.TIME_TO_ASSIGN]
    his = BusinessCalendarFactory(name="Bruno's hours")
    assert kinds(his.pk) == []
    rep.calendar = his
    rep.save()
    assert kinds(his.pk) == [K.TIME_TO_DECIDE]


def test_before_saving_it_tells_how_many_would_move_and_which(
    client: Client, administrator: User, rep: User, marketer: User, house: BusinessCalendar
) -> None:
    in_force(promise())
    clock = only_clock(fresh_mql(marketer, rep))
    client.force_login(administrator)
    assert not effect_in(client.get(url(house)))["is_changed"]
    wanted = typed(house, **MORNINGS)
    response = client.post(f"/settings/calendars/preview/?calendar={house.pk}", wanted)
    assert effect_in(response)["would_move"] == 1
    (moved,) = effect_in(response)["few"]
    assert (moved.clock, moved.was_due_at) == (clock, DUE)
    assert moved.due_at == datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
    assert "1 open clock would move" in text_of(response)
    # Without a script the form is sent to be looked at.
    looked = client.post(url(house), wanted | {"look": "1"})
    assert looked.status_code == 200
    assert effect_in(looked)["would_move"] == 1
    clock.refresh_from_db()
    assert clock.due_at == DUE
    assert not Recalculation.objects.exists()


@pytest.mark.parametrize(("most", "told"), [(1, 1), (0, None)])
def test_many_are_counted_only_when_asked_for(
    *,
    client: Client,
    administrator: User,
    rep: User,
    marketer: User,
    house: BusinessCalendar,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    told: int | None,
) -> None:
    monkeypatch.setattr(calendar_effects, "MOST_AT_ONCE", most)
    in_force(promise())
    fresh_mql(marketer, rep)
    client.force_login(administrator)
    wanted = typed(house, **MORNINGS)
    response = client.post(f"/settings/calendars/preview/?calendar={house.pk}", wanted)
    assert effect_in(response)["would_move"] == told
    assert effect_in(client.post(url(house), wanted | {"look": "1"}))["would_move"] == 1


def test_after_saving_it_tells_how_many_moved_and_takes_them_back(
    client: Client, administrator: User, rep: User, marketer: User, house: BusinessCalendar
) -> None:
    in_force(promise())
    clock = only_clock(fresh_mql(marketer, rep))
    client.force_login(administrator)
    saved = client.post(url(house), typed(house, **MORNINGS), follow=True)
    asked = Recalculation.objects.get()
    undo = f"/sla/recalculations/{asked.pk}/undo/"
    assert "1 clock moved." in text_of(saved)
    assert undo in text_of(saved)
    clock.refresh_from_db()
    assert clock.due_at == LATER
    assert "The last change moved 1 clock." in text_of(client.get(url(house)))
    back = client.post(undo, follow=True)
    assert "1 clock is due again when it was." in text_of(back)
    assert "The last change moved" not in text_of(back)
    clock.refresh_from_db()
    assert clock.due_at == DUE
    house.refresh_from_db()
    assert house.weekly["1"] == [["09:00", "12:00"]]
    again = client.post(undo, follow=True)
    assert "taken back already" in text_of(again)


def test_many_are_left_to_the_background(
    *,
    client: Client,
    administrator: User,
    rep: User,
    marketer: User,
    house: BusinessCalendar,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calendar_effects, "MOST_AT_ONCE", 0)
    in_force(promise())
    fresh_mql(marketer, rep)
    client.force_login(administrator)
    saved = client.post(url(house), typed(house, **MORNINGS), follow=True)
    assert "Open clocks are being counted anew." in text_of(saved)
    asked = Recalculation.objects.get(done_at__isnull=True)
    assert recalculate(asked.pk, at=AT) == 1
    assert "The last change moved 1 clock." in text_of(client.get(url(house)))


def test_who_may_not_change_the_calendar_takes_nothing_back(
    client: Client, manager_sales: User, rep: User, marketer: User, house: BusinessCalendar
) -> None:
    in_force(promise())
    fresh_mql(marketer, rep)
    asked = Recalculation.objects.create(calendar=house, asked_at=AT, done_at=AT)
    before = list(Clock.objects.values())
    client.force_login(manager_sales)
    assert client.post(f"/sla/recalculations/{asked.pk}/undo/").status_code == 403
    asked.refresh_from_db()
    assert asked.undone_at is None
    assert list(Clock.objects.values()) == before
    # Nor is he told of clocks of a calendar that he may not change.
    response = client.post(f"/settings/calendars/preview/?calendar={house.pk}", typed(house))
    assert "open" not in effect_in(response)


@pytest.mark.parametrize("asked", ["", "x", "-1", "²", "9" * 30, "999999"])
def test_an_unknown_calendar_is_looked_at_as_a_new_one(
    client: Client, administrator: User, house: BusinessCalendar, asked: str
) -> None:
    client.force_login(administrator)
    response = client.post(f"/settings/calendars/preview/?calendar={asked}", typed(house))
    assert not effect_in(response)["is_stored"]
