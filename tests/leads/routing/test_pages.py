"""Take and give on pages: what they offer, what they do, what they refuse."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from leads.enums import LifecycleStage, QueueKind
from leads.models import Assignment, Company, Lead, UndoableAction
from leads.services.queues import queue_of
from tests.conftest import AT
from tests.factories import member
from tests.leads.records import lead_at
from tests.leads.routing.pools import pool_of
from tests.leads.test_list import signed_in

pytestmark = pytest.mark.django_db
S = LifecycleStage


@pytest.fixture
def greta(sales):
    return member("greta@acme.test", Role.REP, team=sales, name="Greta Villa")


def waiting(**fields):
    lead = lead_at(S.MQL, **fields)
    Lead.objects.filter(pk=lead.pk).update(queue=queue_of(QueueKind.FALLBACK))
    return Lead.objects.get(pk=lead.pk)


def said(answer):
    return [str(message) for message in answer.wsgi_request._messages]


def test_take_makes_it_mine_and_leads_back(rep):
    lead = waiting(given_name="Anna", family_name="Rossi")
    answer = signed_in(rep).post(f"/leads/{lead.pk}/take/", {"next": "/"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert said(answer) == ["Anna Rossi is yours."]
    lead.refresh_from_db()
    assert (lead.owner, lead.queue) == (rep, None)


def test_taking_can_be_undone(rep):
    lead = waiting()
    client = signed_in(rep)
    client.post(f"/leads/{lead.pk}/take/")
    client.post(f"/leads/undo/{UndoableAction.objects.get().pk}/")
    lead.refresh_from_db()
    assert (lead.owner, lead.queue) == (None, queue_of(QueueKind.FALLBACK))
    assert Assignment.objects.get().voided_at is not None


def test_the_second_taker_is_told_who_was_first(rep, greta):
    lead = waiting()
    signed_in(greta).post(f"/leads/{lead.pk}/take/")
    answer = signed_in(rep).post(f"/leads/{lead.pk}/take/")
    assert said(answer) == ["Greta Villa took this lead meanwhile."]
    assert Lead.objects.get().owner == greta


def test_today_offers_to_take_what_nobody_has(rep):
    lead = waiting()
    assert f'action="/leads/{lead.pk}/take/"' in signed_in(rep).get("/").content.decode()


def test_the_fragment_tells_who_has_it_and_why(rep, manager_sales):
    lead = waiting()
    signed_in(rep).post(f"/leads/{lead.pk}/take/")
    signed_in(manager_sales).post(f"/leads/{lead.pk}/give/", {"to": "queue", "note": "Too far."})
    text = signed_in(rep).get(f"/leads/{lead.pk}/owner/").content.decode()
    for words in ("Nobody yet", "Too far.", "Changed hands", "2 changes of hands", "Took it",
                  "Take lead"):  # fmt: skip
        assert words in text


def test_a_manager_gives_a_lead_and_the_choice_says_what_each_has(rep, greta, manager_sales):
    lead = lead_at(S.SAL, owner=rep)
    client = signed_in(manager_sales)
    text = client.get(f"/leads/{lead.pk}/give/").content.decode()
    assert "Greta Villa – 0 open leads" in text
    assert "Bruno Conti –" not in text
    answer = client.post(f"/leads/{lead.pk}/give/", {"to": f"person:{greta.pk}"})
    assert said(answer) == ["1 lead given to Greta Villa."]
    assert Lead.objects.get().owner == greta


def test_a_refused_gift_comes_back_with_what_was_typed(rep, greta):
    lead = lead_at(S.SAL, owner=rep)
    answer = signed_in(rep).post(f"/leads/{lead.pk}/give/", {"to": f"person:{greta.pk}"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Write a note that says why." in text
    assert f'value="person:{greta.pk}" selected' in text
    assert Lead.objects.get().owner == rep


def test_what_happened_since_the_page_was_opened_is_told(rep, greta, manager_sales):
    lead = waiting()
    signed_in(greta).post(f"/leads/{lead.pk}/take/")
    sent = {"to": f"person:{rep.pk}", "seen_owner": ""}
    answer = signed_in(manager_sales).post(f"/leads/{lead.pk}/give/", sent)
    assert answer.status_code == 422
    assert "Greta Villa took this lead meanwhile." in answer.content.decode()
    assert Lead.objects.get().owner == greta


def test_selected_leads_are_given_in_two_steps_and_refusals_are_named(rep, greta, manager_sales):
    mine, hers = lead_at(S.SAL, owner=rep), lead_at(S.MQL, email="b@b.example", owner=greta)
    client = signed_in(manager_sales)
    selected = {"selected": [mine.pk, hers.pk]}
    asked = client.post("/leads/give/", {**selected, "step": "choose"})
    assert asked.status_code == 200
    assert "Give 2 leads" in asked.content.decode()
    done = client.post("/leads/give/", {**selected, "to": f"person:{greta.pk}"})
    text = done.content.decode()
    assert "1 lead given to Greta Villa." in text
    assert "Greta Villa has this lead already." in text
    assert set(Lead.objects.values_list("owner", flat=True)) == {greta.pk}


def test_all_of_a_leaver_goes_to_a_pool_by_turns_or_to_a_colleague(
    rep, greta, sales, administrator
):
    hugo = member("hugo@acme.test", Role.REP, team=sales, name="Hugo Neri")
    for n in range(4):
        lead_at(S.SQL, email=f"p{n}@acme.example", owner=rep)
    Company.objects.create(name="Beta", sort_key="beta", owner=rep, created_at=AT)
    pool = pool_of(rep, greta, hugo)
    client, url = signed_in(administrator), f"/leads/of/{rep.pk}/give/"
    assert "Hand over 4 leads" in client.get(url).content.decode()
    answer = client.post(url, {"to": f"pool:{pool.pk}"})
    assert answer.status_code == 200  # each is refused: an administrator says why
    assert Lead.objects.filter(owner=rep).count() == 4
    answer = client.post(url, {"to": f"pool:{pool.pk}", "note": "Bruno leaves."})
    assert said(answer) == ["4 leads given away."]
    owners = list(Lead.objects.order_by("pk").values_list("owner__name", flat=True))
    assert owners == ["Greta Villa", "Hugo Neri", "Greta Villa", "Hugo Neri"]
    assert Company.objects.get(name="Beta").owner == rep


def test_a_leavers_companies_go_along_when_asked(rep, greta, manager_sales):
    lead_at(S.SQL, owner=rep)
    Company.objects.create(name="Beta", sort_key="beta", owner=rep, created_at=AT)
    sent = {"to": f"person:{greta.pk}", "companies": "on"}
    answer = signed_in(manager_sales).post(f"/leads/of/{rep.pk}/give/", sent)
    assert said(answer) == ["1 lead given to Greta Villa. 1 company too."]
    company = Company.objects.get(name="Beta")
    assert (company.owner, company.version) == (greta, 2)


def test_who_has_nothing_left_has_nothing_to_hand_over(rep, manager_sales):
    text = signed_in(manager_sales).get(f"/leads/of/{rep.pk}/give/").content.decode()
    assert "Bruno Conti has no open lead" in text
