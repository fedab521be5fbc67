"""Agreements, commitments as they stand, and corrective actions by REST."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import pytest

from accounts.enums import Scope
from accounts.models import User
from sla.enums import ActionState
from sla.models import Agreement, CorrectiveAction
from sla.services.drafting import start_draft
from tests.conftest import AT
from tests.leads.api.conftest import caller
from tests.sla.agreement.drafts import proposed_by, signed_by
from tests.sla.missed import missed_of_sales

pytestmark = pytest.mark.django_db
V1 = "/api/v1"


def test_versions_are_listed_and_read(
    manager_marketing: User, manager_sales: User, rep: User
) -> None:
    first = signed_by(manager_marketing, manager_sales)
    start_draft(actor=manager_sales, at=AT, based_on=first)
    api = caller(rep, Scope.LEADS_READ)
    (listed,) = api.get(f"{V1}/agreements/").json()  # a draft is no version yet
    assert (listed["number"], listed["state"], listed["based_on"]) == (1, "IN_FORCE", None)
    assert api.get(f"{V1}/agreements/1/").json() == listed
    signed = api.get(f"{V1}/agreements/1/signatures/").json()
    assert signed == listed["signatures"]
    assert [(row["side"], row["signer"]["name"], row["as_deputy"]) for row in signed] == [
        ("MARKETING", "Carla Moretti", False),
        ("SALES", "Dario Greco", False),
    ]
    assert api.get(f"{V1}/agreements/2/").status_code == 404


def test_the_text_is_what_was_hashed(manager_marketing: User, manager_sales: User) -> None:
    version = signed_by(manager_marketing, manager_sales)
    told = caller(manager_sales).get(f"{V1}/agreements/1/text/").json()
    assert hashlib.sha256(told["canonical"].encode()).hexdigest() == version.text_hash
    assert told["text_hash"] == version.text_hash
    assert len(told["sections"]) == 11


def test_a_draft_is_proposed_and_withdrawn(
    manager_marketing: User, manager_sales: User, rep: User
) -> None:
    draft = start_draft(actor=manager_sales, at=AT)
    propose = f"{V1}/agreements/draft/propose/"
    assert caller(rep).post(propose, {}, format="json").status_code == 403
    api = caller(manager_sales)
    key = {"HTTP_IDEMPOTENCY_KEY": "once"}
    first = api.post(propose, {"change_note": "Faster."}, format="json", **key)
    again = api.post(propose, {"change_note": "Faster."}, format="json", **key)
    assert (first.status_code, first.json()) == (200, again.json())
    assert (first.json()["state"], first.json()["change_note"]) == ("PROPOSED", "Faster.")
    assert api.post(propose, {}, format="json").status_code == 404
    withdrawn = api.post(f"{V1}/agreements/{draft.number}/withdraw/")
    assert withdrawn.json()["state"] == "WITHDRAWN"
    assert api.post(f"{V1}/agreements/{draft.number}/withdraw/").status_code == 409


def test_nobody_signs_by_rest(manager_marketing: User, manager_sales: User) -> None:
    proposed_by(manager_marketing)
    answer = caller(manager_sales).post(f"{V1}/agreements/1/sign/", {}, format="json")
    assert answer.status_code == 404
    assert Agreement.objects.get().signatures.count() == 0


def test_commitments_as_they_stand(manager_marketing: User, manager_sales: User) -> None:
    signed_by(manager_marketing, manager_sales)
    api = caller(manager_sales)
    rows = {row["what"]: row for row in api.get(f"{V1}/commitments/").json()}
    assert len(rows) == 13
    mqls = rows["Leads that become MQL"]
    assert (mqls["side"], mqls["kind"], mqls["target"]) == ("MARKETING", "VOLUME", "40.0000")
    assert (mqls["actual"], mqls["closed"], mqls["agreement"]) == ("0.0000", False, 1)
    assert rows["Every MQL is accepted or rejected"]["target"] == "0.8000"
    answer = api.get(f"{V1}/commitments/?on=tomorrow")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["on"])
    for day in ("1999-12-31", "2999-01-01"):
        assert api.get(f"{V1}/commitments/?on={day}").status_code == 404


@pytest.fixture
def missed(manager_sales: User) -> CorrectiveAction:
    return missed_of_sales(AT)


def test_an_action_is_decided_and_done(
    missed: CorrectiveAction, manager_sales: User, rep: User, marketer: User
) -> None:
    api, url = caller(manager_sales), f"{V1}/corrective-actions/{missed.pk}/"
    said: dict[str, Any] = {"what": "Call more.", "owner": rep.pk, "due_on": "2999-01-31"}
    assert caller(rep).post(f"{url}decide/", said, format="json").status_code == 403
    stranger = api.post(f"{url}decide/", said | {"owner": marketer.pk}, format="json")
    assert (stranger.status_code, list(stranger.json()["fields"])) == (422, ["owner"])
    missed.refresh_from_db()
    assert missed.state == ActionState.OPEN
    decided = api.post(f"{url}decide/", said | {"expected": "12"}, format="json").json()
    assert (decided["state"], decided["owner"]["name"], decided["expected"]) == (
        "DECIDED", "Bruno Conti", "12.0000",
    )  # fmt: skip
    done = caller(rep).post(f"{url}finish/", {"closing_note": "Done."}, format="json")
    assert (done.status_code, done.json()["state"]) == (200, "DONE")
    assert api.post(f"{url}drop/", {"closing_note": "No."}, format="json").status_code == 409
    assert api.get(f"{V1}/corrective-actions/").json() == []
    (listed,) = api.get(f"{V1}/corrective-actions/?state=DONE&side=SALES").json()
    assert listed == api.get(url).json()
    assert api.get(f"{V1}/corrective-actions/?state=LATE").status_code == 400


def test_an_undecided_action_is_dropped(missed: CorrectiveAction, manager_sales: User) -> None:
    api, url = caller(manager_sales), f"{V1}/corrective-actions/{missed.pk}/"
    early = api.post(f"{url}finish/", {"closing_note": "Done."}, format="json")
    assert (early.status_code, early.json()["code"]) == (409, "undecided")
    dropped = api.post(f"{url}drop/", {"closing_note": "Summer."}, format="json").json()
    assert (dropped["state"], dropped["closing_note"]) == ("DROPPED", "Summer.")
    missed.refresh_from_db()
    assert missed.missed_on == date(2026, 1, 1)
