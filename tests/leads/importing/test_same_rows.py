"""History told by the thousand leaves the rows, and has the refusals, that the gate has one by one.

Every story of up to four steps, dated or not, goes both ways.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from leads.enums import Cause, Disposition, LifecycleStage
from leads.lifecycle import position
from leads.models import Contact, Lead, StageTransition
from leads.moving import Move, Refusal, Step, When
from leads.services.copying import next_ids
from leads.services.history import Travel, write_history
from leads.services.importing.cycles import cycles_of
from leads.services.moves import begin_leads, move_leads, rehearse_on
from leads.travelling import Stumble, stumble, way_of
from tests.conftest import AT

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
CLOSES = [(None, one) for one in (D.LOST, D.DISQUALIFIED, D.RECYCLED)]
SHAPES = [(stage, position(stage).disposition) for stage in S] + CLOSES
DAYS = st.one_of(st.none(), st.integers(min_value=-3, max_value=4))
STEP = st.tuples(st.sampled_from(SHAPES), DAYS)
FIRST = st.tuples(st.sampled_from(SHAPES[:6]), DAYS)
Story = list[tuple[tuple, int | None]]


def instant(days: int | None):
    return None if days is None else AT - timedelta(days=3 - days)


def made(name: str) -> Contact:
    return Contact.objects.create(
        email=f"{name}@acme.example", captured_through="test", created_at=AT
    )


def steps_of(story: Story, *, lead_id: int | None = None) -> list:
    kind, own = (Step, {}) if lead_id is None else (Move, {"lead_id": lead_id})
    return [
        kind(
            to_stage=stage, disposition=end, cause=Cause.IMPORT, reason=f"r{n}",
            effective_at=instant(days) or When.UNKNOWN, **own,
        )
        for n, ((stage, end), days) in enumerate(story)
    ]  # fmt: skip


def by_the_gate(begun: Story, gone_on: Story):
    outcome = begin_leads([(Lead(contact=made("one")), steps_of(begun))], at=AT, apply_rest=True)
    if outcome.refusals:
        return said(outcome.refusals[0])
    (lead,) = outcome.leads
    moves = steps_of(gone_on, lead_id=lead.pk)
    refusal = rehearse_on(lead, moves, at=AT)
    if refusal is not None:
        return said(refusal)
    move_leads(moves, at=AT)
    return facts(lead.contact_id)


def by_sets(begun: Story, gone_on: Story):
    contact = made("one")
    travel = travelled(None, begun, None)
    if isinstance(travel, Stumble):
        return said(travel)
    travel.lead_id, travel.contact_id = next_ids((Lead, 1))[0][0], contact.pk
    write([travel], [])
    if gone_on:
        (known,) = cycles_of([contact.pk])[contact.pk]
        onward = travelled(known.here, gone_on, known.since)
        if isinstance(onward, Stumble):
            return said(onward)
        onward.lead_id, onward.contact_id = known.lead_id, contact.pk
        write([], [onward])
    return facts(contact.pk)


def travelled(start, story: Story, since):
    way = way_of(start, tuple(shape for shape, _days in story))
    instants = [instant(days) for _shape, days in story]
    reasons = [f"r{n}" for n in range(len(story))]
    return stumble(way, instants, since=since, at=AT) or Travel(way, instants, reasons)


def write(begun: list[Travel], gone_on: list[Travel]) -> None:
    write_history(begun, gone_on, cause=Cause.IMPORT, actor=None, at=AT)


def said(refusal: Refusal | Stumble) -> tuple[str, str]:
    return refusal.code, str(refusal.message)


def facts(contact_id: int) -> tuple:
    leads = [
        {k: v for k, v in row.items() if k not in ("id", "contact_id")}
        for row in Lead.objects.filter(contact_id=contact_id).order_by("id").values()
    ]
    rows = [
        {k: v for k, v in row.items() if k not in ("id", "lead_id")}
        for row in StageTransition.objects.filter(lead__contact_id=contact_id)
        .order_by("id")
        .values()
    ]
    return leads, rows, Contact.objects.get(pk=contact_id).first_mql_at


def undone(way, *stories):
    with transaction.atomic():
        found = way(*stories)
        transaction.set_rollback(True)
    return found


@example([((S.LEAD, D.OPEN), 0)], [((S.CUSTOMER, D.WON), 2)])
@example([((S.LEAD, D.OPEN), 1), ((S.MQL, D.OPEN), 0)], [])
@example([((S.MQL, D.OPEN), 4)], [])
@example([((S.MQL, D.OPEN), 3)], [((None, D.RECYCLED), 3)])
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    begun=st.builds(lambda first, rest: [first, *rest], FIRST, st.lists(STEP, max_size=2)),
    gone_on=st.lists(STEP, max_size=2),
)
def test_both_ways_leave_the_same_rows_or_the_same_refusal(begun, gone_on):
    assert undone(by_sets, begun, gone_on) == undone(by_the_gate, begun, gone_on)
