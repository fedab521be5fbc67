"""A rep's day on the phone: decide, work, convert, win; and two people on one lead."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from leads.enums import Disposition, LifecycleStage
from leads.models import Activity, Feedback, Lead, NextStep
from leads.services.decisions import By, accept_leads
from smarketing import time_source
from tests.e2e.conftest import NARROW, check_page
from tests.leads.records import lead_at

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], Page]
S, D = LifecycleStage, Disposition


def mql(rep: User, given: str, family: str) -> Lead:
    email = f"{given}.{family}@{family}.example".lower()
    return lead_at(S.MQL, owner=rep, email=email, given_name=given, family_name=family,
                   company=family, job_title="Plant manager")  # fmt: skip


@pytest.fixture
def phone(sign_in: SignIn, rep: User) -> Page:
    page = sign_in(rep)
    page.set_viewport_size(NARROW)
    return page


def test_reject_with_a_reason_takes_three_taps(
    phone: Page, rep: User, live_server: LiveServer
) -> None:
    lead = mql(rep, "Anna", "Verdi")
    mql(rep, "Berta", "Neri")
    phone.goto(live_server.url + reverse("lead-inbox"))
    phone.get_by_role("link", name="Anna Verdi").click()
    phone.locator("summary", has_text="Reject lead").click()
    phone.get_by_role("button", name="Wrong fit").click()
    expect(phone.get_by_text("Anna Verdi is rejected: Wrong fit.")).to_be_visible()
    expect(phone.get_by_role("link", name="Anna Verdi")).to_have_count(0)
    lead.refresh_from_db()
    assert (lead.disposition, Feedback.objects.get().reason) == (D.DISQUALIFIED, "wrong_fit")
    phone.get_by_role("button", name="Undo").click()
    expect(phone.get_by_role("button", name="Undo")).to_have_count(0)
    lead.refresh_from_db()
    assert (lead.stage, lead.disposition) == (S.MQL, D.OPEN)


def test_from_the_inbox_to_the_customer(phone: Page, rep: User, live_server: LiveServer) -> None:
    lead = mql(rep, "Anna", "Verdi")
    phone.goto(live_server.url + reverse("lead-inbox"))
    phone.get_by_role("link", name="Anna Verdi").click()
    phone.get_by_role("button", name="Accept lead").click()
    expect(phone.get_by_text("Anna Verdi is accepted.")).to_be_visible()

    phone.goto(live_server.url + reverse("lead-detail", args=[lead.pk]))
    bar = phone.get_by_role("region", name="Log what you did")
    bar.get_by_text("Call", exact=True).click()
    bar.get_by_role("button", name="Log: not reached").click()
    expect(phone.get_by_text("Call logged.")).to_be_visible()
    expect(phone.get_by_text("call again at another time of day")).to_be_visible()
    phone.get_by_role("button", name="Set next step").first.click()
    expect(phone.get_by_text("Next step set:")).to_be_visible()
    assert (Activity.objects.get().connected, NextStep.objects.get().owner) == (False, rep)

    bar.get_by_text("Call", exact=True).click()
    bar.get_by_role("button", name="Log: spoke").click()
    expect(phone.get_by_text("Called and spoke")).to_be_visible()
    phone.get_by_role("button", name="Mark as done").click()
    expect(phone.get_by_text("Done.")).to_be_visible()

    phone.get_by_role("link", name="Mark as SQL").click()
    phone.get_by_role("button", name="Mark as SQL").click()
    expect(phone.get_by_text("Anna Verdi is SQL now.")).to_be_visible()
    phone.get_by_role("link", name="Make an opportunity").first.click()
    phone.wait_for_url("**/convert/")
    phone.get_by_label("Amount").fill("12500")
    phone.get_by_role("button", name="Make opportunity").click()
    expect(phone).not_to_have_url(re.compile("/convert/"))
    phone.goto(live_server.url + reverse("lead-detail", args=[lead.pk]))
    phone.get_by_role("link", name="Mark as won").click()
    phone.wait_for_url("**/win/")
    phone.get_by_role("button", name="Win deal").click()
    expect(phone).not_to_have_url(re.compile("/win/"))
    lead.refresh_from_db()
    assert (lead.stage, lead.disposition, lead.attempts) == (S.CUSTOMER, D.WON, 2)
    assert lead.opportunities.get().amount == 12_500


def test_two_keystrokes_log_and_one_decides(
    sign_in: SignIn, rep: User, live_server: LiveServer
) -> None:
    first, second = mql(rep, "Anna", "Verdi"), mql(rep, "Berta", "Neri")
    page = sign_in(rep)
    page.goto(live_server.url + reverse("lead-inbox"))
    check_page(page)
    expect(page.get_by_role("heading", name="Anna Verdi")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text("Anna Verdi is accepted.")).to_be_visible()
    expect(page.get_by_role("heading", name="Berta Neri")).to_be_visible()
    page.keyboard.press("r")
    check_page(page)
    page.keyboard.press("1")
    expect(page.get_by_text("Berta Neri is rejected: Not now.")).to_be_visible()
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    second.refresh_from_db()
    assert second.disposition == D.RECYCLED

    page.goto(live_server.url + reverse("lead-detail", args=[first.pk]))
    check_page(page)
    page.keyboard.press("c")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Called, not reached")).to_be_visible()
    assert Activity.objects.get().lead_id == first.pk


def test_the_second_of_two_is_told_what_the_first_did(
    sign_in: SignIn, rep: User, manager_sales: User, live_server: LiveServer
) -> None:
    lead = mql(rep, "Anna", "Verdi")
    page = sign_in(rep)
    page.goto(live_server.url + reverse("lead-inbox"))
    by = By(actor=manager_sales, note="He is away.")
    accept_leads([lead.pk], by=by, at=time_source.now())
    version = Lead.objects.get(pk=lead.pk).version
    page.get_by_role("button", name="Accept lead").click()
    expect(page.get_by_text("Dario Greco has already moved this lead to SAL.")).to_be_visible()
    assert Lead.objects.get(pk=lead.pk).version == version
    assert Feedback.objects.count() == 1
