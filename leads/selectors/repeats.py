"""Which open leads a lead repeats: the other cycles of the same person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce

from accounts.rules import standing
from leads.models import Lead
from leads.querysets import LeadQuerySet

PERSON = Coalesce(F("contact__merged_into_id"), F("contact_id"))


def leads_repeated(
    lead_ids: Sequence[int], *, actor: Any, chosen: int | None = None
) -> dict[int, list[int]]:
    """Return for each lead the ids of the other open leads of its person, oldest first.

    With `chosen` only that one is looked for, among all that `actor` sees. Two statements.
    """
    if chosen is not None:
        found = list(_seen(actor).open().filter(pk=chosen).values_list("pk", flat=True))
        return {pk: [one for one in found if one != pk] for pk in lead_ids}
    asked: dict[int, int] = dict(Lead.objects.filter(pk__in=lead_ids).values_list("pk", PERSON))
    rows = Lead.objects.open().annotate(person=PERSON).filter(person__in=set(asked.values()))
    by_person: dict[int, list[int]] = {}
    for pk, person in rows.order_by("pk").values_list("pk", "person"):
        by_person.setdefault(person, []).append(pk)
    return {
        pk: [one for one in by_person.get(person, []) if one != pk] for pk, person in asked.items()
    }


def _seen(actor: Any) -> LeadQuerySet:
    return Lead.objects.visible_to(actor, standing(actor))
