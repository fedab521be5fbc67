"""Which persona a person fits, by what his fields say. Pure: no ORM, no now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from leads.criteria import OF_FIELDS, Criterion, meets
from leads.enums import PersonaKind

# What a persona may ask: fields only. A score knows personas already, a touch is no trait.
KINDS_OF_PERSONAS = OF_FIELDS


@dataclass(frozen=True, kw_only=True)
class PersonaRules:
    """What the version in force of a persona asks of a lead."""

    persona_id: int
    name: str
    kind: PersonaKind
    version: int
    criteria: tuple[Criterion, ...] = ()
    exclusions: tuple[Criterion, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """Which personas fit, and which are ruled out by an exclusion."""

    fits: frozenset[int]
    excluded: frozenset[int]


def is_excluded(rules: PersonaRules, values: Mapping[str, Any]) -> bool:
    """Tell whether any exclusion is met."""
    return any(meets(one, values.get(one.field)) for one in rules.exclusions)


def fits(rules: PersonaRules, values: Mapping[str, Any]) -> bool:
    """Tell whether every criterion is met and no exclusion is; without criteria nobody fits."""
    if not rules.criteria or is_excluded(rules, values):
        return False
    return all(meets(one, values.get(one.field)) for one in rules.criteria)


def judge(known: Iterable[PersonaRules], values: Mapping[str, Any]) -> Judgement:
    """Judge the values of one lead's fields by every persona."""
    fitting, excluded = set(), set()
    for rules in known:
        if fits(rules, values):
            fitting.add(rules.persona_id)
        elif is_excluded(rules, values):
            excluded.add(rules.persona_id)
    return Judgement(frozenset(fitting), frozenset(excluded))


def best_of(known: Iterable[PersonaRules], fitting: AbstractSet[int]) -> PersonaRules | None:
    """Return the fitting buyer that asks the most, among equals the older; None without any."""
    buyers = (r for r in known if r.persona_id in fitting and r.kind is PersonaKind.BUYER)
    return min(buyers, key=lambda r: (-len(r.criteria), r.persona_id), default=None)
