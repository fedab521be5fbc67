"""Leads begin here: capture → contact → row, by whoever or whatever captured it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.enums import Disposition, LifecycleStage, Origin
from leads.models import Contact, Lead, StageTransition, Touch
from leads.moving import MovesRefused, Refusal, Step
from leads.services.contacts import ContactFacts, contacts_for
from leads.services.following import follow, returns
from leads.services.house import House
from leads.services.locking import wait_in_line
from leads.services.moves import begin_leads, rehearse
from leads.services.recycling import mark_woken
from leads.services.scoring import score_contacts, score_new
from leads.services.touches import TouchFacts, store_touches
from leads.signals import touches_recorded

ALREADY_OPEN = _("This contact already has an open lead for the same product line.")
LEAD_STEP = Step(to_stage=LifecycleStage.LEAD)


@dataclass(frozen=True, kw_only=True)
class Capture:
    """What came in: a person, what the lead is about, and the steps that the row has gone.

    `touch` is the interaction that brought the person, with which the lead's story begins; its
    contact is the capture's, and so are campaign and source where it names none. `score` is what
    the lead brings along from elsewhere; what the rules give is added to it. `attributes` are
    values of the lead's own fields; of an open lead they fill what is empty.
    """

    contact: ContactFacts
    steps: Sequence[Step] = (LEAD_STEP,)
    product_line_id: int | None = None
    source_id: int | None = None
    campaign_id: int | None = None
    owner_id: int | None = None
    score: int = 0
    touch: TouchFacts | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Opened:
    """What became of a list of captures, place by place.

    `leads[i]` is the row that capture i began or, where `existing` holds i, the open row that its
    contact already had for that product line; None where it was refused. `contact_ids[i]` is the
    person of capture i, also where the gate refused a lead; None where nobody could be made of it.
    """

    leads: tuple[Lead | None, ...]
    contact_ids: tuple[int | None, ...] = ()
    existing: frozenset[int] = frozenset()
    refusals: tuple[Refusal, ...] = ()
    transitions: tuple[StageTransition, ...] = ()


def open_leads(
    captures: Sequence[Capture], *, actor: User | None, at: datetime, apply_rest: bool = False
) -> Opened:
    """Begin a lead for each capture, all or none.

    A contact that already has an open lead for the product line keeps it: that lead is returned
    and nothing is begun, so the same capture twice changes nothing the second time; its touch is
    added, unless it is known. A contact who was won, lost or disqualified gets a new row marked
    `returning`; one who was recycled gets his next cycle. Rows are scored as they begin. Raises
    MovesRefused when a capture is refused; with `apply_rest` the others are opened all the same.
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
    _wait_for(captures)
    contacts, made = contacts_of(captures, actor=actor, at=at)
    plan = _Plan(captures, contacts, cycles_of(contacts, made=made))
    if plan.refusals and not apply_rest:
        raise MovesRefused(plan.refusals, len(captures))
    touches = store_touches(_touches(captures, contacts), at=at)
    house, new = House(), [lead for lead, _steps in plan.rows]
    scores = score_new(new, at=at, house=house, proposable=plan.proposable())
    outcome = begin_leads(plan.rows, at=at, apply_rest=apply_rest, house=house)
    plan.strike(outcome.refusals)
    mark_woken([resting for lead, resting in plan.woken if lead.pk is not None], at=at)
    plan.fill()
    known = [lead for i, lead in enumerate(plan.leads) if lead is not None and i in plan.existing]
    scored = [*scores.settle(at=at), *_tell_of(touches, known, at)]
    now = {lead.pk: lead for lead in scored}
    return Opened(
        leads=tuple(now.get(lead.pk, lead) if lead else None for lead in plan.leads),
        contact_ids=tuple(c.pk if isinstance(c, Contact) else None for c in contacts),
        existing=frozenset(plan.existing),
        refusals=tuple(plan.refusals),
        transitions=outcome.transitions,
    )


def _wait_for(captures: Sequence[Capture]) -> None:
    people = [one.contact for one in captures]
    wait_in_line(
        (one.email for one in people), [one.outside_key for one in people if one.outside_key]
    )


def contacts_of(
    captures: Sequence[Capture], *, actor: User | None, at: datetime
) -> tuple[list[Contact | Refusal], frozenset[int]]:
    """Return the contact of each capture, or why the capture is refused; and the ids of those who
    were made just now.

    A capture whose steps the gate would refuse leaves nothing behind, no contact either: the
    steps are rehearsed first.
    """
    refusals = [
        rehearse(new_lead(one, Contact(), returning=False), one.steps, at=at) for one in captures
    ]
    accepted = [one.contact for one, no in zip(captures, refusals, strict=True) if no is None]
    found, made = contacts_for(accepted, actor=actor, at=at)
    contacts = iter(found)
    return [refusal or next(contacts) for refusal in refusals], made


def cycles_of(
    contacts: Sequence[Contact | Refusal], *, made: frozenset[int] = frozenset()
) -> dict[int, list[Lead]]:
    """Return every lead of each person, oldest first, by contact id; one statement, none where
    everybody was `made` just now.

    Leads of rows that were merged into a contact are its own.
    """
    known = {contact.pk for contact in contacts if isinstance(contact, Contact)} - made
    if not known:
        return {}
    # Two walks by lists of ids: each keeps its index even before anybody has counted the tables.
    own = Lead.objects.filter(contact_id__in=known).annotate(person_id=F("contact_id"))
    merged = Lead.objects.filter(contact__merged_into_id__in=known)
    rows: Any = own.union(merged.annotate(person_id=F("contact__merged_into_id")), all=True)
    cycles: dict[int, list[Lead]] = {}
    for lead in sorted(rows, key=lambda lead: lead.pk):
        cycles.setdefault(lead.person_id, []).append(lead)
    return cycles


def _touches(
    captures: Sequence[Capture], contacts: Sequence[Contact | Refusal]
) -> list[TouchFacts]:
    return [
        replace(
            one.touch,
            contact_id=contact.pk,
            campaign_id=one.touch.campaign_id or one.campaign_id,
            source_id=one.touch.source_id or one.source_id,
        )
        for one, contact in zip(captures, contacts, strict=True)
        if one.touch is not None and isinstance(contact, Contact)
    ]


def _tell_of(touches: Sequence[Touch], known: Sequence[Lead], at: datetime) -> list[Lead]:
    """Score the rows that were there already, and tell the world of the touches."""
    if not touches:
        return []
    scored = score_contacts({lead.contact_id for lead in known}, at=at) if known else []
    touches_recorded.send(sender=Touch, touches=list(touches), at=at)
    return scored


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
    woken: list[tuple[Lead, Lead]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for i, (capture, contact) in enumerate(zip(self.captures, self.contacts, strict=True)):
            if isinstance(contact, Refusal):
                self.refusals.append(replace(contact, index=i))
                self.leads.append(None)
            else:
                self.leads.append(self._place(i, capture, contact))

    def strike(self, refusals: Sequence[Refusal]) -> None:
        """Take back the rows that the gate refused; a person who meets no definition stays one."""
        struck = {id(self.rows[refusal.index][0]): refusal for refusal in refusals}
        for i, lead in enumerate(self.leads):
            refusal = struck.get(id(lead))
            if refusal is not None:
                self.refusals.append(replace(refusal, index=i))
                self.leads[i] = None

    def fill(self) -> None:
        """Write values of own fields into the open rows that lack them; one statement or none."""
        filled: dict[int, Lead] = {}
        for i in sorted(self.existing):
            lead, told = self.leads[i], self.captures[i].attributes
            new = {key: v for key, v in told.items() if lead and key not in lead.attributes}
            if lead is not None and lead.pk is not None and new:
                lead.attributes = {**lead.attributes, **new}
                lead.version += 0 if lead.pk in filled else 1
                filled[lead.pk] = lead
        if filled:
            Lead.objects.bulk_update(filled.values(), ["attributes", "version"])

    def proposable(self) -> list[Lead]:
        """Return the rows that stay at LEAD and are not history: a score may propose them."""
        return [
            lead
            for lead, steps in self.rows
            if steps[-1].to_stage is LifecycleStage.LEAD and not steps[-1].is_history
        ]

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
        lead = new_lead(capture, contact, returning=returns(cycles))
        resting = None if capture.steps[0].is_history else follow(lead, cycles)
        if resting is not None:
            self.woken.append((lead, resting))
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
        attributes=dict(capture.attributes),
    )
