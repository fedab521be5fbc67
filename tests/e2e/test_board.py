"""The board in a real browser: by mouse, by keys, by its form on a phone; refusals on the card."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from leads.enums import LifecycleStage
from leads.models import Lead, Opportunity
from tests.e2e.conftest import NARROW, check_page
from tests.leads.deals.deal_records import deal_of, sql_of
from tests.leads.records import lead_at

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
S = LifecycleStage
SignIn = Callable[[User], Page]


def column(page: Page, key: str) -> Locator:
    return page.locator(f'[data-column="{key}"]')


def card(page: Page, name: str) -> Locator:
    return page.locator(f'[data-card][data-name="{name}"]')


def test_a_card_goes_by_mouse_and_comes_back_when_the_gate_says_no(
    sign_in: SignIn, rep: User, live_server: LiveServer
) -> None:
    lead = lead_at(S.MQL, owner=rep, given_name="Anna", family_name="Verdi")
    page = sign_in(rep)
    page.goto(live_server.url + reverse("lead-board"))
    anna = card(page, "Anna Verdi")
    anna.drag_to(column(page, "SAL"))
    expect(column(page, "SAL").locator("[data-card]")).to_have_count(1)
    expect(page.get_by_text("Anna Verdi is SAL now.")).to_be_visible()
    expect(column(page, "SAL").locator(".board-count")).to_have_text("1")
    lead.refresh_from_db()
    assert lead.stage == S.SAL

    anna.drag_to(column(page, "LEAD"))
    expect(anna).to_contain_text("A lead does not go from SAL to Lead.")
    expect(column(page, "SAL").locator("[data-card]")).to_have_count(1)
    lead.refresh_from_db()
    assert lead.stage == S.SAL
    check_page(page)


def test_a_card_is_lifted_and_dropped_by_keys_alone(
    sign_in: SignIn, rep: User, live_server: LiveServer
) -> None:
    lead = lead_at(S.SAL, owner=rep, given_name="Anna", family_name="Verdi")
    page = sign_in(rep)
    page.goto(live_server.url + reverse("lead-board"))
    grip = page.get_by_role("button", name="Move Anna Verdi")
    said = page.locator("#announcements")

    grip.focus()
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Anna Verdi lifted, in SAL.")
    page.keyboard.press("ArrowRight")
    expect(said).to_have_text("Over SQL.")
    page.keyboard.press("Escape")
    expect(said).to_have_text("Anna Verdi is back in SAL.")

    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    refusal = "A lead does not go from SAL to MQL."
    expect(card(page, "Anna Verdi")).to_contain_text(refusal)
    expect(said).to_contain_text(f"Anna Verdi stays in SAL. {refusal}")
    expect(grip).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(said).to_have_text("Anna Verdi moved to SQL.")
    expect(grip).to_be_focused()
    lead.refresh_from_db()
    assert lead.stage == S.SQL


def test_a_drop_that_needs_more_asks_in_a_dialog(
    sign_in: SignIn, rep: User, live_server: LiveServer
) -> None:
    lead = sql_of(rep)
    page = sign_in(rep)
    page.goto(live_server.url + reverse("lead-board"))
    card(page, "Anna Verdi").drag_to(column(page, "OPPORTUNITY"))
    asked = page.get_by_role("dialog", name="Make Anna Verdi an opportunity")
    asked.get_by_label("Amount").fill("1.2.3")
    asked.get_by_role("button", name="Make opportunity").click()
    expect(asked.get_by_text("is not a number here")).to_be_visible()
    expect(asked.get_by_label("Amount")).to_have_value("1.2.3")
    assert Opportunity.objects.count() == 0

    asked.get_by_label("Amount").fill("1,200.50")
    asked.get_by_role("button", name="Make opportunity").click()
    expect(column(page, "OPPORTUNITY").locator("[data-card]")).to_contain_text("€1,200.50")
    expect(page.get_by_text("Anna Verdi is an opportunity now.")).to_be_visible()

    card(page, "Anna Verdi").drag_to(column(page, "CUSTOMER"))
    won = page.get_by_role("dialog", name="Win the deal with Anna Verdi")
    won.get_by_role("button", name="Win deal").click()
    expect(column(page, "CUSTOMER").locator("[data-card]")).to_have_count(1)
    lead = Lead.objects.get(pk=lead.pk)
    assert (lead.stage, lead.disposition) == (S.CUSTOMER, "WON")


def test_a_phone_shows_one_column_and_moves_by_a_form(
    sign_in: SignIn, rep: User, live_server: LiveServer
) -> None:
    lead = lead_at(S.MQL, owner=rep, given_name="Anna", family_name="Verdi")
    page = sign_in(rep)
    page.set_viewport_size(NARROW)
    page.goto(live_server.url + reverse("lead-board"))
    expect(column(page, "MQL")).to_be_visible()
    expect(column(page, "SAL")).to_be_hidden()
    card(page, "Anna Verdi").get_by_text("Move to").click()
    card(page, "Anna Verdi").get_by_role("button", name="Move lead").click()
    expect(page.get_by_text("Anna Verdi is SAL now.")).to_be_visible()
    page.get_by_role("navigation", name="Columns").get_by_role("link", name="SAL").click()
    expect(column(page, "SAL").locator("[data-card]")).to_have_count(1)
    lead.refresh_from_db()
    assert lead.stage == S.SAL


def test_the_pages_of_deals_stand_every_look(
    sign_in: SignIn, rep: User, manager_sales: User, live_server: LiveServer
) -> None:
    deal = deal_of(rep)
    page = sign_in(rep)
    for path in (
        reverse("opportunity-list"),
        reverse("opportunity-detail", args=[deal.pk]),
        reverse("opportunity-win", args=[deal.pk]),
        reverse("opportunity-lose", args=[deal.pk]),
        reverse("opportunity-new", args=[deal.lead_id]),
    ):
        page.goto(live_server.url + path)
        check_page(page)


def test_the_pages_of_campaigns_and_names_stand_every_look(
    sign_in: SignIn, marketer: User, live_server: LiveServer
) -> None:
    page = sign_in(marketer)
    page.goto(live_server.url + reverse("campaign-new"))
    page.get_by_label("Name").fill("Fair")
    page.get_by_role("button", name="Create campaign").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fair")
    page.get_by_label("Amount").fill("12.50")
    page.get_by_role("button", name="Add cost").click()
    expect(page.get_by_text("Cost added.")).to_be_visible()
    check_page(page)
    for name in ("campaign-list", "campaign-new", "catalogue", "deal-steps", "deal-step-new"):
        page.goto(live_server.url + reverse(name))
        check_page(page)
