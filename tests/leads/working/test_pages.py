"""The lead page and the inbox: what they show, what they cost, what two people see."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.enums import ActivityKind, Disposition, LifecycleStage, PersonaKind, TouchKind
from leads.models import (
    Activity,
    Feedback,
    Lead,
    NextStep,
    Persona,
    PersonaVersion,
    Snooze,
    StageDefinition,
    Touch,
)
from leads.moving import Move
from leads.selectors.details import lead_page
from leads.selectors.inbox import inbox_of, steps_due
from leads.selectors.packet import packet_of
from leads.services.activities import NewActivity, log_activities
from leads.services.moves import move_leads
from leads.services.snoozes import snooze_leads
from smarketing import time_source
from tests.conftest import AT
from tests.leads.records import HOUR, facts, lead_at
from tests.leads.test_list import signed_in

pytestmark = pytest.mark.django_db
S, D, K = LifecycleStage, Disposition, ActivityKind
TICK = timedelta(microseconds=1)


def mql(rep, name: str, **fields) -> Lead:
    return lead_at(S.MQL, owner=rep, email=f"{name}@{name}.example", given_name=name, **fields)


def names(inbox) -> list[str]:
    return [lead.contact.given_name for lead in inbox.leads]


def of_leads(captured) -> list[str]:
    """The statements about leads; session, person and frame are everyone's."""
    return [q["sql"] for q in captured if "leads_" in q["sql"]]


def busy(rep, n: int) -> Lead:
    """A lead with `n` of everything that its page shows."""
    for _n in range(n):
        lead = lead_at(S.SQL, D.LOST, owner=rep, company="Acme")
    lead = lead_at(S.SQL, owner=rep, company="Acme")
    for i in range(n):
        lead_at(S.MQL, email=f"colleague{i}@acme.example", company="Acme")
        Touch.objects.create(
            contact_id=lead.contact_id, kind=TouchKind.FORM, occurred_at=AT, recorded_at=AT
        )
        NextStep.objects.create(
            lead=lead, owner=rep, kind="CALL", due_at=AT, created_by=rep, created_at=AT
        )
        lead.opportunities.create(amount=100, opened_at=AT)
    notes = [NewActivity(lead_id=lead.pk, kind=K.NOTE, text="Hm")] * n
    log_activities(notes, actor=rep, at=AT)
    return lead


@pytest.mark.parametrize("many", [1, 3])
def test_the_lead_page_costs_seven_statements(many, rep):
    lead = busy(rep, many)
    client, url = signed_in(rep), f"/leads/{lead.pk}/"
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    assert len(of_leads(captured)) == 7


@pytest.mark.parametrize("many", [1, 3])
def test_the_inbox_costs_seven_statements_with_its_packet(many, rep):
    for n in range(many):
        lead = mql(rep, f"p{n}")
        Touch.objects.create(
            contact_id=lead.contact_id, kind=TouchKind.FORM, occurred_at=AT, recorded_at=AT
        )
    client = signed_in(rep)
    client.get("/leads/inbox/")
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/leads/inbox/").status_code == 200
    assert len(of_leads(captured)) == 7


def test_the_most_urgent_come_first(rep):
    _anna, berta, carla, dora = (mql(rep, name) for name in ("Anna", "Berta", "Carla", "Dora"))
    Lead.objects.filter(pk=carla.pk).update(next_due_at=AT + HOUR)
    Lead.objects.filter(pk=berta.pk).update(next_due_at=AT + 2 * HOUR)
    Lead.objects.filter(pk=dora.pk).update(mql_at=AT - 500 * HOUR)
    assert names(inbox_of(rep, show="mine", at=AT)) == ["Carla", "Berta", "Dora", "Anna"]


def test_only_open_mqls_that_wait_for_this_person(rep, manager_sales):
    mql(rep, "Anna")
    lead_at(S.SAL, owner=rep, email="b@b.example")
    lead_at(S.MQL, D.RECYCLED, owner=rep, email="c@c.example")
    mql(manager_sales, "Dora")
    mql(None, "Emma")
    returned = mql(rep, "Fina")
    Lead.objects.filter(pk=returned.pk).update(returned_at=AT)
    assert names(inbox_of(rep, show="mine", at=AT)) == ["Anna"]
    assert names(inbox_of(rep, show="queue", at=AT)) == ["Emma"]
    assert inbox_of(rep, show="nonsense", at=AT).show == "mine"


def test_a_snooze_ends_at_its_instant(rep, manager_sales):
    lead = mql(rep, "Anna")
    snooze_leads([lead], AT + HOUR, actor=rep, at=AT, reason="Fair")
    for at, mine, hidden in [
        (AT + HOUR - TICK, [], ["Anna"]),
        (AT + HOUR, ["Anna"], []),
        (AT + HOUR + TICK, ["Anna"], []),
    ]:
        assert names(inbox_of(rep, show="mine", at=at)) == mine
        assert names(inbox_of(rep, show="snoozed", at=at)) == hidden
        counts = inbox_of(rep, show="mine", at=at).counts
        assert counts == {"mine": len(mine), "queue": 0, "snoozed": len(hidden)}
    Lead.objects.filter(pk=lead.pk).update(owner=manager_sales)
    assert names(inbox_of(manager_sales, show="mine", at=AT)) == ["Anna"]


def test_the_packet_tells_why_now_and_what_was_before(rep, marketer):
    persona = Persona.objects.create(kind=PersonaKind.BUYER, name="Plant head", key="plant head")
    PersonaVersion.objects.create(
        persona=persona, version=1, state="IN_FORCE", opening_line="How often do you recalibrate?",
        created_at=AT,
    )  # fmt: skip
    earlier = lead_at(S.SAL, D.RECYCLED, owner=rep, company="Acme")
    now = time_source.now()
    lead = lead_at(S.LEAD, company="Acme", score=72)
    Touch.objects.create(
        contact_id=lead.contact_id, kind=TouchKind.DOWNLOAD, detail="Price list",
        occurred_at=now - HOUR, recorded_at=now,
    )  # fmt: skip
    colleague = lead_at(S.SQL, email="bea@acme.example", company="Acme", owner=rep)
    move = Move(lead_id=lead.pk, to_stage=S.MQL, actor=marketer, note="Asked for a visit")
    move_leads([move], at=now)
    Lead.objects.filter(pk=lead.pk).update(persona=persona)
    packet = lead_page(rep, lead.pk).packet
    assert (packet.why.who, packet.why.score, packet.why.note) == (
        "Alice Rossi", 72, "Asked for a visit",
    )  # fmt: skip
    assert [(one.words, one.state) for one in packet.why.criteria] == [
        ("Company is filled in", "met"), ("Score is at least 60", "met"),
    ]  # fmt: skip
    assert packet.why.tipped_by.text == "Price list"
    assert packet.opening_line == "How often do you recalibrate?"
    assert [(one.pk, one.disposition) for one in packet.relatives.earlier] == [
        (earlier.pk, "RECYCLED")
    ]
    assert [one.pk for one in packet.relatives.colleagues] == [colleague.pk]
    assert (packet.relatives.open_count, packet.relatives.won_count) == (1, 0)
    assert [one.text for one in packet.seen] == ["Price list"]


def test_a_packet_of_a_lead_that_sales_opened_invents_nothing(rep):
    lead = lead_page(rep, lead_at(S.LEAD).pk).lead
    packet = packet_of(rep, lead)
    assert (packet.why.at, packet.why.criteria, packet.opening_line) == (None, (), "")


def test_accepting_from_the_inbox_opens_the_next(rep):
    lead, following = mql(rep, "Anna"), mql(rep, "Berta")
    client = signed_in(rep)
    answer = client.post(f"/leads/{lead.pk}/accept/", {"next": "/leads/inbox/"}, follow=True)
    assert answer.redirect_chain == [("/leads/inbox/", 302)]
    assert answer.context["lead"].pk == following.pk
    text = answer.content.decode()
    assert "Anna is accepted." in text
    assert "/undo/" in text
    assert Lead.objects.get(pk=lead.pk).stage == S.SAL


def test_rejecting_by_one_reason(rep):
    lead = mql(rep, "Anna")
    client = signed_in(rep)
    fields = {"reason": "wrong_fit", "fit_rating": "2", "note": "Too small"}
    answer = client.post(f"/leads/{lead.pk}/reject/", {**fields, "next": "/leads/inbox/"})
    assert answer["Location"] == "/leads/inbox/"
    feedback = Feedback.objects.get()
    assert (feedback.reason, feedback.fit_rating, feedback.text) == ("wrong_fit", 2, "Too small")
    assert Lead.objects.get(pk=lead.pk).disposition == D.DISQUALIFIED


def test_a_reason_that_asks_for_more_comes_back_as_a_form(rep):
    lead = mql(rep, "Anna")
    client, url, before = signed_in(rep), f"/leads/{lead.pk}/reject/", facts(lead)
    plain = client.post(url, {"reason": "other", "note": "Kept words"})
    assert plain.status_code == 422
    assert "Kept words" in plain.content.decode()
    part = client.post(url, {"reason": "other", "note": "Kept"}, headers={"HX-Request": "true"})
    asked = urlsplit(part["HX-Redirect"])
    assert (part.status_code, asked.path) == (204, url)
    assert parse_qs(asked.query) == {"reason": ["other"], "note": ["Kept"]}
    assert client.post(url, {"reason": "nonsense"}).status_code == 422
    assert facts(lead) == before


def test_who_comes_second_is_told_and_overwrites_nothing(rep, manager_sales):
    lead = mql(rep, "Anna")
    second = signed_in(manager_sales)
    assert second.get(f"/leads/inbox/?lead={lead.pk}").status_code == 200
    signed_in(rep).post(f"/leads/{lead.pk}/accept/")
    before = facts(lead)
    accepted = second.post(f"/leads/{lead.pk}/accept/", {"note": "He is away"}, follow=True)
    assert "Bruno Conti has already moved this lead to SAL." in accepted.content.decode()
    rejected = second.post(f"/leads/{lead.pk}/reject/", {"reason": "spam", "note": "x"})
    assert rejected.status_code == 422
    assert "Bruno Conti" in rejected.content.decode()
    assert facts(lead) == before
    assert Feedback.objects.count() == 1


def test_many_are_decided_at_once_and_the_refused_told(rep, manager_sales):
    mine, other = mql(rep, "Anna"), mql(rep, "Berta")
    theirs = mql(manager_sales, "Carla")
    before = facts(theirs)
    client = signed_in(rep)
    fields = {"action": "accept", "ids": [mine.pk, theirs.pk, 999_999]}
    answer = client.post("/leads/inbox/bulk/", fields, follow=True)
    text = answer.content.decode()
    assert "1 lead is decided." in text
    assert "This lead belongs to Dario Greco" in text
    assert facts(theirs) == before
    client.post("/leads/inbox/bulk/", {"action": "reject", "reason": "spam", "ids": [other.pk]})
    stages = Lead.objects.filter(pk__in=[mine.pk, other.pk]).order_by("pk")
    assert [(lead.stage, lead.disposition) for lead in stages] == [
        (S.SAL, D.OPEN), (S.MQL, D.DISQUALIFIED),
    ]  # fmt: skip
    for wrong in ({"action": "accept"}, {"action": "reject", "ids": [mine.pk]}):
        assert client.post("/leads/inbox/bulk/", wrong).status_code == 302
    assert Feedback.objects.count() == 2


def test_one_note_is_given_to_all(rep, manager_sales):
    leads = [mql(rep, name) for name in ("Anna", "Berta")]
    fields = {"action": "reject", "reason": "wrong_fit", "note": "A school each"}
    ids = {"ids": [lead.pk for lead in leads]}
    client = signed_in(rep)
    assert 'name="note"' in client.get("/leads/inbox/").content.decode()
    client.post("/leads/inbox/bulk/", {**fields, **ids})
    assert list(Feedback.objects.values_list("text", flat=True)) == ["A school each"] * 2
    closing = [lead.transitions.order_by("-id").values_list("note", flat=True)[0] for lead in leads]
    assert closing == ["A school each"] * 2
    other = mql(rep, "Carla")
    manager = signed_in(manager_sales)
    manager.post("/leads/inbox/bulk/", {**fields, "note": "He is away", "ids": [other.pk]})
    assert Lead.objects.get(pk=other.pk).disposition == D.DISQUALIFIED


def test_a_note_too_long_for_all_changes_nothing(rep):
    lead = mql(rep, "Anna")
    before = facts(lead)
    fields = {"action": "reject", "reason": "wrong_fit", "ids": [lead.pk], "note": "x" * 2_001}
    answer = signed_in(rep).post("/leads/inbox/bulk/", fields, follow=True)
    assert "The note is too long. Keep it under 2000 characters." in answer.content.decode()
    assert facts(lead) == before
    assert Feedback.objects.count() == 0


def test_logging_on_the_page_suggests_the_next_step(rep):
    lead = lead_at(S.SAL, owner=rep)
    client = signed_in(rep)
    fields = {"kind": "CALL", "connected": "False"}
    answer = client.post(f"/leads/{lead.pk}/log/", fields)
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert (asked["suggest"], asked["step"]) == (["not_reached"], ["CALL"])
    page = client.get(answer["Location"])
    text = page.content.decode()
    assert "call again at another time of day" in text
    assert f'value="{asked["due"][0]}"' in text
    client.post(f"/leads/{lead.pk}/next-steps/", {"kind": "CALL", "due_at": asked["due"][0]})
    assert NextStep.objects.get().owner == rep
    assert Lead.objects.get(pk=lead.pk).attempts == 1


def test_a_suggestion_of_ones_own_making_says_nothing(rep):
    lead = lead_at(S.SAL, owner=rep)
    page = signed_in(rep).get(f"/leads/{lead.pk}/?suggest=<b>&step=x")
    assert page.context["suggested"] is None


def test_an_entry_is_taken_back_from_the_toast(rep, marketer):
    lead = lead_at(S.SAL, owner=rep)
    client = signed_in(rep)
    client.post(f"/leads/{lead.pk}/log/", {"kind": "NOTE", "text": "Wrong lead"})
    (row,) = Activity.objects.all()
    assert signed_in(marketer).post(f"/activities/{row.pk}/withdraw/").status_code == 403
    client.post(f"/activities/{row.pk}/withdraw/")
    assert Activity.objects.get().deleted_at is not None


def test_wrong_logs_keep_what_was_typed(rep):
    lead = lead_at(S.SAL, owner=rep)
    client = signed_in(rep)
    answer = client.post(
        f"/leads/{lead.pk}/log/",
        {"kind": "CALL", "text": "Kept", "occurred_at": "2199-01-01T10:00"},
    )
    assert answer.status_code == 422
    assert "Kept" in answer.content.decode()
    assert Activity.objects.count() == 0


def test_snoozing_and_showing_again(rep):
    lead = mql(rep, "Anna")
    client = signed_in(rep)
    until = (time_source.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    client.post(f"/leads/{lead.pk}/snooze/", {"until": until, "reason": "Fair"})
    assert Snooze.objects.get().user == rep
    assert client.post(f"/leads/{lead.pk}/snooze/", {"until": until}).status_code == 422
    client.post(f"/leads/{lead.pk}/unsnooze/")
    assert Snooze.objects.count() == 0


def test_marking_as_sql_asks_what_the_definition_asks(rep):
    lead = lead_at(S.SAL, owner=rep)
    question = {"kind": "question", "key": "need", "label": "They need it", "required": True}
    StageDefinition.objects.filter(stage=S.SQL).update(state="RETIRED")
    StageDefinition.objects.create(
        stage=S.SQL, version=9, state="IN_FORCE", responsible="SHARED", criteria=[question],
        created_at=AT,
    )  # fmt: skip
    client, url, before = signed_in(rep), f"/leads/{lead.pk}/advance/", facts(lead)
    assert "They need it" in client.get(url).content.decode()
    assert client.post(url, {"expected": "SAL"}).status_code == 422
    assert facts(lead) == before
    client.post(url, {"expected": "SAL", "q-need": "on"})
    lead.refresh_from_db()
    assert lead.stage == S.SQL
    assert lead.transitions.latest("id").evidence is not None


def test_the_timeline_goes_on_without_scripts(rep):
    lead = lead_at(S.SAL, owner=rep)
    notes = [NewActivity(lead_id=lead.pk, kind=K.NOTE, text=f"n{n}") for n in range(40)]
    log_activities(notes, actor=rep, at=AT)
    client = signed_in(rep)
    page = client.get(f"/leads/{lead.pk}/?kind=notes")
    assert len(page.context["events"]) == 30
    rest = client.get(f"/leads/{lead.pk}/?{page.context['more']}")
    assert (len(rest.context["events"]), rest.context["more"]) == (10, "")
    part = client.get(f"/leads/{lead.pk}/timeline/?{page.context['more']}")
    assert part.content.decode().count('<li class="event-item') == 10


def test_what_is_due_now(rep, manager_sales):
    lead = lead_at(S.SAL, owner=rep)
    tried = lead_at(S.SAL, owner=rep, email="b@b.example")
    log_activities([NewActivity(lead_id=tried.pk, kind=K.CALL)], actor=rep, at=AT)
    late, soon = (
        NextStep.objects.create(
            lead=tried, owner=rep, kind="CALL", due_at=AT + n * HOUR, created_by=rep, created_at=AT
        )
        for n in (-1, 1)
    )
    due = steps_due(rep, AT)
    assert (due["steps"], [one.pk for one in due["untried"]]) == ([late, soon], [lead.pk])
    assert steps_due(manager_sales, AT) == {"steps": [], "untried": []}


@pytest.mark.parametrize("role", ["marketer", "rep", "manager_sales", "facilitator"])
def test_every_member_may_look_at_the_inbox(role, request):
    lead_at(S.MQL)
    client = signed_in(request.getfixturevalue(role))
    for show in ("mine", "queue", "snoozed"):
        assert client.get(f"/leads/inbox/?show={show}").status_code == 200
    assert client.get("/leads/inbox/?lead=99999999").status_code == 200
    assert client.get("/leads/inbox/?lead=" + "9" * 40).status_code == 200
