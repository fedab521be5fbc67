"""What the rules give leads: the one computation behind scoring, preview and new leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import prefetch_related_objects

from leads.criteria import Criterion, CriterionKind, Facts, read_criteria
from leads.enums import ScoreCounting, ScoreKind
from leads.fields import read_all, vocabulary
from leads.models import Lead, ScoreRule, Touch
from leads.personas import judge
from leads.scoring import Part, Rule, parts_of
from leads.selectors.canonical import united_ids
from leads.selectors.facts import known_fields, personas_in_force

OF_PERSONAS = frozenset({CriterionKind.PERSONA_FITS, CriterionKind.NOT_EXCLUDED})
# What must be loaded to read a field, by the first word of its key or by the key itself.
RELATIONS = {
    "company": "contact__company",
    "lead.source": "source",
    "lead.campaign": "campaign",
    "lead.product_line": "product_line",
}
Instants = dict[str, list[datetime]]


def rules_in_use() -> list[Rule]:
    """Return the rules that give points now; one statement."""
    return [rule_of(row) for row in ScoreRule.objects.filter(is_active=True).order_by("id")]


def rule_of(row: ScoreRule) -> Rule:
    """Return a stored rule by value."""
    return Rule(
        id=row.pk or 0,
        kind=ScoreKind(row.kind),
        points=row.points,
        criterion=read_criteria([row.criterion])[0] if row.criterion else None,
        touch_kind=row.touch_kind,
        half_life=timedelta(days=row.half_life_days) if row.half_life_days else None,
        cap=row.cap,
        counting=ScoreCounting(row.counting),
        per_period=row.per_period or 1,
        period=timedelta(days=row.period_days or 1),
    )


def evaluate(leads: Sequence[Lead], rules: Sequence[Rule], *, at: datetime) -> list[list[Part]]:
    """Return what `rules` give each lead at `at`, place by place; saved or not.

    At most eight statements, however many leads, rules and touches there are; fewer when no rule
    asks for personas, for the organisation's own fields or for touches.
    """
    facts = _facts(leads, [r.criterion for r in rules if r.criterion is not None])
    touches = _touches(leads, {r.touch_kind for r in rules if r.touch_kind}, at)
    return [
        parts_of(rules, one, instants, at=at) for one, instants in zip(facts, touches, strict=True)
    ]


def _facts(leads: Sequence[Lead], criteria: Iterable[Criterion]) -> list[Facts]:
    """Read of each lead the fields that the criteria ask about, all of them for personas."""
    asked = list(criteria)
    names = {one.field for one in asked if one.field}
    of_personas = any(one.kind in OF_PERSONAS for one in asked)
    if not names and not of_personas:
        return [Facts() for _lead in leads]
    fields = known_fields() if of_personas or any(map(_is_own, names)) else vocabulary()
    personas = personas_in_force() if of_personas else []
    if not of_personas:
        fields = {key: one for key, one in fields.items() if key in names}
    prefetch_related_objects(list(leads), *_relations(fields))
    facts = []
    for lead in leads:
        values = read_all(fields, lead)
        judged = judge(personas, values)
        facts.append(Facts(values=values, fits=judged.fits, excluded=judged.excluded))
    return facts


def _is_own(field: str) -> bool:
    return ".attributes." in field


def _relations(fields: Mapping[str, object]) -> list[str]:
    found = {RELATIONS.get(key) or RELATIONS.get(key.split(".")[0]) for key in fields}
    return sorted({"contact", *(name for name in found if name)})


def _touches(leads: Sequence[Lead], kinds: set[str], at: datetime) -> list[Instants]:
    """Return for each lead the instants by kind of the touches of its person in this cycle."""
    if not kinds or not leads:
        return [{} for _lead in leads]
    people = united_ids(lead.contact_id for lead in leads)
    of_contact: dict[int, list[tuple[str, datetime]]] = {}
    rows = Touch.objects.filter(
        contact_id__in={pk for ids in people.values() for pk in ids},
        kind__in=kinds,
        occurred_at__lte=at,
    ).values_list("contact_id", "kind", "occurred_at")
    for contact_id, kind, occurred_at in rows.iterator(chunk_size=10_000):
        of_contact.setdefault(contact_id, []).append((kind, occurred_at))
    return [_of_cycle(lead, people[lead.contact_id], of_contact) for lead in leads]


def _of_cycle(
    lead: Lead, person: Iterable[int], of_contact: Mapping[int, list[tuple[str, datetime]]]
) -> Instants:
    since, instants = lead.engagement_from, Instants()
    for contact_id in person:
        for kind, occurred_at in of_contact.get(contact_id, ()):
            if since is None or occurred_at >= since:
                instants.setdefault(kind, []).append(occurred_at)
    return instants
