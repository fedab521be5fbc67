"""Fading: engagement loses worth with time, for all open leads at once, in the database.

The SQL form of `leads.scoring.faded`, equal to it to the point (a property test holds them
together). Only `points` of a part change, never its worth at its last touch: fading twice at one
instant, after a crash or beside another worker, is fading once.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from leads.models import Lead
from leads.scoring import LEAST_SEEN, MOST_HALVINGS, MOST_OF_A_PART
from leads.selectors.house import funnel_settings
from leads.services.proposing import make_mqls

BATCH = 5_000
LIMITS = {"halvings": MOST_HALVINGS, "most": MOST_OF_A_PART, "half": LEAST_SEEN}

# Leads come in id order, so that fading and the gate never wait for each other in a ring.
LOCK_SQL = """
    SELECT id FROM leads_lead AS l
    WHERE id > %s AND disposition = 'OPEN' AND EXISTS (
        SELECT FROM leads_scorepart AS p WHERE p.lead_id = l.id AND p.raw_at IS NOT NULL)
    ORDER BY id LIMIT %s FOR NO KEY UPDATE
"""
FADE_SQL = """
    WITH worth AS (
        SELECT p.id, p.lead_id, p.points AS before, p.raw * power(2.0::float8, -LEAST(GREATEST(
            EXTRACT(EPOCH FROM %(at)s - p.raw_at)::float8 / (r.half_life_days * 86400.0::float8),
            0.0::float8), %(halvings)s::float8)) AS worth,
            COALESCE(r.cap, %(most)s)::float8 AS most
        FROM leads_scorepart AS p JOIN leads_scorerule AS r ON r.id = p.rule_id
        WHERE p.lead_id = ANY(%(ids)s) AND p.raw_at IS NOT NULL AND r.half_life_days IS NOT NULL
    ), faded AS (
        SELECT id, lead_id, before,
            floor(GREATEST(-most, LEAST(most, worth)) + %(half)s::float8)::int AS after
        FROM worth
    ), written AS (
        UPDATE leads_scorepart AS p SET points = f.after FROM faded AS f
        WHERE p.id = f.id AND f.after <> f.before
        RETURNING p.lead_id, f.after - f.before AS change
    ), changed AS (
        SELECT l.id, l.score + sum(w.change) AS score
        FROM leads_lead AS l JOIN written AS w ON w.lead_id = l.id GROUP BY l.id
    )
    UPDATE leads_lead AS l SET score = c.score, proposed_at = CASE
        WHEN l.stage <> 'LEAD' THEN l.proposed_at
        WHEN l.proposed_at IS NOT NULL AND c.score < %(leave)s THEN NULL
        WHEN l.proposed_at IS NULL AND c.score >= %(enter)s AND l.score < %(enter)s THEN %(at)s
        ELSE l.proposed_at END
    FROM changed AS c WHERE l.id = c.id RETURNING l.id, l.proposed_at = %(at)s
"""


def fade_scores(*, at: datetime) -> int:
    """Fade the engagement of every open lead to `at`; return how many scores changed.

    Three statements a batch, each batch in a transaction of its own; what died is begun anew.
    """
    changed = 0
    place: int | None = 0
    while place is not None:
        batch, place = fade_batch(place, at=at)
        changed += batch
    return changed


@transaction.atomic
def fade_batch(after_id: int, *, at: datetime, size: int = BATCH) -> tuple[int, int | None]:
    """Fade the next `size` leads after `after_id`; return how many changed and where to go on.

    A lead at LEAD loses its proposal below the lower threshold, and gains one where a penalty has
    faded; a lead that was handed over stays where it is.
    """
    settings = funnel_settings()
    with connection.cursor() as cursor:
        cursor.execute(LOCK_SQL, [after_id, size])
        ids = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(
            FADE_SQL,
            {
                "ids": ids,
                "at": at,
                "enter": settings.mql_enter_score,
                "leave": settings.mql_leave_score,
                **LIMITS,
            },
        )
        rows = cursor.fetchall()
    risen = [pk for pk, is_new in rows if is_new]
    if risen:
        make_mqls(Lead.objects.filter(id__in=risen), settings, at=at)
    return len(rows), ids[-1] if len(ids) == size else None
