"""The marketer's morning: twenty leads by keyboard, one key each, the next one at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from leads.enums import Disposition, LifecycleStage
from leads.models import Lead, StageDefinition
from tests.e2e.conftest import NARROW, check_page
from tests.leads.qualifying.records import BUDGET, FILLED_PHONE, define
from tests.leads.records import lead_at

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], Page]
TWENTY = 20


def people(n: int, **fields: str) -> list[Lead]:
    """Leads in the order of the queue: `Lead 00` has the highest score."""
    return [
        lead_at(
            email=f"p{i:02}@acme{i:02}.example", given_name="Lead", family_name=f"{i:02}",
            phone="+39 1", company=f"Acme {i:02}", score=90 - i, **fields,
        )
        for i in range(n)
    ]  # fmt: skip


def desk(page: Page, live_server: LiveServer) -> Page:
    page.goto(live_server.url + reverse("lead-qualify"))
    return page


def shows(page: Page, number: int) -> None:
    """The open lead is the one of this number."""
    expect(page.locator(".lead-title")).to_have_text(f"Lead {number:02}")


def test_twenty_leads_by_keyboard(sign_in: SignIn, marketer: User, live_server: LiveServer) -> None:
    define(LifecycleStage.MQL, FILLED_PHONE, BUDGET)
    leads = people(TWENTY)
    page = desk(sign_in(marketer), live_server)
    for number in range(TWENTY):
        shows(page, number)
        if number % 5 == 1:
            page.keyboard.press("n")
        elif number % 5 == 3:
            page.keyboard.press("d")
            page.keyboard.press("1")
        else:
            page.keyboard.press("y")  # the first open question
            page.keyboard.press("q")
    expect(page.get_by_text("No lead waits to be qualified")).to_be_visible()

    found = Lead.objects.in_bulk([lead.pk for lead in leads])
    for number, lead in enumerate(leads):
        row = found[lead.pk]
        if number % 5 == 1:
            assert (row.stage, row.disposition) == ("LEAD", Disposition.RECYCLED)
            assert row.nurture_until is not None
        elif number % 5 == 3:
            assert (row.stage, row.disposition) == ("LEAD", Disposition.DISQUALIFIED)
        else:
            assert (row.stage, row.disposition) == ("MQL", Disposition.OPEN)
            assert row.owner_id or row.queue_id, "an MQL is never in nobody's hands"
            kept = row.transitions.get(to_stage="MQL").evidence["definitions"][0]["criteria"]
            assert [one["met"] for one in kept] == [True, True]
    check_page(page)


def test_a_decision_is_taken_back(sign_in: SignIn, marketer: User, live_server: LiveServer) -> None:
    StageDefinition.objects.filter(stage="MQL").update(state="RETIRED")
    first, second = people(2)
    page = desk(sign_in(marketer), live_server)
    page.keyboard.press("q")
    shows(page, 1)
    expect(page.get_by_text("Lead 00 is an MQL")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    first.refresh_from_db()
    assert (first.stage, first.mql_at) == ("LEAD", None)
    second.refresh_from_db()
    assert second.stage == "LEAD"


def test_what_is_missing_holds_back_and_can_be_answered(
    sign_in: SignIn, marketer: User, live_server: LiveServer
) -> None:
    define(LifecycleStage.MQL, FILLED_PHONE, BUDGET)
    (lead,) = people(1)
    page = desk(sign_in(marketer), live_server)
    page.keyboard.press("q")
    expect(page.get_by_role("alert").filter(has_text="Is there a budget?")).to_be_visible()
    lead.refresh_from_db()
    assert lead.stage == "LEAD"
    check_page(page)
    page.get_by_role("radio", name="No").check()
    page.keyboard.press("y")  # on the row that has the focus
    expect(page.get_by_role("radio", name="Yes")).to_be_checked()
    page.keyboard.press("q")
    expect(page.get_by_text("No lead waits to be qualified")).to_be_visible()


def test_j_and_k_walk_and_the_obvious_go_together(
    sign_in: SignIn, marketer: User, live_server: LiveServer
) -> None:
    define(LifecycleStage.MQL, FILLED_PHONE)
    people(3)
    page = desk(sign_in(marketer), live_server)
    for key, number in (("j", 1), ("j", 2), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        shows(page, number)
    page.go_back()
    shows(page, 2)
    page.get_by_text("3 leads meet all that can be checked").click()
    page.get_by_role("checkbox", name="Lead 02").uncheck()
    page.get_by_role("button", name="Qualify the selected leads").click()
    expect(page.get_by_text("2 leads qualified.")).to_be_visible()
    shows(page, 2)
    assert Lead.objects.filter(stage="MQL").count() == 2


def test_the_queue_works_on_a_phone(
    sign_in: SignIn, marketer: User, live_server: LiveServer
) -> None:
    people(2)
    page = sign_in(marketer)
    page.set_viewport_size(NARROW)
    desk(page, live_server)
    page.get_by_role("button", name="Qualify lead").click()
    shows(page, 1)
    page.get_by_text("Disqualify lead").click()
    page.get_by_role("button", name="Wrong fit").click()
    expect(page.get_by_text("No lead waits to be qualified")).to_be_visible()
