"""What people mean to do on leads: added, done, moved, dropped."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from leads.enums import NextStepKind
from leads.models import Lead, NextStep
from leads.rules import decides_on_leads, may_settle_step
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused

LONGEST_TEXT = 200
LATEST_YEAR = 2200


def add_next_step(
    lead: Lead,
    kind: NextStepKind,
    due_at: datetime,
    *,
    actor: User,
    at: datetime,
    text: str = "",
    owner: User | None = None,
) -> NextStep:
    """Add what `owner` (else the actor himself) is to do on `lead` by `due_at`.

    The same step, still waiting, is not added a second time: that one comes back. Raises BadInput
    for an instant already past, NotAllowed when the actor does not work on leads.
    """
    if not decides_on_leads(standing(actor)):
        raise NotAllowed(_("Working on leads is for Marketing and Sales."))
    check_due(due_at, at)
    told = check_text(text)
    with transaction.atomic():
        Lead.objects.select_for_update(of=("self",)).only("pk").get(pk=lead.pk)
        doer = owner or actor
        same = NextStep.objects.filter(
            lead=lead, owner=doer, kind=kind, due_at=due_at, text=told,
            done_at=None, dropped_at=None,
        ).first()  # fmt: skip
        return same or NextStep.objects.create(
            lead=lead, owner=doer, kind=kind, text=told, due_at=due_at,
            created_by=actor, created_at=at,
        )  # fmt: skip


def finish_next_step(step_id: int, *, actor: User, at: datetime) -> NextStep:
    """Mark a step as done. Raises Refused when it was dropped; done already, nothing changes."""
    with transaction.atomic():
        step = _locked(step_id, actor)
        if step.dropped_at is not None:
            raise Refused(_("This next step was dropped already."), code="already_dropped")
        if step.done_at is None:
            step.done_at = at
            step.save(update_fields=["done_at"])
    return step


def drop_next_step(step_id: int, *, actor: User, at: datetime) -> NextStep:
    """Give a step up. Raises Refused when it was done; dropped already, nothing changes."""
    with transaction.atomic():
        step = _locked(step_id, actor)
        if step.done_at is not None:
            raise Refused(_("This next step was done already."), code="already_done")
        if step.dropped_at is None:
            step.dropped_at = at
            step.save(update_fields=["dropped_at"])
    return step


def move_next_step(step_id: int, due_at: datetime, *, actor: User, at: datetime) -> NextStep:
    """Put a waiting step to another instant. Raises Refused when it is done or dropped."""
    check_due(due_at, at)
    with transaction.atomic():
        step = _locked(step_id, actor)
        if step.done_at is not None or step.dropped_at is not None:
            raise Refused(_("This next step is settled already."), code="already_settled")
        step.due_at = due_at
        step.save(update_fields=["due_at"])
    return step


def check_due(due_at: datetime, at: datetime) -> None:
    """Raise BadInput unless `due_at` lies ahead, within reason."""
    if due_at <= at:
        raise BadInput(_("Choose a time ahead."), fields={"due_at": [_("This has passed.")]})
    if due_at.year > LATEST_YEAR:
        raise BadInput(_("Choose a time ahead."), fields={"due_at": [_("This is too far off.")]})


def check_text(text: str) -> str:
    """Return `text` without the space around it; raise BadInput when it is too long."""
    told = text.strip()
    if len(told) > LONGEST_TEXT or "\x00" in told:
        wrong = {"text": [_("Keep it under 200 characters.")]}
        raise BadInput(_("This is too long."), fields=wrong)
    return told


def _locked(step_id: int, actor: User) -> NextStep:
    step = (
        NextStep.objects.select_for_update(of=("self",))
        .select_related("lead", "owner")
        .filter(pk=step_id)
        .first()
    )
    if step is None:
        raise NotFound(_("There is no such next step."))
    own = actor.pk in (step.owner_id, step.lead.owner_id)
    if not may_settle_step(standing(actor), is_own=own):
        message = _("This next step belongs to %(owner)s.") % {"owner": step.owner}
        raise NotAllowed(message, code="not_owner")
    return step
