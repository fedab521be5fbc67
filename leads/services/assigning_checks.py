"""What is asked before a lead changes hands: seen as it is, rights, and who may own it.

Part of `leads.services.assigning`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeAlias

from accounts.enums import TeamKind
from accounts.models import User
from accounts.rules import Standing, standing
from leads import assigning
from leads.assigning import GIVEN_BACK_TO, Seen, Target, holding_side
from leads.enums import AssignmentCause, Disposition, LifecycleStage, QueueKind
from leads.models import Assignment, Lead, Queue
from leads.moving import Refusal
from leads.rules import Verdict, verdict_on_giving, works_for
from leads.services.queues import queue_of


@dataclass
class Asking:
    """Who asks what: the same for every lead of a list. Standings and queues are read once."""

    by: User
    target: Target
    seen: Mapping[int, Seen] = field(default_factory=dict)
    note: str = ""

    @cached_property
    def standing(self) -> Standing:
        """What the person who asks holds."""
        return standing(self.by)

    @cached_property
    def target_standing(self) -> Standing:
        """What the person who is to get the leads holds."""
        return standing(self.target.person)

    @cached_property
    def queues(self) -> dict[int, Queue]:
        """Every queue by id, its team loaded; one statement."""
        return {queue.pk: queue for queue in Queue.objects.select_related("team")}

    @cached_property
    def _given_back_to(self) -> dict[TeamKind, int]:
        return {side: queue_of(kind).pk for side, kind in GIVEN_BACK_TO.items()}

    def queue_of(self, lead: Lead) -> Queue | None:
        """Return the queue in which `lead` waits."""
        return self.queues[lead.queue_id] if lead.queue_id else None

    def side_of(self, lead: Lead) -> TeamKind:
        """Return which side has `lead` in its hands."""
        queue = self.queue_of(lead)
        return holding_side(
            LifecycleStage(lead.stage),
            QueueKind(queue.kind) if queue else None,
            is_returned=lead.returned_at is not None,
        )

    def queue_id_for(self, lead: Lead) -> int:
        """Return the queue that `lead` goes back to: that of the side that has it."""
        return self._given_back_to[self.side_of(lead)]

    def cause_for(self, lead: Lead) -> AssignmentCause:
        """Return why `lead` comes to its new owner."""
        if lead.owner_id is not None:
            return AssignmentCause.REASSIGNED
        took = self.target.person is not None and self.target.person.pk == self.by.pk
        return AssignmentCause.TAKEN if took else AssignmentCause.GIVEN


Check: TypeAlias = Callable[[Lead, Asking], Refusal | None]


def refused(lead_id: int, code: str, message: Any) -> Refusal:
    """Return the refusal of one lead."""
    return Refusal(lead_id=lead_id, code=code, message=message)


def refuse_taking(lead: Lead, asking: Asking) -> Refusal | None:
    """Return why the person may not take `lead`, None when he may."""
    return _first(lead, asking, _closed, _version, _free_to_take, _right_to_take)


def refuse_giving(lead: Lead, asking: Asking) -> Refusal | None:
    """Return why the person may not give `lead` to the target, None when he may."""
    return _first(lead, asking, _closed, _seen, _version, _same, _right_to_give, _may_own)


Found: TypeAlias = tuple[str, Any] | None


def _first(lead: Lead, asking: Asking, *checks: Callable[[Lead, Asking], Found]) -> Refusal | None:
    found = next((found for check in checks if (found := check(lead, asking))), None)
    return refused(lead.pk, *found) if found else None


def _closed(lead: Lead, asking: Asking) -> Found:
    return None if lead.disposition == Disposition.OPEN else ("closed", assigning.CLOSED)


def _seen(lead: Lead, asking: Asking) -> Found:
    """Another has it than the person saw: what happened is named afterwards, for all at once."""
    seen = asking.seen.get(lead.pk)
    if seen is None or seen.owner_id == lead.owner_id:
        return None
    return "taken_meanwhile", assigning.CHANGED


def _version(lead: Lead, asking: Asking) -> Found:
    seen = asking.seen.get(lead.pk)
    if seen is None or seen.version in (None, lead.version):
        return None
    return "changed_meanwhile", assigning.CHANGED


def _free_to_take(lead: Lead, asking: Asking) -> Found:
    if lead.owner_id is None:
        return None
    if lead.owner_id == asking.by.pk:
        return "already_there", assigning.YOURS
    return "taken_meanwhile", assigning.CHANGED


def _right_to_take(lead: Lead, asking: Asking) -> Found:
    side, queue = asking.side_of(lead), asking.queue_of(lead)
    if not works_for(asking.standing, side):
        return "wrong_side", assigning.TAKE_WRONG_SIDE[side]
    team = queue.team if queue else None
    reach = asking.standing.team_ids | asking.standing.headed_team_ids
    if team is not None and team.pk not in reach:
        return "wrong_team", assigning.TAKE_OTHER_TEAM % {"team": team.name}
    return None


def _same(lead: Lead, asking: Asking) -> Found:
    person = asking.target.person
    if person is not None and lead.owner_id == person.pk:
        return "already_there", assigning.HAS_IT % {"owner": person.name}
    if asking.target.is_queue and lead.queue_id == asking.queue_id_for(lead):
        return "already_there", assigning.IN_QUEUE % {"queue": asking.queue_of(lead)}
    return None


def _right_to_give(lead: Lead, asking: Asking) -> Found:
    verdict = verdict_on_giving(
        asking.standing,
        asking.side_of(lead),
        is_owner=lead.owner_id == asking.by.pk,
        is_owned=lead.owner_id is not None,
        to_colleague=bool(asking.standing.team_ids & asking.target_standing.team_ids),
    )
    if verdict is Verdict.ALLOWED or (verdict is Verdict.NOTE_NEEDED and asking.note):
        return None
    return {
        Verdict.NOTE_NEEDED: ("note_needed", assigning.NOTE_NEEDED),
        Verdict.NOT_OWNER: ("not_owner", assigning.GIVE_NOT_OWNER),
        Verdict.WRONG_SIDE: ("wrong_side", assigning.GIVE_WRONG_SIDE),
    }[verdict]


def _may_own(lead: Lead, asking: Asking) -> Found:
    """A person works here and for the side that has the lead; a pool is of Sales."""
    person, side = asking.target.person, asking.side_of(lead)
    if person is None:
        of_marketing = asking.target.pool_id is not None and side is TeamKind.MARKETING
        return ("wrong_pool", assigning.POOLS_ARE_OF_SALES) if of_marketing else None
    if not person.is_active or person.joined_at is None:
        return "not_active", assigning.NOT_ACTIVE % {"name": person.name}
    if not works_for(asking.target_standing, side):
        return "cannot_own", assigning.CANNOT_OWN[side] % {"name": person.name}
    return None


def name_what_happened(refusals: list[Refusal]) -> None:
    """Say in refusals about what happened meanwhile who did what; one statement at most."""
    waiting = {r.lead_id for r in refusals if r.lead_id and r.code == "taken_meanwhile"}
    if not waiting:
        return
    rows = (
        Assignment.objects.filter(lead_id__in=waiting, voided_at__isnull=True)
        .order_by("lead_id", "-assigned_at", "-id")
        .distinct("lead_id")
        .select_related("actor", "owner", "queue", "lead__owner")
    )
    told = {row.lead_id: _story(row) for row in rows}
    for index, refusal in enumerate(refusals):
        if refusal.lead_id in told:
            refusals[index] = replace(refusal, message=told[refusal.lead_id])


def _story(row: Assignment) -> Any:
    if row.owner_id != row.lead.owner_id:
        return assigning.HAS_IT % {"owner": row.lead.owner} if row.lead.owner else assigning.CHANGED
    if row.owner is None:
        names = {"who": row.actor, "queue": row.queue}
        return assigning.PUT_BACK % names if row.actor else assigning.CHANGED
    if row.actor_id == row.owner_id:
        return assigning.TOOK_IT % {"owner": row.owner}
    if row.actor is None or row.cause not in GIVEN_BY_HAND:
        return assigning.WENT_TO % {"owner": row.owner}
    return assigning.GAVE_IT % {"who": row.actor, "owner": row.owner}


GIVEN_BY_HAND = frozenset({AssignmentCause.GIVEN, AssignmentCause.REASSIGNED})
