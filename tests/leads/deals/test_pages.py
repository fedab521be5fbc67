"""The pages of deals, campaigns and the lists of names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role, TeamKind
from leads.enums import LifecycleStage
from leads.models import (
    Campaign,
    CampaignCost,
    Competitor,
    DealStep,
    Lead,
    Opportunity,
    ProductLine,
)
from leads.selectors.campaigns import campaign_page, reach_of
from leads.services.deals import DealFacts, Win, change_opportunity, win_opportunity
from tests.conftest import AT
from tests.factories import TeamFactory, member
from tests.leads.deals.deal_records import TEN, deal_of, one_more, sql_of
from tests.leads.records import lead_at
from tests.leads.test_list import signed_in

pytestmark = pytest.mark.django_db
S = LifecycleStage


def listed(user, query=""):
    page = signed_in(user).get(f"/opportunities/{query}").context["page"]
    return [deal.lead.contact.email.split("@")[0] for deal in page.deals]


def test_open_deals_come_first_by_their_expected_close(rep):
    deal_of(rep, email="late@acme.example", expected_close_on=date(2026, 9, 1))
    deal_of(rep, email="never@acme.example")
    deal_of(rep, email="soon@acme.example", expected_close_on=date(2026, 4, 1))
    won = deal_of(rep, email="won@acme.example")
    win_opportunity(won.pk, Win(), actor=rep, at=AT)
    assert listed(rep) == ["soon", "late", "never"]
    assert listed(rep, "?sort=-closes") == ["never", "late", "soon"]
    assert listed(rep, "?state=WON") == ["won"]
    assert sorted(listed(rep, "?state=any")) == ["late", "never", "soon", "won"]
    assert listed(rep, "?closes_from=2026-04-02&closes_to=2026-09-01") == ["late"]
    assert listed(rep, "?owner=nobody") == []
    assert listed(rep, "?owner=me&q=soon") == ["soon"]
    step = DealStep.objects.order_by("position").last()
    assert listed(rep, f"?step={step.pk}") == []


def test_sums_stand_by_currency(rep):
    step = DealStep.objects.create(name="Half", key="half", position=9, probability="0.5")
    deal_of(rep, email="a@acme.example", step_id=step.pk)
    deal_of(rep, email="b@acme.example", step_id=step.pk, amount=None)
    deal_of(rep, email="c@acme.example", step_id=step.pk, currency="USD", amount=Decimal(3))
    sums = signed_in(rep).get("/opportunities/").context["sums"]
    assert [(s.currency, s.count, s.total, s.weighted) for s in sums] == [
        ("EUR", 2, TEN, Decimal(5000)),
        ("USD", 1, Decimal(3), Decimal("1.5")),
    ]


def test_pages_go_on_by_cursor(rep, monkeypatch):
    monkeypatch.setattr("leads.views.opportunities.SIZE", 2)
    for n in range(5):
        deal_of(rep, email=f"p{n}@acme.example")
    client = signed_in(rep)
    seen, url = [], "/opportunities/"
    while url:
        context = client.get(url).context
        seen += [deal.lead.contact.email for deal in context["page"].deals]
        url = f"/opportunities/{context['next']}" if context["next"] else ""
    assert seen == [f"p{n}@acme.example" for n in range(5)]
    assert client.get("/opportunities/?after=made-up").status_code == 302


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(many, rep):
    for n in range(many):
        deal_of(rep, email=f"p{n}@acme.example")
    client = signed_in(rep)
    client.get("/opportunities/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/opportunities/")
    assert len([q for q in captured if "leads_" in q["sql"]]) == 4  # rows, sums, choices, steps


def test_a_team_sees_its_own_where_the_setting_says_so(rep, organisation, sales):
    organisation.reps_see_own_team_only = True
    organisation.save()
    deal = deal_of(rep)
    hidden = deal_of(rep_elsewhere(sales), email="b@acme.example")
    assert listed(rep) == ["anna"]
    assert signed_in(rep).get(f"/opportunities/{deal.pk}/").status_code == 200
    assert signed_in(rep).get(f"/opportunities/{hidden.pk}/").status_code == 404


def rep_elsewhere(sales):
    return member(
        "otto@acme.test",
        Role.REP,
        team=TeamFactory(name="West", kind=TeamKind.SALES, parent=sales),
        name="Otto",
    )


def test_a_conflict_is_told_and_what_was_typed_is_kept(rep, manager_sales):
    deal = deal_of(rep)
    told = DealFacts(amount=Decimal(9), owner_id=rep.pk, step_id=deal.step_id)
    form = {"amount": "7", "currency": "EUR", "version": deal.version, "note": "Mine"}
    change_opportunity(deal.pk, told, version=None, actor=manager_sales, at=AT)
    answer = signed_in(rep).post(f"/opportunities/{deal.pk}/", form)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Dario Greco has changed this opportunity while you were writing." in text
    assert "€9" in text
    assert 'value="7"' in text
    deal.refresh_from_db()
    assert (deal.amount, deal.note) == (Decimal(9), "")
    again = {**form, "version": deal.version}
    assert signed_in(rep).post(f"/opportunities/{deal.pk}/", again).status_code == 302
    deal.refresh_from_db()
    assert (deal.amount, deal.note) == (Decimal(7), "Mine")


@pytest.mark.parametrize(
    ("form", "typed", "kept"),
    [("comma", "1.234,56", "1234.56"), ("point", "1,234.56", "1234.56"), ("comma", "1,234.56", "")],
)
def test_amounts_are_read_in_the_persons_own_form(form, typed, kept, rep):
    rep.number_form = form
    rep.save()
    lead = sql_of(rep)
    answer = signed_in(rep).post(
        f"/leads/{lead.pk}/convert/", {"amount": typed, "currency": "EUR", "expected": "SQL"}
    )
    deals = Opportunity.objects.filter(lead=lead)
    assert answer.status_code == (302 if kept else 422)
    assert [str(deal.amount) for deal in deals] == ([kept] if kept else [])
    if not kept:
        assert f'value="{typed}"' in answer.content.decode()


def test_a_double_click_leads_to_the_one_deal(rep, manager_sales):
    lead = sql_of(rep)
    form = {"amount": "5", "currency": "EUR", "expected": "SQL"}
    client = signed_in(rep)
    client.post(f"/leads/{lead.pk}/convert/", form)
    again = client.post(f"/leads/{lead.pk}/convert/", form)
    deal = Opportunity.objects.get()
    assert again.url == f"/opportunities/{deal.pk}/"
    other = signed_in(manager_sales).post(f"/leads/{lead.pk}/convert/", form, follow=True)
    assert "Bruno Conti has already made this lead an opportunity." in other.content.decode()


def test_winning_in_another_currency_asks_for_the_rate(rep):
    deal = deal_of(rep, currency="USD")
    client = signed_in(rep)
    assert "EUR for one USD" in client.get(f"/opportunities/{deal.pk}/win/").content.decode()
    form = {"amount": "10000", "version": deal.version}
    assert client.post(f"/opportunities/{deal.pk}/win/", form).status_code == 422
    answer = client.post(f"/opportunities/{deal.pk}/win/", {**form, "rate": "0.91"})
    assert answer.url == f"/opportunities/{deal.pk}/"
    deal.refresh_from_db()
    assert (deal.state, deal.rate) == ("WON", Decimal("0.91"))
    assert Lead.objects.get(pk=deal.lead_id).stage == S.CUSTOMER


def test_losing_asks_for_a_day_where_one_was_promised(rep):
    deal = deal_of(rep)
    form = {"reason": "price", "again": "on", "version": deal.version}
    answer = signed_in(rep).post(f"/opportunities/{deal.pk}/lose/", form)
    assert answer.status_code == 422
    assert "Choose the day on which to try again." in answer.content.decode()
    deal.refresh_from_db()
    assert deal.state == "OPEN"


def test_the_lead_page_tells_its_deals_and_what_followed(rep, marketer):
    deal = deal_of(rep)
    one_more(deal, rep, name="Spare parts")
    url = f"/leads/{deal.lead_id}/opportunities/"
    text = signed_in(rep).get(url).content.decode()
    for words in ("€10,000", "Spare parts", "Discovery", "Add opportunity"):
        assert words in text
    assert "Add opportunity" not in signed_in(marketer).get(url).content.decode()


# --- campaigns -----------------------------------------------------------------------------------


def test_a_campaign_tells_cost_reach_and_new_revenue(rep, marketer):
    campaign = Campaign.objects.create(name="Fair", key="fair", channel="event")
    CampaignCost.objects.create(campaign=campaign, spent_on=date(2026, 3, 1), amount=Decimal(40))
    lead_at(S.MQL, email="a@acme.example", campaign_id=campaign.pk)
    lead = sql_of(rep, "b@acme.example", campaign_id=campaign.pk)
    signed_in(rep).post(
        f"/leads/{lead.pk}/convert/", {"amount": "100", "currency": "USD", "expected": "SQL"}
    )
    deal = Opportunity.objects.get()
    win_opportunity(deal.pk, Win(rate=Decimal("0.5")), actor=rep, at=AT.replace(year=2030))
    page = campaign_page(campaign.pk)
    assert page.reach.stages == [(s, 2 if s in (S.LEAD, S.MQL) else 1) for s in S]
    assert (page.revenue.total, page.revenue.apart) == (Decimal(50), {})
    assert page.campaign.cost == Decimal(40)
    text = signed_in(marketer).get(f"/campaigns/{campaign.pk}/").content.decode()
    assert "€50" in text


def test_campaign_reach_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert reach_of([1, 2, 3])[2].leads == 0


def test_a_campaign_is_planned_and_refused_at_its_fields(marketer):
    client = signed_in(marketer)
    form = {"name": "Fair", "channel": "event", "currency": "EUR", "budget": "1,000"}
    assert client.post("/campaigns/new/", form).status_code == 302
    campaign = Campaign.objects.get()
    assert (campaign.key, campaign.budget) == ("fair", Decimal(1000))
    for wrong, words in (
        ({"name": "FAIR"}, "There is a campaign of this name already."),
        ({"name": "B", "budget": "-1"}, "An amount is never below zero."),
        ({"name": "B", "starts_on": "2026-03-02", "ends_on": "2026-03-01"}, "or later."),
        ({"name": "B", "starts_on": "0001-01-01"}, "A day between the years 2000 and 2100."),
    ):
        answer = client.post("/campaigns/new/", {**form, **wrong})
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert Campaign.objects.count() == 1


def test_costs_are_added_and_taken_away(marketer, rep):
    campaign = Campaign.objects.create(name="Fair", key="fair", channel="event")
    url = f"/campaigns/{campaign.pk}/costs/"
    client = signed_in(marketer)
    assert client.post(url, {"spent_on": "2026-03-01", "amount": "1e999"}).status_code == 422
    client.post(url, {"spent_on": "2026-03-01", "amount": "12.50", "note": "Stand"})
    cost = campaign.costs.get()
    assert (cost.amount, cost.note) == (Decimal("12.50"), "Stand")
    assert signed_in(rep).post(f"{url}{cost.pk}/remove/").status_code == 403
    assert client.post(f"{url}{cost.pk}/remove/").status_code == 302
    assert not campaign.costs.exists()


# --- lists of names ------------------------------------------------------------------------------


def test_names_are_added_renamed_and_removed_unless_used(marketer, rep):
    client, url = signed_in(marketer), "/settings/catalogue/product-lines/"
    client.post(f"{url}add/", {"name": "Valves"})
    assert client.post(f"{url}add/", {"name": "VALVES"}).status_code == 422
    line = ProductLine.objects.get()
    client.post(f"{url}{line.pk}/", {"name": "Pumps"})
    line.refresh_from_db()
    assert (line.name, line.key) == ("Pumps", "pumps")
    lead = lead_at(S.LEAD, product_line_id=line.pk)
    refused = client.post(f"{url}{line.pk}/remove/", follow=True).content.decode()
    assert "“Pumps” is in use and stays" in refused
    Lead.objects.filter(pk=lead.pk).update(product_line=None)
    client.post(f"{url}{line.pk}/remove/")
    assert not ProductLine.objects.exists()
    client.post("/settings/catalogue/competitors/add/", {"name": "Rival"})
    assert Competitor.objects.get().key == "rival"


def test_steps_are_ordered_and_one_stays_in_use(marketer, rep):
    client, url = signed_in(marketer), "/settings/deal-steps/"
    names = lambda: list(DealStep.objects.values_list("name", flat=True))  # noqa: E731
    before = names()
    client.post(f"{url}new/", {"name": "Pilot", "chance": "70", "is_active": "on"})
    pilot = DealStep.objects.get(name="Pilot")
    assert (names(), pilot.probability) == ([*before, "Pilot"], Decimal("0.7"))
    client.post(f"{url}{pilot.pk}/move/", {"by": "up"})
    assert names() == [*before[:-1], "Pilot", before[-1]]
    DealStep.objects.exclude(pk=pilot.pk).update(is_active=False)
    answer = client.post(f"{url}{pilot.pk}/", {"name": "Pilot", "chance": "70"})
    assert "One step at least stays in use." in answer.content.decode()
    deal = deal_of(rep)
    assert deal.step == pilot
    client.post(f"{url}{pilot.pk}/remove/")
    assert DealStep.objects.filter(pk=pilot.pk).exists()
    assert client.post(f"{url}new/", {"name": "X", "chance": "101"}).status_code == 422
