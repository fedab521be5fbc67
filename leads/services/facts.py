"""Facts derived from the record: the one statement that says how, and when it runs.

Triggers note each lead whose record changed (`FactDue`); a tick derives those anew. One derives at
a time, so that an older view never overwrites a newer one. Recounting compares what is kept with
what the record says now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from leads.models import FactDue, LeadFact
from leads.services.attributing import attribute_deals

LOCK = 710_001
CHUNK = 5_000

COLUMNS = (
    "lead_id, contact_id, company_id, stage, disposition, origin, is_returning, product_line_id,"
    " source_id, campaign_id, persona_id, owner_id, competitor_id, recycled_from_id, region, score,"
    " attempts, first_attempt_at, lead_at, mql_at, sal_at, sql_at, opportunity_at, customer_at,"
    " closed_at, reason, revenue_cents, lacks_rate, touches_until_lead, touch_kinds, asset_ids"
)

# The person is the contact into whom the lead's contact was merged; touches are those of all rows
# that were united. Revenue is the first win: later ones are expansion.
DERIVED = """
    SELECT l.id, person.id, c.company_id, l.stage, l.disposition, l.origin, l.returning,
        l.product_line_id, l.source_id, l.campaign_id, l.persona_id, l.owner_id, l.competitor_id,
        l.recycled_from_id, COALESCE(NULLIF(c.country, ''), k.country, ''), l.score, l.attempts,
        l.first_attempt_at, l.lead_at, l.mql_at, l.sal_at, l.sql_at, l.opportunity_at,
        l.customer_at, l.closed_at, COALESCE(ended.reason, ''), won.cents,
        won.id IS NOT NULL AND won.cents IS NULL,
        CASE WHEN l.lead_at IS NOT NULL THEN COALESCE(met.until_lead, 0) END,
        COALESCE(met.kinds, '{}'), COALESCE(met.assets, '{}')
    FROM leads_lead AS l
    JOIN leads_contact AS c ON c.id = l.contact_id
    CROSS JOIN LATERAL (SELECT COALESCE(c.merged_into_id, c.id) AS id) AS person
    LEFT JOIN leads_company AS k ON k.id = c.company_id
    LEFT JOIN LATERAL (
        SELECT t.reason FROM leads_stagetransition AS t
        WHERE t.lead_id = l.id AND t.voided_by_id IS NULL AND l.disposition <> 'OPEN'
            AND t.to_disposition = l.disposition
        ORDER BY t.id DESC LIMIT 1
    ) AS ended ON true
    LEFT JOIN LATERAL (
        SELECT o.id, round(o.amount * o.rate * 100)::bigint AS cents FROM leads_opportunity AS o
        WHERE o.lead_id = l.id AND o.state = 'WON' AND o.amount IS NOT NULL
        ORDER BY o.closed_at NULLS LAST, o.id LIMIT 1
    ) AS won ON true
    LEFT JOIN LATERAL (
        SELECT count(*) FILTER (WHERE t.occurred_at <= l.lead_at) AS until_lead,
            array_agg(DISTINCT t.kind ORDER BY t.kind) AS kinds,
            array_agg(DISTINCT t.asset_id ORDER BY t.asset_id)
                FILTER (WHERE t.asset_id IS NOT NULL) AS assets
        FROM leads_touch AS t
        WHERE t.contact_id IN (
                SELECT person.id UNION ALL
                SELECT m.id FROM leads_contact AS m WHERE m.merged_into_id = person.id)
            AND t.occurred_at <= COALESCE(l.closed_at, 'infinity')
    ) AS met ON true
    WHERE l.disposition <> 'MERGED'
"""
KEPT = f"SELECT {COLUMNS} FROM leads_leadfact"  # noqa: S608  # fixed names
TAKE_DUE = """
    DELETE FROM leads_factdue WHERE id IN (SELECT id FROM leads_factdue ORDER BY id LIMIT %s)
    RETURNING lead_id
"""
ALL_DUE = "INSERT INTO leads_factdue (lead_id) SELECT id FROM leads_lead"
# What waits to be derived is no difference yet.
DIFFERENCES = f"""
    WITH told ({COLUMNS}) AS MATERIALIZED ({DERIVED}),
        kept AS MATERIALIZED ({KEPT}),
        off AS ((TABLE told EXCEPT TABLE kept) UNION ALL (TABLE kept EXCEPT TABLE told))
    SELECT DISTINCT lead_id FROM off WHERE NOT EXISTS (
        SELECT 1 FROM leads_factdue AS d WHERE d.lead_id = off.lead_id)
    ORDER BY lead_id
"""  # noqa: S608  # fixed names


def derive_due(*, most: int = CHUNK) -> int:
    """Derive the facts of leads that changed, at most `most` notes of them; return how many notes.

    A lead that is gone, or was merged away, loses its fact. Nothing happens (0) while another
    derives.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(TAKE_DUE, [most])
        noted = [pk for (pk,) in cursor.fetchall()]
        if noted:
            _derive(sorted(set(noted)))
    return len(noted)


def derive_all_due(go_on: Callable[[], bool] = lambda: True) -> int:
    """Derive until nothing is left or `go_on` says no; return how many notes were dealt with."""
    total = 0
    while go_on() and (n := derive_due()):
        total += n
    return total


def note_everything() -> None:
    """Note every lead, so that all facts are derived anew."""
    with connection.cursor() as cursor:
        cursor.execute(ALL_DUE)


@dataclass(frozen=True)
class Recount:
    """What recounting found: how many facts there are, and the leads whose fact is wrong."""

    facts: int
    wrong: Sequence[int]


def recount() -> Recount:
    """Derive every fact anew and compare it with what is kept; nothing is written."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES)
        wrong = [pk for (pk,) in cursor.fetchall()]
    return Recount(LeadFact.objects.count(), wrong)


def mend(pks: Sequence[int]) -> None:
    """Note these leads, and derive what is noted."""
    FactDue.objects.bulk_create([FactDue(lead_id=pk) for pk in pks])
    derive_all_due()


def _derive(pks: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM leads_leadfact WHERE lead_id = ANY(%s)", [pks])
        cursor.execute(
            f"INSERT INTO leads_leadfact ({COLUMNS}) {DERIVED} AND l.id = ANY(%s)", [pks]
        )
    attribute_deals(pks)
