"""The queue of leads to qualify: its order, what it shows, and each way out of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import User
from accounts.rules import standing
from leads.enums import Disposition, LifecycleStage, TouchKind
from leads.models import Lead, StageTransition
from leads.selectors.qualifying import qualify_desk, queue_leads
from tests.conftest import AT
from tests.leads.qualifying.records import BUDGET, FILLED_PHONE, SCORE_60, define, persona, touch
from tests.leads.records import facts, lead_at

pytestmark = pytest.mark.django_db
S = LifecycleStage
URL = "/leads/qualify/"
DECIDE = "/leads/qualify/decide/"
BULK = "/leads/qualify/bulk/"
HX = {"HX-Request": "true"}


def waiting(email: str, score: int, **fields: Any) -> Lead:
    """A lead in the queue; `proposed=True` for one whose score has proposed it."""
    proposed = fields.pop("proposed", False)
    lead = lead_at(email=email, score=score, **fields)
    Lead.objects.filter(pk=lead.pk).update(proposed_at=AT if proposed else None, score=score)
    return Lead.objects.select_related("contact__company", "owner").get(pk=lead.pk)


@pytest.fixture
def three() -> list[Lead]:
    """Three leads in the order of the queue: proposed, then by score."""
    return [
        waiting("a@acme.example", 62, proposed=True, phone="+39 1", given_name="Ada"),
        waiting("b@beta.example", 90, phone="+39 2", given_name="Bea"),
        waiting("c@gamma.example", 30, given_name="Cleo"),
    ]


@pytest.fixture
def desk(client: Client, marketer: User) -> Client:
    """Alice at her desk, on the morning of the tests' instant."""
    client.force_login(marketer)
    return client


@pytest.fixture(autouse=True)
def morning() -> Any:
    """The instant of the tests is now."""
    with time_machine.travel(AT, tick=False):
        yield


def ids(leads: list[Lead]) -> list[int]:
    return [lead.pk for lead in leads]


def test_proposed_leads_come_first_then_by_score(marketer: User, three: list[Lead]) -> None:
    higher = waiting("d@delta.example", 70, proposed=True)
    lead_at(S.MQL, email="e@e.example")
    lead_at(S.LEAD, Disposition.RECYCLED, email="f@f.example")
    assert ids(queue_leads(marketer, "all")) == [higher.pk, *ids(three)]
    assert ids(queue_leads(marketer, "proposed")) == [higher.pk, three[0].pk]
    assert ids(queue_leads(marketer, "all", most=1)) == [higher.pk, three[0].pk]
    assert ids(queue_leads(marketer, "all", most=2)) == [higher.pk, *ids(three[:2])]


def test_recycled_leads_that_are_back_are_marked(marketer: User) -> None:
    earlier = lead_at(S.LEAD, Disposition.RECYCLED)
    back = waiting("anna@acme.example", 10)
    begun = AT - timedelta(hours=24)
    Lead.objects.filter(pk=back.pk).update(recycled_from=earlier, lead_at=begun, returning=True)
    (row,) = qualify_desk(marketer, "returned", None, at=AT).queue.rows
    assert (row.lead.pk, row.is_back) == (back.pk, True)
    (row,) = qualify_desk(marketer, "all", None, at=AT + timedelta(seconds=1)).queue.rows
    assert (row.lead.pk, row.is_back) == (back.pk, False)


def test_each_row_says_what_it_meets(marketer: User, three: list[Lead]) -> None:
    define(S.MQL, FILLED_PHONE, {**SCORE_60, "required": False}, {**BUDGET, "required": False})
    rows = qualify_desk(marketer, "all", None, at=AT).queue.rows
    assert [(row.met, row.asked, row.is_ready, row.all_met) for row in rows] == [
        (2, 3, True, True),
        (2, 3, True, True),
        (0, 3, False, False),
    ]
    define(S.MQL, FILLED_PHONE, BUDGET, version=8)
    rows = qualify_desk(marketer, "all", None, at=AT).queue.rows
    assert [row.all_met for row in rows] == [False, False, False]


def test_the_open_lead_tells_criteria_touches_and_neighbours(
    marketer: User, three: list[Lead]
) -> None:
    definition = define(S.MQL, FILLED_PHONE, SCORE_60)
    touch(three[1], TouchKind.WEBINAR, AT - timedelta(days=2))
    desk = qualify_desk(marketer, "all", three[1].pk, at=AT)
    shown = desk.open
    assert shown is not None
    assert (shown.lead.pk, shown.previous_id, shown.next_id) == (
        three[1].pk, three[0].pk, three[2].pk,
    )  # fmt: skip
    assert [(one.words, one.value, one.state) for one in shown.criteria] == [
        ("Phone is filled in", "+39 2", "met"),
        ("Score is at least 60", "90", "met"),
    ]
    assert [told.kind for told in shown.touches] == ["touch"]
    assert desk.queue.definition == definition


def test_a_choice_that_waits_no_more_gives_the_first(marketer: User, three: list[Lead]) -> None:
    mql = lead_at(S.MQL, email="m@m.example")
    for chosen in (mql.pk, 999_999):
        shown = qualify_desk(marketer, "all", chosen, at=AT).open
        assert shown is not None
        assert shown.lead.pk == three[0].pk


@pytest.mark.parametrize("n", [1, 3])
def test_the_number_of_statements_is_constant(
    n: int, marketer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    define(S.MQL, FILLED_PHONE)
    persona("Chief", {"kind": "filled", "field": "contact.email"})
    for i in range(n):
        lead = waiting(f"p{i}@acme{i}.example", 50 + i, proposed=i == 0, company=f"Acme {i}")
        touch(lead, TouchKind.FORM, AT)
    standing(marketer)
    # 2 of leads; personas, fields, 2 of touches, definition; names, events, parts, opening line,
    # relatives
    with django_assert_num_queries(12):
        qualify_desk(marketer, "all", None, at=AT)


def test_the_page_shows_the_first_lead_and_the_address_another(
    desk: Client, three: list[Lead]
) -> None:
    assert desk.get(URL).context["lead"].pk == three[0].pk
    assert desk.get(f"{URL}?lead={three[2].pk}").context["lead"].pk == three[2].pk
    for odd in ("x", "9" * 40, "-1", "²"):
        assert desk.get(URL, {"lead": odd, "show": odd}).context["lead"].pk == three[0].pk


def test_an_empty_queue_says_so(desk: Client) -> None:
    for show, words in (
        ("all", "No lead waits to be qualified"),
        ("proposed", "No lead is proposed"),
        ("returned", "No lead is back from nurturing"),
    ):
        answer = desk.get(URL, {"show": show})
        assert (answer.status_code, words in answer.content.decode()) == (200, True)


def test_one_key_qualifies_and_the_next_lead_is_there(desk: Client, three: list[Lead]) -> None:
    definition = define(S.MQL, FILLED_PHONE, BUDGET)
    data = {
        "lead": three[0].pk,
        "action": "qualify",
        "answer-budget": "yes",
        "next": three[1].pk,
    }
    answer = desk.post(DECIDE, data, headers=HX)
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert answer.context["lead"].pk == three[1].pk
    assert answer["HX-Replace-Url"] == f"{URL}?lead={three[1].pk}"
    assert "Ada is an MQL" in answer["HX-Trigger"]
    row = StageTransition.objects.get(lead=three[0], to_stage=S.MQL)
    assert row.evidence is not None
    (kept,) = row.evidence["definitions"]
    assert (kept["id"], [one["met"] for one in kept["criteria"]]) == (definition.pk, [True, True])
    assert ids(queue_leads(answer.wsgi_request.user, "all")) == ids(three[1:])


def test_without_scripts_a_redirect_leads_to_the_next(desk: Client, three: list[Lead]) -> None:
    answer = desk.post(DECIDE, {"lead": three[0].pk, "action": "qualify", "next": three[1].pk})
    assert (answer.status_code, answer["Location"]) == (302, f"{URL}?lead={three[1].pk}")


def test_what_is_required_and_missing_holds_back_and_keeps_the_answers(
    desk: Client, three: list[Lead]
) -> None:
    define(S.MQL, FILLED_PHONE, BUDGET)
    before = facts(three[2])
    data = {"lead": three[2].pk, "action": "qualify", "answer-budget": "yes", "note": "Knows us."}
    answer = desk.post(DECIDE, data, headers=HX)
    assert (answer.status_code, answer.context["lead"].pk) == (422, three[2].pk)
    assert [one.state for one in answer.context["desk"].open.criteria] == ["missed", "met"]
    assert answer.context["given_note"] == "Knows us."
    assert facts(three[2]) == before


def test_nurture_takes_the_usual_days_or_the_date_that_was_chosen(
    desk: Client, three: list[Lead]
) -> None:
    usual = desk.get(URL).context["until"]
    assert usual == "2026-06-01"  # 90 days on
    desk.post(DECIDE, {"lead": three[0].pk, "action": "nurture", "until": usual})
    desk.post(DECIDE, {"lead": three[1].pk, "action": "nurture", "until": "2026-03-04"})
    found = Lead.objects.in_bulk(ids(three[:2]))
    assert [(found[one.pk].disposition, found[one.pk].nurture_until) for one in three[:2]] == [
        ("RECYCLED", datetime(2026, 5, 31, 22, 0, tzinfo=UTC)),  # as the day begins in Rome
        ("RECYCLED", datetime(2026, 3, 3, 23, 0, tzinfo=UTC)),
    ]


@pytest.mark.parametrize("until", ["2026-03-03", "2026-03-02", "2036-03-30", "soon"])
def test_nurturing_ends_on_a_day_to_come(until: str, desk: Client, three: list[Lead]) -> None:
    before = facts(three[0])
    data = {"lead": three[0].pk, "action": "nurture", "until": until}
    assert desk.post(DECIDE, data, headers=HX).status_code == 422
    assert facts(three[0]) == before


def test_a_reason_key_disqualifies(desk: Client, three: list[Lead]) -> None:
    keys = {key: reason.code for key, reason in desk.get(URL).context["reasons"]}
    assert keys == {
        1: "wrong_fit", 2: "existing_customer", 3: "other", 4: "competitor", 5: "spam",
    }  # fmt: skip
    desk.post(DECIDE, {"lead": three[0].pk, "action": "disqualify:wrong_fit"})
    lead = Lead.objects.get(pk=three[0].pk)
    assert (lead.stage, lead.disposition) == ("LEAD", "DISQUALIFIED")
    row = StageTransition.objects.get(lead=lead, to_disposition="DISQUALIFIED")
    assert (row.reason, row.actor_id is not None) == ("wrong_fit", True)


@pytest.mark.parametrize("action", ["disqualify", "disqualify:nonsense", "disqualify:other", "x"])
def test_what_is_no_decision_changes_nothing(action: str, desk: Client, three: list[Lead]) -> None:
    before = facts(three[0])
    answer = desk.post(DECIDE, {"lead": three[0].pk, "action": action}, headers=HX)
    assert answer.status_code == 422
    assert facts(three[0]) == before


def test_the_second_of_two_is_told_and_meets_the_next_lead(
    desk: Client, three: list[Lead], manager_marketing: User
) -> None:
    desk.post(DECIDE, {"lead": three[0].pk, "action": "qualify"})
    other = Client()
    other.force_login(manager_marketing)
    before = facts(three[0])
    data = {"lead": three[0].pk, "action": "qualify", "note": "Yes.", "next": three[1].pk}
    answer = other.post(DECIDE, data, headers=HX)
    assert answer.context["lead"].pk == three[1].pk
    assert "Alice Rossi" in answer["HX-Trigger"]
    assert facts(three[0]) == before


def test_a_manager_says_why(client: Client, three: list[Lead], manager_marketing: User) -> None:
    client.force_login(manager_marketing)
    assert client.get(URL).context["needs_note"] is True
    data = {"lead": three[0].pk, "action": "qualify"}
    assert client.post(DECIDE, data, headers=HX).status_code == 422
    assert client.post(DECIDE, {**data, "note": "Met at the fair."}, headers=HX).status_code == 200
    assert Lead.objects.get(pk=three[0].pk).stage == S.MQL


def test_the_obvious_are_qualified_together_and_no_others(desk: Client, three: list[Lead]) -> None:
    define(S.MQL, FILLED_PHONE)
    mql = lead_at(S.MQL, email="m@m.example", phone="+39 9")
    before = facts(three[2]), facts(mql)
    data = {"selected": [*ids(three), mql.pk, 999_999]}
    answer = desk.post(BULK, data, headers=HX)
    assert "2 leads qualified. 3 stay in the queue." in answer["HX-Trigger"]
    assert ids(list(Lead.objects.filter(stage=S.MQL).order_by("id"))) == [*ids(three[:2]), mql.pk]
    assert (facts(three[2]), facts(mql)) == before


def test_nothing_selected_is_told(desk: Client, three: list[Lead]) -> None:
    assert desk.post(BULK, {}, headers=HX).status_code == 200
    assert Lead.objects.filter(stage=S.MQL).count() == 0
