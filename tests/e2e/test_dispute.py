"""From rejection to ruling in a real browser: four people, one lead, another rep has it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import Role
from accounts.models import Team, User
from leads.enums import Decision, Disposition, LifecycleStage
from leads.models import AssetSend, Feedback, Lead
from leads.services.decisions import By, Rejection, reject_leads
from smarketing import time_source
from tests.e2e.conftest import accessibility_findings, check_page, sticks_out
from tests.factories import PASSWORD, member
from tests.leads.records import lead_at
from tests.leads.routing.pools import pool_of, rule_for

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

READER = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0"
SignIn = Callable[[User], Page]


def change_to(page: Page, user: User, server: LiveServer) -> None:
    """Let another person sit down at the same desk."""
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    page.context.clear_cookies()
    page.goto(server.url)
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{server.url}/")


def test_a_rejection_is_disputed_answered_overturned_and_another_rep_has_it(  # noqa: PLR0917
    sign_in: SignIn,
    live_server: LiveServer,
    marketer: User,
    rep: User,
    sales: Team,
    facilitator: User,
) -> None:
    greta = member("greta@acme.test", Role.REP, team=sales, name="Greta Villa")
    rule_for(pool_of(rep, greta))
    lead = lead_at(
        LifecycleStage.MQL, owner=rep, given_name="Anna", family_name="Verdi",
        at=time_source.now(),
    )  # fmt: skip
    why = By(actor=rep, note="Measures clean water only.")
    reject_leads([lead.pk], Rejection(reason="wrong_fit", fit_rating=2), by=why,
                 at=time_source.now())  # fmt: skip

    # Marketing reads it on Today, acknowledges by one key and contests it.
    page = sign_in(marketer)
    expect(page.get_by_text("Feedback to acknowledge")).to_be_visible()
    page.goto(live_server.url + reverse("feedback"))
    row = page.get_by_role("row", name="Anna Verdi")
    expect(row).to_contain_text("Measures clean water only.")
    check_page(page)
    page.keyboard.press("a")
    expect(row.get_by_role("img", name="Acknowledged")).to_be_visible()
    row.get_by_role("link", name="Anna Verdi").click()
    page.get_by_text("Write an argument").click()
    page.get_by_label("Why should Sales have it back?").fill("The form speaks of waste water.")
    check_page(page)
    page.get_by_role("button", name="Open dispute").click()
    page.wait_for_url("**/feedback/disputes/*/")

    # Sales answers.
    change_to(page, rep, live_server)
    page.goto(live_server.url + reverse("inbox"))
    page.get_by_role("link", name="Alice Rossi disputes the rejection of Anna Verdi").click()
    page.get_by_label("What does Sales say?").fill("On the phone he said clean water.")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("On the phone he said clean water.")).to_be_visible()

    # The facilitator finds it on Today, sees both sides and rules.
    change_to(page, facilitator, live_server)
    expect(page.get_by_text("Disputes waiting")).to_be_visible()
    page.get_by_role("link", name="Anna Verdi").first.click()
    expect(page.get_by_text("The form speaks of waste water.")).to_be_visible()
    expect(page.get_by_text("On the phone he said clean water.")).to_be_visible()
    check_page(page)
    page.get_by_label("The lead goes back to Sales").check()
    page.get_by_label("Why").fill("The form says waste water.")
    page.get_by_role("button", name="Rule dispute").click()
    expect(page.get_by_text("Ruled: the lead is back with Sales.")).to_be_visible()
    check_page(page)

    # Another rep has it, and reads its story.
    lead = Lead.objects.get()
    assert (lead.stage, lead.disposition, lead.owner) == (
        LifecycleStage.MQL, Disposition.OPEN, greta,
    )  # fmt: skip
    assert Feedback.objects.get().counts_as == Decision.ACCEPTED
    change_to(page, greta, live_server)
    page.goto(live_server.url + reverse("lead-feedback", args=[lead.pk]))
    expect(page.get_by_text("Overturned")).to_be_visible()


def test_what_one_team_writes_the_other_acknowledges(
    sign_in: SignIn, live_server: LiveServer, marketer: User, rep: User
) -> None:
    page = sign_in(rep)
    page.goto(live_server.url + reverse("channel-note"))
    page.get_by_label("What did you hear?").fill("They ask for a smaller size.")
    check_page(page)
    page.get_by_role("button", name="Send field note").click()
    expect(page.get_by_text("They ask for a smaller size.")).to_be_visible()

    change_to(page, marketer, live_server)
    page.goto(live_server.url + reverse("channel"))
    expect(page.get_by_text("0 of 1 acknowledged")).to_be_visible()
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.get_by_text("1 of 1 acknowledged")).to_be_visible()
    check_page(page)


def test_an_asset_is_sent_and_opened(
    sign_in: SignIn, live_server: LiveServer, marketer: User, rep: User
) -> None:
    lead = lead_at(owner=rep, given_name="Anna", family_name="Verdi")
    page = sign_in(marketer)
    page.goto(live_server.url + reverse("asset-new"))
    page.get_by_label("Name").fill("Sizing guide")
    page.get_by_label("Text").fill("Measure the pipe first.")
    check_page(page)
    page.get_by_role("button", name="Save asset").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sizing guide")
    check_page(page)

    change_to(page, rep, live_server)
    page.goto(live_server.url + reverse("lead-assets", args=[lead.pk]))
    page.get_by_role("button", name="Make link").click()
    link = page.get_by_label("Link to Sizing guide", exact=True).input_value()
    check_page(page)

    # Somebody outside opens it; our own people, who look at it, count nothing.
    page.context.set_extra_http_headers({"User-Agent": READER})
    with page.expect_response("**/opened/"):
        page.goto(link)
    assert AssetSend.objects.get().openings == 0
    page.context.clear_cookies()
    with page.expect_response("**/opened/"):
        page.goto(link)
    expect(page.get_by_text("Measure the pipe first.")).to_be_visible()
    assert AssetSend.objects.get().openings == 1
    assert accessibility_findings(page) == []
    assert sticks_out(page) == 0
