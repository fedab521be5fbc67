"""How the organisation runs its funnel, read by one statement: small tables that nearly every
action asks, so that an action asks once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from leads.enums import Disposition, LifecycleStage, ReasonOutcome
from leads.models import FunnelSettings, ScoreRule, StageDefinition
from leads.reasons import USUAL, CodedReason
from leads.scoring import Rule
from leads.selectors.organisation import USUAL_CURRENCY
from leads.selectors.scoring import rule_of

HOUSE_SQL = """
    SELECT (SELECT to_jsonb(s) FROM leads_funnelsettings AS s WHERE s.id = 1),
        (SELECT jsonb_agg(to_jsonb(r) ORDER BY r.key NULLS LAST, r.id) FROM leads_reason AS r),
        (SELECT jsonb_object_agg(q.kind, q.id) FROM leads_queue AS q WHERE q.team_id IS NULL),
        (SELECT jsonb_agg(jsonb_build_object('id', d.id, 'stage', d.stage, 'version', d.version,
            'state', d.state, 'criteria', d.criteria))
            FROM leads_stagedefinition AS d WHERE d.state = 'IN_FORCE'),
        (SELECT jsonb_agg(to_jsonb(p) ORDER BY p.id) FROM leads_scorerule AS p WHERE p.is_active),
        (SELECT to_jsonb(o.currency) FROM accounts_organisation AS o ORDER BY o.id LIMIT 1),
        (SELECT jsonb_agg(jsonb_build_array(c.id, c.name) ORDER BY c.name, c.id)
            FROM leads_competitor AS c)
"""


@dataclass(frozen=True)
class HouseRules:
    """The settings, the reasons by code in the order of their keys, and the queues' ids.

    `definitions` are those in force, with what a check needs (stage, version, criteria);
    `score_rules` those in use; `competitors` are (id, name) pairs by name.
    """

    settings: FunnelSettings
    reasons: Mapping[str, CodedReason]
    queues: Mapping[str, int]
    definitions: Mapping[LifecycleStage, StageDefinition]
    score_rules: Sequence[Rule]
    currency: str
    competitors: Sequence[tuple[int, str]] = ()

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
        cells = map(_read, cursor.fetchone())
    settings, reasons, queues, definitions, scores, currency, competitors = cells
    rows = [_reason(row) for row in reasons] if reasons else USUAL
    return HouseRules(
        settings=FunnelSettings(**settings) if settings else FunnelSettings(),
        reasons={reason.code: reason for reason in rows},
        queues=queues or {},
        definitions={LifecycleStage(d["stage"]): StageDefinition(**d) for d in definitions or ()},
        score_rules=[rule_of(ScoreRule(**row)) for row in scores or ()],
        currency=currency or USUAL_CURRENCY,
        competitors=[(pk, name) for pk, name in competitors or ()],
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
