"""A rep lets a promise run out in a real browser: the chip counts down by itself, the manager is
told, the lead goes to somebody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import Role
from accounts.models import BusinessCalendar, Organisation, Team, User
from leads.enums import LifecycleStage
from leads.models import Lead
from leads.services.decisions import By, qualify_leads
from sla import tasks
from sla.models import Clock
from smarketing import time_source
from tests.e2e.conftest import check_page
from tests.e2e.test_dispute import change_to
from tests.factories import member
from tests.leads.records import lead_at
from tests.leads.routing.pools import pool_of, rule_for
from tests.sla.promising import in_force, promise

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)
LADDER = [("0.75", {}), ("1.0", {"tell_manager": True, "reroute": True})]


@pytest.fixture
def mql(rep: User, marketer: User, organisation: Organisation) -> Lead:
    """An MQL of Bruno's that came just now, to be decided within one hour of any day and night."""
    BusinessCalendar.objects.filter(pk=organisation.calendar_id).update(always_open=True)
    now = time_source.now()
    in_force(promise(minutes=60, levels=LADDER), since=now - timedelta(days=30))
    lead = lead_at(LifecycleStage.LEAD, owner=rep, given_name="Anna", family_name="Verdi")
    qualify_leads([lead.pk], by=By(actor=marketer), at=now)
    return lead


@pytest.mark.usefixtures("organisation")
def test_a_rep_breaches_the_manager_is_told_and_the_lead_goes_to_another(  # noqa: PLR0917
    sign_in: Callable[[User], Page],
    live_server: LiveServer,
    mql: Lead,
    rep: User,
    sales: Team,
    manager_sales: User,
) -> None:
    greta = member("greta@acme.test", Role.REP, team=sales, name="Greta Villa")
    rule_for(pool_of(rep, greta))
    clock = Clock.objects.get()

    # The browser's time stands still and is put forward by hand: no reload, nobody waits.
    page = sign_in(rep)
    page.clock.install(time=time_source.now())
    page.goto(f"{live_server.url}/sla/clocks/")
    chip = page.locator("#clock-rows .countdown")
    expect(chip).to_have_class("badge-state countdown tone-on-track")
    page.evaluate("window.stayed = true")
    page.clock.fast_forward("46:00")
    expect(chip).to_have_class("badge-state countdown tone-at-risk")
    expect(chip).to_contain_text("min left")
    page.clock.fast_forward("20:00")
    expect(chip).to_have_class("badge-state countdown tone-late")
    expect(chip).to_contain_text("late")
    assert page.evaluate("window.stayed")

    # Nobody touched the lead: the passes find it.
    with time_machine.travel(clock.due_at + timedelta(minutes=1), tick=False):
        tasks.note_breaches_tick()
        tasks.escalate_tick()
    clock.refresh_from_db()
    assert (clock.breached_at, clock.owner) == (clock.due_at, greta)

    change_to(page, manager_sales, live_server)
    with time_machine.travel(clock.due_at + timedelta(minutes=2), tick=True):
        page.goto(f"{live_server.url}/inbox/")
        expect(page.locator("main")).to_contain_text("Late: Anna Verdi")
        page.get_by_role("link", name="Late: Anna Verdi").first.click()
        expect(page.locator("main")).to_contain_text("Greta Villa")
        page.goto(f"{live_server.url}/sla/clocks/{clock.pk}/")
        check_page(page)
    mql.refresh_from_db()
    assert mql.owner == greta
