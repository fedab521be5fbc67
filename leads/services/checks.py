"""What the gate asks of one step: table, instants, role, reason. Returns a refusal or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from accounts.rules import NOBODY, Standing, standing
from leads import moving
from leads.enums import Cause, Disposition, LifecycleStage
from leads.lifecycle import MOVES, Position, Side, is_allowed, position
from leads.models import Lead
from leads.moving import Move, Refusal, Step, When
from leads.rules import Verdict, imports_history, verdict_on_opening, verdict_on_side
from leads.services.house import House

MOST_STARS = 5
OF_SIDE: dict[Side, Any] = {
    Side.MARKETING: moving.OF_MARKETING,
    Side.SALES: moving.OF_SALES,
    Side.BOTH: moving.OF_BOTH,
    Side.EITHER: moving.OF_MEMBERS,
}


def target_of(lead: Lead, step: Step) -> Position:
    """Return the position that `step` leads to from where `lead` stands."""
    return position(step.to_stage or LifecycleStage(lead.stage), step.disposition)


def stands(lead: Lead, step: Step) -> Position:
    """Return where `step` finds `lead`; history does not ask in whose hands it is."""
    here = lead.position
    return replace(here, is_returned=False) if step.is_history else here


def refuse_step(lead: Lead, step: Step, *, at: datetime, house: House) -> Refusal | None:
    """Return why `step` may not be made from where `lead` stands, None when it may."""
    refusal = _first((_table, _instant, _role), lead, stands(lead, step), step, at)
    found = None if refusal is not None else _particulars(lead, step, at, house)
    return refusal if found is None else Refusal(lead_id=lead.pk, code=found[0], message=found[1])


def refuse_opening(lead: Lead, step: Step, *, at: datetime, house: House) -> Refusal | None:
    """Return why a row may not begin with `step`, None when it may."""
    return _first((_instant, _opening_role), lead, None, step, at)


Check = Callable[[Lead, Position | None, Step, datetime], tuple[str, Any] | None]


def _first(
    checks: tuple[Check, ...], lead: Lead, here: Position | None, step: Step, at: datetime
) -> Refusal | None:
    for check in checks:
        found = check(lead, here, step, at)
        if found is not None:
            return Refusal(lead_id=lead.pk, code=found[0], message=found[1])
    return None


def _labels(here: Position | None, there: Position) -> dict[str, Any]:
    closed = there.disposition not in (Disposition.OPEN, Disposition.WON)
    return {
        "stage": here.stage.label if here else "",
        "target": there.disposition.label if closed else there.stage.label,
    }


def _table(lead: Lead, here: Position | None, step: Step, at: datetime) -> tuple[str, Any] | None:
    """The position: as the person saw it, and known to the table. Who moved it is named later."""
    if here is None:
        return None
    there = target_of(lead, step)
    names = {**_labels(here, there), "who": "%(who)s"}
    if not here.is_open:
        names["disposition"] = here.disposition.label
        return "closed", moving.ALREADY_CLOSED % names
    if (here.stage, here.disposition) == (there.stage, there.disposition):
        return "already_there", moving.ALREADY_MOVED % names
    if not is_allowed(here, there) and is_allowed(replace(here, is_returned=False), there):
        return "returned", moving.RETURNED
    seen = _seen(lead, here, step, names) if isinstance(step, Move) else None
    if seen is None and not is_allowed(here, there):
        return "not_in_table", moving.NOT_IN_TABLE % names
    return seen


def _seen(lead: Lead, here: Position, move: Move, names: dict[str, Any]) -> tuple[str, Any] | None:
    """The row is as the person saw it when he decided."""
    if move.expected not in (None, here.stage):
        names = {**names, "expected": LifecycleStage(move.expected).label}
        return "moved_meanwhile", moving.MOVED_MEANWHILE % names
    if move.expected_version not in (None, lead.version):
        return "changed_meanwhile", moving.CHANGED_MEANWHILE % names
    return None


def latest_known(lead: Lead) -> datetime | None:
    """Return the last known instant of the row's life."""
    known = (lead.lead_at, lead.mql_at, lead.sal_at, lead.sql_at, lead.opportunity_at)
    return max((instant for instant in known if instant is not None), default=None)


def _instant(lead: Lead, here: Position | None, step: Step, at: datetime) -> tuple[str, Any] | None:
    if not step.is_history:
        dated = step.effective_at is not When.NOW
        return ("only_history_is_dated", moving.ONLY_HISTORY_IS_DATED) if dated else None
    happened, since = step.instant(at), latest_known(lead)
    if happened is None:
        return None
    names = {**_labels(here, target_of(lead, step)), "when": f"{happened:%Y-%m-%d}"}
    if happened > at:
        return "in_the_future", moving.IN_THE_FUTURE % names
    if since is not None and happened < since:
        return "out_of_order", moving.OUT_OF_ORDER % {**names, "since": f"{since:%Y-%m-%d}"}
    return None


def _history_right(step: Step) -> tuple[str, Any] | None:
    """History without an actor comes from the machine's operator, who holds every right."""
    if step.actor is None or imports_history(standing(step.actor)):
        return None
    return "no_history_right", moving.NO_HISTORY_RIGHT


def _standing_of(step: Step) -> Standing:
    return NOBODY if step.actor is None else standing(step.actor)


def _role(lead: Lead, here: Position | None, step: Step, at: datetime) -> tuple[str, Any] | None:
    if step.is_history:
        return _history_right(step)
    if here is None or (step.cause is Cause.RULE and step.actor is None):
        return None
    there = target_of(lead, step)
    side = MOVES[here, there]
    is_owner = step.actor is not None and lead.owner_id == step.actor.pk
    verdict = verdict_on_side(
        _standing_of(step),
        side,
        is_owner=is_owner,
        is_owned=lead.owner_id is not None,
        has_note=bool(step.note.strip()),
    )
    if here.is_returned and side is Side.MARKETING and verdict is Verdict.WRONG_SIDE:
        return "wrong_side", moving.CLOSING_RETURNED
    return role_words(verdict, side, lead, _labels(here, there))


def _opening_role(
    lead: Lead, here: Position | None, step: Step, at: datetime
) -> tuple[str, Any] | None:
    if step.is_history:
        return _history_right(step)
    there = target_of(lead, step)
    verdict = verdict_on_opening(_standing_of(step), there.stage, has_note=bool(step.note.strip()))
    if verdict is None or not there.is_open:
        return "not_in_table", moving.NO_OPENING % _labels(here, there)
    if step.cause is Cause.RULE and step.actor is None:
        return None
    side = Side.SALES if there.stage is not LifecycleStage.MQL else Side.MARKETING
    names = {"stage": LifecycleStage.LEAD.label, "target": there.stage.label}
    return role_words(verdict, side, lead, names)


def role_words(
    verdict: Verdict, side: Side, lead: Lead, names: dict[str, Any]
) -> tuple[str, Any] | None:
    """Return the refusal that a verdict means, None when it allows; `names` are for the words."""
    if verdict is Verdict.ALLOWED:
        return None
    if verdict is Verdict.NOTE_NEEDED:
        return "note_needed", moving.NOTE_NEEDED
    if verdict is Verdict.NOT_OWNER:
        return "not_owner", moving.NOT_OWNER % {"owner": lead.owner}
    return "wrong_side", OF_SIDE[side] % names


def _particulars(lead: Lead, step: Step, at: datetime, house: House) -> tuple[str, Any] | None:
    """What a person tells beside where the lead goes; winning needs no reason."""
    there = target_of(lead, step)
    if step.is_history:
        return None
    if step.fit_rating is not None and not 1 <= step.fit_rating <= MOST_STARS:
        return "rating_out_of_range", moving.RATING_OUT_OF_RANGE
    if there.is_open or there.disposition is Disposition.WON:
        return None
    if step.recycle_until is not None and step.recycle_until <= at:
        return "until_is_past", moving.UNTIL_IS_PAST
    by_machine = step.cause is Cause.RULE and step.actor is None
    refusal = _merge(lead, step, there)
    # What the machine closes by itself it says in a note, whatever reasons the house has.
    return refusal or (None if by_machine else reason_against(step, there.disposition, house))


def _merge(lead: Lead, step: Step, there: Position) -> tuple[str, Any] | None:
    """What is closed as merged says into which lead; who asks makes sure that there is one."""
    if there.disposition is Disposition.MERGED and step.merged_into_id in (None, lead.pk):
        return "not_another_lead", moving.NOT_ANOTHER_LEAD
    return None


def reason_against(
    step: Step, disposition: Disposition | None, house: House
) -> tuple[str, Any] | None:
    """Say what is wrong with the reason of a close; `disposition` None is a return to be fixed."""
    if not step.reason:
        return "reason_needed", moving.REASON_NEEDED
    reason = house.rules.reasons.get(step.reason)
    if reason is None or not reason.is_active:
        return "reason_unknown", moving.REASON_UNKNOWN % {"reason": step.reason[:60]}
    names = {"reason": reason.label, "target": disposition.label if disposition else ""}
    if disposition is not None and disposition not in reason.dispositions:
        return "reason_misplaced", moving.REASON_MISPLACED % names
    if reason.note_needed and not step.note.strip():
        return "reason_note_needed", moving.REASON_NOTE_NEEDED % names
    return None
