"""Feedback, disputes, channel and assets by REST: one endpoint a verb, rights, errors."""

from __future__ import annotations

import pytest

from leads.enums import AssetKind
from leads.models import AssetSend, ChannelPost, Dispute, Feedback, FeedbackComment
from leads.services.assets import AssetFacts, save_asset
from smarketing import time_source
from tests.conftest import AT
from tests.leads.api.conftest import caller
from tests.leads.feedback.records import accepted, rejected
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
API = "/api/v1/"


def test_feedback_reads_whole_and_is_filtered(marketer_api, rep):
    row = rejected(rep, given_name="Anna", family_name="Verdi", text="No budget.", fit_rating=2)
    accepted(rep)
    body = marketer_api.get(f"{API}feedback/?decision=REJECTED").json()
    assert body == {
        "next": None,
        "results": [
            {
                "id": row.pk,
                "lead": {
                    "id": row.lead_id, "contact": {"id": row.lead.contact_id, "name": "Anna Verdi"},
                    "campaign": None, "persona": None, "source": None,
                },
                "decision": "REJECTED", "counts_as": "REJECTED", "reason": "wrong_fit",
                "fit_rating": 2, "text": "No budget.",
                "given_by": {"id": rep.pk, "name": "Bruno Conti", "email": "bruno@acme.test"},
                "decided_at": "2026-03-03T10:00:00Z",
                "acknowledged_by": None, "acknowledged_at": None, "dispute": None,
            }
        ],
    }  # fmt: skip
    assert marketer_api.get(f"{API}feedback/{row.pk}/").json() == body["results"][0]
    assert marketer_api.get(f"{API}feedback/?decision=NO").status_code == 400
    assert marketer_api.get(f"{API}feedback/?after=x").status_code == 404


def test_marketing_acknowledges_one_or_several_and_nobody_else(marketer_api, rep_api, rep):
    rows = [rejected(rep, email=f"p{i}@acme.example") for i in range(3)]
    url = f"{API}feedback/{rows[0].pk}/acknowledge/"
    refused = rep_api.post(url)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert Feedback.objects.filter(acknowledged_at__isnull=False).count() == 0
    assert marketer_api.post(url).json()["acknowledged_by"]["name"] == "Alice Rossi"
    body = {"ids": [row.pk for row in rows]}
    done = marketer_api.post(f"{API}feedback/acknowledge/", body).json()
    assert done == {"acknowledged": [rows[1].pk, rows[2].pk]}


def test_a_comment_sent_twice_under_one_key_is_one(marketer_api, rep):
    row = rejected(rep)
    url = f"{API}feedback/{row.pk}/comment/"
    for _ in range(2):
        answer = marketer_api.post(url, {"text": "Thank you."}, HTTP_IDEMPOTENCY_KEY="k1")
        assert (answer.status_code, answer.json()["text"]) == (201, "Thank you.")
    assert FeedbackComment.objects.count() == 1


def test_a_dispute_is_opened_answered_and_ruled(marketer_api, rep_api, rep, facilitator):
    row = rejected(rep, at=time_source.now())
    made = marketer_api.post(f"{API}feedback/{row.pk}/dispute/", {"argument": "He asked."})
    assert (made.status_code, made.json()["ruling"]) == (201, "")
    again = marketer_api.post(f"{API}feedback/{row.pk}/dispute/", {"argument": "He asked."})
    assert (again.status_code, again.json()["code"]) == (409, "disputed_already")
    url = f"{API}disputes/{made.json()['id']}/"
    answered = rep_api.post(f"{url}answer/", {"answer": "Not to me."}).json()
    assert answered["answer"] == "Not to me."
    assert [one["id"] for one in rep_api.get(f"{API}disputes/").json()] == [made.json()["id"]]
    body = {"ruling": "UPHELD", "note": "No budget."}
    assert marketer_api.post(f"{url}rule/", body).status_code == 403
    assert Dispute.objects.get().ruling == ""
    ruled = caller(facilitator).post(f"{url}rule/", body).json()
    assert (ruled["ruling"], ruled["ruled_by"]["name"]) == ("UPHELD", "Elena Fontana")
    assert rep_api.get(f"{API}disputes/?state=ruled").json() == [rep_api.get(url).json()]


def test_the_channel_is_written_read_and_acknowledged(marketer_api, rep_api, rep):
    lead = lead_at(owner=rep)
    note = rep_api.post(f"{API}channel/", {"kind": "NOTE", "text": "Less.", "leads": [lead.pk]})
    assert (note.status_code, note.json()["leads"]) == (201, [lead.pk])
    assert rep_api.post(f"{API}channel/", {"kind": "ALERT", "text": "x"}).status_code == 403
    missing = marketer_api.post(f"{API}channel/", {"kind": "ALERT", "text": "x"})
    assert (missing.status_code, list(missing.json()["fields"])) == (422, ["goes_out_at"])
    assert ChannelPost.objects.count() == 1
    unread = f"{API}channel/?kind=NOTE&unread=true"
    (waiting,) = marketer_api.get(unread).json()["results"]
    assert [one["name"] for one in waiting["waiting"]] == ["Alice Rossi"]
    read = marketer_api.post(f"{API}channel/{waiting['id']}/acknowledge/").json()
    assert [one["user"]["name"] for one in read["acknowledged"]] == ["Alice Rossi"]
    assert marketer_api.get(unread).json()["results"] == []
    assert marketer_api.get(f"{API}channel/?kind=x").status_code == 422


def test_assets_are_kept_by_marketing_and_sent_by_both(marketer_api, rep_api, rep):
    body = {"name": "Guide", "kind": "DATA_SHEET", "url": "https://acme.example/g"}
    assert rep_api.post(f"{API}assets/", body).status_code == 403
    made = marketer_api.post(f"{API}assets/", body)
    assert (made.status_code, made.json()["is_active"]) == (201, True)
    again = marketer_api.post(f"{API}assets/", body)
    assert (again.status_code, list(again.json()["fields"])) == (422, ["name"])
    url = f"{API}assets/{made.json()['id']}/"
    changed = marketer_api.patch(url, {"description": "Which size?"}).json()
    assert (changed["description"], changed["url"]) == ("Which size?", "https://acme.example/g")
    unknown = marketer_api.patch(url, {"campaign": 99})
    assert (unknown.status_code, list(unknown.json()["fields"])) == (422, ["campaign"])
    lead = lead_at(owner=rep)
    sent = rep_api.post(f"{url}send/", {"lead": lead.pk}).json()
    assert sent["link"] == f"http://testserver/a/{AssetSend.objects.get().token}/"
    assert (rep_api.get(url).json()["sent"], rep_api.get(url).json()["openings"]) == (1, 0)


def test_a_battle_card_is_not_sent(rep_api, marketer):
    facts = AssetFacts(name="Card", kind=AssetKind.BATTLE_CARD, body="x", internal_only=True)
    asset = save_asset(facts, actor=marketer, at=AT)
    refused = rep_api.post(f"{API}assets/{asset.pk}/send/", {"lead": lead_at().pk})
    assert (refused.status_code, refused.json()["code"]) == (409, "internal_only")
    assert AssetSend.objects.count() == 0
