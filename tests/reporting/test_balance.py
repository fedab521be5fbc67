"""Stage balance: what was open at the end of each week or month, to the tick, and is open now."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import User
from leads.enums import Disposition, LifecycleStage
from leads.models import Lead
from leads.selectors.balances import stage_balances
from leads.services.facts import derive_all_due
from reporting.panels import PANELS
from reporting.panels.balance import ends_of
from reporting.spans import read_days
from tests.conftest import AT
from tests.leads.records import HOUR, lead_at
from tests.reporting.asking import rows_of, view_of

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
ROME = ZoneInfo("Europe/Rome")
PANEL = PANELS["balance"]
TICK = timedelta(microseconds=1)


def ends(name: str) -> list[str]:
    """The days at whose ends leads are counted, as AT (3 March 2026) sees them."""
    return [end.day.isoformat() for end in ends_of(read_days(name, ROME), AT)]


def test_a_month_is_looked_at_by_weeks_and_more_by_months() -> None:
    weeks = ends("2026-02")
    assert (len(weeks), weeks[0], weeks[-2:]) == (12, "2025-12-13", ["2026-02-21", "2026-02-28"])
    months = ends("2025")
    assert (len(months), months[0], months[-1]) == (12, "2025-01-31", "2025-12-31")
    assert ends("2025-12-01/2026-01-15")[-2:] == ["2025-12-31", "2026-01-15"]


def test_while_the_period_runs_today_is_left_to_what_stands_now() -> None:
    weeks = ends("2026-03")
    assert (len(weeks), weeks[-1]) == (11, "2026-02-24")
    months = ends("2026-Q1")
    assert (len(months), months[0], months[-1]) == (11, "2025-04-30", "2026-02-28")


def test_days_end_at_midnight_in_the_zone_of_the_house() -> None:
    (*_others, last) = ends_of(read_days("2026-03", ROME), AT + timedelta(days=40))
    assert last.at.isoformat() == "2026-04-01T00:00:00+02:00"


@pytest.fixture
def leads(rep: User) -> list[Lead]:
    """Each entered LEAD on 27 February at 06:00 UTC, and one stage an hour after it."""
    made = [
        lead_at(S.LEAD, email="a@acme.example"),
        lead_at(S.SAL, owner=rep, email="c@acme.example"),
        lead_at(S.SQL, D.RECYCLED, owner=rep, email="d@acme.example"),
        lead_at(S.CUSTOMER, D.WON, owner=rep, email="e@acme.example"),
    ]
    derive_all_due()
    return made


def test_open_leads_by_stage(leads: list[Lead], marketer: User) -> None:
    found = rows_of(PANEL.count(view_of(marketer, days="2026-02")))
    assert len(found) == 13
    assert found["2026-02-21"] == [0, 0, 0, 0, 0, 0]
    assert found["2026-02-28"] == found["now"] == [1, 0, 1, 0, 0, 2]
    told = {one.stage: one.count for one in stage_balances(marketer)}
    assert found["now"][:5] == list(told.values())


def test_to_the_tick(leads: list[Lead], marketer: User) -> None:
    """Entered just before the end counts there, at the end it does not; so it is with closing."""
    view = view_of(marketer, days="2026-02")
    end = view.span.end
    lead = Lead.objects.get(pk=leads[1].pk)
    for sal_at, told in ((end - TICK, [1, 0, 1]), (end, [1, 1, 0])):
        Lead.objects.filter(pk=lead.pk).update(sal_at=sal_at)
        derive_all_due()
        assert rows_of(PANEL.count(view))["2026-02-28"][:3] == told
    for closed_at, sql in ((end - TICK, 0), (end, 1)):
        Lead.objects.filter(pk=leads[2].pk).update(closed_at=closed_at)
        derive_all_due()
        figures = PANEL.count(view)
        assert rows_of(figures)["2026-02-28"][3] == sql
        assert PANEL.rows is not None
        for place, column in enumerate(figures.columns):
            behind = PANEL.rows(view, "2026-02-28", column.key)
            assert behind is not None
            assert behind.count() == rows_of(figures)["2026-02-28"][place]


def test_each_stage_in_its_hour(leads: list[Lead], marketer: User) -> None:
    """On the day itself every lead stands where the hour has brought it."""
    view = view_of(marketer, AT, days="2026-02-27/2026-02-27")
    Lead.objects.filter(pk=leads[3].pk).update(customer_at=AT - HOUR, closed_at=AT - HOUR)
    derive_all_due()
    found = rows_of(PANEL.count(view))
    assert found["2026-02-27"] == [1, 0, 1, 0, 1, 3]
    assert found["now"] == [1, 0, 1, 0, 0, 2]


def test_closed_at_an_unknown_instant_counts_nowhere(leads: list[Lead], marketer: User) -> None:
    Lead.objects.filter(pk=leads[2].pk).update(closed_at=None)
    derive_all_due()
    assert rows_of(PANEL.count(view_of(marketer, days="2026-02")))["2026-02-28"][3] == 0


def test_the_picture_has_one_area_a_stage(leads: list[Lead], marketer: User) -> None:
    assert PANEL.draw is not None
    past = PANEL.draw(PANEL.count(view_of(marketer, days="2026-02")))
    assert past is not None
    assert [len(one["data"]) for one in past["series"]] == [12] * 5
    running = PANEL.draw(PANEL.count(view_of(marketer, days="2026-03")))
    assert running is not None
    assert running["xAxis"]["data"][-1] == "Now"
    assert [one["data"][-1] for one in running["series"]] == [1, 0, 1, 0, 0]
    empty = PANEL.count(view_of(marketer, days="2025-01"))
    assert PANEL.draw(empty) is None
