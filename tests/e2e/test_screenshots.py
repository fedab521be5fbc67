"""`make screenshots`: the pictures of the main screens, from the demo data, into docs/pictures/."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.demo import DOMAIN
from accounts.models import User
from leads.enums import LifecycleStage
from leads.models import Lead
from tests.e2e.conftest import NARROW, WIDE

pytestmark = [pytest.mark.screenshots, pytest.mark.django_db(transaction=True)]

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
# name, who looks (login in the demo), address, window, theme
SHOTS = [
    ("today", "giulia.ferri", "/", WIDE, "light"),
    ("today-dark", "marco.bianchi", "/", WIDE, "dark"),
    ("leads", "chiara.lombardi", "/leads/", WIDE, "light"),
    ("leads-phone", "andrea.galli", "/leads/", NARROW, "light"),
    ("qualify", "chiara.lombardi", "/leads/qualify/", WIDE, "light"),
    ("inbox", "andrea.galli", "/leads/inbox/", WIDE, "light"),
    ("inbox-phone", "andrea.galli", "/leads/inbox/", NARROW, "dark"),
    ("board", "giulia.ferri", "/leads/board/", WIDE, "light"),
    ("feedback", "chiara.lombardi", "/feedback/", WIDE, "light"),
    ("channel", "chiara.lombardi", "/channel/", WIDE, "dark"),
    ("scoring", "giulia.ferri", "/settings/scoring/", WIDE, "light"),
    ("routing", "marco.bianchi", "/settings/routing/", WIDE, "light"),
    ("lead", "andrea.galli", "/leads/{lead}/", WIDE, "light"),
    ("lead-phone", "andrea.galli", "/leads/{lead}/", NARROW, "light"),
    ("commitments", "marco.bianchi", "/sla/", WIDE, "light"),
    ("clocks", "marco.bianchi", "/sla/clocks/", WIDE, "light"),
    ("corrective-actions", "giulia.ferri", "/sla/actions/?state=all", WIDE, "light"),
    ("agreement", "giulia.ferri", "/agreement/", WIDE, "light"),
    ("calculator", "giulia.ferri", "/sla/calculator/", WIDE, "light"),
    ("reports", "giulia.ferri", "/reports/", WIDE, "light"),
    ("calendar", "martina.costa", "/settings/calendars/1/", WIDE, "light"),
    ("audit", "martina.costa", "/settings/audit/", WIDE, "light"),
    ("sign-in", "", "/accounts/login/", WIDE, "light"),
]


def test_take_the_pictures(browser: Browser, live_server: LiveServer) -> None:
    call_command("load_demo")
    PICTURES.mkdir(parents=True, exist_ok=True)
    mine = Lead.objects.open().filter(owner__email__startswith="andrea.galli")
    worked = [LifecycleStage.SAL, LifecycleStage.SQL, LifecycleStage.OPPORTUNITY]
    lead = mine.filter(stage__in=worked).order_by("-attempts", "-id")[0]
    for name, login, address, window, theme in SHOTS:
        context = browser.new_context(
            viewport=window, color_scheme=theme, locale="en-GB", reduced_motion="reduce"
        )
        if login:
            client = Client()
            client.force_login(User.objects.get(email=f"{login}@{DOMAIN}"))
            key = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + address.format(lead=lead.pk), wait_until="networkidle")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.screenshot(path=PICTURES / f"{name}.png")
        context.close()
