"""The decisions of the handoff, each a verb over leads, in the plural and through the gate.

Every verb takes ids and who decides, and raises MovesRefused, having changed nothing, when one lead
is refused; with `apply_rest` the others are decided all the same. The outcome's `action` can be
undone for a while (`leads.services.undoing`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads import moving
from leads.enums import Cause, CloseReason, Disposition, LifecycleStage, ReasonOutcome
from leads.moving import Move, MovesRefused, Refusal, Step
from leads.reasons import CodedReason
from leads.selectors.repeats import leads_repeated, person_of_lead
from leads.services.gate import Outcome
from leads.services.house import House
from leads.services.moves import move_leads
from leads.services.overturning import overturn_rejection
from leads.services.rating import rate_lead
from leads.services.returning import finish_rework, return_leads

__all__ = [
    "By", "Rejection", "accept_leads", "close_leads", "finish_rework", "nurture_leads",
    "overturn_rejection", "qualify_leads", "rate_lead", "reject_leads",
]  # fmt: skip

DISPOSITION_NEEDED = _("The reason “%(reason)s” leaves it to you how the lead ends. Choose it.")
NO_OTHER_LEAD = _("This contact has no other open lead. Merge the two contacts first.")
NOT_THAT_LEAD = _("Choose another open lead of the same contact.")
OTHER_PERSON = _("That lead is %(name)s's, another contact. Merge the two contacts first.")
SEVERAL_LEADS = _("This contact has several other open leads. Choose the one that stays.")


class NoDuplicate(MovesRefused):
    """There is no one lead of the person that stays; said at the field that names it."""

    def __init__(self, refusals: Sequence[Refusal], asked: int) -> None:
        super().__init__(refusals, asked)
        self.fields = {"duplicate_of": [self.message]}


@dataclass(frozen=True, kw_only=True)
class By:
    """Who decides, through which door, and with which words."""

    actor: User
    cause: Cause = Cause.USER
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Rejection:
    """Why Sales rejects: a coded reason, and what that reason asks beside it.

    `until` is when a recycled lead comes back (None: the usual wait), `competitor_id` who sold
    instead, `disposition` the end that a person picks where the reason leaves it open,
    `duplicate_of_id` the lead of the same person that stays (None: the only other open one).
    """

    reason: str
    fit_rating: int | None = None
    until: datetime | None = None
    competitor_id: int | None = None
    disposition: Disposition | None = None
    duplicate_of_id: int | None = None


def qualify_leads(
    lead_ids: Sequence[int],
    *,
    by: By,
    at: datetime,
    answers: Mapping[str, bool] | None = None,
    apply_rest: bool = False,
) -> Outcome:
    """Make MQLs of leads, with the answers given by hand; the gate keeps the evidence."""
    step = _step(by, to_stage=LifecycleStage.MQL)
    step = replace(step, answers=answers or {})
    return _move(lead_ids, step, LifecycleStage.LEAD, at=at, apply_rest=apply_rest)


def accept_leads(
    lead_ids: Sequence[int],
    *,
    by: By,
    at: datetime,
    fit_rating: int | None = None,
    apply_rest: bool = False,
) -> Outcome:
    """Accept MQLs for Sales; who accepts what nobody owns becomes its owner."""
    step = replace(_step(by, to_stage=LifecycleStage.SAL), fit_rating=fit_rating)
    return _move(lead_ids, step, LifecycleStage.MQL, at=at, apply_rest=apply_rest)


def reject_leads(
    lead_ids: Sequence[int], rejection: Rejection, *, by: By, at: datetime, apply_rest: bool = False
) -> Outcome:
    """Reject MQLs by a coded reason, which says what becomes of them.

    They are recycled, disqualified, lost or merged, or stay at MQL to be fixed. One feedback each.
    """
    house = House()
    step = replace(
        _step(by),
        reason=rejection.reason,
        fit_rating=rejection.fit_rating,
        recycle_until=rejection.until,
        competitor_id=rejection.competitor_id,
    )
    reason = house.rules.reasons.get(rejection.reason)
    if reason is not None and reason.is_active and reason.outcome is ReasonOutcome.REWORK:
        return return_leads(lead_ids, step, at=at, apply_rest=apply_rest, house=house)
    if reason is not None and reason.outcome is ReasonOutcome.MERGE:
        return _merge(lead_ids, step, rejection, at=at, apply_rest=apply_rest)
    step = replace(step, disposition=_ending(lead_ids, rejection, reason))
    return _move(lead_ids, step, LifecycleStage.MQL, at=at, apply_rest=apply_rest, house=house)


def nurture_leads(
    lead_ids: Sequence[int],
    *,
    by: By,
    at: datetime,
    until: datetime | None = None,
    reason: str = CloseReason.NOT_NOW.value,
    apply_rest: bool = False,
) -> Outcome:
    """Let Marketing keep leads of its own in nurturing until a date (None: the usual wait)."""
    step = replace(_step(by), disposition=Disposition.RECYCLED, reason=reason, recycle_until=until)
    return _move(lead_ids, step, LifecycleStage.LEAD, at=at, apply_rest=apply_rest)


def close_leads(
    lead_ids: Sequence[int],
    disposition: Disposition,
    reason: str,
    *,
    by: By,
    at: datetime,
    until: datetime | None = None,
    competitor_id: int | None = None,
    apply_rest: bool = False,
) -> Outcome:
    """Recycle, disqualify or lose leads from wherever the table lets them end, with a reason."""
    step = replace(
        _step(by),
        disposition=disposition,
        reason=reason,
        recycle_until=until,
        competitor_id=competitor_id,
    )
    return _move(lead_ids, step, None, at=at, apply_rest=apply_rest)


def _step(by: By, to_stage: LifecycleStage | None = None) -> Step:
    return Step(to_stage=to_stage, actor=by.actor, cause=by.cause, note=by.note)


def _move(
    lead_ids: Sequence[int],
    step: Step,
    expected: LifecycleStage | None,
    *,
    at: datetime,
    apply_rest: bool,
    house: House | None = None,
) -> Outcome:
    moves = [Move(lead_id=pk, expected=expected, **vars(step)) for pk in lead_ids]
    return move_leads(moves, at=at, apply_rest=apply_rest, house=house)


def _ending(
    lead_ids: Sequence[int], rejection: Rejection, reason: CodedReason | None
) -> Disposition:
    """Return how the reason ends a lead; what it does not know is the gate's to refuse."""
    known = reason.dispositions if reason is not None else ()
    if len(known) == 1:
        return known[0]
    if rejection.disposition is not None:
        return rejection.disposition
    if reason is not None:
        message = DISPOSITION_NEEDED % {"reason": reason.label}
        _refuse(lead_ids, "disposition_needed", message)
    return Disposition.DISQUALIFIED


def _merge(
    lead_ids: Sequence[int],
    step: Step,
    rejection: Rejection,
    *,
    at: datetime,
    apply_rest: bool,
) -> Outcome:
    """Close duplicates into the lead that stays; without one there is nothing to merge."""
    chosen = rejection.duplicate_of_id
    others = leads_repeated(lead_ids, actor=step.actor, chosen=chosen)
    step = replace(step, disposition=Disposition.MERGED)
    moves, refusals = [], []
    for index, pk in enumerate(lead_ids):
        found = others.get(pk, [])
        if len(found) != 1:
            code, message = _no_duplicate(pk, found, chosen, step.actor)
            refusals.append(Refusal(lead_id=pk, code=code, message=message, index=index))
            continue
        into = {**vars(step), "merged_into_id": found[0]}
        moves.append(Move(lead_id=pk, expected=LifecycleStage.MQL, **into))
    if refusals and not apply_rest:
        raise NoDuplicate(refusals, len(lead_ids))
    outcome = move_leads(moves, at=at, apply_rest=apply_rest)
    return replace(outcome, refusals=(*outcome.refusals, *refusals))


def _no_duplicate(
    lead_id: int, found: Sequence[int], chosen: int | None, actor: User | None
) -> tuple[str, object]:
    """Return why a lead is no duplicate as told: two people become one only by the merge."""
    if found:
        return "several_leads", SEVERAL_LEADS
    if chosen is None:
        return "no_other_lead", NO_OTHER_LEAD
    whose = person_of_lead(chosen, actor=actor) if chosen != lead_id else None
    if whose is None:
        return "no_other_lead", NOT_THAT_LEAD
    return "other_person", OTHER_PERSON % {"name": whose.name}


def _refuse(lead_ids: Sequence[int], code: str, message: object) -> None:
    refusals = [
        Refusal(lead_id=pk, code=code, message=message, index=n) for n, pk in enumerate(lead_ids)
    ]
    if not refusals:
        refusals = [Refusal(lead_id=None, code="not_found", message=moving.NOT_FOUND)]
    raise MovesRefused(refusals, max(1, len(lead_ids)))
