"""What an erasure takes out of each table, and what it leaves for the figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast

from accounts.models import KeptAnswer, Notice
from leads.enums import AttributeKind, CloseReason
from leads.enums.out import ExportedList, ExportState
from leads.models import (
    Activity,
    AssetSend,
    Assignment,
    CaptureReceipt,
    Contact,
    ContactExternalId,
    CustomAttribute,
    CustomerEvent,
    Dispute,
    ExportFile,
    ExportPart,
    Feedback,
    FeedbackComment,
    Lead,
    Merge,
    NextStep,
    NotDuplicate,
    Opportunity,
    ProposedChange,
    Snooze,
    StageTransition,
    Submission,
    Touch,
    UndoableAction,
    Visitor,
)
from leads.models.opportunities import DealState
from leads.services.sweeping import GONE

# What a figure may ask about stays; what somebody wrote himself goes.
KEPT_KINDS = (AttributeKind.CHOICE, AttributeKind.FLAG)


@dataclass(frozen=True)
class Person:
    """Who is to be erased, one or several: every row, and what they can be known by."""

    # The contacts that count, one a person.
    heads: Sequence[int]
    contact_ids: Sequence[int]
    lead_ids: Sequence[int]
    emails: Sequence[str]
    names: Sequence[str]
    keys: Sequence[tuple[str, str]]


def scrub_record(person: Person, *, at: datetime) -> int:
    """Take the person out of the record; return the rows touched."""
    touched = _contacts(person, at) + _around(person) + _words(person, at)
    return touched + _history(person) + _transitions(person)


def _contacts(person: Person, at: datetime) -> int:
    """Blank the contact; country and company stay, figures are told by them."""
    mine = Contact.objects.filter(pk__in=person.contact_ids)
    kept = _kept_keys("CONTACT")
    rows = list(mine.only("attributes"))
    for row in rows:
        row.attributes = {key: row.attributes[key] for key in row.attributes if key in kept}
    Contact.objects.bulk_update(rows, ["attributes"])
    return mine.update(
        email=None, given_name="", family_name="", sort_key="", phone="", job_title="", city="",
        search=None, no_marketing_since=at, erased_at=at, version=F("version") + 1,
    )  # fmt: skip


def _kept_keys(subject: str) -> set[str]:
    rows = CustomAttribute.objects.filter(subject=subject, kind__in=KEPT_KINDS)
    return set(rows.values_list("key", flat=True))


def _around(person: Person) -> int:
    """Delete what only tells who somebody is, or what he might be."""
    of_contact: tuple[Any, ...] = (ContactExternalId, ProposedChange, Visitor, CaptureReceipt)
    ids, leads = person.contact_ids, person.lead_ids
    touched = sum(model.objects.filter(contact_id__in=ids).delete()[0] for model in of_contact)
    touched += NotDuplicate.objects.filter(Q(first__in=ids) | Q(second__in=ids)).delete()[0]
    touched += Snooze.objects.filter(lead_id__in=leads).delete()[0]
    undo = UndoableAction.objects.filter(before__has_any_keys=[str(pk) for pk in leads])
    touched += undo.delete()[0]
    return int(touched)


def _words(person: Person, at: datetime) -> int:
    """Blank what people wrote about him; that they did, and when, stays."""
    leads, ids = person.lead_ids, person.contact_ids
    of_lead = {"lead_id__in": leads}
    said = Value(GONE)
    touched = Activity.objects.filter(**of_lead).exclude(text="").update(text=said, search=None)
    open_steps = NextStep.objects.filter(**of_lead, done_at=None, dropped_at=None)
    touched += open_steps.update(dropped_at=at)
    touched += NextStep.objects.filter(**of_lead).exclude(text="").update(text="")
    touched += AssetSend.objects.filter(**of_lead).exclude(note="").update(note="")
    touched += Assignment.objects.filter(**of_lead).exclude(note="").update(note="")
    deals = Opportunity.objects.filter(**of_lead)
    touched += deals.filter(state=DealState.OPEN).update(
        state=DealState.LOST, closed_at=at, reason=CloseReason.OTHER
    )
    touched += deals.update(name="", note="")
    touched += CustomerEvent.objects.filter(**of_lead).exclude(note="").update(note="")
    touched += Feedback.objects.filter(**of_lead).exclude(text="").update(text="")
    touched += FeedbackComment.objects.filter(feedback__lead_id__in=leads).update(text=said)
    disputes = Dispute.objects.filter(feedback__lead_id__in=leads)
    touched += disputes.update(argument=said)
    touched += disputes.exclude(answer="").update(answer=said)
    touched += disputes.exclude(ruling_note="").update(ruling_note=said)
    touched += Submission.objects.filter(contact_id__in=ids).update(values={}, page="")
    touched += Touch.objects.filter(contact_id__in=ids).update(detail="", url="", outside_id="")
    both = Q(winner__in=ids) | Q(loser__in=ids) | Q(winner_lead__in=leads) | Q(loser_lead__in=leads)
    return touched + Merge.objects.filter(both).update(before={}) + _lead_fields(leads)


def _lead_fields(leads: Sequence[int]) -> int:
    kept = _kept_keys("LEAD")
    rows = list(Lead.objects.filter(pk__in=leads).exclude(attributes={}).only("attributes"))
    for row in rows:
        row.attributes = {key: row.attributes[key] for key in row.attributes if key in kept}
    return Lead.objects.bulk_update(rows, ["attributes"])


def _history(person: Person) -> int:
    """Delete what the history keeps of his rows: an event is a row as it was, name and all."""
    of_contact = apps.get_model("leads", "ContactEvent").objects
    of_lead = apps.get_model("leads", "LeadEvent").objects
    of_deal = apps.get_model("leads", "OpportunityEvent").objects
    deals = Opportunity.objects.filter(lead_id__in=person.lead_ids).values("pk")
    touched: int = of_contact.filter(pgh_obj_id__in=person.contact_ids).delete()[0]
    touched += of_lead.filter(pgh_obj_id__in=person.lead_ids).delete()[0]
    touched += of_deal.filter(pgh_obj_id__in=deals).delete()[0]
    return touched


def _transitions(person: Person) -> int:
    """Blank notes, and the values in the evidence: that it was met stays."""
    mine = StageTransition.objects.filter(lead_id__in=person.lead_ids)
    proven = list(mine.exclude(evidence=None).only("evidence"))
    for row in proven:
        row.evidence = without_values(row.evidence)
    StageTransition.objects.bulk_update(proven, ["evidence"])
    return mine.exclude(note="").update(note=GONE) + len(proven)


def without_values(evidence: Any) -> Any:
    """Return evidence with what was checked and whether it was met, but not with what was found."""
    if isinstance(evidence, dict):
        return {
            key: None if key == "value" and "met" in evidence else without_values(value)
            for key, value in evidence.items()
        }
    return [without_values(one) for one in evidence] if isinstance(evidence, list) else evidence


def scrub_notices(person: Person) -> int:
    """Delete notices about his leads or with his name, and answers kept for callers of the API."""
    paths = [f"/leads/{pk}/" for pk in person.lead_ids]
    paths += [f"/contacts/{pk}/" for pk in person.contact_ids]
    words = [re.escape(word) for word in (*person.emails, *person.names)]
    told = Notice.objects.alias(said=Cast("params", TextField()))
    about = Q(pk__in=[])
    if paths:
        about |= Q(url__regex="^(" + "|".join(map(re.escape, paths)) + ")")
    kept = Q(pk__in=[])
    if words:
        about |= Q(said__iregex="|".join(words))
        kept |= Q(body__iregex="|".join(words))
    return told.filter(about).delete()[0] + KeptAnswer.objects.filter(kept).delete()[0]


def scrub_files(*, at: datetime) -> int:
    """Remove every exported file that holds people, and begin those anew that are being written:
    to look for one person in all of them takes longer than to export once more."""
    of_people = ExportFile.objects.exclude(of_list=ExportedList.COMPANIES)
    live = of_people.filter(state__in=(ExportState.READY, ExportState.WAITING))
    touched = ExportPart.objects.filter(export__in=live.values("pk")).delete()[0]
    live.filter(state=ExportState.READY).update(state=ExportState.EXPIRED)
    live.filter(state=ExportState.WAITING).update(
        rows=0, size=0, parts_done=0, place=None, leased_until=None
    )
    return touched
