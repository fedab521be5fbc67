"""The lead page and what is done on it; a lead begun by hand; today's panels; the search."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.rules import standing
from leads.enums import Disposition, LifecycleStage, Origin
from leads.models import Contact, Lead
from leads.selectors.details import lead_page, stage_steps
from leads.selectors.finding import find_leads
from leads.selectors.today import (
    leads_to_qualify,
    my_open_leads,
    owner_balances,
    unclaimed_leads,
)
from smarketing import registry
from smarketing.registry import LeadPageFragment
from tests.conftest import AT
from tests.leads.records import HOUR, facts, lead_at
from tests.leads.test_list import signed_in

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition


def test_the_page_tells_way_history_and_other_cycles(marketer, rep):
    earlier = lead_at(S.SAL, D.LOST, owner=rep, given_name="Anna", family_name="Rossi")
    lead = lead_at(S.SQL, owner=rep)
    text = signed_in(marketer).get(f"/leads/{lead.pk}/").content.decode()
    for words in ("Anna Rossi", "Accepted by Sales", "Qualified by Marketing", "Bruno Conti",
                  "Returning", f"/leads/{earlier.pk}/", "We met before"):  # fmt: skip
        assert words in text
    page = lead_page(marketer, lead.pk)
    assert ([c.pk for c in page.cycles], page.cycle_number) == ([lead.pk, earlier.pk], 2)


def test_the_way_knows_dates_spans_and_what_was_passed_over(marketer):
    lead = lead_at(S.MQL)
    steps = stage_steps(lead, list(lead.transitions.all()), lead.mql_at + 5 * HOUR)
    assert [(s.key, s.state, s.at, s.spent) for s in steps[:3]] == [
        ("LEAD", "done", lead.lead_at, HOUR),
        ("MQL", "current", lead.mql_at, 5 * HOUR),
        ("SAL", "todo", None, None),
    ]
    own = lead_at(S.SAL, D.LOST, email="b@b.example")
    assert stage_steps(own, list(own.transitions.all()), AT)[2].spent == HOUR


@pytest.mark.parametrize("many", [1, 3, 12])
def test_the_page_costs_at_most_eight_statements(many, marketer, rep):
    for _n in range(many):
        lead = lead_at(S.SQL, D.LOST, owner=rep)
    client = signed_in(marketer)
    url = f"/leads/{lead.pk}/"
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    assert len([q for q in captured if "leads_" in q["sql"]]) == 6


@pytest.mark.parametrize(
    ("role", "stage", "verb"),
    [
        ("marketer", S.LEAD, "Qualify lead"),
        ("rep", S.MQL, "Accept lead"),
        ("rep", S.OPPORTUNITY, "Mark as won"),
        ("manager_sales", S.LEAD, "Qualify lead"),
        ("rep", S.LEAD, None),
        ("marketer", S.MQL, None),
        ("facilitator", S.MQL, None),
        ("administrator", S.LEAD, None),
    ],
)
def test_the_next_verb_is_this_persons(role, stage, verb, request):
    lead = lead_at(stage)
    answer = signed_in(request.getfixturevalue(role)).get(f"/leads/{lead.pk}/")
    primary = answer.context["options"].primary
    assert (str(primary.verb) if primary else None) == verb


def test_moving_on_the_page(marketer):
    lead = lead_at(S.LEAD, given_name="Anna")
    client = signed_in(marketer)
    answer = client.post(
        f"/leads/{lead.pk}/move/", {"to_stage": "MQL", "expected": "LEAD"}, follow=True
    )
    assert answer.redirect_chain == [(f"/leads/{lead.pk}/", 302)]
    assert "Anna is MQL now." in answer.content.decode()
    before = facts(lead)
    again = client.post(f"/leads/{lead.pk}/move/", {"to_stage": "MQL"}, follow=True)
    assert "Alice Rossi has already moved this lead to MQL." in again.content.decode()
    assert facts(lead) == before


def test_closing_keeps_what_was_typed_until_it_is_right(rep):
    lead = lead_at(S.SAL, owner=rep)
    client, url, before = signed_in(rep), f"/leads/{lead.pk}/close/", facts(lead)
    wrong = client.post(url, {"disposition": "LOST", "reason": "not_now", "note": "Kept words"})
    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert "This reason does not go with the way that you chose." in text
    assert "Kept words" in text
    assert client.post(url, {"disposition": "LOST", "reason": "other"}).status_code == 422
    assert facts(lead) == before
    client.post(url, {"disposition": "LOST", "reason": "price", "note": "Too dear"})
    lead.refresh_from_db()
    row = lead.transitions.latest("id")
    assert (lead.disposition, row.reason, row.note, row.actor) == (D.LOST, "price", "Too dear", rep)


def test_what_is_not_seen_is_404_and_what_is_not_allowed_403(rep, facilitator, organisation):
    lead = lead_at(S.MQL)
    assert signed_in(rep).get(f"/leads/{lead.pk + 1}/").status_code == 404
    assert signed_in(facilitator).post(f"/leads/{lead.pk}/move/", {}).status_code == 403
    assert signed_in(facilitator).get("/leads/new/").status_code == 403
    type(organisation).objects.update(reps_see_own_team_only=True)
    for url in ("", "preview/", "close/"):
        assert signed_in(rep).get(f"/leads/{lead.pk}/{url}").status_code == 404
    before = facts(lead)
    assert signed_in(rep).post(f"/leads/{lead.pk}/move/", {"to_stage": "SAL"}).status_code == 404
    assert facts(lead) == before


def test_upper_apps_load_their_parts_of_the_page(marketer, monkeypatch):
    monkeypatch.setattr(registry.lead_page_fragments, "_entries", {})
    registry.lead_page_fragments.register(LeadPageFragment("clocks", "Clocks", "lead-preview", 10))
    lead = lead_at()
    text = signed_in(marketer).get(f"/leads/{lead.pk}/").content.decode()
    assert f'hx-get="/leads/{lead.pk}/preview/" hx-trigger="load"' in text


def test_a_lead_is_begun_by_hand_once(marketer):
    client = signed_in(marketer)
    fields = {"email": "anna@acme.example", "given_name": "Anna", "stage": "LEAD"}
    answer = client.post("/leads/new/", fields)
    lead = Lead.objects.get()
    assert answer["Location"] == f"/leads/{lead.pk}/"
    again = client.post("/leads/new/", fields)
    assert again.status_code == 422
    assert f'href="/leads/{lead.pk}/"' in again.content.decode()
    assert Lead.objects.count() == 1


def test_a_rep_who_sees_his_team_only_may_begin_what_he_does_not_see(rep, organisation):
    type(organisation).objects.update(reps_see_own_team_only=True)
    client = signed_in(rep)
    fields = {"email": "anna@acme.example", "stage": "LEAD"}
    assert client.post("/leads/new/", fields)["Location"] == "/leads/"
    again = client.post("/leads/new/", fields)
    assert (again.status_code, again.context["existing"]) == (422, None)
    assert Lead.objects.count() == 1


def test_a_rep_begins_his_own_lead(rep):
    client = signed_in(rep)
    stages = client.get("/leads/new/").context["form"].fields["stage"].choices
    assert [value for value, _label in stages] == ["LEAD", "SAL", "SQL"]
    client.post("/leads/new/", {"email": "anna@acme.example", "stage": "SAL"})
    lead = Lead.objects.get()
    assert (lead.stage, lead.origin, lead.owner) == (S.SAL, Origin.SALES, rep)


def test_wrong_fields_keep_what_was_typed(marketer, manager_sales):
    client = signed_in(marketer)
    answer = client.post("/leads/new/", {"email": "nobody", "given_name": "Anna", "stage": "LEAD"})
    assert answer.status_code == 422
    assert 'value="Anna"' in answer.content.decode()
    by_head = {"email": "anna@acme.example", "stage": "SAL"}
    refused = signed_in(manager_sales).post("/leads/new/", by_head)
    assert "As a manager you may decide this with a note" in refused.content.decode()
    assert Contact.objects.count() == 0


def test_todays_panels(marketer, rep, manager_sales, django_assert_num_queries):
    hot = lead_at(S.LEAD, score=90, email="a@a.example")
    cold = lead_at(S.LEAD, score=10, email="b@b.example")
    mine = lead_at(S.SAL, owner=rep, email="c@c.example")
    to_decide = lead_at(S.MQL, owner=rep, email="d@d.example")
    nobodys = lead_at(S.MQL, email="e@e.example")
    lead_at(S.LEAD, D.RECYCLED, email="f@f.example")
    for user in (marketer, rep, manager_sales):
        standing(user)
    with django_assert_num_queries(3):
        panel = leads_to_qualify(marketer, AT)
    assert ([lead.pk for lead in panel["leads"]], panel["count"]) == ([hot.pk, cold.pk], 2)
    with django_assert_num_queries(2):
        panel = my_open_leads(rep, AT)
    assert [lead.pk for lead in panel["leads"]] == [to_decide.pk, mine.pk]
    with django_assert_num_queries(2):
        panel = unclaimed_leads(rep, AT)
    assert [lead.pk for lead in panel["leads"]] == [nobodys.pk]
    with django_assert_num_queries(1):
        panel = registry.today_panels["stage-balances"].context(manager_sales, AT)
    assert [(b.stage, b.side, b.count, b.unowned) for b in panel["balances"]] == [
        ("LEAD", "marketing", 2, 2), ("MQL", "shared", 2, 1), ("SAL", "shared", 1, 0),
        ("SQL", "shared", 0, 0), ("OPPORTUNITY", "sales", 0, 0),
    ]  # fmt: skip
    with django_assert_num_queries(1):
        panel = owner_balances(manager_sales, AT)
    assert [(b.owner, b.count, b.undecided) for b in panel["balances"]] == [(rep, 2, 1)]


@pytest.mark.parametrize("role", ["marketer", "rep", "manager_sales", "facilitator"])
def test_today_opens_with_its_panels(role, request):
    lead_at(S.MQL)
    assert signed_in(request.getfixturevalue(role)).get("/").status_code == 200


def test_the_search_finds_leads_by_one_statement(marketer, newcomer, django_assert_num_queries):
    lead = lead_at(S.MQL, given_name="Zoë", company="Acme")
    standing(marketer)
    with django_assert_num_queries(1):
        (hit,) = find_leads(marketer, "zoe ac", 6)
    assert (hit.label, hit.detail, hit.url) == ("Zoë", "MQL · Acme", f"/leads/{lead.pk}/")
    assert find_leads(newcomer, "zoe", 6) == []


def test_open_work_is_counted_for_whoever_leaves(rep, newcomer):
    lead_at(S.SAL, owner=rep)
    count = registry.open_work_sources["leads"].count
    work = count(rep)
    assert work is not None
    assert (work.count, work.url) == (1, f"/leads/of/{rep.pk}/give/")
    assert count(newcomer) is None
