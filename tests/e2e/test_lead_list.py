"""The lead list in a real browser: several leads at once, filters and the way back, on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from leads.enums import CloseReason, LifecycleStage
from leads.models import Lead
from tests.e2e.conftest import NARROW, sticks_out
from tests.leads.records import lead_at

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], Page]


def begun(*names: str) -> None:
    for name in names:
        lead_at(email=f"{name.lower()}@{name.lower()}.example", given_name=name)


def select(page: Page, *names: str) -> None:
    for name in names:
        page.get_by_role("checkbox", name=f"Select {name}").check()


def test_several_leads_are_qualified_and_closed_from_the_list(
    sign_in: SignIn, live_server: LiveServer, marketer: User
) -> None:
    begun("Anna", "Berta", "Carla")
    page = sign_in(marketer)
    page.goto(live_server.url + reverse("lead-list"))

    select(page, "Anna", "Berta")
    page.get_by_role("button", name="Qualify", exact=True).click()
    expect(page.get_by_text("2 leads changed.")).to_be_visible()
    assert Lead.objects.filter(stage=LifecycleStage.MQL).count() == 2

    select(page, "Carla")
    page.get_by_role("button", name="Close…").click()
    dialog = page.get_by_role("dialog", name="Close the selected leads")
    dialog.get_by_role("button", name="Close leads").click()
    expect(dialog).to_be_visible()  # the browser asks for what is missing
    dialog.get_by_role("radio", name="Disqualified").check()
    dialog.get_by_label("Reason").select_option(CloseReason.WRONG_FIT.value)
    dialog.get_by_role("button", name="Close leads").click()
    expect(page.get_by_text("1 lead changed.")).to_be_visible()
    assert not Lead.objects.open().filter(contact__given_name="Carla").exists()


def test_filters_say_what_the_list_shows_on_the_way_back(
    sign_in: SignIn, live_server: LiveServer, marketer: User
) -> None:
    begun("Anna")
    page = sign_in(marketer)
    page.goto(live_server.url + reverse("lead-list"))
    owner = page.get_by_label("Owner", exact=True)
    owner.select_option("me")
    page.wait_for_url("**owner=me**")
    page.go_back()
    page.wait_for_url("**" + reverse("lead-list"))
    expect(page.get_by_role("link", name="Anna")).to_be_visible()
    expect(owner).to_have_value("")


def test_a_phone_shows_leads_as_cards(
    sign_in: SignIn, live_server: LiveServer, marketer: User
) -> None:
    begun("Anna", "Berta")
    page = sign_in(marketer)
    page.set_viewport_size(NARROW)
    page.goto(live_server.url + reverse("lead-list"))
    wrap = page.get_by_role("region", name="Leads")
    expect(wrap.get_by_role("link", name="Anna")).to_be_in_viewport()
    assert sticks_out(page) == 0
    assert wrap.evaluate("box => box.scrollWidth - box.clientWidth") == 0


def test_a_refused_form_puts_the_cursor_where_to_mend(
    sign_in: SignIn, live_server: LiveServer, marketer: User
) -> None:
    page = sign_in(marketer)
    page.goto(live_server.url + reverse("lead-new"))
    page.get_by_label("E-mail").fill("anna@nowhere")
    page.get_by_role("button", name="Create lead").click()
    expect(page.get_by_text("Enter a valid email address.")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_be_focused()
