"""A real Chromium against a running server: every page is watched while a test uses it.

A console error, an uncaught exception, a report of the content security policy or an answer of 500
fails the test that caused it. `check_page` adds accessibility and the width of the page.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.signals import request_finished, request_started
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from scripts.chromium import find_chromium
from tests.factories import PASSWORD

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 375, "height": 812}

# Playwright's loop runs in this thread while the test's own lines ask the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# A busy machine takes its time; what never comes fails all the same.
expect.set_options(timeout=15_000)

REPORT_CSP = """
document.addEventListener('securitypolicyviolation', event =>
    console.error('CSP: ' + event.violatedDirective + ' ' + event.blockedURI));
"""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The machine's own Chromium, quiet on the network."""
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": find_chromium(), "args": [*quiet, *sandbox, "--no-first-run"]}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """A European desk; times are told in the person's own zone anyway."""
    return {"viewport": WIDE, "locale": "en-GB", "timezone_id": "UTC", "reduced_motion": "reduce"}


class Answering:
    """How many requests the server is answering now."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    def began(self, **_signal: Any) -> None:
        with self._changed:
            self._count += 1

    def ended(self, **_signal: Any) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def wait_until_none(self) -> None:
        """Wait until the last answer is given.

        Raises:
            AssertionError: an answer takes longer than half a minute.
        """
        with self._changed:
            assert self._changed.wait_for(lambda: self._count == 0, timeout=30)


@pytest.fixture(autouse=True)
def every_answer_given(transactional_db: None) -> Iterator[None]:
    """Tables are emptied when nobody reads them any more.

    A test that ends while its page still loads parts leaves the server with requests; emptying
    the tables under them ends in a deadlock. It stands before the browser's own fixtures, so
    that pages are closed first.
    """
    answering = Answering()
    request_started.connect(answering.began)
    request_finished.connect(answering.ended)
    yield
    answering.wait_until_none()
    request_started.disconnect(answering.began)
    request_finished.disconnect(answering.ended)


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose troubles fail the test."""
    troubles: list[str] = []
    context.add_init_script(REPORT_CSP)
    page = context.new_page()
    page.on("console", lambda message: _note_error(message, troubles))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("response", lambda answer: _note_failure(answer, troubles))
    yield page
    page.close()
    assert troubles == []


# A refused form is an answer; the browser writes it to the console all the same.
REFUSALS = ("status of 409 (Conflict)", "status of 422 (Unprocessable Entity)")

# Who leaves a page ends what it was still loading, which htmx tells as an error.
LEAVING = ("htmx:sendAbort", "htmx:afterRequest")


def _note_error(message: ConsoleMessage, troubles: list[str]) -> None:
    expected = message.text.endswith(REFUSALS) or message.text.startswith(LEAVING)
    if message.type == "error" and not expected:
        troubles.append(message.text)


def _note_failure(answer: Response, troubles: list[str]) -> None:
    if answer.status >= 500:
        troubles.append(f"{answer.status} {answer.url}")


@pytest.fixture
def sign_in(page: Page, live_server: LiveServer) -> Callable[[User], Page]:
    """Sign a person in through the form, as he would."""

    def by_form(user: User) -> Page:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        page.goto(live_server.url)
        page.get_by_label("E-mail").fill(user.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{live_server.url}/")
        return page

    return by_form


def accessibility_findings(page: Page) -> list[str]:
    """Return what axe finds, one line a finding."""
    found = Axe().run(page).response["violations"]
    return [
        f"{finding['id']}: {node['html'][:120]}" for finding in found for node in finding["nodes"]
    ]


def sticks_out(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


# Each theme and each width once: four pictures of one page would find the same things twice.
LOOKS = ((WIDE, "light"), (NARROW, "dark"))


def check_page(page: Page) -> None:
    """Nothing sticks out at either width, and axe finds nothing in either theme."""
    for size, theme in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two words
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        assert sticks_out(page) == 0, f"{page.url} is too wide at {size['width']} px"
        findings = accessibility_findings(page)
        assert findings == [], f"{page.url} at {size['width']} px, {theme}"
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
