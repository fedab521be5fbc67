"""A form's whole way: built, opened by a visitor without a sign-in, sent, seen as a lead."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from leads.models import CaptureForm, Lead, Touch
from tests.e2e.conftest import NARROW, accessibility_findings, check_page, sticks_out

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], Page]


def test_a_form_is_built_sent_and_seen_as_a_lead(
    sign_in: SignIn, marketer: User, live_server: LiveServer
) -> None:
    page = sign_in(marketer)
    page.goto(f"{live_server.url}/forms/")
    check_page(page)
    page.get_by_role("link", name="New form").first.click()
    page.get_by_label("Name", exact=True).fill("Contact us")
    page.get_by_label("Message", exact=True).select_option("optional")
    page.locator("#id_en_title").fill("Talk to us")
    page.locator("#id_en_consent").fill("You may write to me about pumps.")
    page.get_by_label("Sites that may show it").fill("https://www.acme.example")
    check_page(page)
    page.get_by_role("button", name="Create form").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Contact us")
    check_page(page)

    form = CaptureForm.objects.get()
    page.set_viewport_size(NARROW)
    page.goto(f"{live_server.url}/f/{form.token}/?utm_source=news")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two words
        assert (accessibility_findings(page), sticks_out(page)) == ([], 0)
    page.get_by_label("Family name").fill("Verdi")
    page.get_by_label("E-mail").fill("anna.verdi@acme.example")
    page.get_by_label("Message").fill("Please call.")
    page.get_by_label("You may write to me about pumps.").check()
    page.wait_for_timeout(2_100)  # nobody fills a form within two seconds
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

    lead = Lead.objects.select_related("contact").get()
    assert (lead.contact.email, Touch.objects.get().utm_source) == (
        "anna.verdi@acme.example",
        "news",
    )
    page.goto(f"{live_server.url}/forms/{form.pk}/")
    page.get_by_role("link", name="Verdi").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Verdi")
