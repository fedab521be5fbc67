"""How long each panel of a month takes at ever more leads; prints JSON.

    python benchmarks/reports.py 10000 100000 1000000

Builds a database of its own for each size (the name is that of DATABASE_URL with `test_` before
it) and drops it again: two years of leads, ten touches a person, one lead in 25 won. Facts are
derived as the product does; `derive` is that, for all of them. Each panel is asked for eleven times
for the last whole month, after one for warmth; p50 and p95 in milliseconds, of the wall. `raw` is
one GROUP BY over the leads of the month.
"""

# ruff: noqa: E402  # Django must be set up before its models are imported

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
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
from django.test.utils import get_runner, override_settings

from accounts.enums import Role, TeamKind
from accounts.models import Membership, Team, User
from accounts.rules import standing
from accounts.services.organisation import ensure_organisation
from leads.models import Campaign, Source
from leads.services.facts import derive_all_due
from reporting.asking import read_view
from reporting.house import reporting_house
from reporting.panels import PANELS

AT = datetime(2026, 3, 3, 10, tzinfo=UTC)
MONTH = "2026-02"
ROUNDS = 11
FILL = """
    INSERT INTO leads_contact (email, given_name, family_name, sort_key, phone, job_title, country,
        city, system_of_record, captured_through, attributes, version, created_at)
    SELECT 'p' || n || '@acme.example', 'P', 'N' || n, n::text, '', 'CTO',
        (ARRAY['Italy', 'Spain', 'France', ''])[n %% 4 + 1], '', '', 'bench', '{}', 1, %(at)s
    FROM generate_series(1, %(n)s) AS n;
    INSERT INTO leads_touch (contact_id, kind, source_id, campaign_id, detail, url, utm_source,
        utm_medium, utm_campaign, utm_term, utm_content, outside_id, occurred_at, recorded_at)
    SELECT c.id, (ARRAY['FORM', 'VISIT', 'WEBINAR', 'AD', 'DOWNLOAD'])[t %% 5 + 1],
        %(source)s + (c.id + t) %% 8, %(campaign)s + (c.id + t) %% 8,
        '', '', '', '', '', '', '', '',
        %(at)s - ((c.id * 7919) %% 1051200) * interval '1 minute' + (t - 3) * interval '2 days',
        %(at)s
    FROM leads_contact AS c, generate_series(1, 10) AS t;
    INSERT INTO leads_lead (contact_id, owner_id, source_id, campaign_id, stage, disposition,
        origin, "returning", score, attributes, attempts, attempts_brought, version, created_at,
        lead_at, mql_at, sal_at, sql_at, opportunity_at, customer_at, closed_at, stage_at)
    SELECT id, %(owner)s, %(source)s + id %% 8, %(campaign)s + id %% 8,
        CASE WHEN id %% 25 = 0 THEN 'CUSTOMER' WHEN id %% 5 = 0 THEN 'SAL'
            WHEN id %% 2 = 0 THEN 'MQL' ELSE 'LEAD' END,
        CASE WHEN id %% 25 = 0 THEN 'WON' WHEN id %% 3 = 0 THEN 'DISQUALIFIED' ELSE 'OPEN' END,
        CASE WHEN id %% 10 = 0 THEN 'sales' ELSE 'marketing' END, false, id %% 100, '{}', 0, 0, 1,
        born, born, CASE WHEN id %% 2 = 0 OR id %% 5 = 0 THEN born + interval '3 days' END,
        CASE WHEN id %% 5 = 0 THEN born + interval '4 days' END,
        CASE WHEN id %% 25 = 0 THEN born + interval '9 days' END,
        CASE WHEN id %% 25 = 0 THEN born + interval '20 days' END,
        CASE WHEN id %% 25 = 0 THEN born + interval '60 days' END,
        CASE WHEN id %% 25 = 0 THEN born + interval '60 days'
            WHEN id %% 3 = 0 THEN born + interval '10 days' END, born
    FROM (SELECT id, %(at)s - ((id * 7919) %% 1051200) * interval '1 minute' AS born
        FROM leads_contact) AS c;
    INSERT INTO leads_opportunity (lead_id, is_first, name, state, amount, currency, rate, reason,
        note, version, opened_at, closed_at)
    SELECT id, true, '', 'WON', 1000 + id %% 5000, 'EUR', 1, '', '', 1, opportunity_at, customer_at
    FROM leads_lead WHERE disposition = 'WON'
"""
RAW = """
    SELECT source_id, count(*), count(*) FILTER (WHERE disposition = 'WON') FROM leads_lead
    WHERE lead_at >= '2026-02-01' AND lead_at < '2026-03-01' GROUP BY source_id
"""


def timed(work: Callable[[], Any]) -> float:
    """Return how many milliseconds `work` took."""
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def spread(work: Callable[[], Any]) -> dict[str, float]:
    """Return the median and the ninety-fifth percentile of rounds of `work`, in milliseconds."""
    work()
    times = sorted(timed(work) for _round in range(ROUNDS))
    return {"p50": round(statistics.median(times), 1), "p95": round(times[-1], 1)}


def fill(size: int) -> User:
    """Write the leads and derive their facts; return who looks."""
    ensure_organisation()
    user = User.objects.create(email="d@acme.example", name="Dario", joined_at=AT)
    team = Team.objects.create(name="Sales", kind=TeamKind.SALES, head=user)
    Membership.objects.create(user=user, team=team, role=Role.MANAGER)
    sources = [Source.objects.create(name=f"S{n}", key=f"s{n}") for n in range(8)]
    campaigns = [
        Campaign.objects.create(name=f"C{n}", key=f"c{n}", channel="FAIR") for n in range(8)
    ]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE leads_touch DISABLE TRIGGER USER")
        cursor.execute(
            FILL,
            {
                "n": size, "at": AT, "owner": user.pk, "source": sources[0].pk,
                "campaign": campaigns[0].pk,
            },
        )  # fmt: skip
        cursor.execute("ALTER TABLE leads_touch ENABLE TRIGGER USER")
        cursor.execute("ANALYZE")
    return user


def measure(size: int) -> dict[str, Any]:
    """Fill the database and return the times, in milliseconds."""
    user = fill(size)
    derive = timed(derive_all_due)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        raw = spread(lambda: cursor.execute(RAW))
    house = reporting_house()
    view = read_view({"days": MONTH}, user, standing(user), house=house, at=AT)
    panels = {key: spread(lambda one=panel: one.count(view)) for key, panel in PANELS.items()}
    whole = spread(lambda: [panel.count(view) for panel in PANELS.values()])
    return {"leads": size, "derive": round(derive), "raw": raw, "panels": panels, "whole": whole}


def main() -> None:
    """Measure each size in a database of its own."""
    sizes = [int(size) for size in sys.argv[1:]] or [10_000]
    with override_settings(DEBUG=False):
        for size in sizes:
            runner = get_runner(settings)(verbosity=0, interactive=False)
            kept = runner.setup_databases()
            try:
                sys.stdout.write(json.dumps(measure(size), indent=2) + "\n")
            finally:
                runner.teardown_databases(kept)


if __name__ == "__main__":
    main()
