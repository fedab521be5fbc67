"""One passage of the gate: what it holds until everything is checked, and how it is written.

`leads.services.moves` and `leads.services.returning` fill it. Leads, transitions, contacts,
assignments, feedback and what can be undone are each written by one statement, whatever their
number, and then the world is told, all inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef

from accounts.models import User
from leads.enums import HISTORY_CAUSES, Decision
from leads.models import Assignment, Feedback, Lead, StageTransition, UndoableAction
from leads.moving import Refusal
from leads.services.expansion import hint_at_expansion
from leads.services.house import House
from leads.services.remembering import remember
from leads.services.storing import WRITTEN, keep_first_mql, update_leads
from leads.services.together import insert_together
from leads.signals import feedback_changed, leads_assigned, stages_changed

MOST_ROWS = 10_000


@dataclass(frozen=True)
class Outcome:
    """What a passage did: leads as they now are, the rows written, what was refused.

    `action` is what `leads.services.undoing.undo` takes back; None where nobody may.
    """

    leads: tuple[Lead, ...]
    transitions: tuple[StageTransition, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    action: UndoableAction | None = None


@dataclass
class Passage:
    """What is to be written once every step has been checked.

    `before` keeps how each locked lead was; leads that a passage begins are not in it.
    """

    at: datetime
    house: House = field(default_factory=House)
    before: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    leads: dict[int, Lead] = field(default_factory=dict)
    transitions: list[StageTransition] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    actors: set[User | None] = field(default_factory=set)

    @cached_property
    def is_history(self) -> bool:
        """Tell whether the rows were told afterwards."""
        return any(row.cause in HISTORY_CAUSES for row in self.transitions)

    def lock(self, lead_ids: Iterable[int]) -> dict[int, Lead]:
        """Lock the leads and remember how they were."""
        locked = lock_leads(lead_ids)
        self.before = {
            pk: {name: getattr(lead, name) for name in WRITTEN} for pk, lead in locked.items()
        }
        return locked

    def assign(self, row: Assignment | None) -> None:
        """Note who gets a lead; of several steps of one lead the last one's word holds."""
        if row is None:
            return
        earlier = [one for one in self.assignments if one.lead is row.lead]
        if earlier:
            row.from_owner_id = earlier[0].from_owner_id
            self.assignments = [one for one in self.assignments if one.lead is not row.lead]
        self.assignments.append(row)

    def write(self) -> UndoableAction | None:
        """Write the leads that were locked and everything that tells of them; tell the world."""
        for lead in self.leads.values():
            lead.version += 1
        update_leads(self.leads.values())
        return self.tell()

    def tell(self) -> UndoableAction | None:
        """Write what tells of leads that are stored already, and send the signals."""
        StageTransition.objects.bulk_create(self.transitions, batch_size=MOST_ROWS)
        keep_first_mql(self.transitions)
        insert_together(self.assignments, self.feedback)
        action = self._remember()
        if not self.is_history:
            hint_at_expansion(self.transitions, house=self.house, at=self.at)
        if self.transitions:
            stages_changed.send(
                sender=Lead,
                transitions=self.transitions,
                history=self.is_history,
                at=self.at,
                action=action,
                assignments=self.assignments,
                feedback=self.feedback,
            )
        told = {"at": self.at, "told": bool(self.transitions)}
        if self.assignments:
            leads_assigned.send(sender=Lead, assignments=self.assignments, **told)
        if self.feedback:
            feedback_changed.send(sender=Feedback, feedback=self.feedback, what="given", **told)
        return action

    def _remember(self) -> UndoableAction | None:
        """Keep what one person did by hand, for the undo window; the rest is nobody's to undo."""
        actor = next(iter(self.actors)) if len(self.actors) == 1 else None
        if actor is None or self.is_history or not self.leads:
            return None
        return remember(
            self.before,
            self.leads.values(),
            actor=actor,
            at=self.at,
            transitions=self.transitions,
            assignments=self.assignments,
            feedback=self.feedback,
        )

    def outcome(self, leads: Iterable[Lead], action: UndoableAction | None) -> Outcome:
        """Return what the passage did."""
        return Outcome(
            leads=tuple(leads),
            transitions=tuple(self.transitions),
            refusals=tuple(self.refusals),
            assignments=tuple(self.assignments),
            feedback=tuple(self.feedback),
            action=action,
        )


def lock_leads(lead_ids: Iterable[int]) -> dict[int, Lead]:
    """Lock the rows in id order, so that two lists never wait for each other.

    `overturned` tells of each whether a ruling has counted it as accepted already.
    """
    overturned = Feedback.objects.filter(
        lead=OuterRef("pk"),
        decision=Decision.REJECTED,
        counts_as=Decision.ACCEPTED,
        voided_at__isnull=True,
    )
    rows = (
        Lead.objects.select_for_update(of=("self",))
        .select_related("owner", "contact__company")
        .defer("contact__search", "owner__password")
        .annotate(overturned=Exists(overturned))
        .filter(id__in=set(lead_ids))
        .order_by("id")
    )
    return {lead.pk: _forget_stale_owner(lead) for lead in rows}


def _forget_stale_owner(lead: Lead) -> Lead:
    """A lock that waited reads the row anew but not what was joined to it: ask again then."""
    known = lead._state.fields_cache.get("owner")
    if (known.pk if known else None) != lead.owner_id:
        lead._state.fields_cache.pop("owner", None)
    return lead
