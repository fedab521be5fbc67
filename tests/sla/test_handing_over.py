"""Open MQLs of a file that are handed over now: their clocks run from that instant, whether they
came with an owner or are routed; a file that only tells history starts none."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from leads.enums import LifecycleStage
from leads.mapping import read_mapping
from leads.models import Lead
from leads.services.decisions import By, accept_leads
from leads.services.importing import import_chunk
from sla.enums import ClockScope, CommitmentKind, Outcome, Told
from sla.models import Clock
from sla.services.reconciling import start_missing_clocks
from tests.conftest import AT
from tests.sla.promising import SINCE, in_force, promise
from tests.sla.test_clocks import DUE, HOUR

pytestmark = pytest.mark.django_db
K = CommitmentKind
COLUMNS = {"Mail": "email", "Mql": "mql_at", "Rep": "owner"}
STAY = {"stage": LifecycleStage.MQL, "minutes": 480}
STARTED = [(K.TIME_IN_STAGE, AT), (K.TIME_TO_DECIDE, AT)]


@pytest.fixture(autouse=True)
def promises() -> None:
    """To be decided within four hours, never at MQL for longer than eight."""
    in_force(promise(), promise(K.TIME_IN_STAGE, **STAY))


def bring(*owners: str, hand_over: bool = True) -> None:
    """A file of MQLs of last year, one for each owner; one without goes through routing."""
    mapping = read_mapping({"columns": COLUMNS, "date_format": "%d/%m/%Y", "hand_over": hand_over})
    rows = [
        (n, {"Mail": f"a{n}@f{n}.example", "Mql": "01/02/2025", "Rep": owner})
        for n, owner in enumerate(owners, start=2)
    ]
    import_chunk(rows, mapping, actor=None, at=AT)


def started() -> list[tuple[str, Any]]:
    rows = Clock.objects.filter(outcome__isnull=True).order_by("commitment__kind", "lead")
    return list(rows.values_list("commitment__kind", "started_at"))


def test_one_with_an_owner_is_to_be_decided_from_now(rep: User) -> None:
    bring(rep.email)
    assert started() == STARTED
    clock = Clock.objects.get(commitment__kind=K.TIME_TO_DECIDE)
    assert (clock.due_at, clock.owner, clock.started_by) == (DUE, rep, Told.ASSIGNMENT)
    lead = Lead.objects.get()
    assert lead.next_due_at == DUE
    accept_leads([lead.pk], by=By(actor=rep), at=AT + HOUR)
    assert set(Clock.objects.values_list("outcome", flat=True)) == {Outcome.MET}


def test_one_without_an_owner_is_routed_and_counts_as_well(rep: User) -> None:
    bring("")
    assert started() == STARTED
    assert Clock.objects.filter(owner__isnull=True, queue__isnull=False).count() == 2


def test_of_scope_owner_it_starts_once(rep: User) -> None:
    in_force(promise(clock_scope=ClockScope.OWNER), number=2)
    bring(rep.email)
    assert started() == [(K.TIME_TO_DECIDE, AT)]


def test_history_alone_starts_nothing_and_nothing_is_missing(rep: User) -> None:
    bring(rep.email, "", hand_over=False)
    assert start_missing_clocks(since=SINCE, at=AT + HOUR) == 0
    assert started() == []


@pytest.mark.parametrize("owners", [1, 0])
def test_what_was_lost_is_found_with_the_right_instant(rep: User, owners: int) -> None:
    bring(rep.email if owners else "")
    before = list(Clock.objects.order_by("commitment").values_list("lead", "due_at", "risk_at"))
    Clock.objects.all().delete()
    later = AT + HOUR
    found = [start_missing_clocks(since=SINCE, at=later) for _again in range(2)]
    assert found == [2, 0]
    rows = Clock.objects.order_by("commitment").values_list("lead", "due_at", "risk_at")
    assert list(rows) == before


def test_a_decided_one_is_not_started_anew(rep: User) -> None:
    bring(rep.email)
    Clock.objects.all().delete()
    accept_leads([Lead.objects.get().pk], by=By(actor=rep), at=AT + HOUR)
    assert start_missing_clocks(since=SINCE, at=AT + 2 * HOUR) == 0


@pytest.mark.parametrize("many", [1, 3])
def test_reconciling_costs_the_same_however_many(
    rep: User, many: int, django_assert_num_queries: Any
) -> None:
    bring(*[rep.email] * many)
    Clock.objects.all().delete()
    # The agreement and its parts, the searches, the locks, how they stand, and one write each.
    with django_assert_num_queries(14):
        assert start_missing_clocks(since=SINCE, at=AT + HOUR) == 2 * many
