"""Scores: what the rules give each lead, kept with the ledger that explains it.

The only writer of `Lead.score` and `Lead.proposed_at` beside fading (`leads.services.fading`).
After every operation the parts of an open lead sum to its score. A score is derived, not decided:
writing it leaves `Lead.version` as it is, so that no edit meets a conflict because interest faded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from leads.enums import LifecycleStage
from leads.models import FunnelSettings, Lead, ScorePart
from leads.scoring import Part, Thresholds, total
from leads.selectors.canonical import united_ids
from leads.selectors.house import house_rules
from leads.selectors.scoring import evaluate
from leads.services.house import House
from leads.services.proposing import make_mqls

KEEP_PARTS_SQL = """
    INSERT INTO leads_scorepart AS old (lead_id, rule_id, points, raw, raw_at, counted)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::float8[], %s::timestamptz[],
        %s::int[])
    ON CONFLICT (lead_id, rule_id) DO UPDATE SET points = EXCLUDED.points, raw = EXCLUDED.raw,
        raw_at = EXCLUDED.raw_at, counted = EXCLUDED.counted
"""
DROP_PARTS_SQL = "DELETE FROM leads_scorepart WHERE id = ANY(%s)"
UPDATE_LEADS_SQL = """
    UPDATE leads_lead AS old SET score = new.score, proposed_at = new.proposed_at
    FROM unnest(%s::bigint[], %s::int[], %s::timestamptz[]) AS new(id, score, proposed_at)
    WHERE old.id = new.id
"""


@dataclass(frozen=True)
class NewScores:
    """The parts of leads that are not inserted yet; to be settled once they are."""

    parts: Sequence[tuple[Lead, Part]] = ()
    proposed: Sequence[Lead] = ()
    settings: FunnelSettings | None = None

    def settle(self, *, at: datetime) -> list[Lead]:
        """Write the ledger of those that were inserted, by one statement.

        Returns those that the setting made MQLs at once, as they now are.
        """
        _keep_parts([(lead.pk, part) for lead, part in self.parts if lead.pk is not None])
        inserted = [lead for lead in self.proposed if lead.pk is not None]
        return make_mqls(inserted, self.settings, at=at) if self.settings and inserted else []


def thresholds_of(settings: FunnelSettings) -> Thresholds:
    """Return the thresholds of the house."""
    return Thresholds(enter=settings.mql_enter_score, leave=settings.mql_leave_score)


def score_new(
    leads: Sequence[Lead], *, at: datetime, house: House, proposable: Collection[Lead] = ()
) -> NewScores:
    """Score rows that are about to be inserted; call `settle` on the answer afterwards.

    A score that a row carries already is kept as what it brought along, and what the rules give is
    added. Those of `proposable` (at LEAD, not told as history) are proposed when they reach the
    threshold. Without rules in use it asks nothing beside the house.
    """
    own = [(lead, _brought(lead.score)) for lead in leads if lead.score]
    rules = house.rules.score_rules if leads else []
    given = evaluate(leads, rules, at=at) if rules else [[] for _lead in leads]
    for lead, parts in zip(leads, given, strict=True):
        lead.score += total(parts)
    own += [(lead, part) for lead, parts in zip(leads, given, strict=True) for part in parts]
    candidates = [lead for lead in proposable if lead.score]
    if not candidates:
        return NewScores(own)
    settings = house.rules.settings
    for lead in candidates:
        lead.proposed_at = at if lead.score >= settings.mql_enter_score else None
    proposed = [lead for lead in candidates if lead.proposed_at]
    return NewScores(own, proposed, settings)


@transaction.atomic
def score_leads(lead_ids: Iterable[int], *, at: datetime) -> list[Lead]:
    """Bring score, ledger and proposal of the open ones of `lead_ids` up to `at`; return them.

    Locks the rows in id order. What a lead brought along stays; every other part is computed
    anew. A constant number of statements; done again at the same instant it changes nothing.
    """
    leads = list(
        Lead.objects.open()
        .select_for_update(of=("self",), no_key=True)
        .select_related("contact__company")
        .filter(id__in=set(lead_ids))
        .order_by("id")
    )
    if not leads:
        return []
    house = house_rules()
    given = evaluate(leads, house.score_rules, at=at)
    known = _known_parts(leads)
    _write_parts(leads, given, known)
    changed = []
    for lead, parts in zip(leads, given, strict=True):
        brought = known.get((lead.pk, None))
        score = total(parts) + (brought.points if brought else 0)
        if _stand_at(lead, score, thresholds_of(house.settings), at):
            changed.append(lead)
    update_scores(changed)
    moved = {lead.pk: lead for lead in make_mqls(leads, house.settings, at=at)}
    return [moved.get(lead.pk, lead) for lead in leads]


def score_contacts(contact_ids: Iterable[int], *, at: datetime) -> list[Lead]:
    """Score the open leads of these people, of the rows merged into one with them too.

    For whoever changes what fit looks at: fields of a contact or company, merges, touches.
    """
    people = {pk for ids in united_ids(contact_ids).values() for pk in ids}
    ids = Lead.objects.open().filter(contact_id__in=people).values_list("id", flat=True)
    return score_leads(list(ids), at=at)


def score_company(company_id: int, *, at: datetime) -> list[Lead]:
    """Score the open leads of the people of a company."""
    ids = Lead.objects.open().filter(contact__company_id=company_id).values_list("id", flat=True)
    return score_leads(list(ids), at=at)


def update_scores(leads: Sequence[Lead]) -> None:
    """Write score and proposal of `leads`, by one statement."""
    if not leads:
        return
    columns = [[getattr(lead, name) for lead in leads] for name in ("pk", "score", "proposed_at")]
    with connection.cursor() as cursor:
        cursor.execute(UPDATE_LEADS_SQL, columns)


def _stand_at(lead: Lead, score: int, thresholds: Thresholds, at: datetime) -> bool:
    """Give `lead` its score and proposal; only a lead at LEAD is proposed or no longer is."""
    before = (lead.score, lead.proposed_at)
    lead.score = score
    if lead.stage == LifecycleStage.LEAD:
        proposed = thresholds.proposes(score, is_proposed=lead.proposed_at is not None)
        lead.proposed_at = (lead.proposed_at or at) if proposed else None
    return before != (lead.score, lead.proposed_at)


def _brought(points: int) -> Part:
    """Return what a lead brought along: a part without rule, which never fades."""
    return Part(rule_id=0, points=points, raw=float(points))


Known = dict[tuple[int, int | None], ScorePart]


def _known_parts(leads: Sequence[Lead]) -> Known:
    rows = ScorePart.objects.filter(lead_id__in=[lead.pk for lead in leads])
    return {(row.lead_id, row.rule_id): row for row in rows}


def _write_parts(leads: Sequence[Lead], given: Sequence[Sequence[Part]], known: Known) -> None:
    """Write the parts that are new or other than known, drop those that no rule gives."""
    fresh, wanted = [], set()
    for lead, parts in zip(leads, given, strict=True):
        for part in parts:
            key = (lead.pk, part.rule_id)
            wanted.add(key)
            if not _is_same(known.get(key), part):
                fresh.append((lead.pk, part))
    stale = [row.pk for key, row in known.items() if key[1] is not None and key not in wanted]
    _keep_parts(fresh)
    if stale:
        with connection.cursor() as cursor:
            cursor.execute(DROP_PARTS_SQL, [stale])


def _is_same(row: ScorePart | None, part: Part) -> bool:
    return row is not None and (row.points, row.raw, row.raw_at, row.counted) == (
        part.points,
        part.raw,
        part.raw_at,
        part.counted,
    )


def _keep_parts(parts: Sequence[tuple[int, Part]]) -> None:
    if not parts:
        return
    ids = [lead_id for lead_id, _part in parts]
    rules = [part.rule_id or None for _lead_id, part in parts]
    names = ("points", "raw", "raw_at", "counted")
    values = [[getattr(part, name) for _lead_id, part in parts] for name in names]
    with connection.cursor() as cursor:
        cursor.execute(KEEP_PARTS_SQL, [ids, rules, *values])
