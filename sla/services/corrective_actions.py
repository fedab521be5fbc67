"""Corrective actions: who does what until when, and how it went.

The heads of the side that missed decide; a shared promise is answered by either. Whoever owns the
action may also say that it is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from accounts.services.notices import notify
from sla.action_rights import may_answer, sides_of
from sla.enums import ActionState
from sla.models import CorrectiveAction
from sla.selectors.house import house
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused

DECIDED = "corrective_action_decided"
LONGEST = 4_000
NOT_YOURS = _("A corrective action is decided by the managers of the team that missed.")
NOT_OWNER = _("Only who owns the action, or a manager of its team, says how it went.")
ENDED = _("This action has ended already.")
UNDECIDED = _("Say first what is done, by whom and until when.")
NO_WORDS = _("Say what will be done.")
NO_NOTE = _("Say how it went.")
TOO_LONG = _("At most %(most)d characters.")
PAST = _("This day is over. Choose today or a later one.")
NO_MEMBER = _("%(who)s works for neither team, so somebody else has to own it.")


@dataclass(frozen=True)
class Answer:
    """What is done about a miss. `expected` is in the commitment's unit, None if nobody says."""

    what: str
    owner: User
    due_on: date
    expected: Decimal | None = None


def decide_action(pk: int, answer: Answer, *, actor: User, at: datetime) -> CorrectiveAction:
    """Say what is done, by whom, until when; again as long as it has not ended. The owner is told.

    Raises NotFound, NotAllowed for others than the managers of the side, BadInput (`what`, `owner`,
    `due_on`) and Refused (`ended`); a refusal changes nothing.
    """
    with transaction.atomic():
        action = _locked(pk)
        refuse_others(action, actor)
        _refuse_ended(action)
        _check(answer, at)
        new_owner = action.owner_id != answer.owner.pk
        action.what, action.owner, action.due_on = answer.what.strip(), answer.owner, answer.due_on
        action.expected, action.state, action.decided_at = answer.expected, ActionState.DECIDED, at
        action.save()
        if new_owner and answer.owner != actor:
            _tell(action, actor, at)
    return action


def refuse_others(action: CorrectiveAction, actor: User) -> None:
    """Raise NotAllowed for whoever is no manager of the side that missed."""
    if not may_answer(standing(actor), action.side):
        raise NotAllowed(NOT_YOURS)


def finish_action(pk: int, note: str, *, actor: User, at: datetime) -> CorrectiveAction:
    """Say that it is done and how it went. Raises Refused (`undecided`, `ended`)."""
    return _end(pk, ActionState.DONE, note, actor=actor, at=at)


def drop_action(pk: int, note: str, *, actor: User, at: datetime) -> CorrectiveAction:
    """Say that nothing is done about it, and why. Raises Refused (`ended`)."""
    return _end(pk, ActionState.DROPPED, note, actor=actor, at=at)


def _end(pk: int, state: ActionState, note: str, *, actor: User, at: datetime) -> CorrectiveAction:
    with transaction.atomic():
        action = _locked(pk)
        owns = state is ActionState.DONE and action.owner_id == actor.pk
        if not owns and not may_answer(standing(actor), action.side):
            raise NotAllowed(NOT_OWNER)
        _refuse_ended(action)
        if state is ActionState.DONE and action.state != ActionState.DECIDED:
            raise Refused(UNDECIDED, code="undecided")
        action.state, action.closed_at = state, at
        action.closing_note = _worded(note, "closing_note", NO_NOTE)
        action.save()
    return action


def _locked(pk: int) -> CorrectiveAction:
    rows = CorrectiveAction.objects.select_for_update(of=("self",)).select_related("commitment")
    action = rows.filter(pk=pk).first()
    if action is None:
        raise NotFound(_("There is no such corrective action."))
    return action


def _refuse_ended(action: CorrectiveAction) -> None:
    if action.closed_at is not None:
        raise Refused(ENDED, code="ended")


def _check(answer: Answer, at: datetime) -> None:
    _worded(answer.what, "what", NO_WORDS)
    if answer.due_on < house().day(at):
        raise _bad("due_on", str(PAST))
    if not sides_of(standing(answer.owner)):
        raise _bad("owner", str(NO_MEMBER) % {"who": answer.owner.name})


def _worded(text: str, field: str, missing: object) -> str:
    words = text.strip()
    if not words:
        raise _bad(field, str(missing))
    if len(words) > LONGEST:
        raise _bad(field, str(TOO_LONG) % {"most": LONGEST})
    return words


def _bad(field: str, reason: str) -> BadInput:
    return BadInput(reason, fields={field: [reason]})


def _tell(action: CorrectiveAction, actor: User, at: datetime) -> None:
    notify(
        [action.owner] if action.owner else [],
        DECIDED,
        at=at,
        params={"by": actor.name, "what": action.what[:200]},
        url=reverse("corrective-action", args=[action.pk]),
        dedupe_key=f"{DECIDED}:{action.pk}:{action.owner_id}",
    )
