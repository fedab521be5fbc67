"""Acceptance and the reasons of a no: as the feedback page counts them, by month and by group."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from accounts.models import User
from leads.enums import Decision, LifecycleStage
from leads.models import Campaign, Lead
from leads.selectors.feedback import visible_feedback
from leads.selectors.feedback_figures import pending_decisions, total
from leads.services.facts import derive_all_due
from reporting.figures import Figures
from reporting.panels import PANELS
from tests.conftest import AT
from tests.leads.feedback.records import accepted, feedback_on, rejected
from tests.leads.records import lead_at
from tests.reporting.asking import rows_of, view_of

pytestmark = pytest.mark.django_db
S = LifecycleStage
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


@pytest.fixture
def fair(db: None) -> Campaign:
    return Campaign.objects.create(name="SPS Parma", key="sps parma", channel="FAIR")


@pytest.fixture
def decided(rep: User, fair: Campaign) -> None:
    """In March two accepted, two rejected, one sent back, one overturned; in February one no."""
    accepted(rep, email="a@acme.example", fit_rating=5)
    accepted(rep, email="b@acme.example", fit_rating=4)
    rejected(rep, email="c@acme.example", campaign_id=fair.pk, fit_rating=1)
    rejected(rep, email="d@acme.example", reason="no_budget")
    rejected(rep, email="e@acme.example", counts_as=Decision.ACCEPTED)
    rejected(rep, email="f@acme.example", voided_at=AT)
    rejected(rep, email="g@acme.example", at=AT - 10 * DAY)
    returned = lead_at(S.MQL, email="h@acme.example", campaign_id=fair.pk)
    feedback_on(returned, Decision.RETURNED, by=rep, reason="incomplete")
    Lead.objects.filter(pk=returned.pk).update(returned_at=AT)
    lead_at(S.MQL, email="i@acme.example")
    derive_all_due()


def count(key: str, user: User, **asked: str) -> Figures:
    return PANELS[key].count(view_of(user, **{"days": "2026-03", **asked}))


def test_acceptance_now_before_and_by_month(decided: None, marketer: User) -> None:
    figures = count("acceptance", marketer)
    found = rows_of(figures)
    assert [float(value) for value in found["period"] if value is not None] == [
        3, 2, 0.6, 1, pytest.approx(10 / 3), 1,
    ]  # fmt: skip
    assert found["before"] == [0, 1, 0, 0, None, None]
    assert (found["2026-03"][:5], found["2026-03"][5]) == (found["period"][:5], None)
    assert found["2026-02"] == found["before"]
    assert list(found)[2:][0::11] == ["2025-04", "2026-03"]
    assert [row.key for row in figures.rows if row.is_pending] == ["2026-03"]


def test_acceptance_is_that_of_the_feedback_page(decided: None, marketer: User) -> None:
    rows = visible_feedback(marketer).filter(decided_at__gte=AT - DAY)
    told = total(rows, pending_decisions(marketer, "campaign", {}, None))
    found = rows_of(count("acceptance", marketer))["period"]
    assert told.acceptance is not None
    assert found[2] == Fraction(told.acceptance)
    assert (found[0], found[1], found[3], found[5]) == (
        told.accepted, told.rejected, told.returned, told.pending,
    )  # fmt: skip


def test_a_decision_belongs_to_the_month_of_its_instant(rep: User, marketer: User) -> None:
    end = view_of(marketer, days="2026-02").span.end
    rejected(rep, email="a@acme.example", at=end - TICK)
    accepted(rep, email="b@acme.example", at=end)
    derive_all_due()
    found = rows_of(count("acceptance", marketer))
    assert (found["2026-02"][:2], found["2026-03"][:2]) == ([0, 1], [1, 0])


def test_filters_narrow_decisions_and_what_waits(
    decided: None, marketer: User, fair: Campaign
) -> None:
    found = rows_of(count("acceptance", marketer, campaign=str(fair.pk)))["period"]
    assert found == [0, 1, 0, 1, 1, 0]


def test_reasons_add_up_to_all(decided: None, marketer: User) -> None:
    found = rows_of(count("rejections", marketer))
    third = Fraction(1, 3)
    assert found == {
        "incomplete:returned": [1, third, third],
        "no_budget": [1, third, 2 * third],
        "wrong_fit": [1, third, 1],
    }


def test_reasons_by_campaign(decided: None, marketer: User, fair: Campaign) -> None:
    figures = count("rejections-by-campaign", marketer)
    assert [column.key for column in figures.columns] == [
        "n", "incomplete", "no_budget", "wrong_fit", "others",
    ]  # fmt: skip
    assert rows_of(figures) == {str(fair.pk): [2, 1, 0, 1, 0], "none": [1, 0, 1, 0, 0]}
    assert rows_of(count("rejections-by-persona", marketer)) == {"none": [3, 1, 1, 1, 0]}
    told = rows_of(count("rejections", marketer))
    assert sum(figures.column("n")) == sum(n for n, *_shares in told.values())  # type: ignore[arg-type]


def test_rare_reasons_stand_together(rep: User, marketer: User) -> None:
    for n in range(7):
        rejected(rep, email=f"a{n}@acme.example", reason=f"own_{n}")
        if n < 6:
            rejected(rep, email=f"b{n}@acme.example", reason=f"own_{n}")
    derive_all_due()
    figures = count("rejections-by-campaign", marketer)
    assert [column.key for column in figures.columns[1:]] == [
        "own_0", "own_1", "own_2", "own_3", "own_4", "others",
    ]  # fmt: skip
    assert rows_of(figures) == {"none": [13, 2, 2, 2, 2, 2, 3]}
