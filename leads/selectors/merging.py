"""What a merge would do, before anybody does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from leads.enums import LifecycleStage
from leads.lifecycle import RANK
from leads.merging import (
    ATTRIBUTE,
    CONTACT_FIELDS,
    LEAD_FIELDS,
    FieldMerge,
    Outcome,
    is_empty,
    merge_fields,
    values_of,
)
from leads.models import Company, Contact, CustomAttribute, Lead
from leads.selectors.canonical import united_ids

LABELS: dict[str, Any] = {
    "email": _("E-mail"),
    "given_name": _("Given name"),
    "family_name": _("Family name"),
    "company_id": _("Company"),
    "job_title": _("Job title"),
    "phone": _("Phone"),
    "city": _("City"),
    "country": _("Country"),
    "product_line_id": _("Product line"),
    "source_id": _("Source"),
    "campaign_id": _("Campaign"),
    "persona_id": _("Persona"),
}


@dataclass(frozen=True)
class ShownField:
    """One field of a preview, in words."""

    label: Any
    field: FieldMerge
    winner: str
    loser: str

    @property
    def is_conflict(self) -> bool:
        """Tell whether a person may choose."""
        return self.field.outcome is Outcome.CONFLICT

    @property
    def is_filled(self) -> bool:
        """Tell whether the winner gets it from the loser."""
        return self.field.outcome is Outcome.FILLED


@dataclass(frozen=True)
class Preview:
    """Two contacts side by side, field by field, and the leads that would close."""

    winner: Contact
    loser: Contact
    fields: Sequence[ShownField]
    closing: Sequence[Lead]
    winner_leads: Sequence[Lead]
    loser_leads: Sequence[Lead]

    @property
    def conflicts(self) -> int:
        """How many fields somebody should look at."""
        return sum(1 for one in self.fields if one.is_conflict)


def preview_contacts(
    winner: Contact, loser: Contact, choices: Mapping[str, str] | None = None
) -> Preview:
    """Return what merging `loser` into `winner` would do; five statements."""
    found = merge_fields(
        values_of(winner, CONTACT_FIELDS), values_of(loser, CONTACT_FIELDS), choices
    )
    ours, theirs = _leads_of(winner.pk, loser.pk)
    lines = {lead.product_line_id for lead in ours if lead.position.is_open}
    closing = [one for one in theirs if one.position.is_open and one.product_line_id in lines]
    return Preview(winner, loser, _shown(found, "CONTACT"), closing, ours, theirs)


def preview_leads(
    winner: Lead, loser: Lead, choices: Mapping[str, str] | None = None
) -> Sequence[ShownField]:
    """Return what merging the lead `loser` into `winner` would do, field by field."""
    found = merge_fields(values_of(winner, LEAD_FIELDS), values_of(loser, LEAD_FIELDS), choices)
    return _shown(found, "LEAD", winner=winner, loser=loser)


def likely_winner(one: Contact, two: Contact) -> tuple[Contact, Contact]:
    """Return which of two should stay: whose open lead is further, who has an e-mail, the elder."""
    ours, theirs = _leads_of(one.pk, two.pk)

    def weight(contact: Contact, leads: Sequence[Lead]) -> tuple[int, bool, int]:
        ranks = [RANK[LifecycleStage(lead.stage)] for lead in leads if lead.position.is_open]
        return max(ranks, default=-1), bool(contact.email), -contact.pk

    first = weight(one, ours) >= weight(two, theirs)
    return (one, two) if first else (two, one)


def _leads_of(one_id: int, two_id: int) -> tuple[list[Lead], list[Lead]]:
    people = united_ids([one_id, two_id])
    ids = {pk for found in people.values() for pk in found}
    rows = Lead.objects.filter(contact_id__in=ids).select_related("product_line", "owner")
    leads = list(rows.order_by("-id"))
    ours = [lead for lead in leads if lead.contact_id in people[one_id]]
    return ours, [lead for lead in leads if lead.contact_id in people[two_id]]


def _shown(fields: Sequence[FieldMerge], subject: str, **leads: Lead) -> Sequence[ShownField]:
    """Put fields into words; what neither row knows is left out."""
    own = dict(CustomAttribute.objects.filter(subject=subject).values_list("key", "label"))
    ids = {v for one in fields if one.name == "company_id" for v in (one.winner, one.loser) if v}
    names = {pk: row.name for pk, row in Company.objects.in_bulk(ids).items()} if ids else {}

    def word(name: str, value: Any, side: str) -> str:
        if is_empty(value):
            return ""
        if name == "company_id":
            return names.get(value, f"#{value}")
        if side in leads and name.endswith("_id"):
            return str(getattr(leads[side], name.removesuffix("_id")))
        return str(value)

    return [
        ShownField(
            label=LABELS.get(one.name) or own.get(one.name.removeprefix(ATTRIBUTE), one.name),
            field=one,
            winner=word(one.name, one.winner, "winner"),
            loser=word(one.name, one.loser, "loser"),
        )
        for one in fields
        if not (is_empty(one.winner) and is_empty(one.loser))
    ]
