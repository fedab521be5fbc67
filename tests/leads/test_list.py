"""The lead list: what it shows, narrows, orders and pages, and what that costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from leads.enums import Disposition, LifecycleStage
from leads.models import Campaign, Lead, ProductLine, Source
from smarketing import registry
from smarketing.registry import ListColumn, ListFilter
from tests.conftest import AT
from tests.leads.records import HOUR, facts, lead_at

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def desk(marketer):
    return signed_in(marketer)


def listed(client: Client, query: str = "") -> list[str]:
    """The names that a list shows, in order."""
    answer = client.get(f"/leads/{query}")
    assert answer.status_code == 200
    return [lead.contact.given_name for lead in answer.context["page"].leads]


def person(name: str, stage=S.LEAD, disposition=D.OPEN, **fields) -> Lead:
    return lead_at(
        stage,
        disposition,
        email=f"{name.lower()}@{name.lower()}.example",
        given_name=name,
        **fields,
    )


def test_open_leads_newest_first_unless_asked_otherwise(desk):
    person("Anna")
    person("Berta", S.SAL, D.LOST)
    person("Carla", S.MQL)
    assert listed(desk) == ["Carla", "Anna"]
    assert listed(desk, "?disposition=any") == ["Carla", "Berta", "Anna"]
    assert listed(desk, "?disposition=LOST") == ["Berta"]


def test_every_filter(desk, marketer, rep):
    google = Source.objects.create(name="Google", key="google")
    fair = Campaign.objects.create(name="Fair", key="fair", channel="event")
    disks = ProductLine.objects.create(name="Disks", key="disks")
    person("Anna", source_id=google.pk)
    person("Berta", S.MQL, campaign_id=fair.pk, owner=rep)
    person("Carla", S.SAL, product_line_id=disks.pk, owner=marketer)
    assert listed(desk, f"?source={google.pk}") == ["Anna"]
    assert listed(desk, f"?campaign={fair.pk}") == ["Berta"]
    assert listed(desk, f"?product_line={disks.pk}") == ["Carla"]
    assert listed(desk, "?stage=MQL&stage=SAL") == ["Carla", "Berta"]
    assert listed(desk, "?owner=me") == ["Carla"]
    assert listed(desk, "?owner=nobody") == ["Anna"]
    assert listed(desk, f"?owner={rep.pk}") == ["Berta"]
    assert listed(desk, f"?owner={rep.pk}&stage=LEAD") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("anna", ["Anna"]),
        ("NUN", ["Anna"]),
        ("nuñez an", ["Anna"]),
        ("acme", ["Anna"]),
        ("info acme", ["Anna"]),
        ("office", []),
        ("berta-lund", ["Berta"]),
        ("555 12", ["Berta"]),
        ("anna berta", []),
        ("& | ! :*", []),
        ("'", []),
    ],
)
def test_search_folds_accents_and_finds_beginnings(text, found, desk):
    lead_at(email="info@acme.example", given_name="Anna", family_name="Núñez", company="Acme Öl")
    lead_at(
        email="b@beta.example", given_name="Berta", family_name="Berta-Lund", phone="+39 555 1234"
    )
    answer = desk.get("/leads/", {"q": text})
    assert [lead.contact.given_name for lead in answer.context["page"].leads] == found


def test_days_begin_and_end_in_the_organisations_zone(desk, marketer):
    last = AT.replace(year=2026, month=1, day=31, hour=22, minute=30)  # 23:30 in Rome
    lead_at(email="a@a.example", given_name="Anna", at=last + 100 * HOUR)
    assert Lead.objects.get().lead_at == last
    type(marketer).objects.update(zone="America/New_York")
    assert listed(desk, "?began_from=2026-01-31&began_to=2026-01-31") == ["Anna"]
    assert listed(desk, "?began_from=2026-02-01") == []
    Lead.objects.get()
    lead_at(email="b@b.example", given_name="Berta", at=last + 101 * HOUR)
    assert listed(desk, "?began_from=2026-02-01") == ["Berta"]
    assert listed(desk, "?began_to=2026-01-31") == ["Anna"]


def test_every_order_both_ways(desk):
    for n, (name, score) in enumerate([("Carla", 5), ("Anna", 9), ("Berta", 7)]):
        lead = person(name, score=score, at=AT - (3 - n) * timedelta(days=1))
        assert lead.score == score
    newest = ["Berta", "Anna", "Carla"]
    assert listed(desk, "?sort=-began") == newest
    assert listed(desk, "?sort=began") == newest[::-1]
    assert listed(desk, "?sort=-score") == ["Anna", "Berta", "Carla"]
    assert listed(desk, "?sort=score") == ["Carla", "Berta", "Anna"]
    assert listed(desk, "?sort=since") == newest[::-1]
    assert listed(desk, "?sort=-since") == newest
    assert listed(desk, "?sort=name") == ["Anna", "Berta", "Carla"]
    assert listed(desk, "?sort=-name") == ["Carla", "Berta", "Anna"]
    assert listed(desk, "?sort=shoe_size") == newest


@pytest.mark.parametrize("sort", ["-began", "began", "-score", "score", "since", "-since", "name"])
def test_pages_by_cursor_lead_through_all_and_back(sort, desk):
    for n in range(60):
        person(f"P{n:02}", score=n // 7, at=AT - (n // 5) * HOUR)
    seen, url, way = [], f"?sort={sort}&size=25", []
    while url:
        way.append(url)
        answer = desk.get(f"/leads/{url}")
        seen += [lead.pk for lead in answer.context["page"].leads]
        last, url = answer, answer.context["next"]
    assert (len(seen), len(set(seen)), len(way)) == (60, 60, 3)
    back = desk.get(f"/leads/{last.context['previous']}")
    assert [lead.pk for lead in back.context["page"].leads] == seen[25:50]
    start = desk.get(f"/leads/{back.context['previous']}")
    assert [lead.pk for lead in start.context["page"].leads] == seen[:25]
    assert not start.context["previous"]


def test_a_place_that_is_none_leads_to_the_first_page(desk):
    person("Anna")
    answer = desk.get("/leads/?sort=name&after=forged")
    assert (answer.status_code, answer["Location"]) == (302, "/leads/?sort=name")


def test_a_page_is_never_longer_than_a_hundred(desk):
    for size in ("1000000000", "0", "-5", "x"):
        assert desk.get(f"/leads/?size={size}").status_code == 200
    for n in range(60):
        person(f"P{n:02}")
    assert len(listed(desk, "?size=1000000000")) == 50
    assert len(listed(desk, "?size=100")) == 60


def test_unreadable_filters_are_left_out_and_told(desk):
    person("Anna")
    answer = desk.get("/leads/?stage=PROSPECT&source=x&owner=9e9&began_from=31-02-2026")
    assert answer.context["unread"] == ["began_from", "owner", "source", "stage"]
    assert "could not be read" in answer.content.decode()


@pytest.mark.parametrize("many", [1, 3, 50])
def test_the_list_costs_three_statements(many, desk, rep):
    for n in range(many):
        person(f"P{n:02}", owner=rep)
    desk.get("/leads/")
    with CaptureQueriesContext(connection) as captured:
        assert len(listed(desk)) == many
    mine = [q["sql"] for q in captured if '"leads_' in q["sql"] or "leads_source" in q["sql"]]
    assert len(mine) == 3, mine


def test_nothing_is_counted_beyond_ten_thousand(desk):
    with CaptureQueriesContext(connection) as captured:
        desk.get("/leads/")
    (counting,) = [
        q["sql"] for q in captured if "COUNT(*)" in q["sql"] and "leads_lead" in q["sql"]
    ]
    assert "LIMIT 10001" in counting


def test_columns_are_chosen_in_the_address_and_remembered(desk):
    person("Anna", job_title="Buyer")
    heads = [c.key for c in desk.get("/leads/").context["columns"]]
    assert heads == ["company", "stage", "owner", "source", "score", "since", "due", "began"]
    answer = desk.get("/leads/?columns=stage,job_title,nonsense")
    assert [c.key for c in answer.context["columns"]] == ["stage", "job_title"]
    assert "Buyer" in answer.content.decode()
    assert [c.key for c in desk.get("/leads/").context["columns"]] == ["stage", "job_title"]


def test_upper_apps_add_filters_and_columns(desk, monkeypatch):
    monkeypatch.setattr(registry.list_filters, "_entries", {})
    monkeypatch.setattr(registry.list_columns, "_entries", {})
    registry.list_filters.register(
        ListFilter(
            "hot",
            "Heat",
            lambda user: [("yes", "Hot")],
            lambda rows, value, at: rows.filter(score=9),
        )
    )
    registry.list_columns.register(
        ListColumn("heat", "Heat", lambda rows: rows, lambda lead: f"{lead.score} degrees")
    )
    person("Anna", score=9)
    person("Berta", score=1)
    answer = desk.get("/leads/?hot=yes&columns=heat")
    assert [lead.contact.given_name for lead in answer.context["page"].leads] == ["Anna"]
    assert "9 degrees" in answer.content.decode()


def test_an_empty_list_says_what_to_do(desk, facilitator):
    text = desk.get("/leads/").content.decode()
    assert "No open leads yet" in text
    assert "/leads/new/" in text
    filtered = desk.get("/leads/?stage=SQL").content.decode()
    assert "No lead matches" in filtered
    assert "/leads/new/" not in signed_in(facilitator).get("/leads/").content.decode()


def test_what_people_typed_is_inert(desk):
    evil = "<script>alert(1)</script>"
    lead = lead_at(email="a@a.example", given_name=evil, company=f"{evil}{{{{7*7}}}}")
    for url in ("/leads/", f"/leads/{lead.pk}/", f"/leads/{lead.pk}/preview/", f"/leads/?q={evil}"):
        text = desk.get(url).content.decode()
        assert evil not in text
        assert "49" not in text.replace(str(lead.pk), "") or "7*7" in text


class TestBulk:
    """Several leads at once."""

    def test_what_may_be_done_is_done_and_the_rest_is_explained(self, desk):
        waiting, handed_over = person("Anna"), person("Berta", S.SAL)
        before = facts(handed_over)
        answer = desk.post(
            "/leads/bulk/", {"selected": [waiting.pk, handed_over.pk], "action": "qualify"}
        )
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "1 lead changed." in text
        assert "A lead does not go from SAL to MQL." in text
        waiting.refresh_from_db()
        assert waiting.stage == S.MQL
        assert facts(handed_over) == before

    def test_all_done_goes_back_to_where_the_list_stood(self, desk):
        leads = [person("Anna"), person("Berta")]
        answer = desk.post(
            "/leads/bulk/",
            {
                "selected": [lead.pk for lead in leads], "action": "close", "next": "/leads/?q=a",
                "close-disposition": "DISQUALIFIED", "close-reason": "spam",
            },
        )  # fmt: skip
        assert (answer.status_code, answer["Location"]) == (302, "/leads/?q=a")
        assert set(Lead.objects.values_list("disposition", flat=True)) == {"DISQUALIFIED"}

    @pytest.mark.parametrize(
        "fields",
        [
            {"action": "qualify"},
            {"action": "nothing", "selected": [1]},
            {"action": "qualify", "selected": ["1 OR 1=1", "9" * 40, "-1"]},
            {"action": "close", "selected": [1], "close-disposition": "RECYCLED"},
            {"action": "move", "selected": [1], "move-to_stage": "PROSPECT"},
        ],
    )
    def test_wrong_input_changes_nothing(self, fields, desk):
        lead = person("Anna")
        before = facts(lead)
        if fields.get("selected") == [1]:
            fields = {**fields, "selected": [lead.pk]}
        assert desk.post("/leads/bulk/", fields).status_code == 302
        assert facts(lead) == before

    def test_it_returns_to_no_other_site(self, desk):
        lead = person("Anna")
        answer = desk.post(
            "/leads/bulk/",
            {"selected": [lead.pk], "action": "qualify", "next": "https://evil.example/"},
        )
        assert answer["Location"] == "/leads/"
