"""Giving leads to people, pools and queues by hand: what is asked, and why it is refused. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.enums import TeamKind
from leads.enums import LifecycleStage, QueueKind

if TYPE_CHECKING:
    from accounts.models import User

# Whose leads wait in which queue; the queue of leads to be fixed is the gate's alone to fill.
SIDE_OF_QUEUE: dict[QueueKind, TeamKind] = {
    QueueKind.QUALIFICATION: TeamKind.MARKETING,
    QueueKind.FIX: TeamKind.MARKETING,
    QueueKind.FALLBACK: TeamKind.SALES,
    QueueKind.MARKETING: TeamKind.MARKETING,
}
GIVEN_BACK_TO: dict[TeamKind, QueueKind] = {
    TeamKind.MARKETING: QueueKind.QUALIFICATION,
    TeamKind.SALES: QueueKind.FALLBACK,
}


@dataclass(frozen=True, kw_only=True)
class Target:
    """To whom leads go: a person, or the people of a pool by turns, or the queue of their side."""

    person: User | None = None
    pool_id: int | None = None

    @property
    def is_queue(self) -> bool:
        """Tell whether nobody in particular gets them."""
        return self.person is None and self.pool_id is None


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the person saw of a lead when he decided; a lead that is otherwise now is refused."""

    owner_id: int | None = None
    version: int | None = None


def holding_side(
    stage: LifecycleStage, queue: QueueKind | None, *, is_returned: bool = False
) -> TeamKind:
    """Return which side has a lead in its hands: its queue's, else that of its stage.

    An MQL that Sales sent back to be fixed is in Marketing's hands.
    """
    if queue is not None:
        return SIDE_OF_QUEUE[queue]
    early = stage is LifecycleStage.LEAD or is_returned
    return TeamKind.MARKETING if early else TeamKind.SALES


CLOSED = _("This lead is closed, so nobody needs to own it.")
TOOK_IT = _("%(owner)s took this lead meanwhile.")
GAVE_IT = _("%(who)s gave this lead to %(owner)s meanwhile.")
WENT_TO = _("This lead went to %(owner)s meanwhile.")
PUT_BACK = _("%(who)s put this lead into the queue “%(queue)s” meanwhile.")
CHANGED = _("This lead was changed meanwhile. Look at it again, then decide.")
HAS_IT = _("%(owner)s has this lead already.")
YOURS = _("This lead is yours already.")
IN_QUEUE = _("This lead waits in the queue “%(queue)s” already.")
TAKE_WRONG_SIDE = {
    TeamKind.MARKETING: _("This lead waits for Marketing; people of Marketing may take it."),
    TeamKind.SALES: _("This lead waits for Sales; people of Sales may take it."),
}
TAKE_OTHER_TEAM = _("This lead waits for the team %(team)s.")
GIVE_WRONG_SIDE = _("Giving this lead to somebody else is for its side, or for a manager.")
GIVE_NOT_OWNER = _(
    "You may hand over your own leads to a colleague of your team; others a manager gives away."
)
NOTE_NEEDED = _("Write a note that says why.")
NOT_ACTIVE = _("%(name)s does not work here at the moment.")
CANNOT_OWN = {
    TeamKind.MARKETING: _("%(name)s has no role in Marketing, who works this lead."),
    TeamKind.SALES: _("%(name)s has no role in Sales, who works this lead."),
}
POOLS_ARE_OF_SALES = _("Pools share out what Sales works; this lead is still with Marketing.")
