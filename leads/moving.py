"""A move asked for, and why it is refused. Pure: values only, no ORM, no now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from leads.enums import HISTORY_CAUSES, Cause, Disposition, LifecycleStage
from smarketing.errors import Refused

if TYPE_CHECKING:
    from accounts.models import User


def told_at(at: datetime, undo_seconds: int) -> datetime:
    """Return when the world may hear of what was done at `at`: once it can no longer be undone.

    The last instant of the window is still in time for an undo, so nothing leaves at it.
    """
    return at + timedelta(seconds=undo_seconds, microseconds=1)


class When(Enum):
    """When a step took effect, if not at an instant that is told."""

    NOW = "now"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Step:
    """Where a lead goes, by whom, why and when.

    `to_stage` None closes the lead where it stands. Only history (cause import or sync) may say
    when the step took effect or that nobody knows. `answers` are those given by hand to the
    definition's questions; `recycle_until` is when a recycled lead comes back (None: the usual
    wait); `competitor_id` is to whom it was lost; `sql_type_id` what kind of SQL it is;
    `merged_into_id` the lead that it repeats; `fit_rating` (1-5) what Sales thinks of the match.
    """

    to_stage: LifecycleStage | None = None
    disposition: Disposition = Disposition.OPEN
    actor: User | None = None
    cause: Cause = Cause.USER
    reason: str = ""
    note: str = ""
    effective_at: datetime | When = When.NOW
    answers: Mapping[str, bool] = field(default_factory=dict)
    recycle_until: datetime | None = None
    competitor_id: int | None = None
    sql_type_id: int | None = None
    merged_into_id: int | None = None
    fit_rating: int | None = None

    @property
    def is_history(self) -> bool:
        """Tell whether the step is told afterwards rather than made now."""
        return self.cause in HISTORY_CAUSES

    def instant(self, at: datetime) -> datetime | None:
        """Return when the step took effect, `at` being now; None when nobody knows."""
        if self.effective_at is When.NOW:
            return at
        return self.effective_at if isinstance(self.effective_at, datetime) else None


@dataclass(frozen=True, kw_only=True)
class Move(Step):
    """A step of one lead; `expected` is the stage that the person saw when deciding.

    `expected_version` is the version of the row that the person saw, for pages that carry it.
    """

    lead_id: int
    expected: LifecycleStage | None = None
    expected_version: int | None = None


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why one move of a list was refused: a stable code and a sentence that names the matter."""

    lead_id: int | None
    code: str
    message: Any
    index: int = 0

    def __str__(self) -> str:
        return str(self.message)


class MovesRefused(Refused):
    """A list of moves was refused as a whole and changed nothing; `refusals` says why each."""

    code = "moves_refused"

    def __init__(self, refusals: Sequence[Refusal], asked: int) -> None:
        self.refusals = tuple(refusals)
        message = self.refusals[0].message
        if asked > 1:
            more = ngettext(
                "%(n)d of %(asked)d moves was refused, so nothing was changed: %(first)s",
                "%(n)d of %(asked)d moves were refused, so nothing was changed: %(first)s",
                len(self.refusals),
            )
            message = more % {"n": len(self.refusals), "asked": asked, "first": message}
        super().__init__(message, code=self.refusals[0].code if asked == 1 else "")


ALREADY_MOVED = _("%(who)s has already moved this lead to %(stage)s.")
ALREADY_CLOSED = _("%(who)s has already closed this lead: %(disposition)s.")
MOVED_MEANWHILE = _("This lead is at %(stage)s now, no longer at %(expected)s: %(who)s moved it.")
NOT_IN_TABLE = _("A lead does not go from %(stage)s to %(target)s.")
RETURNED = _("Marketing is still fixing this lead. It comes back to Sales once its data are right.")
CLOSING_RETURNED = _("Marketing is fixing this lead, so closing it is for Marketing to decide.")
NO_OPENING = _("A lead does not begin at %(target)s.")
NOT_FOUND = _("There is no such lead.")
OF_MARKETING = _("Moving a lead from %(stage)s to %(target)s is for Marketing to decide.")
OF_SALES = _("Moving a lead from %(stage)s to %(target)s is for Sales to decide.")
OF_BOTH = _(
    "Moving a lead from %(stage)s to %(target)s skips the handoff between Marketing and Sales; "
    "a manager may do it with a note."
)
OF_MEMBERS = _("Moving a lead from %(stage)s to %(target)s is for Marketing or Sales to decide.")
NOT_OWNER = _("This lead belongs to %(owner)s, who decides on it.")
NOTE_NEEDED = _("As a manager you may decide this with a note that says why.")
REASON_NEEDED = _("Closing a lead needs a reason.")
REASON_UNKNOWN = _("There is no reason “%(reason)s” in use.")
REASON_MISPLACED = _("The reason “%(reason)s” does not close a lead as %(target)s.")
REASON_NOTE_NEEDED = _("The reason “%(reason)s” needs a note that says more.")
UNTIL_IS_PAST = _("The day on which nurturing ends must lie ahead.")
NOT_ANOTHER_LEAD = _("A lead is merged into another one that is known and open.")
RATING_OUT_OF_RANGE = _("The fit is rated from 1 to 5.")
CHANGED_MEANWHILE = _("%(who)s has changed this lead meanwhile. Look at it again, then decide.")
CRITERIA_MISSING = _("%(target)s still asks for: %(criteria)s.")
NO_HISTORY_RIGHT = _("Bringing in history is for marketers, managers and administrators.")
ONLY_HISTORY_IS_DATED = _("Only imported or synchronised history may carry a date of its own.")
OUT_OF_ORDER = _("%(target)s on %(when)s would come before %(stage)s on %(since)s.")
IN_THE_FUTURE = _("%(target)s on %(when)s lies in the future.")
