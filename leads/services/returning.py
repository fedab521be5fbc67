"""MQLs that go back to Marketing to be fixed, and come back. Part of the gate: no stage changes.

A returned lead stays open at MQL with `returned_at` set, in the queue of leads to be fixed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import Membership, User
from accounts.rules import standing
from leads import moving
from leads.enums import AssignmentCause, Decision, Disposition, LifecycleStage, QueueKind
from leads.lifecycle import Side
from leads.models import Assignment, Feedback, Lead
from leads.moving import MovesRefused, Refusal, Step
from leads.rules import Verdict, verdict_on_rework, verdict_on_side
from leads.selectors.avoiding import reps_to_avoid
from leads.selectors.desk import read_people
from leads.services.checks import reason_against, role_words
from leads.services.gate import Outcome, Passage
from leads.services.house import House
from leads.services.placing import place_new_mqls
from leads.services.storing import name_who
from leads.signals import feedback_changed

NOT_AN_MQL = _("Only an MQL that waits for a decision is returned; this lead is at %(stage)s.")
ALREADY_RETURNED = _("This lead has already been returned to be fixed.")
NOT_RETURNED = _("This lead is not waiting to be fixed.")
TO_RETURN = _("Returning an MQL to be fixed is for Sales to decide.")
TO_HAND_BACK = _("Handing back a lead that was fixed is for Marketing to decide.")

Refuse = Callable[[Lead], tuple[str, object] | None]


def return_leads(
    lead_ids: Sequence[int],
    step: Step,
    *,
    at: datetime,
    apply_rest: bool = False,
    house: House | None = None,
) -> Outcome:
    """Send open MQLs back to be fixed, with the reason, note and rating of `step`; all or none.

    Owner cleared, queue FIX, `returned_at` set; the feedback RETURNED counts in no rate. Raises
    MovesRefused, having changed nothing, when one is refused; `apply_rest` returns the others.
    """
    house = house or House()
    with transaction.atomic():
        passage = Passage(at, house=house)
        leads = _checked(
            passage, lead_ids, lambda lead: _against_return(lead, step, house), apply_rest
        )
        queue_id = house.queue_id(QueueKind.FIX) if leads else 0
        for lead in leads:
            _return(passage, lead, step, queue_id)
        passage.actors.add(step.actor)
        action = passage.write()
    return passage.outcome(leads, action)


def finish_rework(
    lead_ids: Sequence[int],
    *,
    actor: User,
    at: datetime,
    note: str = "",
    apply_rest: bool = False,
) -> Outcome:
    """Hand fixed MQLs back to whoever returned them, else to routing; all or none.

    Who is away, has left or no longer sells gets nothing back: routing finds somebody else, by its
    own rules. The cooldown never keeps a lead from who returned it.

    Marketing does it; managers of either side with a note. Raises MovesRefused, having changed
    nothing, when one is refused; with `apply_rest` the others go back all the same.
    """
    with transaction.atomic():
        passage = Passage(at)
        leads = _checked(
            passage, lead_ids, lambda lead: _against_handing_back(lead, actor, note), apply_rest
        )
        returned = _returned(leads)
        returns = _returns_of(leads)
        people = _who_had(returns, at)
        for lead in leads:
            lead.returned_at = None
            _give_back(passage, lead, people.get(lead.pk), actor, note)
        unplaced = [lead for lead in leads if lead.pk not in people]
        avoid = _avoided(unplaced, returns, passage)
        for row in place_new_mqls(unplaced, actor=actor, at=at, avoid=avoid):
            passage.assign(row)
        passage.leads = {lead.pk: lead for lead in leads}
        passage.actors.add(actor)
        action = passage.write()
        if returned:
            feedback_changed.send(sender=Feedback, feedback=returned, what="fixed", at=at)
    return passage.outcome(leads, action)


def _checked(
    passage: Passage, lead_ids: Sequence[int], against: Refuse, apply_rest: bool
) -> list[Lead]:
    """Lock the leads and return those that nothing speaks against; refuse the rest or all."""
    locked = passage.lock(lead_ids)
    allowed = []
    for index, lead_id in enumerate(lead_ids):
        lead = locked.get(lead_id)
        found = against(lead) if lead else ("not_found", moving.NOT_FOUND)
        if found is not None:
            refusal = Refusal(lead_id=lead_id, code=found[0], message=found[1])
            passage.refusals.append(replace(refusal, index=index))
        elif lead is not None:
            allowed.append(lead)
    name_who(passage.refusals)
    if passage.refusals and not apply_rest:
        raise MovesRefused(passage.refusals, len(lead_ids))
    return allowed


def _against_return(lead: Lead, step: Step, house: House) -> tuple[str, object] | None:
    stage = LifecycleStage(lead.stage)
    if lead.disposition != Disposition.OPEN:
        names = {"who": "%(who)s", "disposition": Disposition(lead.disposition).label}
        return "closed", moving.ALREADY_CLOSED % names
    if stage is not LifecycleStage.MQL:
        names = {"stage": stage.label, "expected": LifecycleStage.MQL.label, "who": "%(who)s"}
        return "moved_meanwhile", moving.MOVED_MEANWHILE % names
    if lead.returned_at is not None:
        return "already_returned", ALREADY_RETURNED
    actor = step.actor
    verdict = verdict_on_side(
        standing(actor),
        Side.SALES,
        is_owner=actor is not None and lead.owner_id == actor.pk,
        is_owned=lead.owner_id is not None,
        has_note=bool(step.note.strip()),
    )
    refused = _words(verdict, Side.SALES, lead, TO_RETURN)
    return refused or reason_against(step, None, house)


def _against_handing_back(lead: Lead, actor: User, note: str) -> tuple[str, object] | None:
    if lead.returned_at is None:
        return "not_returned", NOT_RETURNED
    verdict = verdict_on_rework(standing(actor), has_note=bool(note.strip()))
    return _words(verdict, Side.MARKETING, lead, TO_HAND_BACK)


def _words(verdict: Verdict, side: Side, lead: Lead, words: object) -> tuple[str, object] | None:
    if verdict is Verdict.WRONG_SIDE:
        return "wrong_side", words
    return role_words(verdict, side, lead, {})


def _return(passage: Passage, lead: Lead, step: Step, queue_id: int) -> None:
    row = Assignment(
        lead=lead,
        from_owner_id=lead.owner_id,
        queue_id=queue_id,
        cause=AssignmentCause.RETURNED,
        actor=step.actor,
        note=step.note[:500],
        assigned_at=passage.at,
    )
    lead.owner, lead.queue_id, lead.returned_at = None, queue_id, passage.at
    passage.assign(row)
    passage.feedback.append(
        Feedback(
            lead=lead,
            decision=Decision.RETURNED,
            counts_as=None,
            reason=step.reason,
            fit_rating=step.fit_rating,
            text=step.note,
            given_by=step.actor,
            decided_at=passage.at,
        )
    )
    passage.leads[lead.pk] = lead


def _returns_of(leads: Sequence[Lead]) -> dict[int, Assignment]:
    """Return by lead id the assignment by which it was last returned; `by_rep` tells whether a rep
    did it. One statement."""
    of_actor = Membership.objects.filter(user=OuterRef("actor"), role=Role.REP)
    rows = (
        Assignment.objects.filter(
            lead__in=leads,
            cause=AssignmentCause.RETURNED,
            queue__kind=QueueKind.FIX,
            voided_at__isnull=True,
        )
        .select_related("from_owner", "actor")
        .annotate(by_rep=Exists(of_actor))
        .order_by("lead", "-assigned_at", "-id")
        .distinct("lead")
    )
    return {row.lead_id: row for row in rows}


def _who_had(returns: Mapping[int, Assignment], at: datetime) -> dict[int, User]:
    """Return who gets each fixed lead back: the owner it was taken from, else the rep who returned
    it, if routing could give him a lead now. It is his already, so how many he has does not matter.
    """
    had = {
        pk: row.from_owner or row.actor
        for pk, row in returns.items()
        if row.from_owner or getattr(row, "by_rep", False)
    }
    known = read_people({person.pk for person in had.values() if person}, at=at)
    return {
        pk: person
        for pk, person in had.items()
        if person and known[person.pk].hindrance(frozenset(), None) is None
    }


def _avoided(
    leads: Sequence[Lead], returns: Mapping[int, Assignment], passage: Passage
) -> dict[int, frozenset[int]]:
    """Return by contact id who must not get its lead now; never who returned that very lead."""
    if not leads:
        return {}
    found = reps_to_avoid(leads, settings=passage.house.rules.settings, at=passage.at)
    for lead in leads:
        row = returns.get(lead.pk)
        if row is not None and lead.contact_id in found:
            found[lead.contact_id] -= {row.from_owner_id, row.actor_id}
    return found


def _returned(leads: Sequence[Lead]) -> list[Feedback]:
    """Return the feedback by which each lead was last returned; one statement."""
    rows = (
        Feedback.objects.filter(lead__in=leads, decision=Decision.RETURNED, voided_at__isnull=True)
        .select_related("lead")
        .order_by("lead", "-decided_at", "-id")
        .distinct("lead")
    )
    return list(rows)


def _give_back(passage: Passage, lead: Lead, person: User | None, actor: User, note: str) -> None:
    if person is None:
        return
    row = Assignment(
        lead=lead,
        from_owner_id=lead.owner_id,
        owner=person,
        cause=AssignmentCause.RETURNED,
        actor=actor,
        note=note[:500],
        assigned_at=passage.at,
    )
    lead.owner, lead.queue_id = person, None
    passage.assign(row)
