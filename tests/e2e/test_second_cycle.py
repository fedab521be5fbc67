"""A lead that was not ready: Sales sends it back, Marketing nurtures it, the second pass wins."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from leads.enums import Disposition, LifecycleStage, TouchKind
from leads.models import Contact, Lead
from leads.services.touches import TouchFacts, record_touches
from smarketing import time_source
from tests.e2e.conftest import check_page
from tests.leads.records import lead_at

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], Page]
S, D = LifecycleStage, Disposition


def sign_out(page: Page, live_server: LiveServer) -> None:
    page.context.clear_cookies()
    page.goto(live_server.url)


def send_back(page: Page, live_server: LiveServer) -> None:
    """The rep rejects by key: not now."""
    page.goto(live_server.url + reverse("lead-inbox"))
    page.keyboard.press("r")
    page.keyboard.press("1")
    expect(page.get_by_text("Anna Verdi is rejected: Not now.")).to_be_visible()


def qualify_again(page: Page, live_server: LiveServer) -> None:
    """The marketer meets the story of the first pass, and qualifies by key."""
    page.goto(live_server.url + reverse("lead-qualify"))
    expect(page.locator(".lead-title")).to_have_text("Anna Verdi")
    expect(page.get_by_text("Not now").filter(visible=True).first).to_be_visible()
    check_page(page)
    page.keyboard.press("q")
    expect(page.get_by_text("No lead waits to be qualified")).to_be_visible()


def win(page: Page, live_server: LiveServer, lead: Lead) -> None:
    """The rep takes the lead out of the queue and goes all the way."""
    page.goto(live_server.url + reverse("lead-detail", args=[lead.pk]))
    expect(page.get_by_text("Not now").filter(visible=True).first).to_be_visible()
    page.get_by_role("button", name="Accept lead").click()
    page.get_by_role("link", name="Mark as SQL").click()
    page.get_by_role("button", name="Mark as SQL").click()
    page.get_by_role("link", name="Make an opportunity").first.click()
    page.wait_for_url("**/convert/")
    page.get_by_label("Amount").fill("9000")
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_text("Became an opportunity")).to_be_visible()
    page.goto(live_server.url + reverse("lead-detail", args=[lead.pk]))
    page.get_by_role("link", name="Mark as won").click()
    page.wait_for_url("**/win/")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: not url.endswith("/win/"))


def test_recycled_comes_back_and_becomes_a_customer(
    sign_in: SignIn, marketer: User, rep: User, live_server: LiveServer
) -> None:
    first = lead_at(
        S.MQL, owner=rep, given_name="Anna", family_name="Verdi", company="Acme", score=70
    )
    first_mql_at = first.contact.first_mql_at
    page = sign_in(rep)
    send_back(page, live_server)
    first.refresh_from_db()
    assert (first.disposition, first.owner) == (D.RECYCLED, None)
    assert first.nurture_until is not None

    now = time_source.now()
    form = TouchFacts(contact_id=first.contact_id, kind=TouchKind.FORM, occurred_at=now)
    record_touches([form], at=now)
    second = Lead.objects.get(recycled_from=first)
    assert (second.stage, second.disposition) == (S.LEAD, D.OPEN)

    sign_out(page, live_server)
    qualify_again(sign_in(marketer), live_server)
    sign_out(page, live_server)
    win(sign_in(rep), live_server, second)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.stage, first.disposition) == (S.MQL, D.RECYCLED)
    assert (second.stage, second.disposition, second.owner) == (S.CUSTOMER, D.WON, rep)
    assert Contact.objects.get().first_mql_at == first_mql_at
