"""Real threads on a real PostgreSQL: one wins, the other is told who."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from accounts.enums import Role
from leads.enums import LifecycleStage
from leads.models import Company, Contact, Lead
from leads.moving import Move, MovesRefused, Step
from leads.services.contacts import ContactFacts
from leads.services.moves import move_leads
from leads.services.opening import Capture, open_leads
from tests.conftest import AT
from tests.factories import member
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db(transaction=True)
S = LifecycleStage
ROUNDS = 100


def at_once(*works):
    """Run all works in threads that start together; return what each returned or raised."""
    start = Barrier(len(works))

    def run(work):
        start.wait()
        try:
            return work()
        except MovesRefused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        return [done.result() for done in [threads.submit(run, work) for work in works]]


def test_of_two_who_accept_one_wins_and_the_other_is_told_who(marketer, rep, sales):
    greta = member("greta@acme.test", Role.REP, team=sales, name="Greta Villa")
    for n in range(ROUNDS):
        lead = lead_at(S.MQL, email=f"p{n}@acme.example")
        move = Move(lead_id=lead.pk, to_stage=S.SAL)
        tries = [partial(move_leads, [replace(move, actor=p)], at=AT) for p in (rep, greta)]
        results = at_once(*tries)
        lost = [r for r in results if isinstance(r, MovesRefused)]
        assert len(lost) == 1
        lead.refresh_from_db()
        winner = (rep, greta)[1 - results.index(lost[0])]
        assert (lead.stage, lead.owner) == (S.SAL, winner)
        assert str(lost[0]) == f"{winner.name} has already moved this lead to SAL."
        assert lead.transitions.filter(to_stage=S.SAL).count() == 1


def test_lists_in_opposite_order_do_not_wait_for_each_other(marketer, manager_marketing):
    ids = [lead_at(S.LEAD, email=f"p{n}@acme.example").pk for n in range(20)]
    moves = [Move(lead_id=pk, to_stage=S.MQL, actor=marketer) for pk in ids]
    results = at_once(
        lambda: move_leads(moves, at=AT, apply_rest=True),
        lambda: move_leads(moves[::-1], at=AT, apply_rest=True),
    )
    assert sorted(len(r.leads) for r in results) == [0, 20]


@pytest.mark.parametrize(
    "facts",
    [{"email": "new@beta.example"}, {"system": "crm", "external_id": "7"}],
    ids=["email", "outside id"],
)
def test_twenty_parallel_captures_of_one_new_person_make_one(facts, marketer):
    capture = Capture(
        contact=ContactFacts(captured_through="form", **facts),
        steps=[Step(to_stage=S.LEAD, actor=marketer)],
    )
    results = at_once(*[lambda: open_leads([capture], actor=marketer, at=AT)] * 20)
    assert len({r.leads[0].pk for r in results}) == 1
    assert sorted(len(r.existing) for r in results) == [0] + [1] * 19
    assert (Contact.objects.count(), Lead.objects.count()) == (1, 1)
    assert Company.objects.count() == (1 if "email" in facts else 0)
