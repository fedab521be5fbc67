"""The frame in a real browser: command menu, shortcuts, search, menus, looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import Theme
from accounts.models import User
from smarketing.registry import settings_pages
from tests.e2e.conftest import NARROW, check_page
from tests.leads.records import lead_at

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], Page]


def test_the_command_menu_goes_finds_and_acts(sign_in: SignIn, marketer: User) -> None:
    lead = lead_at(email="anna@acme.example", given_name="Anna", family_name="Verdi")
    page = sign_in(marketer)

    page.keyboard.press("Control+k")
    menu = page.get_by_role("dialog", name="Search or jump to")
    expect(menu).to_be_visible()
    page.keyboard.type("report")
    expect(menu.get_by_role("option").first).to_contain_text("Reports")
    page.keyboard.press("Enter")
    page.wait_for_url("**" + reverse("reports"))

    page.keyboard.press("Control+k")
    page.keyboard.type("Verdi")
    hits = menu.get_by_role("option").filter(has_text="Anna Verdi")
    expect(hits).to_have_count(2)  # the lead and the contact
    hit = hits.filter(has_text="Lead")
    hit.click()
    page.wait_for_url("**" + reverse("lead-detail", args=[lead.pk]))

    page.keyboard.press("Control+k")
    page.keyboard.type("create a lead")
    expect(menu.get_by_role("option").first).to_contain_text("Create a lead")
    page.keyboard.press("Enter")
    page.wait_for_url("**" + reverse("lead-new"))


def test_escape_closes_the_menu_and_gives_the_focus_back(sign_in: SignIn, rep: User) -> None:
    page = sign_in(rep)
    search = page.get_by_role("searchbox", name="Search or jump to")
    search.click()
    menu = page.get_by_role("dialog", name="Search or jump to")
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(search).to_be_focused()


def test_single_keys_lead_on_and_can_be_switched_off(
    sign_in: SignIn, rep: User, live_server: LiveServer
) -> None:
    page = sign_in(rep)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**" + reverse("lead-list"))

    User.objects.filter(pk=rep.pk).update(single_key_shortcuts=False)
    page.goto(live_server.url)
    page.keyboard.press("?")
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()
    assert page.url == f"{live_server.url}/"
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Search or jump to")).to_be_visible()


@pytest.mark.parametrize(
    ("theme", "system", "background"),
    [
        (Theme.SYSTEM, "light", "light"),
        (Theme.SYSTEM, "dark", "dark"),
        (Theme.LIGHT, "dark", "light"),
        (Theme.DARK, "light", "dark"),
    ],
)
def test_the_look_follows_the_system_unless_it_is_set(
    sign_in: SignIn, rep: User, theme: Theme, system: str, background: str
) -> None:
    User.objects.filter(pk=rep.pk).update(theme=theme)
    rep.refresh_from_db()
    page = sign_in(rep)
    page.emulate_media(color_scheme=system)  # type: ignore[arg-type]  # "light" or "dark"
    expect(page.locator("html")).to_have_attribute("data-bs-theme", background)
    red = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/)[0]")
    assert (float(red) > 128) == (background == "light")


def test_the_first_stop_of_the_tab_key_skips_to_the_content(sign_in: SignIn, rep: User) -> None:
    page = sign_in(rep)
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_on_a_phone_the_bar_is_below_and_more_opens_the_rest(sign_in: SignIn, rep: User) -> None:
    page = sign_in(rep)
    page.set_viewport_size(NARROW)
    bar = page.get_by_role("navigation", name="Areas")
    expect(bar.get_by_role("link", name="Reports")).to_be_hidden()
    bar.get_by_role("button", name="More").click()
    bar.get_by_role("link", name="Reports").click()
    page.wait_for_url("**" + reverse("reports"))


def test_every_settings_page_fits_and_can_be_read_by_everyone(
    sign_in: SignIn, administrator: User, live_server: LiveServer
) -> None:
    page = sign_in(administrator)
    pages = [*(entry.url_name for entry in settings_pages), "inbox", "search"]
    for url_name in pages:
        answer = page.goto(live_server.url + reverse(url_name))
        assert answer is not None
        assert answer.status == 200, url_name
        check_page(page)
