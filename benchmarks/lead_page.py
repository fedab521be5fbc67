"""The lead page, its timeline and the inbox, beside the server's trivial endpoint; prints JSON.

    python benchmarks/lead_page.py [SIZE ...]

Each size builds a database of its own with that many leads, one of them with 5 000 entries.
"""

# Django is set up by the benchmark of the list

# ruff: noqa: E402  # Django must be set up before its models are imported

from __future__ import annotations

import argparse
import json
import os
import sys
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

from accounts.enums import Role
from accounts.models import Membership, User
from benchmarks.leads_list import PLAIN_FILES, build, timed

CROWD_SQL = """
    INSERT INTO leads_activity (lead_id, kind, direction, is_automatic, text, occurred_at,
            logged_at, actor_id)
        SELECT %(lead)s, 'EMAIL', 'OUTBOUND', false, 'n ' || n, now() - n * interval '1 hour',
            now(), (SELECT min(id) FROM accounts_user)
        FROM generate_series(1, 2500) AS n;
    INSERT INTO leads_touch (contact_id, kind, detail, url, utm_source, utm_medium, utm_campaign,
            utm_term, utm_content, outside_id, occurred_at, recorded_at)
        SELECT (SELECT contact_id FROM leads_lead WHERE id = %(lead)s), 'VISIT', 'page ' || n, '',
            '', '', '', '', '', '', now() - n * interval '1 hour', now()
        FROM generate_series(1, 2500) AS n;
    INSERT INTO leads_touch (contact_id, kind, detail, url, utm_source, utm_medium, utm_campaign,
            utm_term, utm_content, outside_id, occurred_at, recorded_at)
        SELECT c.id, 'FORM', '', '', '', '', '', '', '', '', c.created_at, c.created_at
        FROM leads_contact AS c, generate_series(1, 3);
    INSERT INTO leads_stagetransition (lead_id, to_stage, to_disposition, cause, reason, note,
            effective_at, recorded_at, inferred)
        SELECT id, stage, disposition, 'import', '', '', stage_at, created_at, false
        FROM leads_lead;
    UPDATE leads_lead SET owner_id = %(rep)s, mql_at = stage_at
        WHERE stage = 'MQL' AND disposition = 'OPEN';
    ANALYZE;
"""


def measure(size: int) -> dict[str, Any]:
    """Measure at `size` leads; milliseconds."""
    client = build(size)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM leads_lead WHERE stage = 'SAL' ORDER BY id OFFSET 50 LIMIT 2"
        )
        usual, crowded = (pk for (pk,) in cursor.fetchall())
        rep = int(client.session["_auth_user_id"])
        cursor.execute(CROWD_SQL, {"lead": crowded, "rep": rep})
    more = client.get(f"/leads/{crowded}/", secure=True).context["more"]
    return {
        "leads": size,
        "trivial": timed(client, "/healthz"),
        "lead page": timed(client, f"/leads/{usual}/"),
        "lead page, 5 000 entries": timed(client, f"/leads/{crowded}/"),
        "timeline, page 2 of 5 000": timed(client, f"/leads/{crowded}/timeline/?{more}"),
        "inbox": timed(client, "/leads/inbox/"),
        "inbox, nobody's": timed(client, "/leads/inbox/?show=queue"),
        "board": timed(client, "/leads/board/"),
        "opportunities": timed(client, "/opportunities/"),
        "feedback": timed(client, "/feedback/"),
        "qualify": timed(marketer(client), "/leads/qualify/"),
    }


def marketer(client: Client) -> Client:
    """Let the person who is signed in qualify too."""
    user = User.objects.get(pk=int(client.session["_auth_user_id"]))
    team = user.memberships.get().team
    Membership.objects.create(user=user, role=Role.MARKETER, team=team)
    return client


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
