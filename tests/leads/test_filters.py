"""The further filters of the list of leads, the same for page and API; rows edited in place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leads.enums import ActivityKind, AttributeKind, AttributeSubject, LifecycleStage
from leads.models import Activity, CustomAttribute, Lead, Queue, Snooze
from leads.services.activities import NewActivity, log_activities
from leads.services.merging import merge_contacts
from smarketing import time_source
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.leads.test_list import listed, person, signed_in

pytestmark = pytest.mark.django_db
S = LifecycleStage


@pytest.fixture
def desk(marketer):
    return signed_in(marketer)


def test_queue_score_and_whether_it_came_back(desk):
    queue = Queue.objects.get_or_create(kind="QUALIFICATION", team=None)[0]
    first, second = person("Anna", score=40), person("Berta", score=60)
    Lead.objects.filter(pk=first.pk).update(queue=queue, returning=True)
    assert listed(desk, f"?queue={queue.pk}") == listed(desk, "?returning=yes") == ["Anna"]
    assert listed(desk, "?returning=no") == ["Berta"]
    Lead.objects.filter(pk=second.pk).update(recycled_from=first)
    assert listed(desk, "?returning=recycled") == ["Berta"]
    assert listed(desk, "?score_from=60") == ["Berta"]
    assert listed(desk, "?score_from=40&score_to=59") == ["Anna"]


def test_days_in_stage_to_the_tick(desk):
    now = time_source.now()
    anna, berta = person("Anna"), person("Berta")
    Lead.objects.filter(pk=anna.pk).update(stage_at=now - timedelta(days=3))
    Lead.objects.filter(pk=berta.pk).update(stage_at=now - timedelta(days=3) + timedelta(hours=1))
    assert listed(desk, "?stage_days=3") == ["Anna"]
    assert sorted(listed(desk, "?stage_days=2")) == ["Anna", "Berta"]


def test_what_one_snoozed_is_hidden_for_him_alone(desk, marketer, rep):
    lead = person("Anna")
    until = time_source.now() + timedelta(days=1)
    Snooze.objects.create(lead=lead, user=marketer, until=until)
    assert listed(desk, "?snoozed=yes") == ["Anna"]
    assert listed(desk, "?snoozed=no") == []
    assert listed(signed_in(rep), "?snoozed=no") == ["Anna"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("lead.tier:A", ["Anna"]),
        ("lead.tier:B", []),
        ("contact.vip:true", ["Anna"]),
        ("contact.vip:false", []),
        ("company.size:40", ["Anna"]),
        ("company.size:forty", []),
        ("lead.none:A", []),
        ("nonsense", []),
        ("':\"", []),
    ],
)
def test_own_fields(asked, found, desk):
    for subject, key, kind in (
        (AttributeSubject.LEAD, "tier", AttributeKind.CHOICE),
        (AttributeSubject.CONTACT, "vip", AttributeKind.FLAG),
        (AttributeSubject.COMPANY, "size", AttributeKind.NUMBER),
    ):
        CustomAttribute.objects.create(
            subject=subject, key=key, kind=kind, label=key, choices=["A", "B"]
        )
    lead = person("Anna", company="Acme")
    for row, values in (
        (lead, {"tier": "A"}), (lead.contact, {"vip": True}), (lead.contact.company, {"size": 40}),
    ):  # fmt: skip
        row.attributes = values
        row.save(update_fields=["attributes"])
    answer = desk.get("/leads/", {"attribute": asked})
    assert [lead.contact.given_name for lead in answer.context["page"].leads] == found


def test_words_of_notes_find_their_lead(desk, rep):
    lead = person("Anna")
    person("Berta")
    text = "Wants the Ñandú brochure"
    note = NewActivity(lead_id=lead.pk, kind=ActivityKind.NOTE, text=text)
    log_activities([note], actor=rep, at=AT)
    assert listed(desk, "?q=nandu+bro") == ["Anna"]
    Activity.objects.update(deleted_at=AT)
    assert listed(desk, "?q=nandu") == []


def test_leads_of_merged_people_are_shown_under_the_name_that_stays(desk, marketer):
    anna = person("Anna")
    berta = lead_at(S.LEAD, email="b@b.example", given_name="Berta", source_id=None)
    Lead.objects.filter(pk=anna.pk).update(product_line=None)
    merge_contacts(anna.contact_id, berta.contact_id, actor=marketer, at=AT)
    page = desk.get("/leads/?disposition=any&q=berta").content.decode()
    assert page.count(">Anna</a>") == 2


class TestRows:
    def post(self, client, lead: Lead, **typed):
        form = {f"row{lead.pk}-{name}": value for name, value in typed.items()}
        return client.post(
            f"/leads/{lead.pk}/row/", form, headers={"HX-Request": "true"}
        )  # fmt: skip

    def test_stage_by_the_gate_and_the_row_comes_back(self, desk):
        lead = person("Anna")
        assert desk.get(f"/leads/{lead.pk}/row/").status_code == 200
        answer = self.post(desk, lead, stage="MQL", version=lead.version)
        assert answer.status_code == 200
        assert Lead.objects.get(pk=lead.pk).stage == S.MQL

    def test_who_comes_second_is_told_and_nothing_is_written(self, desk):
        lead = person("Anna")
        Lead.objects.filter(pk=lead.pk).update(version=lead.version + 1)
        answer = self.post(desk, lead, stage="MQL", version=lead.version)
        assert answer.status_code == 422
        assert "has changed this lead meanwhile" in answer.content.decode()
        assert Lead.objects.get(pk=lead.pk).stage == S.LEAD

    def test_a_manager_is_led_to_a_note(self, manager_sales):
        lead = person("Anna")
        client = signed_in(manager_sales)
        answer = client.post("/leads/bulk/", {"selected": lead.pk, "action": "qualify"})
        again = answer.context["again"]
        assert (again.lead_ids, again.form.initial) == ([lead.pk], {"to_stage": "MQL"})
        page = answer.content.decode()
        assert "Move them with a note" in page
