"""The board: columns, totals of known age, cards by cursor, and drops through the gate."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.enums import Disposition, LifecycleStage
from leads.models import Lead, SqlType
from leads.selectors.board import CARDS, FRESH, board_totals, count_columns
from leads.selectors.lists import listed_leads
from leads.services.deals import Win, win_opportunity
from smarketing import time_source
from tests.conftest import AT
from tests.leads.deals.deal_records import deal_of, one_more, sql_of
from tests.leads.records import HOUR, facts, lead_at
from tests.leads.test_list import signed_in

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
JSON = "application/json"


@pytest.fixture(autouse=True)
def fresh_cache(db):
    cache.clear()


def totals_of(user, at=AT):
    counted = count_columns(listed_leads(user), at)
    return {stage.value: (total.count, total.amounts) for stage, total in counted.columns.items()}


def test_totals_count_open_leads_and_late_wins_and_never_add_currencies(rep):
    lead_at(S.LEAD)
    lead_at(S.LEAD, email="b@acme.example")
    lead_at(S.MQL, D.DISQUALIFIED, email="c@acme.example")
    deal = deal_of(rep, email="d@acme.example")
    one_more(deal, rep, amount=Decimal("5.50"), currency="USD")
    deal_of(rep, email="e@acme.example", amount=None)
    won = deal_of(rep, email="f@acme.example", amount=Decimal(7))
    win_opportunity(won.pk, Win(), actor=rep, at=AT)
    assert totals_of(rep) == {
        "LEAD": (2, {}),
        "MQL": (0, {}),
        "SAL": (0, {}),
        "SQL": (0, {}),
        "OPPORTUNITY": (2, {"EUR": Decimal("10000.00"), "USD": Decimal("5.50")}),
        "CUSTOMER": (1, {"EUR": Decimal("7.00")}),
    }
    assert totals_of(rep, AT + timedelta(days=30))["CUSTOMER"][0] == 1
    assert totals_of(rep, AT + timedelta(days=30, microseconds=1))["CUSTOMER"][0] == 0


def test_the_oldest_is_told_by_column(marketer):
    first = lead_at(S.LEAD)
    lead_at(S.LEAD, email="b@acme.example", at=AT + HOUR)
    total = count_columns(listed_leads(marketer), AT).columns[S.LEAD]
    assert total.oldest == first.lead_at


def test_totals_are_at_most_a_minute_old(marketer):
    rows = listed_leads(marketer)
    counted = board_totals(rows, "all", AT)
    lead_at(S.LEAD)
    for at, count in (
        (AT + FRESH - timedelta(microseconds=1), 0),
        (AT + FRESH, 1),
    ):
        kept = board_totals(rows, "all", at)
        assert (kept.columns[S.LEAD].count, kept.counted_at) == (count, AT if not count else at)
    assert counted.counted_at == AT
    assert board_totals(rows, "another", AT).columns[S.LEAD].count == 1


def test_a_cache_in_trouble_keeps_nothing_and_stops_nobody(marketer, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "no_such_table",
        }
    }
    rows = listed_leads(marketer)
    assert board_totals(rows, "all", AT).columns[S.LEAD].count == 0
    lead_at(S.LEAD)
    assert board_totals(rows, "all", AT).columns[S.LEAD].count == 1


@pytest.mark.parametrize("many", [1, 3])
def test_the_board_costs_the_same_for_one_and_for_three(many, marketer, rep):
    for n in range(many):
        deal_of(rep, email=f"p{n}@acme.example")
        lead_at(S.LEAD, email=f"q{n}@acme.example", owner=rep)
    client = signed_in(marketer)
    client.get("/leads/board/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/leads/board/")
    about = [q["sql"] for q in captured if "leads_" in q["sql"] and "cache" not in q["sql"]]
    assert len(about) == 4  # choices, ids, leads, their deals


def test_a_column_shows_twenty_and_more_by_cursor(marketer):
    for n in range(CARDS + 2):
        lead_at(S.LEAD, email=f"p{n:02}@acme.example", given_name=f"P{n:02}", score=n)
    client = signed_in(marketer)
    answer = client.get("/leads/board/?stage=LEAD")
    (column,) = answer.context["columns"]
    names = [lead.contact.given_name for lead in column.cards.leads]
    assert names == [f"P{n:02}" for n in range(CARDS + 1, 1, -1)]
    more = client.get(f"/leads/board/LEAD/{column.more_url}")
    assert [lead.score for lead in more.context["cards"].leads] == [1, 0]
    assert more.context["cards"].after == ""
    assert client.get("/leads/board/LEAD/?after=made-up").status_code == 302
    assert client.get("/leads/board/NOWHERE/").status_code == 404


def test_the_board_has_the_filters_of_the_list(rep, marketer):
    lead_at(S.MQL, owner=rep, given_name="Anna")
    lead_at(S.MQL, email="b@acme.example", given_name="Berta")
    client = signed_in(marketer)
    for query, names in (
        ("", {"Anna", "Berta"}),
        (f"?owner={rep.pk}", {"Anna"}),
        ("?owner=nobody", {"Berta"}),
        ("?q=ber", {"Berta"}),
        ("?disposition=LOST", {"Anna", "Berta"}),
    ):
        columns = client.get(f"/leads/board/{query}").context["columns"]
        found = {lead.contact.given_name for c in columns for lead in c.cards.leads}
        assert (query, found) == (query, names)


# --- drops ---------------------------------------------------------------------------------------


def drop(user, lead, stage, **fields):
    return signed_in(user).post(
        f"/leads/{lead.pk}/board/", {"to_stage": stage, **fields}, HTTP_ACCEPT=JSON
    )


def test_a_drop_is_the_gates(rep):
    lead = lead_at(S.MQL, owner=rep)
    answer = drop(rep, lead, "SAL", expected="MQL").json()
    lead.refresh_from_db()
    assert lead.stage == S.SAL
    assert 'data-stage="SAL"' in answer["card"]
    assert answer["toast"]["undo_url"].startswith("/leads/undo/")
    assert sorted(answer["heads"]) == sorted(S.values)


@pytest.mark.parametrize(
    ("who", "way", "why"),
    [
        ("marketer", (S.MQL, "SAL"), "Moving a lead from MQL to SAL is for Sales to decide."),
        ("rep", (S.LEAD, "MQL"), "Moving a lead from Lead to MQL is for Marketing to decide."),
        ("rep", (S.SAL, "LEAD"), "A lead does not go from SAL to Lead."),
        ("rep", (S.SAL, ""), "Choose the stage to move to."),
        ("rep", (S.SAL, "BEYOND"), "Choose the stage to move to."),
    ],
)
def test_a_refused_drop_says_why_on_the_card_and_changes_nothing(who, way, why, rep, request):
    stage, target = way
    lead = lead_at(stage, owner=rep)
    before = facts(lead)
    answer = drop(request.getfixturevalue(who), lead, target)
    assert (answer.status_code, answer.json()["refused"]) == (409, why)
    assert why in answer.json()["card"]
    assert facts(lead) == before


def test_a_drop_on_a_stage_that_was_seen_otherwise_is_refused(rep, manager_sales):
    lead = lead_at(S.SAL, owner=rep)
    answer = drop(rep, lead, "SQL", expected="MQL")
    assert answer.status_code == 409
    assert Lead.objects.get(pk=lead.pk).stage == S.SAL


def test_what_needs_more_is_asked_first(rep, manager_sales):
    sql = sql_of(rep)
    asked = drop(rep, sql, "OPPORTUNITY", query="owner=me").json()["ask"]
    assert asked == f"/leads/{sql.pk}/convert/?next=/leads/board/%3Fowner%3Dme"
    deal = deal_of(rep, email="d@acme.example")
    asked = drop(rep, deal.lead, "CUSTOMER").json()["ask"]
    assert asked == f"/opportunities/{deal.pk}/win/?next=/leads/board/"
    asked = drop(rep, sql, "close").json()["ask"]
    assert asked.startswith(f"/leads/{sql.pk}/close/?next=")
    mql = lead_at(S.MQL, email="e@acme.example", owner=rep)
    asked = drop(manager_sales, mql, "SAL").json()["ask"]
    assert asked.startswith(f"/leads/{mql.pk}/board/?to_stage=SAL&next=")
    assert Lead.objects.get(pk=mql.pk).stage == S.MQL
    assert signed_in(manager_sales).get(asked).status_code == 200
    drop(manager_sales, mql, "SAL", note="Bruno is away", asked="on")
    assert Lead.objects.get(pk=mql.pk).stage == S.SAL


def test_the_type_of_sql_is_asked_where_there_are_any(rep):
    kind = SqlType.objects.create(name="New line", key="new line")
    lead = lead_at(S.SAL, owner=rep)
    assert "ask" in drop(rep, lead, "SQL").json()
    drop(rep, lead, "SQL", asked="on", sql_type=kind.pk)
    lead.refresh_from_db()
    assert (lead.stage, lead.sql_type) == (S.SQL, kind)


def test_without_scripts_a_form_moves_and_the_card_explains(rep):
    client = signed_in(rep)
    lead = lead_at(S.MQL, owner=rep, given_name="Anna")
    form = {"to_stage": "SAL", "query": "owner=me"}
    answer = client.post(f"/leads/{lead.pk}/board/", form)
    assert answer.url == "/leads/board/?owner=me"
    lead.refresh_from_db()
    assert lead.stage == S.SAL
    answer = client.post(f"/leads/{lead.pk}/board/", {"to_stage": "MQL"}, follow=True)
    assert "A lead does not go from SAL to MQL." in answer.content.decode()
    assert "A lead does not go" not in client.get("/leads/board/").content.decode()


def test_the_age_of_the_totals_is_shown(rep):
    text = signed_in(rep).get("/leads/board/").content.decode()
    assert "Totals counted just now" in text
    assert time_source.now() > AT
