"""How long the lead list takes, beside a trivial answer of the same server; prints JSON.

    python benchmarks/leads_list.py 10000 100000

Builds a database of its own for each size (the name is that of DATABASE_URL with `test_` before
it) and drops it again. Times are milliseconds of the whole request inside the server process:
middleware, statements, template. Pairs of filter and order are those of `PAIRS`, on the first page
and on a deep one reached by its cursor; `--all` measures every pair. After `--seconds` (40 a size)
what is left is named under "left out", so that the run always ends. `--plans` adds the plan of each
page's statement.
"""

# ruff: noqa: E402  # Django must be set up before its models are imported

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
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

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.template import Template
from django.test import Client
from django.test.utils import CaptureQueriesContext, get_runner, override_settings

from accounts.enums import Role, TeamKind
from accounts.models import Membership, Team, User
from accounts.services.organisation import ensure_organisation
from smarketing import time_source

ROUNDS = 8
DRAW = Template._render
RECORDS = ("contacts", "companies")
DEEP = 40
FILTERS = {
    "open": "",
    "any": "disposition=any",
    "stage": "stage=MQL",
    "owner": "owner=me",
    "source": "disposition=any&source={source}",
    "campaign": "disposition=any&campaign={campaign}",
    "text": "disposition=any&q=ann",
    "rare text": "disposition=any&q=anna57",
    "contacts": "",
    "companies": "",
    "period": "disposition=any&began_from=2025-03-01&began_to=2025-03-31",
}
SORTS = ["-began", "began", "-score", "since", "due", "-worked", "-attempts", "name"]
# The orders that people use with each filter; the others walk the same indexes.
PAIRS = {
    "open": SORTS,
    "any": ["-began", "-score", "-worked", "name"],
    "stage": ["-began", "-score", "since"],
    "owner": ["-began", "due"],
    "source": ["-began", "-score"],
    "campaign": ["-began"],
    "text": ["-began", "name"],
    "rare text": ["-began"],
    "period": ["-began", "-score"],
    "contacts": ["name", "-created"],
    "companies": ["name", "-created"],
}

ROWS_SQL = """
    INSERT INTO leads_source (name, key) SELECT 'Source ' || n, 'source ' || n
        FROM generate_series(1, 20) AS n;
    INSERT INTO leads_campaign (name, key, channel, currency)
        SELECT 'Campaign ' || n, 'campaign ' || n, 'event', 'EUR' FROM generate_series(1, 50) AS n;
    INSERT INTO leads_company (name, sort_key, domain, sector, country, created_at, attributes,
            version)
        SELECT 'Company ' || n, 'company ' || n, 'c' || n || '.example', '', 'Italy', now(), '{}',
            1
        FROM generate_series(1, %(size)s / 5) AS n;
    INSERT INTO leads_contact (email, given_name, family_name, sort_key, phone, job_title, country,
            city, system_of_record, captured_through, created_at, company_id, search, attributes,
            version)
        SELECT 'p' || n || '@c' || n || '.example', 'Anna' || n %% 997, 'Rossi' || n,
            'rossi' || n || ' anna' || n %% 997, '', '', 'Italy', '', '', 'benchmark', now(),
            (SELECT min(id) FROM leads_company) + n %% (%(size)s / 5),
            to_tsvector('simple', 'anna' || n %% 997 || ' rossi' || n || ' p' || n || ' company'),
            '{}', 1
        FROM generate_series(1, %(size)s) AS n;
    INSERT INTO leads_lead (contact_id, stage, disposition, origin, "returning", source_id,
            campaign_id, owner_id, score, lead_at, stage_at, created_at, closed_at, attributes,
            attempts, version, last_activity_at, next_due_at)
        SELECT c.id, s.stage, s.disposition, 'marketing', false,
            (SELECT min(id) FROM leads_source) + c.id %% 20,
            (SELECT min(id) FROM leads_campaign) + c.id %% 50,
            CASE WHEN s.stage IN ('SAL', 'SQL', 'OPPORTUNITY', 'CUSTOMER')
                THEN (SELECT min(id) FROM accounts_user) + c.id %% 20 END,
            c.id * 37 %% 100, t.at, t.at, t.at,
            CASE WHEN s.disposition <> 'OPEN' THEN t.at END, '{}', c.id %% 6, 1,
            t.at + interval '1 day', t.at + interval '2 days'
        FROM leads_contact AS c,
            LATERAL (SELECT '2024-01-01'::timestamptz
                + (c.id * 7919 %% 700) * interval '1 day' + c.id * interval '1 second' AS at) AS t,
            LATERAL (SELECT (ARRAY['LEAD','LEAD','LEAD','MQL','SAL','SQL','OPPORTUNITY','CUSTOMER',
                    'LEAD','MQL'])[1 + c.id %% 10] AS stage,
                (ARRAY['OPEN','RECYCLED','DISQUALIFIED','OPEN','OPEN','LOST','OPEN','WON',
                    'RECYCLED','DISQUALIFIED'])[1 + c.id %% 10] AS disposition) AS s;
    ANALYZE;
"""


PLAIN_FILES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


def let_defaults_stand() -> None:
    """Give the columns of the record their models' defaults, so that the SQL above may leave them.

    Only the throw-away database of a benchmark is changed.
    """
    with connection.cursor() as cursor:
        for model in apps.get_app_config("leads").get_models():
            for field in model._meta.local_concrete_fields:
                if field.null or field.primary_key or not field.has_default():
                    continue
                value = field.get_db_prep_save(field.get_default(), connection)
                table, column = model._meta.db_table, field.column
                cursor.execute(f'ALTER TABLE {table} ALTER "{column}" SET DEFAULT %s', [value])


def build(size: int) -> Client:
    """Fill the database with `size` leads; return one of its reps, signed in."""
    ensure_organisation()
    team = Team.objects.create(name="Sales", kind=TeamKind.SALES)
    at = time_source.now()
    people = [
        User.objects.create(email=f"rep{n}@acme.example", name=f"Rep {n}", joined_at=at)
        for n in range(20)
    ]
    Membership.objects.bulk_create(
        Membership(user=user, role=Role.REP, team=team) for user in people
    )
    let_defaults_stand()
    with connection.cursor() as cursor:
        cursor.execute(ROWS_SQL, {"size": size})
    client = Client()
    client.force_login(people[3], "allauth.account.auth_backends.AuthenticationBackend")
    return client


@contextmanager
def templates_as_served() -> Iterator[None]:
    """Draw templates as a server does: Django's tests copy the context of every single one."""
    observed = Template._render
    Template._render = DRAW  # type: ignore[method-assign]
    try:
        yield
    finally:
        Template._render = observed  # type: ignore[method-assign]


@templates_as_served()
def timed(client: Client, url: str) -> dict[str, float]:
    """Ask for `url` some times; return milliseconds."""
    spent = []
    for _round in range(ROUNDS):
        begin = time.perf_counter()
        answer = client.get(url, secure=True)
        spent.append((time.perf_counter() - begin) * 1000)
        assert answer.status_code == 200, (url, answer.status_code)
    spent.sort()
    return {
        "p50": round(statistics.median(spent), 1),
        "p95": round(spent[int(len(spent) * 0.95) - 1], 1),
    }


def deep_url(client: Client, url: str) -> str:
    """Follow the cursor as far as page 40, or to the last one."""
    for _page in range(DEEP):
        answer = client.get(url, secure=True)
        assert answer.status_code == 200, (url, answer.status_code, answer.headers)
        following = answer.context["next"]
        if not following:
            break
        url = f"{url.partition('?')[0]}{following}"
    return url


def plan(client: Client, url: str) -> str:
    """Return how PostgreSQL finds the page's rows."""
    with CaptureQueriesContext(connection) as captured:
        client.get(url, secure=True)
    page = next(q["sql"] for q in captured if 'SELECT "leads_lead"' in q["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {page}")
        return "\n".join(row[0] for row in cursor.fetchall())


def pairs(*, every: bool) -> list[tuple[str, str]]:
    """The pairs of filter and order to be measured."""
    if every:
        return [pair for pair in itertools.product(FILTERS, SORTS) if pair[0] not in RECORDS] + [
            (name, sort) for name in RECORDS for sort in PAIRS[name]
        ]
    return [(name, sort) for name, sorts in PAIRS.items() for sort in sorts]


def measure(size: int, *, plans: bool, every: bool, seconds: float) -> dict[str, Any]:
    """Measure the pairs of filter and order at `size` leads, for about `seconds`."""
    end = time.monotonic() + seconds
    client = build(size)
    ids = {}
    with connection.cursor() as cursor:
        for name in ("source", "campaign"):
            cursor.execute(f"SELECT min(id) FROM leads_{name}")
            ids[name] = cursor.fetchone()[0]
    result: dict[str, Any] = {"leads": size, "trivial": timed(client, "/healthz"), "list": {}}
    for name, sort in pairs(every=every):
        if time.monotonic() > end:
            result.setdefault("left out", []).append(f"{name} by {sort}")
            continue
        path = name if name in RECORDS else "leads"
        url = f"/{path}/?{FILTERS[name].format(**ids)}&sort={sort}"
        deep = deep_url(client, url)
        result["list"][f"{name} by {sort}"] = {
            "first page": timed(client, url),
            "deep page": timed(client, deep),
            **({"plan": plan(client, deep)} if plans and path == "leads" else {}),
        }
    pages = [page for pair in result["list"].values() for page in pair.values() if page is not str]
    result["worst p95"] = max(p["p95"] for p in pages if isinstance(p, dict))
    return result


def main() -> None:
    """Measure at every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[100_000])
    parser.add_argument("--plans", action="store_true")
    parser.add_argument("--all", action="store_true", help="every pair of filter and order")
    parser.add_argument("--seconds", type=float, default=40, help="at most, for each size")
    options = parser.parse_args()
    results = []
    for size in options.sizes:
        runner = get_runner(settings)(verbosity=0, interactive=False)
        runner.setup_test_environment()
        databases = runner.setup_databases()
        try:
            with override_settings(STORAGES=PLAIN_FILES):
                results.append(
                    measure(size, plans=options.plans, every=options.all, seconds=options.seconds)
                )
        finally:
            runner.teardown_databases(databases)
            runner.teardown_test_environment()
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
