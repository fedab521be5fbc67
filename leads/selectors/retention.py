"""How long personal data stay, and who has left no trace for so long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from leads.models import Erasure, ExportFile, RetentionSettings
from leads.retention import months_before

MOST_COUNTED = 10_000
SHOWN = 20
# Whoever is in `lively` stays, and with him the contact that stands for him: whoever did anything
# or had anything done since, who is ours to work on, a customer, or to come back on a day.
IDLE_SQL = """
    WITH lively AS (
        SELECT contact_id FROM leads_lead
        WHERE disposition IN ('OPEN', 'WON') OR nurture_until IS NOT NULL
            OR greatest(created_at, last_activity_at, closed_at) >= %(since)s
        UNION ALL SELECT contact_id FROM leads_touch
        WHERE occurred_at >= %(since)s OR recorded_at >= %(since)s
        UNION ALL SELECT contact_id FROM leads_consent WHERE at >= %(since)s
        UNION ALL SELECT contact_id FROM leads_submission WHERE received_at >= %(since)s
        UNION ALL SELECT contact_id FROM leads_visitor WHERE last_seen_at >= %(since)s
        UNION ALL SELECT lead.contact_id FROM leads_opportunity AS deal
        JOIN leads_lead AS lead ON lead.id = deal.lead_id
        WHERE deal.state = 'OPEN' OR (deal.try_again_on IS NOT NULL AND lead.woken_at IS NULL)
        UNION ALL SELECT id FROM leads_contact WHERE created_at >= %(since)s
    ), staying AS (
        SELECT DISTINCT coalesce(c.merged_into_id, c.id) AS id
        FROM leads_contact AS c JOIN lively ON lively.contact_id = c.id
    )
    SELECT c.id FROM leads_contact AS c
    WHERE c.merged_into_id IS NULL AND c.erased_at IS NULL AND c.created_at < %(since)s
        AND (%(among)s::bigint[] IS NULL OR c.id = ANY(%(among)s::bigint[]))
        AND NOT EXISTS (SELECT FROM staying WHERE staying.id = c.id)
    ORDER BY c.id LIMIT %(most)s
"""


def retention_settings() -> RetentionSettings:
    """Return the settings in force, the usual ones where nobody has set any."""
    return RetentionSettings.objects.first() or RetentionSettings()


def idle_people(
    since: datetime, *, most: int, among: Sequence[int] | None = None
) -> list[int]:  # fmt: skip
    """Return the contacts of people without any trace since `since`, at most `most`, of those in
    `among` where it is given; one statement.

    Open leads, customers, people in nurturing and those with a deal to try again always stay.
    """
    asked: dict[str, Any] = {
        "since": since,
        "most": most,
        "among": None if among is None else list(among),
    }
    with connection.cursor() as cursor:
        cursor.execute(IDLE_SQL, asked)
        return [pk for (pk,) in cursor.fetchall()]


@dataclass(frozen=True)
class Preview:
    """How many people would be erased tonight; counted up to a limit."""

    months: int
    since: datetime
    people: int

    @property
    def is_exact(self) -> bool:
        """Tell whether everybody was counted."""
        return self.people < MOST_COUNTED


def preview_idle(months: int, *, at: datetime) -> Preview:
    """Return how many people would go with `months` without a trace; nothing is written."""
    since = months_before(at, months)
    return Preview(months, since, len(idle_people(since, most=MOST_COUNTED)))


def latest_erasures() -> list[Erasure]:
    """Return the latest erasures, newest first; one statement."""
    return list(Erasure.objects.select_related("actor").order_by("-at", "-id")[:SHOWN])


def export_log(*, before: int | None = None, most: int = SHOWN) -> list[Any]:
    """Return who took what out, newest first, from before the row `before` on; one statement."""
    rows = ExportFile.objects.select_related("owner").order_by("-id")
    return list((rows.filter(pk__lt=before) if before else rows)[:most])
