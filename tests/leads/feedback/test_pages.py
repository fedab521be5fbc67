"""The pages of feedback and disputes: rows, filters, figures, keys, rights, statements."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Role
from leads.enums import Decision, LifecycleStage
from leads.models import Campaign, Dispute, Feedback, FeedbackComment, Persona, Source
from leads.selectors.feedback import (
    feedback_of_contact,
    feedback_page,
    feedback_to_acknowledge,
    listed_feedback,
    visible_feedback,
)
from leads.selectors.feedback_figures import pending_decisions, reasons, tallies, total
from leads.selectors.rankings import ranked_people
from leads.services.disputes import open_dispute
from smarketing import time_source
from tests.conftest import AT
from tests.factories import member
from tests.leads.feedback.records import accepted, feedback_on, rejected
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(user, query: str = "") -> list[Feedback]:
    return list(as_(user).get(f"/feedback/?{query}").context["page"])


@pytest.fixture
def fair(db) -> Campaign:
    return Campaign.objects.create(name="Fair", key="fair", channel="event")


# --- the list and its filters -------------------------------------------------------------------


def test_the_newest_come_first_and_undone_ones_not_at_all(marketer, rep):
    old = rejected(rep, email="a@acme.example", at=AT - DAY)
    new = accepted(rep, email="b@acme.example", at=AT)
    rejected(rep, email="c@acme.example", at=AT, voided_at=AT)
    assert shown(marketer) == [new, old]


def test_every_filter_narrows_the_list(marketer, manager_sales, rep, sales, fair):
    greta = member("greta@acme.test", Role.REP, team=sales)
    persona = Persona.objects.create(name="Plant manager", key="plant manager")
    google = Source.objects.create(name="Google", key="google")
    one = rejected(
        rep, email="a@acme.example", campaign_id=fair.pk, source_id=google.pk,
        persona_id=persona.pk, reason="not_now",
    )  # fmt: skip
    two = accepted(
        greta, email="b@acme.example", at=AT - 40 * DAY, acknowledged_by=marketer,
        acknowledged_at=AT,
    )  # fmt: skip
    three = rejected(rep, email="c@acme.example", at=AT - 41 * DAY)
    Dispute.objects.create(feedback=one, opened_by=marketer, argument="x", opened_at=AT)
    Dispute.objects.create(
        feedback=three, opened_by=marketer, argument="x", opened_at=AT, ruling="UPHELD",
        ruled_by=marketer, ruled_at=AT,
    )  # fmt: skip
    found = {
        f"campaign={fair.pk}": [one],
        f"persona={persona.pk}": [one],
        f"source={google.pk}": [one],
        "reason=not_now": [one],
        f"rep={greta.pk}": [two],
        "decision=ACCEPTED": [two],
        "acknowledged=yes": [two],
        "acknowledged=no": [one, three],
        "disputed=any": [one, three],
        "disputed=waiting": [one],
        "disputed=ruled": [three],
        "decided_from=2026-03-03": [one],
        "decided_from=2026-01-22&decided_to=2026-01-22": [two],
    }
    assert {query: shown(manager_sales, query) for query in found} == found


def test_days_begin_and_end_in_the_organisations_zone(marketer, rep):
    late = rejected(rep, at=AT.replace(day=28, month=2, hour=22, minute=30))  # 23:30 in Rome
    assert shown(marketer, "decided_to=2026-02-28") == [late]
    Feedback.objects.update(decided_at=AT.replace(day=28, month=2, hour=23, minute=0))
    assert shown(marketer, "decided_to=2026-02-28") == []


def test_pages_go_on_from_a_key(marketer, rep):
    rows = [rejected(rep, email=f"p{i}@acme.example", at=AT - i * DAY) for i in range(3)]
    first, key = feedback_page(listed_feedback(marketer), after=None, limit=2)
    second, end = feedback_page(listed_feedback(marketer), after=key, limit=2)
    assert ([*first, *second], end) == (rows, None)


@pytest.mark.parametrize("n", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(
    n, marketer, rep, fair, django_assert_num_queries
):
    for i in range(n):
        row = rejected(rep, email=f"p{i}@acme.example", campaign_id=fair.pk)
        FeedbackComment.objects.create(feedback=row, author=rep, text="x", written_at=AT)
    client = as_(marketer)
    client.get("/feedback/")
    with django_assert_num_queries(11):
        assert len(client.get("/feedback/").context["page"]) == n


def test_a_rep_who_sees_his_team_only_sees_the_feedback_on_its_leads(organisation, rep, sales):
    organisation.reps_see_own_team_only = True
    organisation.save()
    own = feedback_on(lead_at(owner=rep), by=rep)
    rejected(rep, email="other@acme.example")
    assert list(visible_feedback(rep)) == [own]
    assert as_(rep).get(f"/feedback/{own.pk}/").status_code == 200


# --- figures ------------------------------------------------------------------------------------


def figures(user, by: str = "campaign", **wanted: Any) -> dict[str, tuple[Any, ...]]:
    pending = pending_decisions(user, by, wanted, None)
    return {
        one.name: (one.accepted, one.rejected, one.returned, one.mean_rating, one.pending)
        for one in tallies(visible_feedback(user), by, pending)
    }


def test_only_what_counts_is_counted(marketer, rep, fair):
    of_fair = {"campaign_id": fair.pk}
    accepted(rep, email="a@acme.example", fit_rating=5, **of_fair)
    rejected(rep, email="b@acme.example", fit_rating=2, **of_fair)
    rejected(rep, email="c@acme.example", counts_as=Decision.ACCEPTED, **of_fair)  # overturned
    rejected(rep, email="d@acme.example", counts_as=None, **of_fair)  # after an overturning
    accepted(rep, email="e@acme.example", voided_at=AT, **of_fair)  # undone
    feedback_on(
        lead_at(email="f@acme.example", **of_fair), Decision.RETURNED, by=rep, reason="bad_data"
    )
    lead_at(LifecycleStage.MQL, email="g@acme.example", **of_fair)  # waits
    lead_at(LifecycleStage.MQL, email="h@acme.example")  # waits, of no campaign
    assert figures(marketer) == {"Fair": (2, 1, 1, 3.5, 1)}
    whole = total(visible_feedback(marketer), {fair.pk: 1, None: 1})
    assert (whole.decided, whole.acceptance, whole.rated, whole.pending) == (
        3, Decimal(2) / 3, 2, 2,
    )  # fmt: skip


def test_an_empty_denominator_is_no_rate(marketer):
    whole = total(visible_feedback(marketer), {})
    assert (whole.acceptance, whole.mean_rating) == (None, None)
    page = as_(marketer).get("/feedback/").content.decode()
    assert '<span class="stat-value">–</span>' in " ".join(page.split())


def test_reasons_are_a_pareto_of_what_counts(marketer, rep):
    for i, reason in enumerate(["not_now", "wrong_fit", "not_now"]):
        rejected(rep, email=f"p{i}@acme.example", reason=reason)
    rejected(rep, email="o@acme.example", counts_as=Decision.ACCEPTED)
    feedback_on(lead_at(email="r@acme.example"), Decision.RETURNED, by=rep, reason="bad_data")
    found = reasons(visible_feedback(marketer), {"not_now": "Not now"})
    assert [(one.label, one.n, one.share, one.returned) for one in found] == [
        ("Not now", 2, Decimal("0.5"), False),
        ("bad_data", 1, Decimal("0.25"), True),
        ("wrong_fit", 1, Decimal("0.25"), False),
    ]


def test_the_figures_follow_who_and_when_but_not_which_decision(marketer, rep, fair):
    accepted(rep, email="a@acme.example", campaign_id=fair.pk)
    rejected(rep, email="b@acme.example", campaign_id=fair.pk)
    rejected(rep, email="c@acme.example", at=AT - 40 * DAY)
    context = as_(marketer).get("/feedback/?decision=REJECTED&decided_from=2026-03-01").context
    assert (context["total"].accepted, context["total"].rejected) == (1, 1)


def test_figures_of_persons_are_for_the_person_his_head_and_managers(
    marketer, rep, sales, manager_sales, facilitator
):
    greta = member("greta@acme.test", Role.REP, team=sales)
    rejected(rep, email="a@acme.example")
    rejected(greta, email="b@acme.example")

    def ranked(user) -> list[str]:
        context = as_(user).get("/feedback/?by=rep").context
        assert context["by"] == "rep"
        return sorted(one.name for one in context["tallies"])

    assert ranked(rep) == ["Bruno Conti"]
    assert ranked(manager_sales) == ["Bruno Conti", "Greta"]
    for person in (marketer, facilitator):
        assert ranked(person) == []
        assert shown(person, f"rep={rep.pk}") == []
    assert shown(rep, f"rep={greta.pk}") == []
    assert len(shown(rep, f"rep={rep.pk}")) == 1


def test_a_head_ranks_the_people_of_his_teams(rep, sales, marketer):
    from accounts.rules import Standing  # noqa: PLC0415

    head = Standing(frozenset({Role.REP}), frozenset(), frozenset(), frozenset({sales.pk}))
    assert ranked_people(marketer, head) == {marketer.pk, rep.pk}


# --- acknowledging, commenting, disputing on pages ----------------------------------------------


def test_one_key_acknowledges_a_row_which_comes_back_as_it_is_now(marketer, rep):
    row = rejected(rep, given_name="Anna", family_name="Verdi")
    client = as_(marketer)
    assert 'data-key="a"' in client.get("/feedback/").content.decode()
    answer = client.post(f"/feedback/{row.pk}/acknowledge/", headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.strip().startswith("<tr data-row")
    assert "Acknowledged by Alice Rossi" in page
    assert 'data-key="a"' not in page
    assert "Feedback on Anna Verdi acknowledged." in answer["HX-Trigger"]


def test_several_are_acknowledged_at_once(marketer, rep):
    rows = [rejected(rep, email=f"p{i}@acme.example") for i in range(3)]
    ids = [str(row.pk) for row in rows[:2]]
    answer = as_(marketer).post(
        "/feedback/acknowledge/", {"selected": ids, "next": "/feedback/?reason=wrong_fit"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/feedback/?reason=wrong_fit")
    assert Feedback.objects.filter(acknowledged_by=marketer).count() == 2


def test_today_shows_marketers_what_waits_the_oldest_first(marketer, rep):
    new = rejected(rep, email="a@acme.example", at=AT)
    old = rejected(rep, email="b@acme.example", at=AT - DAY)
    panel = feedback_to_acknowledge(marketer, AT)
    assert (panel["rows"], panel["count"]) == ([old, new], 2)
    page = as_(marketer).get("/").content.decode()
    assert "Feedback to acknowledge" in page
    assert "Feedback to acknowledge" not in as_(rep).get("/").content.decode()
    client = as_(marketer)
    answer = client.post(
        f"/feedback/{new.pk}/acknowledge/?row=today", headers={"HX-Request": "true"}
    )
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_comment_that_is_empty_comes_back_with_the_page(marketer, rep):
    row = rejected(rep)
    client = as_(marketer)
    assert client.post(f"/feedback/{row.pk}/comment/", {"text": ""}).status_code == 422
    assert client.post(f"/feedback/{row.pk}/comment/", {"text": "Yes."}).status_code == 302
    assert "Yes." in client.get(f"/feedback/{row.pk}/").content.decode()


def test_a_rejection_is_disputed_on_its_page_while_there_is_time(marketer, rep, facilitator):
    now = time_source.now()
    row, late = rejected(rep, at=now), rejected(rep, email="b@acme.example", at=now - 60 * DAY)
    client = as_(marketer)
    assert "Open dispute" in client.get(f"/feedback/{row.pk}/").content.decode()
    assert "Open dispute" not in client.get(f"/feedback/{late.pk}/").content.decode()
    assert "Open dispute" not in as_(rep).get(f"/feedback/{row.pk}/").content.decode()
    client.post(f"/feedback/{row.pk}/dispute/", {"argument": "He asked."})
    client.post(f"/feedback/{late.pk}/dispute/", {"argument": "He asked."})
    assert Dispute.objects.get().feedback == row


def test_disputes_wait_on_today_for_facilitators_and_managers(
    marketer, rep, facilitator, manager_sales
):
    row = rejected(rep, given_name="Anna", family_name="Verdi")
    open_dispute(row.pk, "He asked.", actor=marketer, at=AT)
    for person in (facilitator, manager_sales):
        page = as_(person).get("/").content.decode()
        assert "Disputes waiting" in page
        assert "Anna Verdi" in page
    assert "Disputes waiting" not in as_(rep).get("/").content.decode()


def test_the_dispute_shows_the_packet_both_sides_and_who_may_do_what(
    marketer, rep, facilitator, manager_sales
):
    row = rejected(rep, text="No budget.")
    dispute = open_dispute(row.pk, "He asked for a price.", actor=marketer, at=AT)
    url = f"/feedback/disputes/{dispute.pk}/"
    pages = {user: as_(user).get(url).content.decode() for user in (marketer, rep, facilitator)}
    for page in pages.values():
        assert "He asked for a price." in page
        assert "No budget." in page
        assert "What was handed over" in page
    assert ["Send answer" in page for page in pages.values()] == [False, True, False]
    assert ["Rule dispute" in page for page in pages.values()] == [False, False, True]


@pytest.mark.parametrize("n", [1, 3])
def test_the_disputes_cost_the_same_for_one_and_for_three(
    n, marketer, rep, facilitator, django_assert_num_queries
):
    for i in range(n):
        row = rejected(rep, email=f"p{i}@acme.example")
        open_dispute(row.pk, "He asked.", actor=marketer, at=AT)
    client = as_(facilitator)
    client.get("/feedback/disputes/")
    with django_assert_num_queries(6):
        assert len(client.get("/feedback/disputes/").context["disputes"]) == n


def test_whoever_meets_the_contact_next_reads_its_story(rep, marketer, sales):
    greta = member("greta@acme.test", Role.REP, team=sales)
    row = rejected(rep, text="No budget this year.", reason="not_now")
    following = lead_at(LifecycleStage.MQL, owner=greta)  # the same contact, a new cycle
    assert following.contact_id == row.lead.contact_id
    page = as_(greta).get(f"/leads/{following.pk}/feedback/").content.decode()
    assert "No budget this year." in page
    assert "earlier cycle" in page
    assert feedback_of_contact(greta, [following.contact_id]) == [row]
