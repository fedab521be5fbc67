"""The evidence of the steps of one list, gathered at once before any is made. Part of the gate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from leads import moving
from leads.criteria_words import Lexicon, say
from leads.enums import LifecycleStage
from leads.lifecycle import RANK, passed_stages
from leads.models import Lead
from leads.moving import Refusal, Step
from leads.services.evidence import Entry, Evidence, gather_evidence
from leads.services.house import House

NOTHING = Evidence()
LEXICON = Lexicon()


class Proofs:
    """What was checked for each step that enters a stage; history is never asked.

    `asked` are the steps in order, each with its lead and whether the row begins with it.
    """

    def __init__(
        self, asked: Iterable[tuple[Lead, Step, bool]], *, at: datetime, house: House
    ) -> None:
        self._at, self._house = at, house
        stands: dict[int, LifecycleStage] = {}
        keys, entries = [], []
        for lead, step, opening in asked:
            if step.is_history or _goes_on(lead, step, opening=opening):
                continue
            here = None if opening else stands.get(id(lead)) or _stage(lead)
            entry = entry_of(lead, step, here)
            if entry is not None:
                keys.append((id(lead), id(step), here))
                entries.append(entry)
                stands[id(lead)] = entry.stages[-1]
        self._found = dict(zip(keys, self._gather(entries), strict=True))

    def of(self, lead: Lead, step: Step, *, opening: bool = False) -> Evidence:
        """Return the evidence of `step` from where `lead` stands now.

        A move that comes after a refused one of the same lead starts where it was not expected to,
        and is looked at by itself.
        """
        if step.is_history or _goes_on(lead, step, opening=opening):
            return NOTHING
        here = None if opening else _stage(lead)
        entry = entry_of(lead, step, here)
        if entry is None:
            return NOTHING
        known = self._found.get((id(lead), id(step), here))
        return known or self._gather([entry])[0]

    def _gather(self, entries: Sequence[Entry]) -> list[Evidence]:
        if not entries:
            return []
        definitions = self._house.rules.definitions
        return gather_evidence(entries, at=self._at, definitions=definitions)


def entry_of(lead: Lead, step: Step, here: LifecycleStage | None) -> Entry | None:
    """Return what `step` enters from `here`, None when it enters no stage."""
    if step.to_stage is None:
        return None
    if here is not None and RANK[step.to_stage] <= RANK[here]:
        return None
    stages = (*passed_stages(here, step.to_stage), step.to_stage)
    return Entry(lead=lead, stages=stages, answers=step.answers)


def refuse_unproven(lead: Lead, step: Step, evidence: Evidence) -> Refusal | None:
    """Return a refusal that names each criterion still missing, None when none is."""
    if not evidence.missing or step.to_stage is None:
        return None
    names = {
        "target": LifecycleStage(step.to_stage).label,
        "criteria": ", ".join(say(one.criterion, LEXICON) for one in evidence.missing),
    }
    message = moving.CRITERIA_MISSING % names
    return Refusal(lead_id=lead.pk, code="criteria_missing", message=message)


def _goes_on(lead: Lead, step: Step, *, opening: bool) -> bool:
    """Tell whether the row begins where an earlier one rested: it has been a lead before."""
    return opening and lead.recycled_from_id is not None and step.to_stage is LifecycleStage.LEAD


def _stage(lead: Lead) -> LifecycleStage:
    return LifecycleStage(lead.stage)
