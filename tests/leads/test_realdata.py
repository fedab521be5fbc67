"""The public data sets come in through the gate and keep their known answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, Q, Sum

from leads.enums import Disposition, LifecycleStage
from leads.models import Lead, Opportunity, ProductLine, Source, StageTransition

DATA = Path(settings.BASE_DIR).parent / "shared" / "data"
MAPPINGS = Path(__file__).parent / "mappings"
S, D = LifecycleStage, Disposition

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.django_db,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        not DATA.is_dir(), reason="the public data sets are not beside the checkout"
    ),
]


def imported(file: str, mapping: str, capsys, **options) -> dict:
    call_command("import_leads", str(DATA / file), mapping=MAPPINGS / f"{mapping}.json", **options)
    return json.loads(capsys.readouterr().out)


def counts(report: dict) -> dict:
    return {key: report[key] for key in ("rows", "created", "updated", "unchanged", "refused")}


def test_x_education_has_its_9240_leads_and_3561_customers(capsys):
    file, mapping = "x_education_leads.csv", "x_education"
    dry = imported(file, mapping, capsys, dry_run=True)
    assert Lead.objects.count() == 0
    first = imported(file, mapping, capsys)
    assert {**dry, "dry_run": False} == first
    everything = {"rows": 9240, "created": 9240, "updated": 0, "unchanged": 0, "refused": 0}
    assert counts(first) == everything
    assert by_source() == {
        "Google": (2873, 1147),
        "Direct Traffic": (2543, 818),
        "Olark Chat": (1755, 448),
        "Organic Search": (1154, 436),
        "Reference": (534, 490),
        "Welingak Website": (142, 140),
        "Referral Sites": (125, 31),
        "Facebook": (55, 13),
        None: (36, 29),
    }
    assert Lead.objects.filter(stage=S.CUSTOMER, disposition=D.WON).count() == 3561
    assert Lead.objects.filter(stage=S.LEAD, disposition=D.OPEN).count() == 9240 - 3561
    assert not Source.objects.filter(name="Select").exists()
    inferred = StageTransition.objects.filter(inferred=True).count()
    assert inferred == 3561 * 4
    again = imported(file, mapping, capsys)
    assert counts(again) == {**everything, "created": 0, "unchanged": 9240}
    assert StageTransition.objects.count() == 9240 + 3561 * 5


def by_source() -> dict:
    """(leads, customers) of the sources that the known answers name."""
    named = ("Google", "Direct Traffic", "Olark Chat", "Organic Search", "Reference",
             "Welingak Website", "Referral Sites", "Facebook")  # fmt: skip
    rows = (
        Lead.objects.filter(Q(source__name__in=named) | Q(source__isnull=True))
        .values_list("source__name")
        .annotate(n=Count("id"), won=Count("id", filter=Q(stage=S.CUSTOMER)))
    )
    return {name: (n, won) for name, n, won in rows}


def test_the_sales_pipeline_has_its_8800_deals(capsys):
    file, mapping = "sales_pipeline/sales_pipeline.csv", "sales_pipeline"
    first = imported(file, mapping, capsys)
    everything = {"rows": 8800, "created": 8800, "updated": 0, "unchanged": 0, "refused": 0}
    assert counts(first) == everything
    rows = Lead.objects.values_list("stage", "disposition").annotate(n=Count("id"))
    positions = {f"{stage} {disposition}": n for stage, disposition, n in rows}
    assert positions == {
        "CUSTOMER WON": 4238,
        "OPPORTUNITY LOST": 2473,
        "OPPORTUNITY OPEN": 1589,
        "SQL OPEN": 500,
    }
    assert Opportunity.objects.filter(state="WON").aggregate(s=Sum("amount"))["s"] == 10_005_534
    assert set(Opportunity.objects.values_list("currency", flat=True)) == {"USD"}
    assert Lead.objects.filter(contact__company__isnull=True).count() == 1425
    assert Lead.objects.filter(lead_at__isnull=True).count() == 500
    assert cycle_of_won() == (57, 106)
    assert "GTX Pro" in ProductLine.objects.values_list("name", flat=True)
    assert not ProductLine.objects.filter(name="GTXPro").exists()
    history = StageTransition.objects.count()
    again = imported(file, mapping, capsys)
    assert counts(again) == {**everything, "created": 0, "unchanged": 8800}
    assert (StageTransition.objects.count(), Opportunity.objects.count()) == (history, 8300)


def cycle_of_won() -> tuple[int, int]:
    """Median and p90 of the days from opportunity to customer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP "
            "(ORDER BY extract(day FROM customer_at - opportunity_at)) "
            "FROM leads_lead WHERE disposition = 'WON'"
        )
        median, p90 = cursor.fetchone()[0]
    return int(median), int(p90)
