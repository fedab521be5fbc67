"""A returned lead is Marketing's until it is handed back: through the gate, the pages, the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from pytest_django.asserts import assertContains, assertNotContains

from accounts.rules import standing
from leads.enums import Cause, Decision, Disposition, LifecycleStage, QueueKind
from leads.models import Assignment, Feedback, Lead, Queue
from leads.moving import Move, MovesRefused
from leads.selectors.routing import assignments_of
from leads.selectors.today import leads_to_fix, unclaimed_leads
from leads.services.decisions import (
    By,
    Rejection,
    accept_leads,
    close_leads,
    finish_rework,
    reject_leads,
)
from leads.services.moves import move_leads
from leads.services.recycling import wake_due
from leads.services.undoing import undo
from tests.conftest import AT
from tests.leads.api.conftest import caller
from tests.leads.records import facts, lead_at
from tests.leads.test_list import signed_in

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
SOON = AT + timedelta(seconds=5)
CLOSES = {D.RECYCLED: "no_contact", D.DISQUALIFIED: "wrong_fit", D.LOST: "price"}
STILL_FIXED = "Marketing is still fixing this lead. It comes back to Sales once its data are right."


@pytest.fixture
def returned(rep) -> Lead:
    """An MQL that Bruno has sent back."""
    lead = lead_at(S.MQL, owner=rep)
    reject_leads([lead.pk], Rejection(reason="bad_data"), by=By(actor=rep), at=AT)
    return Lead.objects.select_related("contact").get(pk=lead.pk)


def everything(lead: Lead) -> list[object]:
    made = (Feedback, Assignment)
    return [facts(lead), *(list(model.objects.order_by("pk").values()) for model in made)]


def refused(lead: Lead, call: Callable[[], object]) -> tuple[str, str]:
    """Show that the refused call changed nothing; return its code and words."""
    before = everything(lead)
    with pytest.raises(MovesRefused) as no:
        call()
    assert everything(lead) == before
    return no.value.code, str(no.value)


@pytest.mark.parametrize("to_stage", [S.SAL, S.SQL, S.OPPORTUNITY, S.CUSTOMER])
@pytest.mark.parametrize("role", ["rep", "marketer", "manager_sales", "manager_marketing"])
def test_nobody_takes_it_further(role, to_stage, returned, request):
    actor = request.getfixturevalue(role)
    move = Move(lead_id=returned.pk, to_stage=to_stage, actor=actor, note="Because.")
    assert refused(returned, lambda: move_leads([move], at=AT)) == ("returned", STILL_FIXED)


def test_nor_does_a_rule(returned):
    move = Move(lead_id=returned.pk, to_stage=S.SAL, cause=Cause.RULE)
    assert refused(returned, lambda: move_leads([move], at=AT)) == ("returned", STILL_FIXED)


def test_qualifying_it_again_or_moving_it_back_is_told_as_ever(returned, marketer):
    for stage, code in ((S.MQL, "already_there"), (S.LEAD, "not_in_table")):
        move = Move(lead_id=returned.pk, to_stage=stage, actor=marketer)
        assert refused(returned, lambda move=move: move_leads([move], at=AT))[0] == code


def test_history_tells_what_happened_elsewhere_all_the_same(returned):
    move_leads([Move(lead_id=returned.pk, to_stage=S.SAL, cause=Cause.IMPORT)], at=AT)
    returned.refresh_from_db()
    assert (returned.stage, returned.returned_at) == (S.SAL, None)


@pytest.mark.parametrize("end", CLOSES)
def test_closing_it_is_not_for_reps(end, returned, rep):
    by = By(actor=rep)
    assert refused(
        returned, lambda: close_leads([returned.pk], end, CLOSES[end], by=by, at=AT)
    ) == (
        "wrong_side",
        "Marketing is fixing this lead, so closing it is for Marketing to decide.",
    )
    no = Rejection(reason="wrong_fit")
    assert refused(returned, lambda: reject_leads([returned.pk], no, by=by, at=AT))[0] == (
        "wrong_side"
    )


@pytest.mark.parametrize("end", CLOSES)
def test_marketing_closes_it_and_no_rate_counts_that(end, returned, marketer):
    close_leads([returned.pk], end, CLOSES[end], by=By(actor=marketer), at=SOON)
    returned.refresh_from_db()
    assert (returned.stage, returned.disposition, returned.returned_at) == (S.MQL, end, None)
    (given,) = Feedback.objects.all()
    assert (given.decision, given.counts_as) == (Decision.RETURNED, None)


@pytest.mark.parametrize("role", ["manager_sales", "manager_marketing"])
def test_managers_close_it_with_a_note(role, returned, request):
    actor = request.getfixturevalue(role)

    def close(note):
        by = By(actor=actor, note=note)
        return close_leads([returned.pk], D.DISQUALIFIED, "spam", by=by, at=SOON)

    assert refused(returned, lambda: close(" "))[0] == "note_needed"
    close("A robot filled in the form")
    assert Lead.objects.get(pk=returned.pk).disposition == D.DISQUALIFIED
    assert Feedback.objects.count() == 1


def test_a_close_of_marketings_is_undone_back_to_the_queue_of_leads_to_fix(returned, marketer):
    before = facts(returned)["lead"]
    by = By(actor=marketer)
    done = close_leads([returned.pk], D.RECYCLED, "not_now", by=by, at=AT)
    undo(done.action.pk, actor=marketer, at=SOON)
    assert facts(returned)["lead"] == {**before, "version": 4}


def test_recycled_by_marketing_it_comes_back(returned, marketer):
    close_leads([returned.pk], D.RECYCLED, "not_now", by=By(actor=marketer), at=AT)
    assert wake_due(AT + timedelta(days=90)) == 1
    assert Lead.objects.get(recycled_from=returned).stage == S.LEAD


def test_handed_back_it_is_decided_as_ever(returned, rep, marketer):
    finish_rework([returned.pk], actor=marketer, at=AT)
    accept_leads([returned.pk], by=By(actor=rep), at=SOON)
    assert list(Feedback.objects.order_by("pk").values_list("decision", "counts_as")) == [
        ("RETURNED", None), ("ACCEPTED", "ACCEPTED"),
    ]  # fmt: skip


def test_by_rest_a_rep_is_told_why(returned, rep):
    api, before = caller(rep), everything(returned)
    cases = [("accept", {}, 409, "returned"), ("reject", {"reason": "spam"}, 403, "wrong_side"),
             ("recycle", {"reason": "not_now"}, 403, "wrong_side"),
             ("rework-done", {}, 403, "wrong_side")]  # fmt: skip
    for verb, data, status, code in cases:
        answer = api.post(f"/api/v1/leads/{returned.pk}/{verb}/", data, format="json")
        assert (answer.status_code, answer.json()["code"]) == (status, code), verb
    assert everything(returned) == before


def test_by_rest_marketing_closes(returned, marketer):
    url = f"/api/v1/leads/{returned.pk}/disqualify/"
    assert caller(marketer).post(url, {"reason": "spam"}, format="json").status_code == 200


def page(client, person, lead: Lead) -> tuple[list[str], tuple[str, ...], str]:
    """What the lead page offers: verbs, ways to close, and why not more."""
    client.force_login(person)
    found = client.get(f"/leads/{lead.pk}/").context
    verbs = found["verbs"]
    keys = [one.key for one in (verbs.primary, *verbs.others) if one]
    return keys, found["options"].closings, str(verbs.refusal)


def test_the_page_tells_reps_why_nothing_is_offered(returned, rep, facilitator, client):
    for person in (rep, facilitator):
        assert page(client, person, returned) == ([], (), STILL_FIXED)
    client.force_login(rep)
    assert STILL_FIXED in client.get(f"/leads/{returned.pk}/").content.decode()
    opened = client.get(f"/leads/inbox/?lead={returned.pk}").content.decode()
    assert STILL_FIXED in opened


def test_the_page_offers_marketing_to_hand_it_back_or_close_it(
    returned, marketer, manager_sales, client
):
    closes = (D.RECYCLED, D.DISQUALIFIED, D.LOST)
    assert page(client, marketer, returned) == (["hand-back"], closes, "")
    assert page(client, manager_sales, returned) == (["hand-back"], closes, "")


def test_the_board_says_so_on_the_card(returned, rep, client):
    client.force_login(rep)
    answer = client.post(
        f"/leads/{returned.pk}/board/", {"to_stage": "SAL", "expected": "MQL"},
        headers={"accept": "application/json"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["refused"]) == (409, STILL_FIXED)
    assert "Marketing is fixing it" in client.get("/leads/board/").content.decode()


def test_marketing_hands_it_back_on_the_page(returned, rep, marketer, client):
    client.force_login(marketer)
    answer = client.post(f"/leads/{returned.pk}/hand-back/", {"note": "New number"})
    assert answer["Location"] == f"/leads/{returned.pk}/"
    (message,) = get_messages(answer.wsgi_request)
    assert str(message) == f"{returned.contact.name} is with Sales again."
    lead = Lead.objects.get(pk=returned.pk)
    assert (lead.owner, lead.returned_at) == (rep, None)
    assert lead.assignments.latest("pk").note == "New number"
    client.post(message.extra_tags.removeprefix("undo:"))
    lead.refresh_from_db()
    assert (lead.owner, lead.queue) == (None, Queue.objects.get(kind=QueueKind.FIX))
    assert lead.returned_at == returned.returned_at


def test_the_way_there_and_back_is_told_apart(returned, marketer, client):
    finish_rework([returned.pk], actor=marketer, at=SOON)
    assert [one.headline for one in assignments_of(returned)] == [
        "Fixed and handed back", "Returned to be fixed",
    ]  # fmt: skip
    client.force_login(marketer)
    assert "Fixed and handed back" in client.get(f"/leads/{returned.pk}/").content.decode()


@pytest.mark.parametrize("role", ["rep", "manager_sales"])
def test_a_refused_handing_back_changes_nothing(role, returned, request, client):
    client.force_login(request.getfixturevalue(role))
    before = everything(returned)
    client.post(f"/leads/{returned.pk}/hand-back/")
    client.post(f"/leads/{returned.pk}/hand-back/", {"note": "x" * 501})
    assert everything(returned) == before


def test_marketing_finds_it_on_today_with_what_is_wrong(rep, marketer, django_assert_num_queries):
    leads = [lead_at(S.MQL, owner=rep, email=f"p{n}@acme.example") for n in range(2)]
    lead_at(S.MQL, email="e@e.example")
    for minutes, lead in enumerate(leads):
        by, at = By(actor=rep, note=f"Wrong phone {minutes}."), AT + timedelta(minutes=minutes)
        reject_leads([lead.pk], Rejection(reason="bad_data"), by=by, at=at)
    standing(marketer)
    with django_assert_num_queries(2):
        panel = leads_to_fix(marketer, AT)
    told = [(lead.pk, lead.what_is_wrong) for lead in panel["leads"]]
    assert told == [(leads[0].pk, "Wrong phone 0."), (leads[1].pk, "Wrong phone 1.")]
    assert panel["count"] == 2
    page = signed_in(marketer).get("/")
    assertContains(page, "Returned by Sales, to fix")
    assertContains(page, "Wrong phone 1.")
    assert [lead.contact.email for lead in unclaimed_leads(rep, AT)["leads"]] == ["e@e.example"]
    finish_rework([lead.pk for lead in leads], actor=marketer, at=AT + timedelta(hours=1))
    assertNotContains(signed_in(marketer).get("/"), "Returned by Sales, to fix")
