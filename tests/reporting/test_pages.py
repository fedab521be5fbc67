"""The dashboard: page, part, file, REST and command tell the same; a number leads to its rows."""

from __future__ import annotations

import json
from decimal import Decimal
from html.parser import HTMLParser
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from leads.enums import Disposition, LifecycleStage
from leads.models import Lead
from leads.services.facts import derive_all_due
from reporting.panels import PANELS
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
MONTH = {"days": "2026-02"}


class Links(HTMLParser):
    """The addresses on a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href")
        if tag == "a" and address:
            self.found.append(address)


@pytest.fixture
def leads(rep: User) -> list[Lead]:
    made = [
        lead_at(S.MQL, owner=rep, email="b@beta.example", country="Italy"),
        lead_at(S.SAL, owner=rep, email="c@acme.example"),
        lead_at(S.CUSTOMER, D.WON, owner=rep, email="e@acme.example"),
    ]
    derive_all_due()
    return made


def test_the_dashboard_names_every_panel_and_counts_none(
    client: Client, marketer: User, django_assert_max_num_queries: Any
) -> None:
    client.force_login(marketer)
    client.get(reverse("reports"))
    with django_assert_max_num_queries(24):
        page = client.get(reverse("reports"), MONTH).content.decode()
    for key, panel in PANELS.items():
        assert f"/reports/{key}/?days=2026-02" in page
        assert str(panel.title) in page


def test_a_number_leads_to_its_rows(client: Client, leads: list[Lead], marketer: User) -> None:
    client.force_login(marketer)
    page = client.get(reverse("report", args=["funnel"]), MONTH).content.decode()
    walks = [link for link in Links(page).found if "report=" in link]
    assert len(walks) == 6  # one a stage that was entered
    shown = client.get(walks[2]).content.decode()
    for lead in leads:
        there = reverse("lead-detail", args=[lead.pk]) in shown
        assert there == (lead.stage != S.MQL)
    assert "Funnel · Sal · 2026-02" in shown
    asked = parse_qs(urlsplit(walks[2]).query)
    assert asked["disposition"] == ["any"]


@pytest.mark.parametrize("walk", ["nonsense", "panel=funnel&row=SAL&column=before",
                                  "panel=none&row=SAL&column=entered",
                                  "panel=funnel&row=SAL&column=entered&days=never"])  # fmt: skip
def test_a_walk_to_nowhere_finds_nothing(
    client: Client, leads: list[Lead], marketer: User, walk: str
) -> None:
    client.force_login(marketer)
    page = client.get(reverse("lead-list"), {"disposition": "any", "report": walk})
    assert page.status_code == 200
    assert not any(reverse("lead-detail", args=[one.pk]) in page.content.decode() for one in leads)


def test_filters_are_in_the_address(client: Client, leads: list[Lead], marketer: User) -> None:
    client.force_login(marketer)
    asked = {**MONTH, "region": "italy"}
    page = client.get(reverse("report-csv", args=["funnel"]), asked).content.decode()
    assert page.splitlines()[1].startswith("Lead,1,0,")


def test_page_file_rest_and_command_tell_the_same(
    client: Client, leads: list[Lead], manager_marketing: User
) -> None:
    client.force_login(manager_marketing)
    api = APIClient()
    api.force_authenticate(manager_marketing)
    for key in PANELS:
        told = api.get(reverse("api:report", args=[key]), MONTH).json()
        out = StringIO()
        call_command(
            "report", key, "--from", "2026-02-01", "--to", "2026-02-28", "--json",
            "--as", manager_marketing.email, stdout=out,
        )  # fmt: skip
        assert json.loads(out.getvalue())["rows"] == told["rows"]
        lines = client.get(reverse("report-csv", args=[key]), MONTH).content.decode("utf-8-sig")
        assert len(lines.splitlines()) >= len(told["rows"]) + 1
        book = client.get(reverse("report-xlsx", args=[key]), MONTH)
        assert book.content[:2] == b"PK"
        assert client.get(reverse("report", args=[key]), MONTH).status_code == 200


def test_what_cannot_be_read_is_refused_by_name(client: Client, marketer: User) -> None:
    client.force_login(marketer)
    page = client.get(reverse("reports"), {"days": "soon", "source": "x"})
    assert page.status_code == 422
    assert "Say a month (2026-11)" in page.content.decode()
    assert client.get(reverse("report", args=["none"])).status_code == 404
    api = APIClient()
    api.force_authenticate(marketer)
    refused = api.get(reverse("api:report", args=["funnel"]), {"days": "soon", "source": "x"})
    assert refused.status_code == 400
    assert api.get(reverse("api:report", args=["none"])).status_code == 404
    with pytest.raises(CommandError, match="Say a month"):
        call_command("report", "funnel", "--days", "soon", "--as", marketer.email)


def test_a_rep_who_sees_his_team_only_counts_it_only(
    leads: list[Lead], rep: User, organisation: Any
) -> None:
    lead_at(S.MQL, email="other@beta.example", at=leads[0].created_at)
    derive_all_due()
    organisation.reps_see_own_team_only = True
    organisation.save()
    api = APIClient()
    api.force_authenticate(User.objects.get(pk=rep.pk))
    told = api.get(reverse("api:report", args=["funnel"]), MONTH).json()
    assert {row["key"]: row["values"]["entered"] for row in told["rows"]}["MQL"] == 3


def test_shares_are_numbers_in_files(client: Client, leads: list[Lead], marketer: User) -> None:
    client.force_login(marketer)
    text = client.get(reverse("report-csv", args=["funnel"]), MONTH).content.decode("utf-8-sig")
    assert text.splitlines()[2] == "MQL,3,0,,1"
    assert Decimal(text.splitlines()[3].split(",")[-1]) == Decimal("0.666667")
