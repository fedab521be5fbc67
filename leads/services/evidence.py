"""Evidence: what was checked when a lead entered a stage, with each value and the score then.

Part of the gate (`leads.services.moves`), which asks before it writes. Never asked for history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from leads.criteria import Checked, Facts, check_all, read_criteria
from leads.criteria_words import OF_PERSONAS
from leads.enums import LifecycleStage, VersionState
from leads.models import Lead, StageDefinition
from leads.personas import PersonaRules, best_of
from leads.selectors.facts import facts_key, facts_of, personas_in_force

# These moves keep their evidence even where the definition asks nothing.
ALWAYS_KEPT = frozenset({LifecycleStage.MQL, LifecycleStage.SQL})


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A lead that is about to enter stages (those it skips included), and answers by hand."""

    lead: Lead
    stages: Sequence[LifecycleStage]
    answers: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What the checks of one entry came to.

    `stored` is what the transition keeps, None when there was nothing to check. `missing` are the
    required criteria that hold the lead back. `persona_id` is the buyer persona that fits best.
    """

    stored: dict[str, Any] | None = None
    missing: tuple[Checked, ...] = ()
    persona_id: int | None = None


def gather_evidence(
    entries: Sequence[Entry],
    *,
    at: datetime,
    definitions: Mapping[LifecycleStage, StageDefinition] | None = None,
) -> list[Evidence]:
    """Check each entry by the definitions in force of the stages it enters, place by place.

    A caller who has read the definitions in force gives them. Sets `persona` on each lead to the
    buyer persona that fits best, unwritten: the gate writes it. A constant number of statements.
    """
    if not entries:
        return []
    if definitions is None:
        definitions = definitions_in_force()
    asked = [entry for entry in entries if _asks(entry, definitions)]
    looked_at = dict(zip(map(id, asked), _look_at(asked, definitions, at), strict=True))
    return [looked_at.get(id(entry)) or _unasked(entry, definitions, at) for entry in entries]


def _asks(entry: Entry, definitions: Mapping[LifecycleStage, StageDefinition]) -> bool:
    """Tell whether facts are needed: most moves after MQL ask nothing, and then nobody reads."""
    criteria = (definitions[stage].criteria for stage in entry.stages if stage in definitions)
    return LifecycleStage.MQL in entry.stages or any(criteria)


def _unasked(
    entry: Entry, definitions: Mapping[LifecycleStage, StageDefinition], at: datetime
) -> Evidence:
    """Return the evidence of an entry that was asked nothing: the score it came with."""
    if not ALWAYS_KEPT & set(entry.stages):
        return Evidence(persona_id=entry.lead.persona_id)
    checked: list[tuple[StageDefinition, list[Checked]]] = [
        (definitions[one], []) for one in entry.stages if one in definitions
    ]
    stored = _stored(checked, Facts(score=entry.lead.score), None, at)
    return Evidence(stored=stored, persona_id=entry.lead.persona_id)


def _look_at(
    entries: Sequence[Entry],
    definitions: Mapping[LifecycleStage, StageDefinition],
    at: datetime,
) -> list[Evidence]:
    if not entries:
        return []
    personas = personas_in_force()
    leads = [entry.lead for entry in entries]
    answers = {facts_key(e.lead, i): e.answers for i, e in enumerate(entries)}
    facts = facts_of(leads, answers=answers, personas=personas)
    return [
        _evidence(entry, facts[facts_key(entry.lead, i)], definitions, personas, at)
        for i, entry in enumerate(entries)
    ]


def definitions_in_force() -> dict[LifecycleStage, StageDefinition]:
    """Return the definition in force of each stage that has one; one statement."""
    rows = StageDefinition.objects.filter(state=VersionState.IN_FORCE)
    return {LifecycleStage(row.stage): row for row in rows}


def _evidence(
    entry: Entry,
    facts: Facts,
    definitions: Mapping[LifecycleStage, StageDefinition],
    personas: Sequence[PersonaRules],
    at: datetime,
) -> Evidence:
    best = best_of(personas, facts.fits)
    entry.lead.persona_id = best.persona_id if best else None
    checked = [
        (definitions[stage], check_all(read_criteria(definitions[stage].criteria), facts, at=at))
        for stage in entry.stages
        if stage in definitions
    ]
    kept = any(results for _one, results in checked) or ALWAYS_KEPT & set(entry.stages)
    return Evidence(
        stored=_stored(checked, facts, best, at, personas) if kept else None,
        missing=tuple(one for _d, results in checked for one in results if one.holds_back),
        persona_id=best.persona_id if best else None,
    )


def _stored(
    checked: Sequence[tuple[StageDefinition, Sequence[Checked]]],
    facts: Facts,
    best: PersonaRules | None,
    at: datetime,
    personas: Sequence[PersonaRules] = (),
) -> dict[str, Any]:
    """Return what the transition keeps. It names all personas that the values speak of: evidence
    is read years later, when one may be called otherwise or be gone."""
    spoken_of = {
        one for _d, results in checked for row in results
        if row.criterion.kind in OF_PERSONAS
        for one in (row.criterion.value, *(row.value or ()))
    }  # fmt: skip
    persona = {"id": best.persona_id, "name": best.name, "version": best.version} if best else None
    return {
        "at": at.isoformat(),
        "score": facts.score,
        "persona": persona,
        "personas": {str(p.persona_id): p.name for p in personas if p.persona_id in spoken_of},
        "definitions": [
            {
                "id": definition.pk,
                "stage": definition.stage,
                "version": definition.version,
                "criteria": [to_json(one) for one in results],
            }
            for definition, results in checked
        ],
    }


def to_json(checked: Checked) -> dict[str, Any]:
    """Return a checked criterion as evidence keeps it: the criterion, its value, met or not."""
    return {
        "criterion": checked.criterion.to_json(),
        "value": _plain(checked.value),
        "met": checked.met,
    }


def _plain(value: Any) -> Any:
    """Return a value that JSON can keep."""
    return value.isoformat() if isinstance(value, (date, datetime)) else value
