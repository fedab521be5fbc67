"""Stage definitions: proposed by marketers and managers, put in force by managers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from leads.criteria import CriterionKind
from leads.criteria_validation import Terms, read_valid
from leads.enums import LifecycleStage, Responsible
from leads.models import StageDefinition
from leads.selectors.terms import terms
from leads.services.versions import (
    add_version,
    hold_manager,
    hold_proposer,
    put_in_force,
    withdraw,
)

# Where a lead has only just begun nobody has answered, scored or judged anything.
KINDS_OF_LEAD = frozenset(CriterionKind) - {CriterionKind.QUESTION, CriterionKind.SCORE_AT_LEAST}


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What a definition says. `criteria` is a stored list; stays count in business days."""

    stage: LifecycleStage
    prose: str
    responsible: Responsible
    criteria: Sequence[Mapping[str, Any]] = ()
    exit_rule: str = ""
    longest_stay_days: int | None = None


def terms_of(stage: LifecycleStage) -> Terms:
    """Return what criteria of a definition of `stage` may ask; two statements."""
    return terms(KINDS_OF_LEAD if stage is LifecycleStage.LEAD else frozenset(CriterionKind))


def propose_definition(wording: Wording, *, actor: User | None, at: datetime) -> StageDefinition:
    """Add a draft version of a stage's definition and return it.

    Raises BadInput (field `criteria`) when a criterion cannot be checked, NotAllowed when the
    person may not propose, Refused when somebody proposes at the same moment.
    """
    hold_proposer(actor)
    criteria = read_valid(wording.criteria, terms_of(wording.stage))

    def make(version: int) -> StageDefinition:
        return StageDefinition(
            stage=wording.stage,
            version=version,
            prose=wording.prose.strip(),
            responsible=wording.responsible,
            criteria=[one.to_json() for one in criteria],
            exit_rule=wording.exit_rule.strip(),
            longest_stay_days=wording.longest_stay_days,
            created_by=actor,
            created_at=at,
        )

    return add_version(StageDefinition, "stage", wording.stage, make)


def activate_definitions(
    ids: Collection[int], *, actor: User | None, at: datetime
) -> list[StageDefinition]:
    """Put definitions in force, all or none, and retire those they replace in one transaction.

    Returns those that changed; one that is in force already stays. Raises NotFound for an unknown
    id, Refused for a superseded one, BadInput for two of one stage. `actor` None is the system.
    """
    hold_manager(actor)
    return put_in_force(StageDefinition, "stage", ids, at=at)


def withdraw_definition(pk: int, *, actor: User | None, at: datetime) -> StageDefinition:
    """Take back a proposed definition."""
    return withdraw(StageDefinition, pk, actor=actor, at=at)
