"""What every panel keeps, whatever it counts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from leads.enums import Disposition, LifecycleStage, TouchKind
from leads.models import Campaign, CampaignCost, Company, Lead, Source, Touch
from leads.services.facts import derive_all_due
from reporting.figures import Unit
from reporting.panels import PANELS
from tests.conftest import AT
from tests.leads.records import HOUR, lead_at
from tests.reporting.asking import rows_of, view_of

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
FEBRUARY = "2026-02"
MOST_STATEMENTS = 3
# What the SLA page reads too, in as many statements as it takes there.
OF_PROMISES = {"goal": 13, "promises": 13}


@pytest.fixture
def fair(db: None) -> Source:
    return Source.objects.create(name="Trade fair", key="trade fair")


@pytest.fixture
def campaign(db: None) -> Campaign:
    one = Campaign.objects.create(name="SPS Parma", key="sps parma", channel="FAIR")
    for day, amount in (("2026-01-31", 900), ("2026-02-01", 100), ("2026-02-28", 50),
                        ("2026-03-01", 900)):  # fmt: skip
        CampaignCost.objects.create(campaign=one, spent_on=day, amount=amount)
    return one


@pytest.fixture
def leads(rep: User, fair: Source, campaign: Campaign) -> list[Lead]:
    """One won for 1 000.01 after two touches, one lost, one at SAL, one never worked."""
    won = lead_at(S.CUSTOMER, D.WON, owner=rep, email="e@acme.example", source_id=fair.pk,
                  campaign_id=campaign.pk, country="Italy")  # fmt: skip
    lost = lead_at(S.OPPORTUNITY, D.LOST, owner=rep, email="f@beta.example", source_id=fair.pk)
    sal = lead_at(S.SAL, owner=rep, email="c@gamma.example")
    new = lead_at(S.LEAD, email="a@delta.example")
    deal = won.opportunities.first() or won.opportunities.create(is_first=True)
    type(deal).objects.filter(pk=deal.pk).update(
        state="WON", amount=Decimal("1000.01"), rate=1, closed_at=won.customer_at
    )
    Company.objects.filter(contacts__leads=won).update(sector="Food", employees=120)
    assert won.lead_at is not None
    for place, kind in enumerate((TouchKind.FAIR, TouchKind.DOWNLOAD)):
        Touch.objects.create(
            contact=won.contact, kind=kind, campaign=campaign if place == 0 else None,
            occurred_at=won.lead_at + (place - 1) * HOUR, recorded_at=AT, asset_id=place or None,
        )  # fmt: skip
    derive_all_due()
    return [won, lost, sal, new]


@pytest.mark.parametrize("key", list(PANELS))
def test_every_number_has_as_many_rows(leads: list[Lead], manager_sales: User, key: str) -> None:
    panel, view = PANELS[key], view_of(manager_sales, days=FEBRUARY)
    for row in panel.count(view).rows:
        for column, value in zip(panel.count(view).columns, row.values, strict=True):
            if column.drills and value is not None:
                assert panel.rows is not None
                found = panel.rows(view, row.key, column.key)
                assert found is not None, (row.key, column.key)
                assert found.count() == value, (row.key, column.key)


@pytest.mark.parametrize("key", list(PANELS))
def test_nothing_divides_by_nothing(manager_sales: User, key: str) -> None:
    """Without a lead every share, time and ratio is empty, and nothing fails."""
    panel = PANELS[key]
    figures = panel.count(view_of(manager_sales, days=FEBRUARY))
    for row in figures.rows:
        for column, value in zip(figures.columns, row.values, strict=True):
            if column.unit in (Unit.SHARE, Unit.DAYS, Unit.RATIO):
                assert value is None, (row.key, column.key)
    if panel.draw:
        panel.draw(figures)


@pytest.mark.parametrize("key", list(PANELS))
def test_rows_that_are_none_are_refused(leads: list[Lead], manager_sales: User, key: str) -> None:
    panel, view = PANELS[key], view_of(manager_sales, days=FEBRUARY)
    if panel.rows is not None:
        assert panel.rows(view, "no such row", "n") is None
        for row in panel.count(view).rows:
            assert panel.rows(view, row.key, "no such column") is None


@pytest.mark.parametrize("key", list(PANELS))
def test_statements_do_not_grow_with_the_leads(
    leads: list[Lead], rep: User, manager_sales: User, key: str,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    view = view_of(manager_sales, days=FEBRUARY)
    with django_assert_max_num_queries(OF_PROMISES.get(key, MOST_STATEMENTS)) as with_four:
        PANELS[key].count(view)
    for n in range(6):
        lead_at(S.SQL, owner=rep, email=f"more{n}@more{n}.example")
    derive_all_due()
    with django_assert_max_num_queries(OF_PROMISES.get(key, MOST_STATEMENTS)) as with_ten:
        PANELS[key].count(view)
    assert len(with_four) == len(with_ten)


@pytest.mark.parametrize("key", list(PANELS))
def test_every_figure_names_its_kind(leads: list[Lead], manager_sales: User, key: str) -> None:
    figures = PANELS[key].count(view_of(manager_sales, days=FEBRUARY))
    assert all(one.kind or one.unit is Unit.TEXT for one in figures.columns)


def test_velocity(leads: list[Lead], manager_sales: User) -> None:
    found = rows_of(PANELS["velocity"].count(view_of(manager_sales, days=FEBRUARY)))
    hour = HOUR / timedelta(days=1)
    for stage, n in (("LEAD", 3), ("MQL", 3), ("SAL", 2), ("SQL", 2), ("OPPORTUNITY", 1)):
        assert found[stage][0] == n
        assert [float(value) for value in found[stage][1:]] == pytest.approx([hour, hour])
    assert found["WHOLE"][0] == 1
    assert float(found["WHOLE"][1]) == pytest.approx(5 * hour)


def test_sources_and_campaigns(
    leads: list[Lead], manager_sales: User, fair: Source, campaign: Campaign
) -> None:
    view = view_of(manager_sales, days=FEBRUARY)
    sources = rows_of(PANELS["sources"].count(view))
    assert sources[str(fair.pk)][:6] == [2, 2, 2, 2, 2, 1]
    assert sources[str(fair.pk)][-1] == 100_001
    assert sources["none"][:6] == [2, 1, 1, 0, 0, 0]
    one = rows_of(PANELS["campaigns"].count(view))[str(campaign.pk)]
    # Costs of February alone: 150.00; one MQL, one customer; 1 000.01 came back.
    assert one[-4:-1] == [15_000, 15_000, 15_000]
    assert float(one[-1]) == pytest.approx((100_001 - 15_000) / 15_000)


def test_revenue_sourced_and_influenced(leads: list[Lead], manager_sales: User) -> None:
    found = rows_of(PANELS["revenue"].count(view_of(manager_sales, days=FEBRUARY)))
    assert found["all"] == [1, 100_001, 1]
    assert found["sourced"] == [1, 100_001, 1]
    assert found["sales"] == [0, 0, 0]
    assert found["influenced"] == [1, 100_001, 1]


def test_attribution_adds_up_in_every_model(leads: list[Lead], manager_sales: User) -> None:
    for key in ("attribution", "attribution-by-touch"):
        figures = PANELS[key].count(view_of(manager_sales, days=FEBRUARY))
        for column in figures.columns:
            assert sum(int(value or 0) for value in figures.column(column.key)) == 100_001
    by_touch = rows_of(figures)
    assert by_touch["FAIR"][:3] == [100_001, 0, 50_001]
    assert by_touch["DOWNLOAD"][:3] == [0, 100_001, 50_000]
    assert by_touch["unattributed"] == [0] * 7


def test_traits_count_what_ended(leads: list[Lead], manager_sales: User, fair: Source) -> None:
    found = rows_of(PANELS["traits"].count(view_of(manager_sales, days=FEBRUARY)))
    assert found[f"source={fair.pk}"][:2] == [2, 1]
    assert found["sector=Food"][:2] == [1, 1]
    assert found["size=3"][:2] == [1, 1]
    assert found["region=Italy"][:2] == [1, 1]
    assert found["touch=DOWNLOAD"][:2] == [1, 1]
    assert found["asset=1"][:2] == [1, 1]
    assert found["sector=Food"][3:6] == [None, None, None]
    assert found["sector=Food"][-1] == "too few (under 30)"


def test_traits_of_own_fields(leads: list[Lead], manager_sales: User) -> None:
    won, lost, *_others = leads
    Lead.objects.filter(pk=won.pk).update(attributes={"vip": True, "region": "North"})
    Lead.objects.filter(pk=lost.pk).update(attributes={"region": "North"})
    panel, view = PANELS["traits"], view_of(manager_sales, days=FEBRUARY)
    found = rows_of(panel.count(view))
    assert (found["field:vip=true"][:2], found["field:region=North"][:2]) == ([1, 1], [2, 1])
    assert panel.rows is not None
    vips = panel.rows(view, "field:vip=true", "won")
    assert vips is not None
    assert [fact.pk for fact in vips] == [won.pk]
