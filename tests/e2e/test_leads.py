"""A lead's way in a real browser: Marketing brings it in and qualifies it, Sales decides."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from leads.enums import Disposition, LifecycleStage
from leads.models import Lead
from tests.e2e.conftest import NARROW, check_page
from tests.leads.records import lead_at

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], Page]


def test_a_marketer_brings_in_a_lead_and_qualifies_it(sign_in: SignIn, marketer: User) -> None:
    page = sign_in(marketer)
    page.get_by_role("navigation", name="Areas").get_by_role("link", name="Leads").click()
    page.get_by_role("link", name="New lead").first.click()

    page.get_by_label("E-mail").fill("anna.verdi@acme")
    page.get_by_label("Family name").fill("Verdi")
    page.get_by_role("button", name="Create lead").click()
    expect(page.get_by_text("Enter a valid email address.")).to_be_visible()
    expect(page.get_by_label("Family name")).to_have_value("Verdi")
    assert Lead.objects.count() == 0

    page.get_by_label("E-mail").fill("anna.verdi@acme.example")
    page.get_by_role("button", name="Create lead").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Verdi")
    check_page(page)
    page.get_by_role("button", name="Qualify").click()
    expect(page.get_by_text("Qualified by Marketing")).to_be_visible()
    lead = Lead.objects.get()
    assert (lead.stage, lead.contact.email) == (LifecycleStage.MQL, "anna.verdi@acme.example")


def test_a_rep_accepts_on_the_phone_and_closes_with_a_reason(
    sign_in: SignIn, rep: User, live_server: LiveServer
) -> None:
    lead = lead_at(LifecycleStage.MQL, owner=rep, given_name="Anna", family_name="Verdi")
    page = sign_in(rep)
    page.set_viewport_size(NARROW)
    page.goto(live_server.url)
    page.get_by_role("link", name="Anna Verdi", exact=True).last.click()
    page.get_by_role("button", name="Accept lead").click()
    expect(page.get_by_text("Accepted by Sales")).to_be_visible()

    page.locator("summary", has_text="More").first.click()
    page.get_by_role("button", name="Close…").click()
    closing = page.get_by_role("dialog", name="Close this lead")
    closing.get_by_label("Lost").check()
    closing.get_by_label("Reason").select_option(label="Bought elsewhere")
    closing.get_by_role("button", name="Close lead").click()
    expect(page.get_by_text("Anna Verdi is closed: Lost.")).to_be_visible()
    lead.refresh_from_db()
    assert (lead.stage, lead.disposition) == (LifecycleStage.SAL, Disposition.LOST)


def test_filters_live_in_the_address_and_back_works(
    sign_in: SignIn, marketer: User, live_server: LiveServer
) -> None:
    lead_at(email="anna@acme.example", given_name="Anna", family_name="Verdi")
    lead_at(LifecycleStage.MQL, email="bea@acme.example", given_name="Béatrice", family_name="Roux")
    page = sign_in(marketer)
    page.goto(live_server.url + reverse("lead-list"))
    rows = page.get_by_role("table", name="Leads").locator("tbody tr")
    expect(rows).to_have_count(2)

    page.get_by_role("searchbox", name="Search leads").fill("beatrice")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Béatrice Roux")
    assert "q=beatrice" in page.url

    rows.first.get_by_role("link", name="Béatrice Roux").click()
    page.wait_for_url("**/leads/*/")
    page.go_back()
    expect(rows).to_have_count(1)


def test_who_comes_second_is_told_who_was_first(
    sign_in: SignIn, rep: User, manager_sales: User
) -> None:
    lead = lead_at(LifecycleStage.MQL, owner=rep, given_name="Anna", family_name="Verdi")
    page = sign_in(rep)
    page.goto(page.url.rstrip("/") + reverse("lead-detail", args=[lead.pk]))

    from leads.moving import Move  # noqa: PLC0415  # the other person, beside the browser
    from leads.services.moves import move_leads  # noqa: PLC0415

    at = lead.created_at
    other = Move(
        lead_id=lead.pk, to_stage=LifecycleStage.SAL, actor=manager_sales, note="He is away."
    )
    move_leads([other], at=at)
    page.get_by_role("button", name="Accept lead").click()
    expect(page.get_by_text("Dario Greco has already moved this lead to SAL.")).to_be_visible()
