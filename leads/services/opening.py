"""Leads begin here: capture → contact → row, by whoever or whatever captured it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.enums import Disposition, LifecycleStage, Origin
from leads.models import Contact, Lead, StageTransition
from leads.moving import MovesRefused, Refusal, Step
from leads.services.contacts import ContactFacts, contacts_for
from leads.services.moves import begin_leads, rehearse

ALREADY_OPEN = _("This contact already has an open lead for the same product line.")
LEAD_STEP = Step(to_stage=LifecycleStage.LEAD)


@dataclass(frozen=True, kw_only=True)
class Capture:
    """What came in: a person, what the lead is about, and the steps that the row has gone."""

    contact: ContactFacts
    steps: Sequence[Step] = (LEAD_STEP,)
    product_line_id: int | None = None
    source_id: int | None = None
    campaign_id: int | None = None
    owner_id: int | None = None
    score: int = 0


@dataclass(frozen=True)
class Opened:
    """What became of a list of captures, place by place.

    `leads[i]` is the row that capture i began or, where `existing` holds i, the open row that its
    contact already had for that product line; None where it was refused.
    """

    leads: tuple[Lead | None, ...]
    existing: frozenset[int] = frozenset()
    refusals: tuple[Refusal, ...] = ()
    transitions: tuple[StageTransition, ...] = ()


def open_leads(
    captures: Sequence[Capture], *, actor: User | None, at: datetime, apply_rest: bool = False
) -> Opened:
    """Begin a lead for each capture, all or none.

    A contact that already has an open lead for the product line keeps it: that lead is returned
    and nothing is begun, so the same capture twice changes nothing the second time. A contact
    whose earlier lead has closed gets a new row marked `returning`. Raises MovesRefused when a
    capture is refused; with `apply_rest` the others are opened all the same.
    """
    try:
        return _open(captures, actor, at, apply_rest=apply_rest)
    except IntegrityError:
        # Another transaction used the same outside id between our look and our write; once it has
        # committed a second look finds its contact.
        return _open(captures, actor, at, apply_rest=apply_rest)


@transaction.atomic
def _open(
    captures: Sequence[Capture], actor: User | None, at: datetime, *, apply_rest: bool
) -> Opened:
    contacts = contacts_of(captures, actor=actor, at=at)
    plan = _Plan(captures, contacts, cycles_of(contacts))
    if plan.refusals and not apply_rest:
        raise MovesRefused(plan.refusals, len(captures))
    outcome = begin_leads(plan.rows, at=at)
    return Opened(
        leads=tuple(plan.leads),
        existing=frozenset(plan.existing),
        refusals=tuple(plan.refusals),
        transitions=outcome.transitions,
    )


def contacts_of(
    captures: Sequence[Capture], *, actor: User | None, at: datetime
) -> list[Contact | Refusal]:
    """Return the contact of each capture, or why the capture is refused.

    A capture whose steps the gate would refuse leaves nothing behind, no contact either: the
    steps are rehearsed first.
    """
    refusals = [
        rehearse(new_lead(one, Contact(), returning=False), one.steps, at=at) for one in captures
    ]
    accepted = [one.contact for one, no in zip(captures, refusals, strict=True) if no is None]
    contacts = iter(contacts_for(accepted, actor=actor, at=at))
    return [refusal or next(contacts) for refusal in refusals]


def cycles_of(contacts: Sequence[Contact | Refusal]) -> dict[int, list[Lead]]:
    """Return every lead of each contact, oldest first, by contact id, in one statement."""
    known = {contact.pk for contact in contacts if isinstance(contact, Contact)}
    cycles: dict[int, list[Lead]] = {}
    for lead in Lead.objects.filter(contact_id__in=known).order_by("id"):
        cycles.setdefault(lead.contact_id, []).append(lead)
    return cycles


@dataclass
class _Plan:
    """Which captures begin a row, which meet an open one, which are refused."""

    captures: Sequence[Capture]
    contacts: Sequence[Contact | Refusal]
    cycles: dict[int, list[Lead]]
    leads: list[Lead | None] = field(default_factory=list)
    rows: list[tuple[Lead, Sequence[Step]]] = field(default_factory=list)
    existing: set[int] = field(default_factory=set)
    refusals: list[Refusal] = field(default_factory=list)

    def __post_init__(self) -> None:
        for i, (capture, contact) in enumerate(zip(self.captures, self.contacts, strict=True)):
            if isinstance(contact, Refusal):
                self.refusals.append(replace(contact, index=i))
                self.leads.append(None)
            else:
                self.leads.append(self._place(i, capture, contact))

    def _place(self, i: int, capture: Capture, contact: Contact) -> Lead:
        cycles = self.cycles.setdefault(contact.pk, [])
        is_open = [
            lead
            for lead in cycles
            if lead.disposition == Disposition.OPEN
            and lead.product_line_id == capture.product_line_id
        ]
        if is_open:
            self.existing.add(i)
            return is_open[0]
        lead = new_lead(capture, contact, returning=bool(cycles))
        cycles.append(lead)
        self.rows.append((lead, capture.steps))
        return lead


def new_lead(capture: Capture, contact: Contact, *, returning: bool) -> Lead:
    """Return the row that `capture` would begin, unwritten: its stage is the gate's to say."""
    first = capture.steps[0]
    own = first.to_stage not in (LifecycleStage.LEAD, LifecycleStage.MQL) and not first.is_history
    owner_id = capture.owner_id
    if own and owner_id is None and first.actor is not None:
        owner_id = first.actor.pk
    return Lead(
        contact=contact,
        product_line_id=capture.product_line_id,
        source_id=capture.source_id,
        campaign_id=capture.campaign_id,
        owner_id=owner_id,
        origin=Origin.SALES if own else Origin.MARKETING,
        returning=returning,
        score=capture.score,
    )
