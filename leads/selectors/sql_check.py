"""What the definition of an SQL asks of a lead, checked as things stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from leads.criteria import Checked, check_all, read_criteria
from leads.criteria_words import Lexicon
from leads.enums import LifecycleStage, VersionState
from leads.models import Lead, StageDefinition
from leads.selectors.facts import facts_of, known_fields, personas_in_force


@dataclass(frozen=True)
class SqlCheck:
    """The definition's prose, its criteria as checked, and the names they refer to."""

    prose: str = ""
    checked: Sequence[Checked] = ()
    lexicon: Lexicon = field(default_factory=Lexicon)


def sql_check(lead: Lead, *, at: datetime) -> SqlCheck:
    """Return what stands between `lead` and SQL; questions are open until somebody answers.

    One statement where the definition asks nothing, else a constant number.
    """
    definition = StageDefinition.objects.filter(
        stage=LifecycleStage.SQL, state=VersionState.IN_FORCE
    ).first()
    if definition is None or not definition.criteria:
        return SqlCheck(prose=definition.prose if definition else "")
    personas = personas_in_force()
    facts = facts_of([lead], personas=personas)[lead.pk]
    names = {one.persona_id: one.name for one in personas}
    return SqlCheck(
        prose=definition.prose,
        checked=check_all(read_criteria(definition.criteria), facts, at=at),
        lexicon=Lexicon(fields=known_fields(), personas=names),
    )
