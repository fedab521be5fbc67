"""Two at once: waking, undoing, returning happen once."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from leads.enums import Disposition, LifecycleStage
from leads.models import Feedback, Lead, StageTransition
from leads.moving import MovesRefused
from leads.services.decisions import By, Rejection, accept_leads, reject_leads
from leads.services.recycling import wake_due, wake_leads
from leads.services.undoing import undo
from smarketing.errors import Refused
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.leads.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
S, D = LifecycleStage, Disposition
LATER = AT + timedelta(days=90)


def attempt(work):
    """Run `work`; a refusal is an answer too."""
    try:
        return work()
    except (Refused, MovesRefused) as refused:
        return refused.code


def test_woken_in_parallel_each_begins_once(rep):
    ids = [lead_at(S.MQL, owner=rep, email=f"p{n}@acme.example").pk for n in range(20)]
    reject_leads(ids, Rejection(reason="not_now"), by=By(actor=rep), at=AT)
    sweeps = [partial(wake_due, LATER, most=5)] * 4
    calls = [partial(wake_leads, ids, at=LATER), partial(wake_leads, ids[::-1], at=LATER)]
    at_once(*sweeps, *calls)
    rows = Lead.objects.filter(disposition=D.OPEN).values_list("recycled_from", flat=True)
    assert sorted(rows) == sorted(ids)
    assert Lead.objects.filter(pk__in=ids, woken_at=LATER).count() == 20


def test_undone_in_parallel_it_is_undone_once(rep):
    for n in range(10):
        lead = lead_at(S.MQL, owner=rep, email=f"p{n}@acme.example")
        action = accept_leads([lead.pk], by=By(actor=rep), at=AT).action
        work = partial(attempt, partial(undo, action.pk, actor=rep, at=AT))
        results = at_once(work, work)
        assert sorted(map(str, (r if isinstance(r, str) else "undone" for r in results))) == [
            "already_undone", "undone",
        ]  # fmt: skip
        assert StageTransition.objects.filter(lead=lead, from_stage="SAL").count() == 1


def test_accepted_and_rejected_at_once_one_decision_stands(rep, manager_sales):
    for n in range(20):
        lead = lead_at(S.MQL, owner=rep, email=f"p{n}@acme.example")
        yes = partial(accept_leads, [lead.pk], by=By(actor=rep), at=AT)
        no = partial(
            reject_leads, [lead.pk], Rejection(reason="bad_data"),
            by=By(actor=manager_sales, note="Wrong number"), at=AT,
        )  # fmt: skip
        results = at_once(partial(attempt, yes), partial(attempt, no))
        lead.refresh_from_db()
        accepted = [f.decision for f in Feedback.objects.filter(lead=lead).order_by("id")]
        refused = [r for r in results if isinstance(r, str)]
        if accepted == ["ACCEPTED"]:
            assert (lead.stage, lead.returned_at, refused) == (S.SAL, None, ["moved_meanwhile"])
        else:
            assert accepted == ["RETURNED"]
            assert (lead.stage, lead.returned_at, refused) == (S.MQL, AT, ["returned"])
