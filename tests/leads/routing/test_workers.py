"""Many workers at once, on a real PostgreSQL: shares stay exact, nobody is taken twice."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.enums import AssignmentCause, LifecycleStage
from leads.models import Assignment, Lead, PoolMember, RoutingPool
from leads.moving import Move, MovesRefused
from leads.services.assigning import take_leads
from leads.services.moves import move_leads
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.leads.routing.pools import pool_of, reps, rule_for

pytestmark = pytest.mark.django_db(transaction=True)
S = LifecycleStage
WORKERS = 8


def in_threads(works):
    """Run all works in threads that begin together; return what each returned or raised."""
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


def test_100_leads_over_4_equal_reps_by_8_parallel_workers_give_25_each(sales, marketer):
    people = reps(sales)
    pool = pool_of(*people)
    rule_for(pool)
    ids = [lead_at(S.LEAD, email=f"p{n}@acme.example").pk for n in range(100)]

    def qualify_each(mine):
        for pk in mine:
            move_leads([Move(lead_id=pk, to_stage=S.MQL, actor=marketer)], at=AT)

    in_threads([lambda w=w: qualify_each(ids[w::WORKERS]) for w in range(WORKERS)])
    owners = Counter(Lead.objects.filter(stage=S.MQL).values_list("owner_id", flat=True))
    assert owners == {person.pk: 25 for person in people}
    assert Assignment.objects.filter(cause=AssignmentCause.RULE, pool=pool).count() == 100
    assert RoutingPool.objects.get().cursor == 100
    assert set(PoolMember.objects.values_list("credit", flat=True)) == {0}

    # The lock that makes it so is taken before anything that depends on it is read.
    one = lead_at(S.LEAD, email="last@acme.example")
    with CaptureQueriesContext(connection) as captured:
        move_leads([Move(lead_id=one.pk, to_stage=S.MQL, actor=marketer)], at=AT)
    said = [query["sql"] for query in captured]
    locks = [n for n, sql in enumerate(said) if "leads_routingpool" in sql and "FOR UPDATE" in sql]
    reads = [n for n, sql in enumerate(said) if 'FROM "leads_poolmember"' in sql]
    assert len(locks) == 1
    assert 'ORDER BY "leads_routingpool"."id"' in said[locks[0]]
    assert locks[0] < min(reads)


def test_two_who_take_one_lead_from_the_queue(sales):
    bruno, greta = reps(sales, "bruno", "greta")
    for n in range(10):
        lead = lead_at(S.MQL, email=f"p{n}@acme.example")
        results = in_threads(
            [lambda p=p, pk=lead.pk: take_leads([pk], by=p, at=AT) for p in (bruno, greta)]
        )
        lost = [result for result in results if isinstance(result, MovesRefused)]
        winner = (bruno, greta)[1 - results.index(lost[0])]
        assert [str(one) for one in lost] == [f"{winner.name} took this lead meanwhile."]
        assert Lead.objects.get(pk=lead.pk).owner == winner
        assert lead.assignments.count() == 1
