"""Definitions and personas in a real browser: rows come and go, versions are put in force."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from leads.enums import LifecycleStage
from leads.models import Persona, StageDefinition
from tests.e2e.conftest import check_page
from tests.leads.qualifying.records import SCORE_60, define, of_job, persona

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], Page]


def test_a_definition_is_worded_anew_and_put_in_force(
    sign_in: SignIn, manager_marketing: User, live_server: LiveServer
) -> None:
    StageDefinition.objects.filter(stage="MQL").update(state="RETIRED")
    define(LifecycleStage.MQL, SCORE_60)
    page = sign_in(manager_marketing)
    page.goto(f"{live_server.url}/settings/definitions/")
    check_page(page)
    page.get_by_role("link", name="Propose a new wording of MQL").click()
    rows = page.get_by_role("group", name="Criterion").filter(visible=True)
    expect(rows).to_have_count(2)
    rows.nth(0).get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Add a criterion").click()
    expect(rows).to_have_count(2)
    added = rows.nth(1)
    expect(added.get_by_label("Field")).to_be_hidden()
    added.get_by_label("What is asked").select_option(label="A field is one of")
    added.get_by_label("Field").select_option(label="Country")
    added.get_by_label("Value").fill("Italy, Spain")
    check_page(page)
    page.get_by_role("button", name="Propose version").click()
    expect(page.get_by_text("Country is one of: Italy, Spain").first).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Put in force").click()
    page.get_by_role("dialog").get_by_role("button", name="Put in force").click()
    expect(page.get_by_text("The definition is in force.")).to_be_visible()
    row = StageDefinition.objects.get(stage="MQL", state="IN_FORCE")
    assert [one["field"] for one in row.criteria] == ["contact.country"]


def test_a_persona_is_read_and_commented_by_sales(
    sign_in: SignIn, rep: User, live_server: LiveServer
) -> None:
    journey = [{"key": "notices", "name": "Notices", "questions": ["Why did it stop?"]}]
    row = persona("Chief", of_job("Chief"), journey=journey, goals="No stop", sources=["Talks"])
    page = sign_in(rep)
    page.goto(f"{live_server.url}/personas/")
    check_page(page)
    page.get_by_role("link", name="Chief", exact=True).click()
    expect(page.get_by_text("Why did it stop?")).to_be_visible()
    page.get_by_label("Comment").fill("He decides alone.")
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_text("He decides alone.")).to_be_visible()
    check_page(page)
    assert Persona.objects.get().comments.get().author == rep
    assert row.comments.count() == 1
