"""What assets did: sent, opened, seen by those who ended, and by new customers."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from accounts.models import User
from leads.enums import Disposition, LifecycleStage, TouchKind
from leads.models import Asset, AssetSend, Lead, Touch
from leads.services.facts import derive_all_due
from reporting.panels import PANELS
from tests.conftest import AT
from tests.leads.records import HOUR, lead_at
from tests.reporting.asking import rows_of, view_of

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
FEBRUARY = "2026-02"
PANEL = PANELS["assets"]


@pytest.fixture
def assets(db: None) -> tuple[Asset, Asset]:
    made = [
        Asset.objects.create(
            name=name, key=name.lower(), kind="CASE_STUDY", body="Read", created_at=AT
        )
        for name in ("Case study", "E-book")
    ]
    return made[0], made[1]


@pytest.fixture
def leads(rep: User, assets: tuple[Asset, Asset]) -> list[Lead]:
    """Won and lost had seen the case study, won the e-book too; the open one saw it and did not
    end. The case study was sent to two, twice to one, and opened by one."""
    study, book = assets
    won = lead_at(S.CUSTOMER, D.WON, owner=rep, email="w@acme.example")
    lost = lead_at(S.OPPORTUNITY, D.LOST, owner=rep, email="l@acme.example")
    still = lead_at(S.SQL, owner=rep, email="o@acme.example")
    deal = won.opportunities.first() or won.opportunities.create(is_first=True)
    type(deal).objects.filter(pk=deal.pk).update(
        state="WON", amount=Decimal("1000.01"), rate=1, closed_at=won.customer_at
    )
    for lead, asset in ((won, study), (won, book), (lost, study), (still, study)):
        saw(lead, asset, AT - 99 * HOUR)
    saw(lost, book, AT)  # after the close
    for lead, n in ((lost, 1), (lost, 2), (still, 3)):
        AssetSend.objects.create(
            asset=study, lead=lead, sender=rep, token=f"t{n}", sent_at=AT - 99 * HOUR,
            first_opened_at=AT if n == 3 else None,
        )  # fmt: skip
    AssetSend.objects.create(
        asset=book, lead=won, sender=rep, token="late", sent_at=AT, first_opened_at=AT
    )
    derive_all_due()
    return [won, lost, still]


def saw(lead: Lead, asset: Asset, at: datetime) -> None:
    """Lay a touch with an asset beside a lead."""
    Touch.objects.create(
        contact=lead.contact, kind=TouchKind.DOWNLOAD, asset_id=asset.pk, occurred_at=at,
        recorded_at=AT,
    )  # fmt: skip


def test_use_and_influence(leads: list[Lead], assets: tuple[Asset, Asset], marketer: User) -> None:
    study, book = assets
    figures = PANEL.count(view_of(marketer, days=FEBRUARY))
    assert rows_of(figures) == {
        str(study.pk): [2, 1, Fraction(1, 2), 2, 1, Fraction(1, 2), 100_001],
        str(book.pk): [0, 0, None, 1, 1, Fraction(1), 100_001],
    }
    assert [str(row.label) for row in figures.rows] == ["Case study", "E-book"]
    march = rows_of(PANEL.count(view_of(marketer, days="2026-03")))
    assert march == {str(book.pk): [1, 1, Fraction(1), 0, 0, None, 0]}


def test_every_number_leads_to_its_leads(
    leads: list[Lead], assets: tuple[Asset, Asset], marketer: User
) -> None:
    won, lost, still = leads
    view, study = view_of(marketer, days=FEBRUARY), str(assets[0].pk)
    assert PANEL.rows is not None
    for column, expected in (
        ("sent", {lost, still}), ("opened", {still}), ("seen", {won, lost}), ("won", {won}),
    ):  # fmt: skip
        found = PANEL.rows(view, study, column)
        assert found is not None
        assert {fact.pk for fact in found} == {lead.pk for lead in expected}
        assert found.count() == len(expected)


def test_borders_of_the_period(rep: User, assets: tuple[Asset, Asset], marketer: User) -> None:
    span = view_of(marketer, days=FEBRUARY).span
    lead = lead_at(S.SQL, owner=rep)
    tick = timedelta(microseconds=1)
    for n, at in enumerate([span.start - tick, span.start, span.end - tick, span.end]):
        AssetSend.objects.create(
            asset=assets[n % 2], lead=lead, sender=rep, token=f"b{n}", sent_at=at
        )
    derive_all_due()
    found = rows_of(PANEL.count(view_of(marketer, days=FEBRUARY)))
    assert {key: values[0] for key, values in found.items()} == {
        str(assets[0].pk): 1, str(assets[1].pk): 1,
    }  # fmt: skip
    assert PANEL.draw is not None
    assert PANEL.draw(PANEL.count(view_of(marketer, days=FEBRUARY))) is None
