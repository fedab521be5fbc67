"""A manager reads the month, and walks from its revenue to the leads behind it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from leads.enums import Disposition, LifecycleStage
from leads.services.facts import derive_all_due
from reporting.panels import PANELS
from tests.e2e.conftest import check_page
from tests.leads.records import lead_at

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], Page]
S, D = LifecycleStage, Disposition


@pytest.fixture
def two_customers(rep: User) -> None:
    """Anna and Berta became customers in February 2026 for 1 200 and 800; Carla did not."""
    for name, amount in (("Anna", 1200), ("Berta", 800)):
        email = f"{name}@{name}.example".lower()
        lead = lead_at(S.CUSTOMER, D.WON, owner=rep, email=email, given_name=name,
                       family_name="Verdi")  # fmt: skip
        deal = lead.opportunities.first() or lead.opportunities.create(is_first=True)
        type(deal).objects.filter(pk=deal.pk).update(
            state="WON", amount=Decimal(amount), rate=1, closed_at=lead.customer_at
        )
    lead_at(S.SQL, owner=rep, email="carla@carla.example", given_name="Carla")
    derive_all_due()


def test_from_revenue_to_its_leads(
    sign_in: SignIn, manager_sales: User, two_customers: None, live_server: LiveServer
) -> None:
    page = sign_in(manager_sales)
    page.goto(live_server.url + reverse("reports") + "?days=2026-02")
    slot = page.locator("#slot-revenue")
    slot.scroll_into_view_if_needed()
    row = page.locator("#report-revenue").get_by_role("row", name="All")
    expect(row).to_contain_text("€2,000")
    row.get_by_role("link", name="2").click()
    page.wait_for_url("**/leads/?*report=*")
    expect(page.get_by_role("link", name="Anna Verdi").first).to_be_visible()
    expect(page.get_by_role("link", name="Berta Verdi").first).to_be_visible()
    expect(page.get_by_role("link", name="Carla")).to_have_count(0)
    expect(page.locator("#lead-applied")).to_contain_text("Revenue from new customers")


def test_every_panel_is_fit_to_be_seen(
    sign_in: SignIn, manager_sales: User, two_customers: None, live_server: LiveServer
) -> None:
    page = sign_in(manager_sales)
    page.goto(live_server.url + reverse("reports") + "?days=2026-02")
    for key in PANELS:
        page.locator(f"#slot-{key}").scroll_into_view_if_needed()
        expect(page.locator(f"#report-{key}")).to_be_visible()
    expect(page.locator("canvas").first).to_be_attached()
    check_page(page)


def test_a_month_without_anything_says_so(
    sign_in: SignIn, manager_sales: User, live_server: LiveServer
) -> None:
    page = sign_in(manager_sales)
    page.goto(live_server.url + reverse("report", args=["sources"]) + "?days=2025-01")
    expect(page.get_by_text("Nothing to count for this period yet")).to_be_visible()
    check_page(page)
