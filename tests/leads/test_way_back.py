"""Where a form leads back to: paths of ours only, whatever was posted."""

from __future__ import annotations

import pytest

from leads.enums import LifecycleStage
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
FOREIGN = ["//evil.example", "https://evil.example/", "javascript:alert(1)", "null", "a:b", "[]",
           "lead-list", "a\x00b"]  # fmt: skip


@pytest.mark.parametrize("back", FOREIGN)
def test_no_other_address_is_followed(back, client, rep):
    lead = lead_at(LifecycleStage.MQL, owner=rep)
    client.force_login(rep)
    answer = client.post(f"/leads/{lead.pk}/accept/", {"next": back})
    assert (answer.status_code, answer["Location"]) == (302, f"/leads/{lead.pk}/")


@pytest.mark.parametrize("back", FOREIGN)
def test_the_switch_of_appearance_stays_at_home(back, client, rep):
    client.force_login(rep)
    answer = client.post("/profile/theme/", {"theme": "dark", "next": back})
    assert (answer.status_code, answer["Location"]) == (302, "/profile/")


def test_a_path_of_ours_is(client, rep):
    lead = lead_at(LifecycleStage.MQL, owner=rep)
    client.force_login(rep)
    answer = client.post(f"/leads/{lead.pk}/accept/", {"next": "/leads/inbox/?show=queue"})
    assert answer["Location"] == "/leads/inbox/?show=queue"


@pytest.mark.parametrize("ids", ["9" * 5000, "99999999999999999999", "²", "x\x00"])
def test_the_inbox_takes_no_numbers_that_are_none(ids, client, rep):
    client.force_login(rep)
    answer = client.post("/leads/inbox/bulk/", {"ids": ids, "action": "accept"})
    assert answer.status_code == 302


def test_a_note_that_cannot_be_kept_changes_nothing(client, rep):
    lead = lead_at(LifecycleStage.MQL, owner=rep)
    client.force_login(rep)
    answer = client.post(
        "/leads/inbox/bulk/", {"ids": lead.pk, "action": "accept", "note": "a\x00b"}
    )
    assert answer.status_code == 302
    lead.refresh_from_db()
    assert lead.stage == LifecycleStage.MQL
