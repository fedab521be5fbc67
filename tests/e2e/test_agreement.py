"""The agreement in a real browser: written, commented, proposed, signed by both heads, amended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from sla.enums import AgreementState
from sla.models import Agreement, AgreementComment, Commitment, OwnAnswer, Section
from tests.e2e.conftest import check_page
from tests.factories import PASSWORD

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], Page]
SAVED = "#draft-saved"


@pytest.fixture
def as_person(sign_in: SignIn, page: Page) -> SignIn:
    """Sign somebody in in place of whoever is there."""

    def change(user: User) -> Page:
        page.context.clear_cookies()
        return sign_in(user)

    return change


def write(page: Page, section: str, text: str) -> None:
    """Type into a section and wait until it says that it is saved."""
    page.get_by_role("navigation", name="Sections").get_by_role("link", name=section).click()
    page.wait_for_load_state()
    box = page.get_by_label("Text of this section")
    expect(page.locator(SAVED)).to_contain_text("Saved as you type")
    box.fill("")
    box.press_sequentially(text)
    expect(page.locator(SAVED)).not_to_contain_text("as you type")
    expect(page.locator(SAVED)).to_contain_text("Saved")


def propose(page: Page, why: str) -> None:
    page.get_by_role("button", name="Propose version").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What changes, and why").fill(why)
    dialog.get_by_role("button", name="Propose version").click()
    expect(page.get_by_role("button", name="Sign agreement")).to_be_visible()


def sign(page: Page, live_server: LiveServer, number: int) -> None:
    """Sign after having proved once more who one is."""
    page.goto(f"{live_server.url}/agreement/{number}/")
    expect(page.get_by_role("button", name="Sign agreement")).to_be_visible()
    page.get_by_role("button", name="Sign agreement").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text(f"You signed version {number}.")).to_be_visible()


def test_written_commented_signed_amended_and_signed_again(
    as_person: SignIn,
    manager_marketing: User,
    manager_sales: User,
    rep: User,
    live_server: LiveServer,
) -> None:
    page = as_person(manager_marketing)
    page.goto(f"{live_server.url}/agreement/draft/")
    page.get_by_role("button", name="Begin draft").click()
    expect(page.get_by_role("heading", name="Draft of version 1")).to_be_visible()
    write(page, "Values", "We say it to each other.")
    page.reload()
    expect(page.get_by_label("Text of this section")).to_have_value("We say it to each other.")
    assert Section.objects.get(key="values").text == "We say it to each other."
    check_page(page)
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Definitions").click()
    answers = page.get_by_label("Answer of your team")
    expect(answers).to_have_count(2)
    answers.first.fill("Somebody who asked for something.")
    page.get_by_role("button", name="Save answer").first.click()
    expect(page.locator("p.clause-text", has_text="Somebody who asked")).to_be_visible()

    page = as_person(rep)
    page.goto(f"{live_server.url}/agreement/draft/part/definitions/")
    expect(page.locator("p.clause-text", has_text="Somebody who asked")).to_be_visible()
    answers = page.get_by_label("Answer of your team")
    expect(answers).to_have_count(2)
    answers.first.fill("Somebody who needs it this year.")
    page.get_by_role("button", name="Save answer").first.click()
    expect(page.locator("p.clause-text", has_text="Somebody who needs")).to_be_visible()
    expect(page.locator("p.clause-text", has_text="Somebody who asked")).to_be_visible()
    page.get_by_label("Your comment").fill("Our two answers differ.")
    page.get_by_role("button", name="Add comment").click()
    expect(page.get_by_text("Our two answers differ.")).to_be_visible()
    check_page(page)
    assert sorted(OwnAnswer.objects.values_list("side", "stage")) == [
        ("MARKETING", "MQL"),
        ("SALES", "MQL"),
    ]
    assert AgreementComment.objects.get().author == rep

    page = as_person(manager_marketing)
    page.goto(f"{live_server.url}/agreement/draft/")
    propose(page, "The first one.")
    check_page(page)
    sign(page, live_server, 1)
    expect(page.get_by_role("button", name="Sign agreement")).to_have_count(0)
    sign(as_person(manager_sales), live_server, 1)
    expect(page.locator(".contract-version")).to_contain_text("In force")

    page.goto(f"{live_server.url}/agreement/")
    page.get_by_role("button", name="Begin next version").click()
    expect(page.get_by_role("heading", name="Draft of version 2")).to_be_visible()
    page.get_by_role("navigation", name="Sections").get_by_role(
        "link", name="What Sales promises"
    ).click()
    page.get_by_role("link", name="Change: Every MQL is accepted or rejected").click()
    expect(page.get_by_label("Target")).to_be_hidden()
    page.get_by_label("Business minutes").first.fill("240")
    page.get_by_role("button", name="Add band").click()
    bands = page.get_by_role("group", name="Band")
    expect(bands).to_have_count(3)
    bands.nth(2).get_by_label("Score from").fill("95")
    bands.nth(2).get_by_label("Business minutes").fill("30")
    check_page(page)
    page.get_by_role("button", name="Save commitment").click()
    expect(page.get_by_text("Score 95 or more: 30 business minutes")).to_be_visible()
    propose(page, "Half the time.")
    page.get_by_role("link", name="What changed").click()
    expect(page.locator("ins", has_text="4 business hours")).to_be_visible()
    expect(page.locator("del", has_text="8 business hours")).to_be_visible()
    check_page(page)
    sign(as_person(manager_sales), live_server, 2)
    sign(as_person(manager_marketing), live_server, 2)
    expect(page.locator(".contract-version")).to_contain_text("In force")
    page.goto(f"{live_server.url}/agreement/1/")
    expect(page.locator(".contract-version")).to_contain_text("Superseded")
    states = Agreement.objects.order_by("number").values_list("state", flat=True)
    assert list(states) == [AgreementState.SUPERSEDED, AgreementState.IN_FORCE]


def test_a_split_that_does_not_add_up_is_said_at_its_row(
    as_person: SignIn, manager_sales: User, manager_marketing: User, live_server: LiveServer
) -> None:
    page = as_person(manager_sales)
    page.goto(f"{live_server.url}/agreement/draft/")
    page.get_by_role("button", name="Begin draft").click()
    page.get_by_role("link", name="Change: Revenue from new customers").click()
    part = page.get_by_role("group", name="Part")
    expect(part).to_have_count(1)
    part.first.get_by_label("Person").select_option(label="Dario Greco")
    part.first.get_by_label("Part").fill("100000")
    page.get_by_role("button", name="Save commitment").click()
    wrong = page.get_by_text("The parts come to 100000, the target is 300000.")
    expect(wrong).to_be_visible()
    check_page(page)
    part.first.get_by_label("Part").fill("300000")
    page.get_by_role("button", name="Save commitment").click()
    expect(page.get_by_text("Dario Greco: €300,000")).to_be_visible()
    assert Commitment.objects.get(kind="REVENUE").shares.get().user == manager_sales
