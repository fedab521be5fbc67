"""Who wants to hear of late promises once a day hears of them as his day begins, together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Telling
from accounts.models import Notice, User
from accounts.services.notices import set_telling
from leads.enums import LifecycleStage
from leads.services.decisions import By, qualify_leads
from sla.services.escalating import escalate
from sla.services.telling import DIGEST, LATE, tell
from smarketing.errors import BadInput
from tests.leads.records import lead_at
from tests.sla.promising import in_force, promise
from tests.sla.test_clocks import DUE, HOUR, TICK, fresh_mql

pytestmark = pytest.mark.django_db
LADDER = [("1.0", {"tell_owner": True, "tell_manager": True})]
# The next working day begins at 9:00 in Rome.
MORNING = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def late(rep: User, marketer: User, manager_sales: User) -> None:
    """A lead of Bruno's that was due on Tuesday at 15:00; his head reads once a day."""
    in_force(promise(levels=LADDER))
    fresh_mql(marketer, rep)
    set_telling(manager_sales, Telling.DAILY)
    escalate(at=DUE + TICK)


def told(person: User) -> list[str]:
    rows = Notice.objects.filter(recipient=person, kind__in=[DIGEST, LATE]).order_by("pk")
    return list(rows.values_list("kind", flat=True))


@pytest.mark.parametrize(("at", "digests"), [(MORNING - TICK, 0), (MORNING, 1)])
def test_the_digest_comes_as_the_day_begins(
    rep: User, manager_sales: User, at: datetime, digests: int
) -> None:
    assert tell(at=DUE + TICK) == 1
    assert (told(rep), told(manager_sales)) == ([LATE], [])
    tell(at=at)
    assert told(manager_sales) == [DIGEST] * digests
    tell(at=at)
    assert told(manager_sales) == [DIGEST] * digests


def test_what_is_reached_during_the_day_waits_for_the_next(
    rep: User, marketer: User, manager_sales: User
) -> None:
    tell(at=MORNING)
    lead = lead_at(LifecycleStage.LEAD, email="second@acme.example", owner=rep)
    qualify_leads([lead.pk], by=By(actor=marketer), at=MORNING)
    reached = MORNING + 4 * HOUR + TICK
    escalate(at=reached)
    tell(at=reached)
    assert (told(manager_sales), len(told(rep))) == ([DIGEST], 2)
    tell(at=MORNING + timedelta(days=1))
    assert told(manager_sales) == [DIGEST, DIGEST]


def test_after_an_outage_it_is_one_digest_at_any_hour(manager_sales: User) -> None:
    tell(at=MORNING + 5 * HOUR)
    (notice,) = Notice.objects.filter(recipient=manager_sales, kind=DIGEST)
    assert (notice.params["late"], notice.params["soon"]) == (1, 0)


def test_it_is_chosen_with_the_notices(client: Client, rep: User) -> None:
    client.force_login(rep)
    client.post("/settings/notices/", {"telling": "daily"})
    rep.refresh_from_db()
    assert rep.telling == Telling.DAILY
    assert b'value="daily" checked' in client.get("/settings/notices/").content


@pytest.mark.parametrize("when", ["", "never"])
def test_another_choice_is_refused(rep: User, when: str) -> None:
    with pytest.raises(BadInput):
        set_telling(rep, when)
    rep.refresh_from_db()
    assert rep.telling == Telling.AT_ONCE


def test_the_people_who_read_once_a_day_cost_no_more(
    manager_sales: User, django_assert_num_queries: Any
) -> None:
    tell(at=DUE + TICK)
    with django_assert_num_queries(8):
        assert tell(at=DUE + HOUR) == 0
