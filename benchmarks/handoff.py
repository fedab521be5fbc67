"""How long a decision takes, beside the server's trivial endpoint; prints JSON.

    python benchmarks/handoff.py 10000 100000

Builds a database of its own for each size (the name is that of DATABASE_URL with `test_` before
it) and drops it again. Times are milliseconds of the whole request inside the server process. Each
request decides on another lead; `gate` is the service alone, without a page around it.
"""

# ruff: noqa: E402  # Django must be set up before its models are imported

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DEBUG"] = "0"
os.environ.setdefault("SECRET_KEY", "benchmark-" * 6)
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("BASE_URL", "http://localhost")
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ.setdefault("SMARKETING_EMBEDDED", "1")  # a socket without a password will do
os.environ["DJANGO_SETTINGS_MODULE"] = "smarketing.settings"

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import get_runner, override_settings

from accounts.models import User
from benchmarks.leads_list import PLAIN_FILES, build, timed
from leads.enums import LifecycleStage
from leads.models import Lead
from leads.services.decisions import By, Rejection, accept_leads, reject_leads
from leads.services.undoing import undo
from smarketing import time_source

ROUNDS = 60
HISTORY_SQL = """
    INSERT INTO leads_stagetransition (lead_id, to_stage, to_disposition, cause, reason, note,
            effective_at, recorded_at, inferred)
        SELECT id, stage, disposition, 'import', '', '', stage_at, created_at, false
        FROM leads_lead;
    UPDATE leads_lead SET owner_id = %(rep)s WHERE stage IN ('MQL', 'SAL') AND disposition = 'OPEN';
    ANALYZE;
"""


def spent(rounds: list[float]) -> dict[str, float]:
    """Return p50 and p95 in milliseconds."""
    rounds.sort()
    return {
        "p50": round(statistics.median(rounds), 1),
        "p95": round(rounds[int(len(rounds) * 0.95) - 1], 1),
    }


def counted(act: Callable[[], Any]) -> int:
    """Return how many statements `act` needs; a request would empty the usual log."""
    asked = 0

    def count(execute: Any, *args: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*args)

    with connection.execute_wrapper(count):
        act()
    return asked


def posted(client: Client, urls: Iterator[str], data: dict[str, str]) -> dict[str, Any]:
    """Post to another lead each round; tell how often the first one asked the database."""
    times = []
    asked = counted(lambda: client.post(next(urls), data, secure=True))
    for _round in range(ROUNDS):
        url = next(urls)
        begin = time.perf_counter()
        answer = client.post(url, data, secure=True)
        times.append((time.perf_counter() - begin) * 1000)
        assert answer.status_code == 302, (url, answer.status_code, answer.content[:500])
    return {**spent(times), "statements": asked}


def called(decide: Callable[[int], Any], ids: Iterator[int]) -> dict[str, Any]:
    """Call the service for another lead each round."""
    times = []
    asked = counted(lambda: decide(next(ids)))
    for _round in range(ROUNDS):
        pk = next(ids)
        begin = time.perf_counter()
        decide(pk)
        times.append((time.perf_counter() - begin) * 1000)
    return {**spent(times), "statements": asked}


def measure(size: int) -> dict[str, Any]:
    """Measure the decisions at `size` leads; milliseconds."""
    client = build(size)
    rep = User.objects.get(pk=int(client.session["_auth_user_id"]))
    with connection.cursor() as cursor:
        cursor.execute(HISTORY_SQL, {"rep": rep.pk})
    mqls, sals = (open_leads_at(stage) for stage in (LifecycleStage.MQL, LifecycleStage.SAL))
    by, at = By(actor=rep), time_source.now()

    def accept_and_undo(pk: int) -> None:
        outcome = accept_leads([pk], by=by, at=at)
        assert outcome.action is not None
        undo(outcome.action.pk, actor=rep, at=at)

    reject = Rejection(reason="not_now")
    return {
        "leads": size,
        "trivial": timed(client, "/healthz"),
        "accept": posted(client, (f"/leads/{pk}/accept/" for pk in mqls), {}),
        "reject": posted(client, (f"/leads/{pk}/reject/" for pk in mqls), {"reason": "not_now"}),
        "advance": posted(client, (f"/leads/{pk}/move/" for pk in sals), {"to_stage": "SQL"}),
        "gate": {
            "accept": called(lambda pk: accept_leads([pk], by=by, at=at), mqls),
            "reject": called(lambda pk: reject_leads([pk], reject, by=by, at=at), mqls),
            "accept and undo": called(accept_and_undo, mqls),
        },
    }


def open_leads_at(stage: LifecycleStage) -> Iterator[int]:
    """Yield open leads of a stage, each once."""
    rows = Lead.objects.open().filter(stage=stage).order_by("id").values_list("id", flat=True)
    return iter(list(rows[: 6 * (ROUNDS + 1)]))


def main() -> None:
    """Measure at every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[100_000])
    results = []
    for size in parser.parse_args().sizes:
        runner = get_runner(settings)(verbosity=0, interactive=False)
        runner.setup_test_environment()
        databases = runner.setup_databases()
        try:
            with override_settings(STORAGES=PLAIN_FILES):
                results.append(measure(size))
        finally:
            runner.teardown_databases(databases)
            runner.teardown_test_environment()
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
