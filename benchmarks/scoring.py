"""How long scores take: fading many leads, scoring a thousand anew; prints JSON.

    python benchmarks/scoring.py 100000

Builds a database of its own (the name is that of DATABASE_URL with `test_` before it) and drops it
again. The reference for fading is one raw UPDATE of as many rows of both tables; for scoring, one
raw read of the same touches.
"""

# ruff: noqa: E402  # Django must be set up before its models are imported

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
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

from leads.enums import ScoreKind, TouchKind
from leads.models import FunnelSettings, Lead, ScoreRule
from leads.selectors.score_preview import Plan, preview
from leads.selectors.scoring import rules_in_use
from leads.services.fading import fade_scores
from leads.services.scoring import score_leads, thresholds_of

AT = datetime(2026, 3, 3, 10, tzinfo=UTC)
TOUCHES_A_LEAD = 10
FILL = """
    INSERT INTO leads_contact (email, given_name, family_name, sort_key, phone, job_title, country,
        city, system_of_record, captured_through, attributes, version, created_at)
    SELECT 'p' || n || '@acme.example', 'P', 'N' || n, n::text, '', 'CTO', '', '', '', 'bench',
        '{}', 1, %(at)s FROM generate_series(1, %(n)s) AS n;
    INSERT INTO leads_lead (contact_id, stage, disposition, origin, returning, score, attributes,
        attempts, version, created_at, lead_at, stage_at)
    SELECT id, 'LEAD', 'OPEN', 'marketing', false, 0, '{}', 0, 1, %(at)s, %(at)s, %(at)s
    FROM leads_contact;
    INSERT INTO leads_touch (contact_id, kind, detail, url, utm_source, utm_medium, utm_campaign,
        utm_term, utm_content, outside_id, occurred_at, recorded_at)
    SELECT id, 'WEBINAR', '', '', '', '', '', '', '', '', %(at)s - n * interval '3 days', %(at)s
    FROM leads_contact, generate_series(1, %(touches)s) AS n
"""
PARTS = """
    INSERT INTO leads_scorepart (lead_id, rule_id, points, raw, raw_at, counted)
    SELECT l.id, %s, 40, 40, %s, 4 FROM leads_lead AS l;
    UPDATE leads_lead SET score = 40
"""


def timed(work: Callable[[], Any]) -> float:
    """Return how many seconds `work` took."""
    begin = time.perf_counter()
    work()
    return round(time.perf_counter() - begin, 3)


def run(sql: str, *values: Any) -> Callable[[], None]:
    """Return the execution of a statement."""

    def execute() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)

    return execute


def measure(size: int) -> dict[str, Any]:
    """Fill the database and return the times."""
    rule = ScoreRule.objects.create(
        kind=ScoreKind.ENGAGEMENT, name="Webinar", touch_kind=TouchKind.WEBINAR, points=10,
        half_life_days=30, cap=60,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"n": size, "at": AT, "touches": TOUCHES_A_LEAD})
        cursor.execute(PARTS, [rule.pk, AT])
        cursor.execute("ANALYZE")
    raw_update = "WITH p AS (UPDATE leads_scorepart SET points = points RETURNING 1) "
    raw_update += "UPDATE leads_lead SET score = score"
    ids = list(Lead.objects.order_by("id").values_list("id", flat=True)[:1_000])
    raw_read = "SELECT contact_id, kind, occurred_at FROM leads_touch WHERE contact_id IN "
    raw_read += "(SELECT contact_id FROM leads_lead WHERE id = ANY(%s))"
    limits = thresholds_of(FunnelSettings())
    plan = Plan(rules_in_use(), limits)
    return {
        "leads": size,
        "touches": size * TOUCHES_A_LEAD,
        "fade all, seconds": timed(lambda: fade_scores(at=AT + timedelta(days=30))),
        "fade again, nothing to do": timed(lambda: fade_scores(at=AT + timedelta(days=30))),
        "raw UPDATE of both tables": timed(run(raw_update)),
        "score 1 000 leads": timed(lambda: score_leads(ids, at=AT)),
        "raw read of their touches": timed(run(raw_read, ids)),
        "preview": timed(lambda: preview(plan, Plan(list(plan.rules), limits), at=AT)),
    }


def main() -> None:
    """Measure each size that was asked for."""
    sizes = [int(one) for one in sys.argv[1:]] or [100_000]
    runner = get_runner(settings)(verbosity=0, interactive=False)
    for size in sizes:
        with override_settings(DEBUG=False):
            old = runner.setup_databases()
            try:
                print(json.dumps(measure(size), indent=2))
            finally:
                runner.teardown_databases(old)


if __name__ == "__main__":
    main()
