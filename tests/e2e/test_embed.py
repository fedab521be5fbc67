"""Our script, frame and snippet in a page of another origin."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from leads.models import CaptureForm, Lead, PageView, Submission, Touch, TrackedSite, Visitor
from leads.services.forms import FormFacts, save_form
from leads.services.sites import add_site
from smarketing import time_source
from tests.e2e.conftest import accessibility_findings
from tests.e2e.foreign_site import foreign_site

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
TEXTS = {"en": {"title": "Talk to us", "consent": "You may write to me."}}


@dataclass(frozen=True)
class Foreign:
    """A site on 127.0.0.1, and the same under a name that nobody allowed."""

    origin: str
    stranger: str


@pytest.fixture
def foreign(marketer: User, live_server: LiveServer):  # type: ignore[no-untyped-def]  # a fixture
    """A page with a form and one without, both with the snippet; known to us by its origin."""
    at = time_source.now()
    facts = FormFacts(name="Contact us", texts=TEXTS, asked={"family_name": True})
    form = save_form(None, facts, actor=marketer, at=at)
    site = add_site("Acme", ["https://acme.example"], asks_consent=True, actor=marketer, at=at)
    snippet = f'<script src="{live_server.url}/t/{site.token}.js" async></script>'
    line = f'<script src="{live_server.url}/f/{form.token}/embed.js" async></script>'
    pages = {"/": snippet, "/contact": snippet + line, "/thanks": "Thanks."}
    with foreign_site(live_server.url, pages) as port:
        origin = f"http://127.0.0.1:{port}"
        CaptureForm.objects.update(allowed_origins=[origin])
        TrackedSite.objects.update(origins=[origin])
        yield Foreign(origin, f"http://localhost:{port}")


def fill(page: Page) -> None:
    inside = page.frame_locator("iframe")
    inside.get_by_label("Family name").fill("Verdi")
    inside.get_by_label("E-mail").fill("anna.verdi@acme.example")
    inside.get_by_label("You may write to me.").check()
    page.wait_for_timeout(2_100)  # nobody fills a form within two seconds
    inside.get_by_role("button", name="Send request").click()


def test_a_visit_is_told_after_consent_and_joined_by_the_framed_form(
    page: Page, foreign: Foreign
) -> None:
    page.goto(f"{foreign.origin}/?utm_source=news&utm_campaign=spring&gclid=1")
    page.wait_for_function("() => window.smarketing")
    assert Visitor.objects.count() == 0
    with page.expect_response(lambda answer: "/t/" in answer.url and answer.status == 204):
        page.evaluate("smarketing.consent(true)")
    visitor = Visitor.objects.get()
    assert (visitor.contact, visitor.first_utm) == (
        None,
        {"utm_source": "news", "utm_campaign": "spring"},
    )

    with page.expect_response(lambda answer: "/t/" in answer.url and answer.status == 204):
        page.goto(f"{foreign.origin}/contact")
    frame = page.locator("iframe")
    inside = page.frame_locator("iframe")
    expect(inside.get_by_role("heading", name="Talk to us")).to_be_visible()
    page.wait_for_function(
        "() => document.querySelector('iframe').getBoundingClientRect().height !== 360"
    )
    box = frame.bounding_box()
    needed = inside.locator("html").evaluate("one => one.getBoundingClientRect().height")
    assert box is not None
    assert 0 <= box["height"] - needed < 2  # no second scroll bar, no gap
    assert accessibility_findings(page) == []
    fill(page)
    expect(inside.get_by_role("heading", name="Thank you")).to_be_visible()

    row, lead = Submission.objects.get(), Lead.objects.select_related("contact").get()
    assert (row.page, row.consented) == (f"{foreign.origin}/contact", True)
    visitor.refresh_from_db()
    assert (visitor.contact, PageView.objects.count()) == (lead.contact, 2)
    touches = Touch.objects.order_by("occurred_at").values_list("kind", "utm_source")
    assert list(touches) == [("VISIT", "news"), ("FORM", "news")]


def test_the_page_around_goes_on_afterwards(page: Page, foreign: Foreign) -> None:
    CaptureForm.objects.update(redirect_url=f"{foreign.origin}/thanks")
    page.goto(f"{foreign.origin}/contact")
    fill(page)
    page.wait_for_url(f"{foreign.origin}/thanks")
    assert Submission.objects.count() == 1


def test_who_asks_not_to_be_tracked_tells_nothing(page: Page, foreign: Foreign) -> None:
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.method) if "/t/" in one.url else None)
    page.add_init_script("Object.defineProperty(navigator, 'doNotTrack', { get: () => '1' })")
    page.goto(f"{foreign.origin}/")
    page.wait_for_function("() => window.smarketing")
    page.evaluate("smarketing.consent(true)")  # the site's banner need not know
    page.wait_for_timeout(300)
    assert (asked, Visitor.objects.count()) == (["GET"], 0)
    assert page.evaluate("localStorage.getItem('smarketing-v')") is None


def test_a_site_that_nobody_named_shows_no_form_and_counts_no_visit(
    browser: Browser, foreign: Foreign
) -> None:
    page = browser.new_page()  # its console tells of the refusals, so nobody watches it
    page.goto(f"{foreign.stranger}/contact")
    page.wait_for_function("() => window.smarketing && document.querySelector('iframe')")
    page.evaluate("smarketing.consent(true)")
    page.wait_for_timeout(500)
    assert page.frame_locator("iframe").get_by_label("E-mail").count() == 0
    assert Visitor.objects.count() == 0
    page.close()
