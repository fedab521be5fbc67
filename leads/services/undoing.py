"""Undo: within a few seconds a person takes back what he did, the one backward move of his own.

    outcome = accept_leads([7], by=By(actor=rep), at=at)
    undo(outcome.action.pk, actor=rep, at=later)

The action's transitions are voided by a new row that voids itself, so no figure counts either. The
leads are as they were, owner and queue included; assignments and feedback of the action are voided;
each contact's first MQL is found anew. Who notifies of an undoable action does so with
`due_at=told_at(at, undo_seconds)` (`leads.moving`) and withdraws on `moves_taken_back`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.enums import LifecycleStage
from leads.lifecycle import RANK
from leads.models import (
    Activity,
    Assignment,
    Feedback,
    Lead,
    Opportunity,
    StageTransition,
    UndoableAction,
)
from leads.selectors.house import funnel_settings
from leads.services.gate import lock_leads
from leads.services.remembering import remember
from leads.services.storing import WRITTEN, find_first_mql, update_leads, void_transitions
from leads.services.telling_who import who_acted_last
from leads.signals import moves_taken_back
from smarketing.errors import NotFound, Refused

__all__ = ["Undone", "remember", "undo", "undoable_until", "void"]

WITH_DEALS = RANK[LifecycleStage.OPPORTUNITY]
NOT_THERE = _("There is nothing to undo.")
ALREADY_UNDONE = _("This has already been undone.")
TOO_LATE = _("It is too late to undo this: the %(n)d seconds are over.")
SOMEBODY_ACTED = _("%(who)s has worked on this lead meanwhile, so it can no longer be undone.")
TAKEN_UP = _("A new lead of this contact has begun meanwhile, so this can no longer be undone.")


@dataclass(frozen=True)
class Undone:
    """The leads as they are again, and the rows that no longer count."""

    leads: tuple[Lead, ...]
    transitions: tuple[StageTransition, ...]


def undoable_until(at: datetime) -> datetime:
    """Return the last instant at which an action done at `at` can be undone."""
    return at + timedelta(seconds=funnel_settings().undo_seconds)


def undo(action_id: int, *, actor: User, at: datetime) -> Undone:
    """Take back what `actor` did, whole; the last instant of the window is still in time.

    Raises NotFound for an action that is not his; Refused, having changed nothing, once the window
    is over, when it was undone before, or when somebody has worked on one of its leads since.
    """
    try:
        with transaction.atomic():
            action = _locked_action(action_id, actor)
            _refuse_late(action, at)
            leads = lock_leads(int(pk) for pk in action.before)
            _refuse_worked_on(action, leads)
            return _take_back(action, list(leads.values()), at)
    except IntegrityError as error:
        if "lead_one_open_per_contact_and_line" in str(error):
            raise Refused(TAKEN_UP, code="taken_up") from error
        raise


def void(
    leads: Sequence[Lead],
    was: Mapping[int, Mapping[str, Any]],
    transitions: Sequence[StageTransition],
    *,
    actor: User,
    at: datetime,
    note: str = "",
) -> None:
    """Put locked `leads` back to how they were and void `transitions`; part of the gate.

    `was` holds the columns to restore, by lead id. Each lead with a voided row gets one row back,
    which voids them and itself.
    """
    stood = {lead.pk: lead.position for lead in leads}
    for lead in leads:
        for name, value in was[lead.pk].items():
            setattr(lead, name, _read(name, value))
        lead.version += 1
    update_leads(leads)
    moved = {row.lead_id for row in transitions}
    backs = [
        StageTransition(
            lead=lead,
            from_stage=stood[lead.pk].stage,
            from_disposition=stood[lead.pk].disposition,
            to_stage=lead.stage,
            to_disposition=lead.disposition,
            cause="user",
            actor=actor,
            note=note,
            effective_at=at,
            recorded_at=at,
        )
        for lead in leads
        if lead.pk in moved
    ]
    StageTransition.objects.bulk_create(backs)
    void_transitions(transitions, {back.lead_id: back for back in backs})
    find_first_mql(leads)


def _locked_action(action_id: int, actor: User) -> UndoableAction:
    rows = UndoableAction.objects.select_for_update(of=("self",))
    action = rows.filter(pk=action_id, actor=actor).first()
    if action is None:
        raise NotFound(NOT_THERE)
    return action


def _refuse_late(action: UndoableAction, at: datetime) -> None:
    if action.undone_at is not None:
        raise Refused(ALREADY_UNDONE, code="already_undone")
    seconds = funnel_settings().undo_seconds
    if at > action.done_at + timedelta(seconds=seconds):
        raise Refused(TOO_LATE % {"n": seconds}, code="too_late")


def _refuse_worked_on(action: UndoableAction, leads: Mapping[int, Lead]) -> None:
    """Somebody has acted when a row is no longer as the action left it, work was logged, a deal of
    it was changed, or what was decided is disputed."""
    changed = [
        int(pk)
        for pk, kept in action.before.items()
        if int(pk) not in leads or leads[int(pk)].version != kept["version"]
    ]
    worked = Activity.objects.filter(
        lead__in=list(leads), logged_at__gte=action.done_at, is_automatic=False
    ).exclude(actor=action.actor_id)
    changed += list(worked.values_list("lead_id", flat=True)[:1])
    changed += _with_deals_of_others(action, leads)
    disputed = Feedback.objects.filter(pk__in=_made(action, "feedback"), dispute__isnull=False)
    changed += list(disputed.values_list("lead_id", flat=True)[:1])
    if changed:
        who = who_acted_last(changed[0], since=action.done_at, but=action.actor_id)
        raise Refused(SOMEBODY_ACTED % {"who": who}, code="acted_meanwhile")


def _with_deals_of_others(action: UndoableAction, leads: Mapping[int, Lead]) -> list[int]:
    """Lock the deals of `leads` and return the leads of those that another has made or changed; no
    statement unless a lead has come as far as a deal."""
    reached = [pk for pk, lead in leads.items() if RANK[lead.position.stage] >= WITH_DEALS]
    if not reached:
        return []
    deals = Opportunity.objects.select_for_update(of=("self",)).filter(lead__in=reached)
    return [
        deal.lead_id
        for deal in deals.order_by("id")
        if deal.changed_at and deal.changed_at >= action.done_at
        and deal.changed_by_id != action.actor_id
    ]  # fmt: skip


def _take_back(action: UndoableAction, leads: list[Lead], at: datetime) -> Undone:
    was = {int(pk): kept["was"] for pk, kept in action.before.items()}
    rows = _made(action, "transitions")
    voided = list(StageTransition.objects.filter(pk__in=rows).order_by("id"))
    for lead in leads:
        for row in voided:
            if row.lead_id == lead.pk:
                row.lead = lead
    void(leads, was, voided, actor=action.actor, at=at)
    Assignment.objects.filter(pk__in=_made(action, "assignments")).update(voided_at=at)
    Feedback.objects.filter(pk__in=_made(action, "feedback")).update(voided_at=at)
    action.undone_at = at
    action.save(update_fields=["undone_at"])
    moves_taken_back.send(sender=Lead, leads=leads, transitions=voided, at=at, action=action)
    return Undone(tuple(leads), tuple(voided))


def _made(action: UndoableAction, kind: str) -> Iterable[int]:
    made: Mapping[str, list[int]] = action.made
    return made.get(kind, [])


def _read(name: str, value: Any) -> Any:
    if isinstance(value, str) and WRITTEN[name] == "timestamptz":
        return datetime.fromisoformat(value)
    return value
