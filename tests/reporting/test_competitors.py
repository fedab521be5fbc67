"""Lost to competitors, by product line, with what it was worth where that is known."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from accounts.models import User
from leads.enums import Disposition, LifecycleStage
from leads.models import Competitor, Lead, Opportunity, ProductLine
from leads.services.facts import derive_all_due
from reporting.panels import PANELS
from tests.leads.records import lead_at
from tests.reporting.asking import rows_of, view_of

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
FEBRUARY = "2026-02"
PANEL = PANELS["competitors"]


@pytest.fixture
def rivals(db: None) -> tuple[Competitor, Competitor]:
    made = [
        Competitor.objects.create(name=name, key=name.lower()) for name in ("Globex", "Initech")
    ]
    return made[0], made[1]


@pytest.fixture
def lines(db: None) -> tuple[ProductLine, ProductLine]:
    made = [ProductLine.objects.create(name=name, key=name.lower()) for name in ("Pumps", "Valves")]
    return made[0], made[1]


@pytest.fixture
def leads(rep: User, rivals: Any, lines: Any) -> list[Lead]:
    """Two lost to Globex, one to Initech by what its deal says, one to nobody named; one won."""
    (globex, initech), (pumps, valves) = rivals, lines
    made = [
        lead_at(S.OPPORTUNITY, D.LOST, owner=rep, email=f"p{n}@acme.example", product_line_id=line)
        for n, line in enumerate((pumps.pk, valves.pk, pumps.pk, None))
    ]
    Lead.objects.filter(pk__in=[made[0].pk, made[1].pk]).update(competitor=globex)
    deal(made[0], "1000.01")
    deal(made[0], "500", competitor=initech)  # the lead says Globex: that stands
    deal(made[1], "300", currency="USD")
    deal(made[2], "200", currency="USD", rate=Decimal("0.5"), competitor=initech)
    made.append(lead_at(S.CUSTOMER, D.WON, owner=rep, email="won@acme.example"))
    Lead.objects.filter(pk=made[-1].pk).update(competitor=globex)
    derive_all_due()
    return made


def deal(lead: Lead, amount: str, **fields: Any) -> None:
    """A lost deal beside a lead."""
    Opportunity.objects.create(
        lead=lead, state="LOST", amount=Decimal(amount), closed_at=lead.closed_at, **fields
    )


def test_count_share_amount_and_lines(
    leads: list[Lead], rivals: Any, lines: Any, marketer: User
) -> None:
    (globex, initech), (pumps, valves) = rivals, lines
    figures = PANEL.count(view_of(marketer, days=FEBRUARY))
    assert [one.key for one in figures.columns] == [
        "n", "share", "amount", "unworthed",
        f"line-{pumps.pk}", f"line-{valves.pk}", "line-none",
    ]  # fmt: skip
    assert rows_of(figures) == {
        str(globex.pk): [2, Fraction(1, 2), 150_001, 1, 1, 1, 0],
        str(initech.pk): [1, Fraction(1, 4), 10_000, 0, 1, 0, 0],
        "none": [1, Fraction(1, 4), None, 1, 0, 0, 1],
    }
    assert [row.key for row in figures.rows][-1] == "none"


def test_every_line_has_its_rows(
    leads: list[Lead], rivals: Any, lines: Any, marketer: User
) -> None:
    (globex, initech), (pumps, _valves) = rivals, lines
    view = view_of(marketer, days=FEBRUARY)
    assert PANEL.rows is not None
    for row, column, expected in (
        (globex.pk, f"line-{pumps.pk}", [leads[0].pk]),
        (initech.pk, "n", [leads[2].pk]),
        ("none", "line-none", [leads[3].pk]),
    ):
        found = PANEL.rows(view, str(row), column)
        assert found is not None
        assert [fact.pk for fact in found] == expected
    assert PANEL.rows(view, "none", "line-x") is None


def test_another_period_lost_nothing(leads: list[Lead], marketer: User) -> None:
    figures = PANEL.count(view_of(marketer, days="2026-01"))
    assert (len(figures.columns), figures.rows) == (4, [])
    assert PANEL.draw is not None
    assert PANEL.draw(figures) is None


def test_the_lines_that_lost_most_have_a_column(rep: User, marketer: User) -> None:
    for n in range(8):
        line = ProductLine.objects.create(name=f"Line {n}", key=f"line {n}")
        for again in range(2 if n == 7 else 1):
            lead_at(S.SQL, D.LOST, owner=rep, email=f"p{n}-{again}@acme.example",
                    product_line_id=line.pk)  # fmt: skip
    derive_all_due()
    figures = PANEL.count(view_of(marketer, days=FEBRUARY))
    assert [str(one.label) for one in figures.columns[4:]] == [
        "Line 7", "Line 0", "Line 1", "Line 2", "Line 3", "Line 4",
    ]  # fmt: skip
    assert rows_of(figures)["none"][:2] == [9, 1]
    assert len(figures.notes) == 2
