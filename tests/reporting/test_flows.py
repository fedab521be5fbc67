"""Moves between stages: they are the transitions that count, and their sums are the funnel's."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import F

from accounts.models import User
from leads.enums import Disposition, LifecycleStage
from leads.lifecycle import MOVES, STAGES, Position
from leads.models import Lead, StageTransition
from leads.moving import Move
from leads.selectors.figures.flows import BACK, NEW, known_ends
from leads.services.facts import derive_all_due
from leads.services.moves import move_leads
from reporting.panels import PANELS
from reporting.panels.flows import ORDER
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.reporting.asking import rows_of, view_of

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
FEBRUARY = "2026-02"
FLOWS = PANELS["flows"]


@pytest.fixture
def leads(rep: User) -> list[Lead]:
    """One at every place where a lead may end, and one that came back after nurturing."""
    ends = sorted(
        {there for _here, there in MOVES if there.disposition is not D.MERGED} | {Position(S.LEAD)},
        key=lambda one: (STAGES.index(one.stage), one.disposition),
    )
    made = [
        lead_at(one.stage, one.disposition, owner=rep, email=f"p{n}@acme.example")
        for n, one in enumerate(ends)
    ]
    recycled = next(one for one in made if one.disposition == D.RECYCLED)
    back = lead_at(S.MQL, owner=rep, email="back@acme.example")
    Lead.objects.filter(pk=back.pk).update(recycled_from=recycled)
    derive_all_due()
    return [*made, back]


def test_moves_in_between_in_and_out(rep: User, marketer: User) -> None:
    for n, (stage, end) in enumerate([
        (S.LEAD, D.OPEN), (S.MQL, D.OPEN), (S.MQL, D.RECYCLED), (S.SQL, D.LOST),
        (S.CUSTOMER, D.WON),
    ]):  # fmt: skip
        lead_at(stage, end, owner=rep, email=f"p{n}@acme.example")
    derive_all_due()
    found = rows_of(FLOWS.count(view_of(marketer, days=FEBRUARY)))
    assert {key: values[0] for key, values in found.items()} == {
        "NEW-LEAD": 5, "LEAD-MQL": 4, "MQL-SAL": 2, "MQL-RECYCLED": 1, "SAL-SQL": 2,
        "SQL-OPPORTUNITY": 1, "SQL-LOST": 1, "OPPORTUNITY-CUSTOMER": 1,
    }  # fmt: skip
    assert found["MQL-SAL"][1:] == [0, pytest.approx(2 / 3)]
    later = rows_of(FLOWS.count(view_of(marketer, days="2026-03")))
    assert later["MQL-SAL"] == [0, 2, None]


def test_who_comes_back_is_told_apart(leads: list[Lead], marketer: User) -> None:
    found = rows_of(FLOWS.count(view_of(marketer, days=FEBRUARY)))
    assert found["BACK-LEAD"][0] == 1
    assert found["NEW-LEAD"][0] == len(leads) - 1


def test_moves_are_the_transitions_that_count(leads: list[Lead], marketer: User) -> None:
    view = view_of(marketer, days=FEBRUARY)
    counting = StageTransition.objects.filter(
        inferred=False, voided_by=None, effective_at__gte=view.span.start,
        effective_at__lt=view.span.end,
    )  # fmt: skip
    assert sum(values[0] for values in rows_of(FLOWS.count(view)).values()) == counting.count()


def test_what_enters_a_stage_is_the_funnels(leads: list[Lead], marketer: User) -> None:
    """Into each stage as many as the funnel says; out of it never more than came, in and before."""
    view = view_of(marketer, days=FEBRUARY)
    funnel = rows_of(PANELS["funnel"].count(view))
    came: Counter[str] = Counter()
    went: Counter[str] = Counter()
    for key, values in rows_of(FLOWS.count(view)).items():
        start, end = key.split("-")
        went[start] += values[0]
        came[end] += values[0]
    assert {stage: came[stage] for stage in STAGES} == {stage: funnel[stage][0] for stage in STAGES}
    assert went[NEW] + went[BACK] == len(leads) == funnel[S.LEAD][0]
    standing = Counter(one.stage for one in leads if one.disposition == D.OPEN)
    for stage in STAGES[:-1]:
        assert came[stage] - went[stage] == standing[stage]
    ended = [one for one in leads if one.disposition not in (D.OPEN, D.WON)]
    assert sum(came[end] for end in (D.RECYCLED, D.DISQUALIFIED, D.LOST)) == len(ended)


def test_what_was_taken_back_or_has_no_day_is_not_counted(
    leads: list[Lead], marketer: User
) -> None:
    view = view_of(marketer, days=FEBRUARY)
    row = StageTransition.objects.filter(to_stage=S.SAL, to_disposition=D.OPEN).first()
    assert row is not None
    was = rows_of(FLOWS.count(view))["MQL-SAL"][0]
    StageTransition.objects.filter(pk=row.pk).update(voided_by=F("pk"))
    assert rows_of(FLOWS.count(view))["MQL-SAL"][0] == was - 1


def test_a_skip_is_one_move(rep: User, manager_sales: User, marketer: User) -> None:
    lead = lead_at(S.SAL, owner=rep)
    move_leads(
        [Move(lead_id=lead.pk, to_stage=S.OPPORTUNITY, actor=manager_sales, note="Bought at once")],
        at=AT,
    )
    derive_all_due()
    found = rows_of(FLOWS.count(view_of(marketer, days="2026-03")))
    now = {key: values[0] for key, values in found.items() if values[0]}
    assert sum(now.values()) == 1
    assert next(iter(now)).endswith("-OPPORTUNITY")


def test_borders_of_the_period(rep: User, marketer: User) -> None:
    lead_at(S.LEAD, email="a@acme.example", at=view_of(marketer, days=FEBRUARY).span.end)
    lead_at(S.LEAD, email="b@acme.example", at=view_of(marketer, days="2026-03").span.end)
    tick = timedelta(microseconds=1)
    for n, at in enumerate([view_of(marketer, days="2026-03").span.start - tick,
                            view_of(marketer, days="2026-03").span.start]):  # fmt: skip
        lead_at(S.LEAD, email=f"t{n}@acme.example", at=at + timedelta(hours=100))
    derive_all_due()
    found = rows_of(FLOWS.count(view_of(marketer, days="2026-03")))
    assert found == {"NEW-LEAD": [2, 2, 1]}


def test_every_end_has_its_place_and_the_picture_its_bands(
    leads: list[Lead], marketer: User
) -> None:
    assert set(ORDER) == known_ends()
    figures = FLOWS.count(view_of(marketer, days=FEBRUARY))
    assert FLOWS.draw is not None
    option = FLOWS.draw(figures)
    assert option is not None
    (series,) = option["series"]
    assert sum(link["value"] for link in series["links"]) == sum(
        int(n or 0) for n in figures.column("n")
    )
    names = [node["name"] for node in series["data"]]
    assert len(set(names)) == len(names)
    assert FLOWS.draw(FLOWS.count(view_of(marketer, days="2024"))) is None
