"""The public history of a sales team has its known answers on the dashboard."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import Organisation, User
from leads.services.facts import derive_all_due, recount
from reporting.panels import PANELS
from tests.leads.test_realdata import DATA, MAPPINGS
from tests.reporting.asking import rows_of, view_of

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.django_db,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        not DATA.is_dir(), reason="the public data sets are not beside the checkout"
    ),
]


def test_the_sales_pipeline(manager_sales: User, organisation: Organisation, capsys: Any) -> None:
    Organisation.objects.update(currency="USD")
    file = DATA / "sales_pipeline" / "sales_pipeline.csv"
    call_command("import_leads", str(file), mapping=MAPPINGS / "sales_pipeline.json")
    derive_all_due()
    assert recount().wrong == []
    view = view_of(manager_sales, days="2016-01-01/2018-01-01")

    revenue = rows_of(PANELS["revenue"].count(view))["all"]
    assert revenue == [4238, 1_000_553_400, Fraction(1)]
    whole = rows_of(PANELS["velocity"].count(view))["WHOLE"]
    assert (whole[0], int(whole[1]), int(whole[2])) == (4238, 57, 106)
    closes = rows_of(PANELS["closes"].count(view))
    assert (closes["WON"][0], closes["LOST"][0]) == (4238, 2473)
    assert round(float(closes["WIN_RATE"][2]), 4) == 0.6315
    funnel = rows_of(PANELS["funnel"].count(view))
    # 500 deals have no dates at all: they count in balances, never in flows.
    assert funnel["OPPORTUNITY"][0] == 8300
