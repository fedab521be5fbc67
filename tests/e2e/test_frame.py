"""The components, the way in and the passkeys in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.e2e.conftest import accessibility_findings, check_page
from tests.factories import PASSWORD

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SignIn = Callable[[User], Page]


@pytest.fixture
def today(sign_in: SignIn, administrator: User) -> Page:
    """The Today page of an administrator."""
    return sign_in(administrator)


@pytest.fixture
def gallery(today: Page, live_server: LiveServer, settings: Any) -> Page:
    """The page of all components."""
    settings.DEBUG = True
    today.goto(f"{live_server.url}/gallery/")
    return today


def test_the_page_brings_its_own_actions(gallery: Page) -> None:
    gallery.keyboard.press("Control+k")
    gallery.get_by_role("combobox", name="Search or jump to").fill("toast")
    chosen = gallery.locator("#palette").get_by_role("option", selected=True)
    expect(chosen).to_contain_text("Try a toast")


def test_keys_in_a_field_are_letters(gallery: Page) -> None:
    field = gallery.get_by_role("searchbox", name="Find in this list")
    field.press_sequentially("gs?")
    expect(field).to_have_value("gs?")
    assert gallery.url.endswith("/gallery/")


def test_rows_are_reached_and_selected_by_keys(gallery: Page) -> None:
    gallery.keyboard.press("j")
    gallery.keyboard.press("j")
    expect(gallery.locator("tr.is-cursor")).to_contain_text("Globex")
    gallery.keyboard.press("x")
    expect(gallery.get_by_role("checkbox", name="Select Globex")).to_be_checked()
    expect(gallery.locator("[data-bulk-bar]")).to_contain_text("1 selected")
    gallery.get_by_role("button", name="Clear selection").click()
    expect(gallery.locator("[data-bulk-bar]")).to_be_hidden()


def test_all_rows_shown_are_selected_at_once(gallery: Page) -> None:
    gallery.get_by_role("checkbox", name="Select all rows shown").check()
    expect(gallery.locator("[data-bulk-count]")).to_have_text("3")
    gallery.get_by_role("checkbox", name="Select Acme").uncheck()
    head = gallery.get_by_role("checkbox", name="Select all rows shown")
    assert head.evaluate("box => box.indeterminate") is True


def test_a_chart_is_drawn_and_turns_into_its_table(gallery: Page) -> None:
    frame = gallery.locator("#sample-chart")
    frame.scroll_into_view_if_needed()
    expect(frame.locator("canvas")).to_be_visible()
    frame.get_by_role("button", name="Show as table").click()
    expect(frame.locator("canvas")).to_be_hidden()
    expect(frame.get_by_role("cell", name="103")).to_be_visible()
    frame.get_by_role("button", name="Download").click()
    with gallery.expect_download() as download:
        frame.get_by_role("button", name="Table (CSV)").click()
    assert download.value.path().read_bytes().decode("utf-8-sig").splitlines() == [
        '"Week","Marketing","Sales"', '"12","84","61"', '"13","92","70"', '"14","78","74"',
        '"15","103","81"',
    ]  # fmt: skip


def test_a_dialog_takes_the_focus_and_gives_it_back(gallery: Page) -> None:
    opener = gallery.get_by_role("button", name="Open the dialog")
    opener.click()
    dialog = gallery.get_by_role("dialog", name="Reject this lead")
    expect(dialog).to_be_visible()
    assert accessibility_findings(gallery) == []
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_every_component_fits_and_is_accessible(gallery: Page) -> None:
    check_page(gallery)


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/"])
def test_the_way_in_fits_and_is_accessible(path: str, page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}{path}")
    check_page(page)


def test_a_passkey_is_added_and_opens_the_door(
    page: Page, sign_in: SignIn, rep: User, live_server: LiveServer, settings: Any
) -> None:
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    _hold_a_key(page)
    sign_in(rep)
    page.goto(f"{live_server.url}/accounts/2fa/webauthn/add/")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name").fill("Office laptop")
    page.get_by_label("Use it as a passkey").check()
    page.get_by_role("button", name="Add the key").click()
    page.wait_for_url("**/recovery-codes/")
    check_page(page)
    page.get_by_role("button", name="your menu", exact=False).click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{live_server.url}/")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def _hold_a_key(page: Page) -> None:
    """Give the browser a security key that always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
