"""Closing, undoing and the settings of the handoff, as people meet them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse

from leads.enums import Disposition, LifecycleStage
from leads.models import Competitor, FunnelSettings, Lead, Reason, UndoableAction
from leads.services.decisions import By, Rejection, accept_leads, reject_leads
from tests.conftest import AT
from tests.leads.records import facts, lead_at

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def undo_link(answer) -> str:
    return f"undo:{reverse('lead-undo', args=[UndoableAction.objects.latest('id').pk])}"


@pytest.mark.parametrize(
    ("url", "data"),
    [
        ("/leads/{pk}/move/", {"to_stage": "SAL"}),
        ("/leads/{pk}/close/", {"disposition": "RECYCLED", "reason": "not_now"}),
        ("/leads/bulk/", {"selected": "{pk}", "action": "accept"}),
    ],
)
def test_every_toast_of_a_move_carries_the_way_back(url, data, rep, client):
    lead = lead_at(S.MQL, owner=rep)
    before = facts(lead)["lead"]
    client.force_login(rep)
    given = {name: value.format(pk=lead.pk) for name, value in data.items()}
    answer = client.post(url.format(pk=lead.pk), given)
    (message,) = get_messages(answer.wsgi_request)
    assert message.extra_tags == undo_link(answer)
    back = client.post(message.extra_tags.removeprefix("undo:"), headers={"referer": "/leads/"})
    assert said(back)[-1] == f"Undone: {lead.contact.name} is at MQL again."
    after = facts(lead)["lead"]
    assert {**after, "version": 0} == {**before, "version": 0}


def test_an_undo_leads_back_to_where_one_looked(rep, client):
    lead = lead_at(S.MQL, owner=rep)
    client.force_login(rep)
    action = accept_leads([lead.pk], by=By(actor=rep), at=AT).action
    url = reverse("lead-undo", args=[action.pk])
    with time_machine.travel(AT + timedelta(seconds=11), tick=False):
        answer = client.post(url, headers={"referer": "http://testserver/leads/inbox/?x=1"})
    assert answer["Location"] == "/leads/inbox/?x=1"
    assert said(answer) == ["It is too late to undo this: the 10 seconds are over."]
    evil = client.post(url, headers={"referer": "https://evil.example/leads/"})
    assert evil["Location"] == "/leads/"


def test_the_close_form_offers_the_reasons_of_the_house(rep, client):
    Reason.objects.filter(code="price").update(is_active=False)
    Reason.objects.create(code="no_budget", own_label="No budget", outcome="LOSE")
    lead = lead_at(S.SAL, owner=rep)
    client.force_login(rep)
    form = client.get(f"/leads/{lead.pk}/close/").context["close_form"]
    groups = dict(form.fields["reason"].choices)
    assert [code for code, _label in groups[D.LOST.label]] == [
        "bought_elsewhere", "other", "no_decision", "no_budget",
    ]  # fmt: skip


def test_a_close_keeps_date_and_competitor(rep, client):
    globex = Competitor.objects.create(name="Globex", key="globex")
    lead, other = lead_at(S.SAL, owner=rep), lead_at(S.SAL, owner=rep, email="b@acme.example")
    client.force_login(rep)
    both = {"until": "2099-05-04", "competitor": globex.pk}
    lost = {"disposition": "LOST", "reason": "bought_elsewhere", **both}
    client.post(f"/leads/{lead.pk}/close/", lost)
    recycled = {"disposition": "RECYCLED", "reason": "not_now", **both}
    client.post(f"/leads/{other.pk}/close/", recycled)
    lead.refresh_from_db()
    other.refresh_from_db()
    assert (lead.competitor, lead.nurture_until) == (globex, None)
    assert (other.competitor, f"{other.nurture_until:%Y-%m-%d}") == (None, "2099-05-04")


def test_reasons_are_changed_and_added_never_deleted(manager_sales, client, rep):
    client.force_login(manager_sales)
    spam = Reason.objects.get(code="spam")
    page = client.get("/settings/reasons/")
    assert [one.key for one in page.context["pad"]] == [1, 2, 3, 4, 5, 6, 7, 8]
    data = {"own_label": "Junk", "outcome": "DISQUALIFY", "key": "", "is_active": "on"}
    assert client.post(f"/settings/reasons/{spam.pk}/", data).status_code == 302
    assert Reason.objects.get(code="spam").label == "Junk"
    new = {"own_label": "Nicht zuständig", "outcome": "RECYCLE", "is_active": "on"}
    client.post("/settings/reasons/new/", new)
    client.post("/settings/reasons/new/", new)
    codes = Reason.objects.filter(own_label="Nicht zuständig").order_by("id")
    assert list(codes.values_list("code", flat=True)) == ["nicht_zustandig", "nicht_zustandig_2"]
    lead = lead_at(S.MQL, owner=rep)
    reject_leads([lead.pk], Rejection(reason="nicht_zustandig"), by=By(actor=rep), at=AT)
    assert Lead.objects.get(pk=lead.pk).disposition == D.RECYCLED


def test_a_key_belongs_to_one_reason(manager_sales, client):
    client.force_login(manager_sales)
    spam = Reason.objects.get(code="spam")
    data = {"own_label": "", "outcome": "DISQUALIFY", "key": "1", "is_active": "on"}
    answer = client.post(f"/settings/reasons/{spam.pk}/", data)
    assert (answer.status_code, Reason.objects.get(pk=spam.pk).key) == (422, None)
    assert answer.context["form"].errors == {
        "key": ["Another reason has this key. Take it away there first."]
    }


def test_a_reason_out_of_use_gives_its_key_back(manager_sales, client):
    client.force_login(manager_sales)
    first = Reason.objects.get(key=1)
    client.post(f"/settings/reasons/{first.pk}/", {"outcome": first.outcome, "key": "1"})
    first.refresh_from_db()
    assert (first.is_active, first.key) == (False, None)


def test_an_own_reason_has_a_label(manager_sales, client):
    client.force_login(manager_sales)
    answer = client.post("/settings/reasons/new/", {"outcome": "RECYCLE", "is_active": "on"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["own_label"])


FUNNEL = {
    "undo_seconds": 20, "nurture_days": 60, "cooldown_days": 30, "dispute_days": 7,
    "attempts_before_no_contact": 4, "field_note_weekday": "",
}  # fmt: skip


def test_the_funnel_is_set(administrator, client):
    client.force_login(administrator)
    assert client.post("/settings/funnel/", FUNNEL).status_code == 302
    row = FunnelSettings.objects.values().get()
    assert {name: row[name] for name in FUNNEL} == {**FUNNEL, "field_note_weekday": None}
    assert (row["hot_touch_wakes"], row["mql_enter_score"]) == (False, 60)


WRONG = [
    {"undo_seconds": 61}, {"undo_seconds": -1}, {"nurture_days": 99_999}, {"field_note_weekday": 8},
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_makes_no_sense_is_refused_at_its_field(wrong, administrator, client):
    client.force_login(administrator)
    answer = client.post("/settings/funnel/", {**FUNNEL, **wrong})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, list(wrong))
    assert FunnelSettings.objects.get().undo_seconds == 10
