"""What the demo's people met before they became leads: once, and only beside a library."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leads.demo.before import SEEN, load_before
from leads.enums import LifecycleStage, TouchKind
from leads.models import Asset, LeadFact, Touch
from leads.services.facts import derive_all_due, recount
from tests.conftest import AT
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db


def test_nothing_without_a_library() -> None:
    lead_at(LifecycleStage.LEAD)
    load_before(AT)
    assert not Touch.objects.exists()


def test_advertisements_and_papers_once() -> None:
    leads = [lead_at(LifecycleStage.LEAD, email=f"p{n}@acme.example") for n in range(3)]
    known = Asset.objects.create(name="Guide", key="guide", kind="E_BOOK", body="x",
                                 created_at=AT - timedelta(days=2))  # fmt: skip
    for days in (1, 3):
        Touch.objects.create(
            contact=leads[0].contact, kind=TouchKind.DOWNLOAD, recorded_at=AT,
            occurred_at=AT - timedelta(days=days),
        )  # fmt: skip
    for _again in range(2):
        load_before(AT)
        derive_all_due()
        assert list(
            LeadFact.objects.order_by("lead_id").values_list("touches_until_lead", flat=True)
        ) == list(SEEN[:3])
        papers = Touch.objects.filter(kind=TouchKind.DOWNLOAD).order_by("occurred_at")
        assert [one.asset_id for one in papers] == [None, known.pk]
        assert LeadFact.objects.get(pk=leads[0].pk).asset_ids == [known.pk]
        assert recount().wrong == []
