"""Won deals parted among the touches that led to them, and kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import connection

from leads.attribution import Path, parts
from leads.models import AttributionPart

TOUCHES = """
    SELECT f.lead_id, f.revenue_cents, f.lead_at, f.opportunity_at, f.customer_at,
        t.occurred_at, t.kind, t.source_id, t.campaign_id, t.asset_id
    FROM leads_leadfact AS f
    JOIN LATERAL (
        SELECT f.contact_id AS id UNION ALL
        SELECT m.id FROM leads_contact AS m WHERE m.merged_into_id = f.contact_id
    ) AS person ON true
    JOIN leads_touch AS t ON t.contact_id = person.id AND t.occurred_at <= f.customer_at
    WHERE f.lead_id = ANY(%s) AND f.revenue_cents IS NOT NULL AND f.customer_at IS NOT NULL
    ORDER BY f.lead_id, t.occurred_at, t.id
"""
BATCH = 2_000


@dataclass(frozen=True)
class _Met:
    lead_id: int
    cents: int
    lead_at: datetime | None
    opportunity_at: datetime | None
    won_at: datetime
    occurred_at: datetime
    kind: str
    source_id: int | None
    campaign_id: int | None
    asset_id: int | None


def attribute_deals(pks: Sequence[int]) -> None:
    """Part the won deals of these leads anew; three statements, and more for very many parts."""
    AttributionPart.objects.filter(lead_id__in=pks).delete()
    with connection.cursor() as cursor:
        cursor.execute(TOUCHES, [list(pks)])
        rows = [_Met(*row) for row in cursor.fetchall()]
    AttributionPart.objects.bulk_create(_parted(rows), batch_size=BATCH)


def _parted(rows: Sequence[_Met]) -> Iterator[AttributionPart]:
    for _lead, group in groupby(rows, key=attrgetter("lead_id")):
        touches = list(group)
        one = touches[0]
        at = [touch.occurred_at for touch in touches]
        given = parts(Path(at, one.lead_at, one.opportunity_at, one.won_at), one.cents)
        credited: dict[int, dict[str, Any]] = defaultdict(dict)
        for model, cents in given.items():
            for place, part in enumerate(cents):
                credited[place][f"{model}_cents"] = part
        for place, touch in enumerate(touches):
            yield AttributionPart(
                lead_id=touch.lead_id,
                won_at=touch.won_at,
                occurred_at=touch.occurred_at,
                kind=touch.kind,
                source_id=touch.source_id,
                campaign_id=touch.campaign_id,
                asset_id=touch.asset_id,
                **credited[place],
            )
