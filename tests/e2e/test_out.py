"""What leaves: a list as a file, an objection, an erasure, and who took what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from leads.enums import LifecycleStage
from leads.models import Contact
from tests.e2e.conftest import NARROW, accessibility_findings, check_page, sticks_out
from tests.leads.records import lead_at

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], Page]


def test_a_list_leaves_as_it_is_shown(
    sign_in: SignIn, marketer: User, live_server: LiveServer, tmp_path: Path
) -> None:
    lead_at(LifecycleStage.MQL, email="anna@acme.example", given_name="=Anna")
    lead_at(LifecycleStage.LEAD, email="berta@acme.example", given_name="Berta")
    page = sign_in(marketer)
    page.goto(f"{live_server.url}/leads/?stage=MQL")
    page.locator("#export-menu summary").click()
    check_page(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export as CSV").click()
    file = tmp_path / "leads.csv"
    waiting.value.save_as(file)
    text = file.read_text(encoding="utf-8-sig")
    assert (text.count("\n"), "'=Anna" in text, "Berta" in text) == (2, True, False)
    page.goto(f"{live_server.url}/exports/")
    expect(page.get_by_role("cell", name="Downloaded")).to_be_visible()
    check_page(page)


def test_a_person_objects(sign_in: SignIn, rep: User, live_server: LiveServer) -> None:
    lead = lead_at(LifecycleStage.MQL, email="anna@acme.example", given_name="Anna")
    page = sign_in(rep)
    page.goto(f"{live_server.url}/contacts/{lead.contact_id}/")
    page.get_by_role("link", name="Note objection").click()
    check_page(page)
    page.get_by_label("How the person told us").fill("by phone")
    page.get_by_role("button", name="Stop marketing").click()
    expect(page.get_by_text("No marketing · since")).to_be_visible()
    check_page(page)


def test_a_person_asks_and_is_forgotten(
    sign_in: SignIn, administrator: User, live_server: LiveServer
) -> None:
    lead = lead_at(LifecycleStage.MQL, email="anna@acme.example", given_name="Anna")
    page = sign_in(administrator)
    page.goto(f"{live_server.url}/contacts/{lead.contact_id}/")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export as JSON").click()
    assert waiting.value.suggested_filename.endswith(".json")
    page.get_by_role("link", name="Erase person").click()
    page.get_by_label("Why").fill("Asked by letter")
    page.get_by_label("Name of the person").fill("Anna")
    check_page(page)
    page.get_by_role("button", name="Erase person").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"#{lead.contact_id}")
    assert Contact.objects.get().email is None
    page.goto(f"{live_server.url}/settings/data-protection/")
    expect(page.get_by_role("cell", name="Asked by letter")).to_be_visible()
    check_page(page)
    page.set_viewport_size(NARROW)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two words
        assert (accessibility_findings(page), sticks_out(page)) == ([], 0)
    page.locator("#count-months").fill("6")
    page.get_by_role("button", name="Count people").click()
    expect(page.get_by_text("nobody would be erased")).to_be_visible()
