"""How the organisation runs its funnel: settings, reasons and queues, read by one statement."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from leads.enums import Disposition, ReasonOutcome
from leads.models import FunnelSettings
from leads.reasons import USUAL, CodedReason

HOUSE_SQL = """
    SELECT (SELECT to_jsonb(s) FROM leads_funnelsettings AS s WHERE s.id = 1),
        (SELECT jsonb_agg(to_jsonb(r) ORDER BY r.key NULLS LAST, r.id) FROM leads_reason AS r),
        (SELECT jsonb_object_agg(q.kind, q.id) FROM leads_queue AS q WHERE q.team_id IS NULL)
"""


@dataclass(frozen=True)
class HouseRules:
    """The settings, the reasons by code in the order of their keys, and the queues' ids."""

    settings: FunnelSettings
    reasons: Mapping[str, CodedReason]
    queues: Mapping[str, int]

    @property
    def active_reasons(self) -> list[CodedReason]:
        """The reasons in use, those on the reject pad first."""
        return [reason for reason in self.reasons.values() if reason.is_active]

    def reasons_for(self, disposition: Disposition) -> list[CodedReason]:
        """Return the reasons in use that may close a lead in this way."""
        return [one for one in self.active_reasons if disposition in one.dispositions]


def house_rules() -> HouseRules:
    """Return how the house is run; what is missing in the record is as the product comes."""
    with connection.cursor() as cursor:
        cursor.execute(HOUSE_SQL)
        settings, reasons, queues = (_read(cell) for cell in cursor.fetchone())
    rows = [_reason(row) for row in reasons] if reasons else USUAL
    return HouseRules(
        settings=FunnelSettings(**settings) if settings else FunnelSettings(),
        reasons={reason.code: reason for reason in rows},
        queues=queues or {},
    )


def funnel_settings() -> FunnelSettings:
    """Return the settings of the funnel, unsaved defaults while there is no row."""
    return FunnelSettings.objects.filter(pk=1).first() or FunnelSettings()


def _read(cell: Any) -> Any:
    return json.loads(cell) if isinstance(cell, str) else cell


def _reason(row: Mapping[str, Any]) -> CodedReason:
    return CodedReason(
        code=row["code"],
        outcome=ReasonOutcome(row["outcome"]),
        key=row["key"],
        note_needed=row["note_needed"],
        own_label=row["own_label"],
        is_active=row["is_active"],
    )
