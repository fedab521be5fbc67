"""The ledger of a lead's score: each part, why, since when, and when it will be gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from leads.criteria_words import Lexicon
from leads.enums import ScoreKind
from leads.models import Lead, ScorePart, ScoreRule, Touch
from leads.scoring import Part, counted_touches, gone_at
from leads.selectors.canonical import contact_ids_of
from leads.selectors.score_rules import counting_of, words_of
from leads.selectors.scoring import rule_of

MOST_TOUCHES = 200
SHOWN_TOUCHES = 5


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """One part of a score; without a rule it is what the lead brought along."""

    part: ScorePart
    rule: ScoreRule | None
    words: str = ""
    counting: str = ""
    gone_at: datetime | None = None
    touches: Sequence[Touch] = ()

    @property
    def is_engagement(self) -> bool:
        """Tell whether touches made it."""
        return self.rule is not None and self.rule.kind == ScoreKind.ENGAGEMENT

    @property
    def size(self) -> int:
        """The points without their sign."""
        return abs(self.part.points)

    @property
    def more(self) -> int:
        """How many counted touches are not listed."""
        return max(0, self.part.counted - len(self.touches)) if self.is_engagement else 0


def ledger_of(lead: Lead, lexicon: Lexicon) -> list[LedgerLine]:
    """Return the parts of a lead's score, the weightiest first; at most three statements."""
    parts = ScorePart.objects.filter(lead=lead).select_related("rule")
    rows = sorted(parts, key=lambda row: (-abs(row.points), row.pk))
    kinds = {row.rule.touch_kind for row in rows if row.rule and row.rule.touch_kind}
    touches = _touches(lead, kinds) if kinds else []
    return [_line(row, touches, lexicon) for row in rows]


def _touches(lead: Lead, kinds: set[str]) -> list[Touch]:
    """Return the newest touches of the lead's person in this cycle."""
    rows = Touch.objects.filter(contact_id__in=contact_ids_of(lead.contact_id), kind__in=kinds)
    if lead.engagement_from is not None:
        rows = rows.filter(occurred_at__gte=lead.engagement_from)
    return list(rows.select_related("campaign").order_by("-occurred_at", "-id")[:MOST_TOUCHES])


def _line(row: ScorePart, touches: Sequence[Touch], lexicon: Lexicon) -> LedgerLine:
    if row.rule is None:
        return LedgerLine(part=row, rule=None)
    rule = rule_of(row.rule)
    part = Part(rule_id=rule.id, points=row.points, raw=row.raw, raw_at=row.raw_at)
    own = [t for t in touches if t.kind == rule.touch_kind and row.raw_at is not None]
    counted = set(counted_touches(rule, [t.occurred_at for t in own]))
    shown = [touch for touch in own if touch.occurred_at in counted]
    return LedgerLine(
        part=row,
        rule=row.rule,
        words=words_of(row.rule, lexicon),
        counting=counting_of(row.rule),
        gone_at=gone_at(part, rule),
        touches=shown[: min(SHOWN_TOUCHES, row.counted)],
    )
