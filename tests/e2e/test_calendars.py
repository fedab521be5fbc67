"""A week is painted by mouse and by keyboard, typed exactly, looked at live, and saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import BusinessCalendar, Organisation, User
from leads.enums import LifecycleStage
from leads.models import Lead
from leads.services.decisions import By, qualify_leads
from sla.models import Clock
from tests.e2e.conftest import NARROW, check_page
from tests.leads.records import lead_at
from tests.sla.promising import in_force, promise

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SLOT = "[data-day='{day}'][data-slot='{slot}']"


@pytest.fixture
def form(
    sign_in: Callable[[User], Page],
    administrator: User,
    organisation: Organisation,
    live_server: LiveServer,
) -> Page:
    """The page of the organisation's calendar, Mon-Fri 9-17."""
    page = sign_in(administrator)
    page.goto(f"{live_server.url}/settings/calendars/{organisation.calendar_id}/")
    expect(page.get_by_role("grid", name="Working week")).to_be_visible()
    return page


def cell(page: Page, day: int, slot: int) -> Locator:
    return page.locator(SLOT.format(day=day, slot=slot))


def hours(page: Page) -> list[str]:
    return [page.locator(f"#id_day_{day}").input_value() for day in range(1, 8)]


def drag(page: Page, start: Locator, end: Locator) -> None:
    """From the middle of one cell to the middle of another."""
    start.scroll_into_view_if_needed()
    for locator, act in ((start, page.mouse.down), (end, page.mouse.up)):
        box = locator.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5)
        act()


OFFICE = "09:00–17:00"


def test_the_mouse_paints_and_clears_a_rectangle(form: Page) -> None:
    drag(form, cell(form, 5, 18), cell(form, 6, 23))
    assert hours(form) == [OFFICE] * 5 + ["09:00–12:00"] * 2
    drag(form, cell(form, 1, 33), cell(form, 0, 24))
    assert hours(form) == ["09:00–12:00"] * 2 + [OFFICE] * 3 + ["09:00–12:00"] * 2
    assert form.locator("[data-week-total]").inner_text() == "36 h a week"


def test_on_a_narrow_screen_days_stand_beside_one_another(form: Page) -> None:
    form.set_viewport_size(NARROW)
    drag(form, cell(form, 5, 18), cell(form, 5, 19))
    assert hours(form)[5] == "09:00–10:00"
    cell(form, 5, 18).focus()
    form.keyboard.press("ArrowDown")
    form.keyboard.press("Shift+ArrowRight")
    assert hours(form)[6] == "09:30–10:00"


def test_the_keyboard_paints_moves_and_says_what_it_did(form: Page) -> None:
    cell(form, 5, 18).focus()
    form.keyboard.press("Space")
    for _ in range(3):
        form.keyboard.press("Shift+ArrowRight")
    form.keyboard.press("Shift+ArrowDown")
    assert hours(form)[5:] == ["09:00–11:00", "10:30–11:00"]
    said = form.locator("[data-week-said]")
    assert said.inner_text() == "Sunday: 10:30–11:00"
    form.keyboard.press("Space")
    assert said.inner_text() == "Sunday: closed"
    form.keyboard.press("Home")
    form.keyboard.press("ArrowLeft")
    form.keyboard.press("ArrowDown")
    focused = form.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == "Sunday, 00:00 to 00:30"


def test_escape_takes_back_the_stroke_that_is_under_way(form: Page) -> None:
    box = cell(form, 6, 20).bounding_box()
    assert box is not None
    form.mouse.move(box["x"] + 3, box["y"] + 3)
    form.mouse.down()
    expect(cell(form, 6, 20)).to_have_attribute("aria-selected", "true")
    form.keyboard.press("Escape")
    form.mouse.up()
    expect(cell(form, 6, 20)).to_have_attribute("aria-selected", "false")
    assert hours(form)[6] == ""


def test_typed_times_are_painted_exactly(form: Page) -> None:
    form.locator("#id_day_7").fill("9:15-11:45")
    styles = [cell(form, 6, slot).get_attribute("style") for slot in (18, 19, 23, 24)]
    assert styles == [
        "--slot: 18; --from: 0.5; --to: 1;",
        "--slot: 19; --from: 0; --to: 1;",
        "--slot: 23; --from: 0; --to: 0.5;",
        "--slot: 24; --from: 0; --to: 0;",
    ]


def test_the_answers_follow_the_brush(form: Page) -> None:
    form.get_by_role("button", name="Clear").click()
    preview = form.locator("#calendar-preview")
    expect(preview).to_contain_text("No open window yet")
    form.get_by_role("button", name="Mon–Fri 9–17").click()
    expect(preview).to_contain_text("One business hour from now ends")
    form.get_by_label("Open round the clock").check()
    expect(preview).to_contain_text("Open")
    expect(form.get_by_role("grid", name="Working week")).to_be_hidden()


def test_a_painted_calendar_with_holidays_and_exceptions_is_saved(
    form: Page, organisation: Organisation
) -> None:
    drag(form, cell(form, 5, 18), cell(form, 5, 23))
    form.get_by_label("Country").select_option("IT")
    form.get_by_label("Region").select_option("RM")
    row = form.locator(".holidays li", has_text="Republic Day")
    form.locator(".holiday-head", has_text="days in").wait_for()
    row.hover()
    row.get_by_role("button", name="We work").click()
    expect(row.get_by_role("button", name="We work")).to_be_hidden()
    year = form.locator(".holidays time").first.get_attribute("datetime")
    assert year is not None
    form.get_by_role("button", name="Save calendar").click()
    form.wait_for_url("**/settings/calendars/")
    expect(form.locator("#toasts")).to_contain_text("The calendar “Office hours” is saved.")

    stored = BusinessCalendar.objects.get(pk=organisation.calendar_id)
    assert stored.weekly["6"] == [["09:00", "12:00"]]
    assert (stored.holiday_country, stored.holiday_subdivision) == ("IT", "RM")
    republic_day = date(int(year[:4]), 6, 2)
    exception = stored.exceptions.get()
    assert (exception.on, exception.note) == (republic_day, "Republic Day")
    assert exception.windows[0][0] == "09:00"


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_a_script_the_lines_are_the_form(
    sign_in: Callable[[User], Page],
    administrator: User,
    organisation: Organisation,
    live_server: LiveServer,
) -> None:
    page = sign_in(administrator)
    page.goto(f"{live_server.url}/settings/calendars/{organisation.calendar_id}/")
    page.locator("#id_day_6").fill("9-12:15")
    page.locator("#id_exceptions-0-on").fill("2027-03-19")
    page.get_by_label("Country").select_option("IT")
    page.get_by_role("button", name="Show holidays").click()
    expect(page.locator(".holidays li").nth(10)).to_be_visible()
    page.get_by_role("button", name="Save calendar").click()
    page.wait_for_url("**/settings/calendars/")
    stored = BusinessCalendar.objects.get(pk=organisation.calendar_id)
    assert stored.weekly["6"] == [["09:00", "12:15"]]
    assert stored.holiday_country == "IT"
    assert [row.on for row in stored.exceptions.all()] == [date(2027, 3, 19)]


def test_the_pages_fit_and_can_be_read_by_everyone(form: Page, live_server: LiveServer) -> None:
    check_page(form)
    for address in ("/settings/calendars/", "/settings/calendars/new/"):
        form.goto(live_server.url + address)
        check_page(form)


@pytest.fixture
def promised(rep: User, marketer: User) -> Lead:
    """An MQL that is to be decided within four business hours; it came just now."""
    now = datetime.now(UTC)
    in_force(promise(), since=now - timedelta(days=30))
    lead = lead_at(LifecycleStage.LEAD, owner=rep)
    qualify_leads([lead.pk], by=By(actor=marketer), at=now)
    return lead


def test_a_calendar_changed_with_preview(promised: Lead, form: Page) -> None:
    before = Clock.objects.get()
    effects = form.locator("#calendar-effects")
    expect(effects).to_contain_text("An MQL arriving now would be due")
    expect(effects).to_contain_text("1 open clock counts in this calendar.")
    form.get_by_label("Open round the clock").check()
    expect(effects).to_contain_text("1 open clock would move")
    expect(effects.locator(".calendar-moves")).to_contain_text("→")
    assert Clock.objects.get().due_at == before.due_at
    form.get_by_role("button", name="Save calendar").click()
    form.wait_for_url("**/settings/calendars/")
    toasts = form.locator("#toasts")
    expect(toasts).to_contain_text("1 clock moved.")
    moved = Clock.objects.get()
    assert moved.due_at == before.started_at + timedelta(hours=4)
    toasts.get_by_role("button", name="Undo").click()
    expect(toasts).to_contain_text("1 clock is due again when it was.")
    assert Clock.objects.get().due_at == before.due_at


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_a_script_a_button_looks_before_saving(
    promised: Lead,
    sign_in: Callable[[User], Page],
    administrator: User,
    organisation: Organisation,
    live_server: LiveServer,
) -> None:
    before = Clock.objects.get()
    form = sign_in(administrator)
    form.goto(f"{live_server.url}/settings/calendars/{organisation.calendar_id}/")
    form.get_by_label("Open round the clock").check()
    form.get_by_role("button", name="Show what would move").click()
    expect(form.locator("#calendar-effects")).to_contain_text("1 open clock would move")
    form.get_by_role("button", name="Save calendar").click()
    form.get_by_role("button", name="Undo").click()
    expect(form.locator("#toasts")).to_contain_text("1 clock is due again when it was.")
    assert Clock.objects.get().due_at == before.due_at
