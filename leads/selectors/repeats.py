"""Which open leads a lead repeats: the other cycles of the same person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce

from accounts.rules import standing
from leads.models import Contact, Lead
from leads.querysets import LeadQuerySet

PERSON = Coalesce(F("contact__merged_into_id"), F("contact_id"))


def leads_repeated(
    lead_ids: Sequence[int], *, actor: Any, chosen: int | None = None
) -> dict[int, list[int]]:
    """Return for each lead the ids of the other open leads of its person, oldest first.

    With `chosen` only that one, if it is the person's and `actor` sees it. Two statements.
    """
    asked: dict[int, int] = dict(Lead.objects.filter(pk__in=lead_ids).values_list("pk", PERSON))
    meant = Lead.objects.all() if chosen is None else _seen(actor).filter(pk=chosen)
    rows = meant.open().annotate(person=PERSON).filter(person__in=set(asked.values()))
    by_person: dict[int, list[int]] = {}
    for pk, person in rows.order_by("pk").values_list("pk", "person"):
        by_person.setdefault(person, []).append(pk)
    return {
        pk: [one for one in by_person.get(person, []) if one != pk] for pk, person in asked.items()
    }


def person_of_lead(lead_id: int, *, actor: Any) -> Contact | None:
    """Return whose open lead that is, None for a lead that `actor` does not see."""
    rows = _seen(actor).open().select_related("contact__merged_into")
    lead = rows.defer("contact__search", "contact__merged_into__search").filter(pk=lead_id).first()
    return lead.contact.canonical if lead else None


def _seen(actor: Any) -> LeadQuerySet:
    return Lead.objects.visible_to(actor, standing(actor))
