"""Who may take or give a lead, and to whom, as its pages offer it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.enums import TeamKind
from accounts.models import User
from accounts.rules import standing
from leads.assigning import holding_side
from leads.enums import LifecycleStage, QueueKind
from leads.models import Lead, RoutingPool
from leads.rules import Verdict, hands_over_for_others, verdict_on_giving, works_for
from leads.selectors.routing import Taker, takers
from leads.selectors.takers import people_to_give_to


@dataclass(frozen=True)
class Options:
    """What a person may do about the owner of a lead."""

    may_take: bool
    may_give: bool
    note_needed: bool


@dataclass(frozen=True)
class Choice:
    """To whom leads may go."""

    people: Sequence[Taker]
    pools: Sequence[RoutingPool] = ()
    queue: bool = False


def side_of(lead: Lead) -> TeamKind:
    """Return which side has `lead` in its hands; one statement unless its queue is loaded."""
    queue = QueueKind(lead.queue.kind) if lead.queue else None
    return holding_side(LifecycleStage(lead.stage), queue, is_returned=lead.returned_at is not None)


def options_of(user: Any, lead: Lead) -> Options:
    """Return what `user` may do about who has `lead`; what he tries is checked again."""
    if not lead.position.is_open:
        return Options(may_take=False, may_give=False, note_needed=False)
    held, side = standing(user), side_of(lead)
    verdict = verdict_on_giving(
        held,
        side,
        is_owner=lead.owner_id == user.pk,
        is_owned=lead.owner_id is not None,
        to_colleague=True,
    )
    return Options(
        may_take=lead.owner_id is None and works_for(held, side),
        may_give=verdict in (Verdict.ALLOWED, Verdict.NOTE_NEEDED),
        note_needed=verdict is Verdict.NOTE_NEEDED,
    )


def choice_for(
    user: User, sides: Collection[TeamKind], *, at: datetime, without: Collection[int] = ()
) -> Choice:
    """Return to whom `user` may give leads of `sides`: people with their loads, pools, the queue.

    `without` are those who have them now. Six statements.
    """
    everyone = hands_over_for_others(standing(user))
    people = people_to_give_to(user, sides, all_of_them=everyone)
    shown = takers([one for one in people if one.pk not in without], at=at)
    if not everyone:
        return Choice(shown)
    pools = list(RoutingPool.objects.all()) if TeamKind.SALES in sides else []
    return Choice(shown, pools, queue=True)
