"""An import is taken out again: the leads that it began, while nobody has touched them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, Model, OuterRef

from leads.enums.imports import ImportPhase, ImportState
from leads.models import (
    Assignment,
    Contact,
    ContactExternalId,
    ImportChunk,
    Lead,
    LeadImport,
    Opportunity,
    ScorePart,
    StageTransition,
)
from leads.services.imports.ledger import last_of, note_chunk

# What comes in with a lead or a person, and goes with it.
WITH_LEAD: tuple[type[Model], ...] = (StageTransition, ScorePart, Opportunity, Assignment)
WITH_CONTACT: tuple[type[Model], ...] = (ContactExternalId,)


def take_out_chunk(one: LeadImport, *, at: datetime) -> bool:
    """Take out what the next chunk of the run began; tell whether there was one.

    The caller holds the import's lock. Leads that somebody has touched stay, counted as refused.
    """
    number, last_row = last_of(one, ImportPhase.UNDO)
    ran = one.chunks.filter(phase=ImportPhase.RUN, last_row__gt=last_row).order_by("number").first()
    if ran is None:
        one.state, one.finished_at = ImportState.UNDONE, at
        one.save(update_fields=["state", "finished_at"])
        return False
    began = ran.made.get("leads", [])
    untouched = untouched_leads(began)
    _delete_leads(untouched)
    _delete_contacts(ran.made.get("contacts", []))
    note_chunk(one, ImportChunk(
        lead_import=one, phase=ImportPhase.UNDO, number=number + 1, last_row=ran.last_row,
        rows=len(began), updated=len(untouched), refused=len(began) - len(untouched), done_at=at,
    ), at=at)  # fmt: skip
    return True


def untouched_leads(began: Collection[Any]) -> list[int]:
    """Return those of the (id, version) pairs whose lead is just as the import left it; locks."""
    rows = Lead.objects.filter(pk__in=[pk for pk, _version in began]).order_by("id")
    for number, name in enumerate(_others(Lead, WITH_LEAD)):
        model, field = name
        rows = rows.annotate(**{f"has_{number}": Exists(
            model._default_manager.filter(**{field: OuterRef("pk")}))})  # fmt: skip
        rows = rows.filter(**{f"has_{number}": False})
    left = dict(rows.select_for_update(of=("self",)).values_list("id", "version"))
    return [pk for pk, version in began if left.get(pk) == version]


def _others(of: type[Model], own: Collection[type[Model]]) -> list[tuple[type[Model], str]]:
    """Return every (model, field) that points at a row of `of`, but for what came with it."""
    found = []
    for relation in of._meta.related_objects:
        model = relation.related_model
        if isinstance(model, type) and model not in own and not _is_history(model):
            found.append((model, relation.field.name))
    return found


def _is_history(model: type[Model]) -> bool:
    """Tell whether a table keeps what was, written by triggers; it hinders nothing."""
    return hasattr(model, "pgh_tracked_model")


def _delete_leads(pks: list[int]) -> None:
    """Delete leads with what came with them; history goes under its named setting."""
    if not pks:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('smarketing.erasure', 'on', true)")
        for model in WITH_LEAD:
            model._default_manager.filter(lead_id__in=pks)._raw_delete("default")
        Lead.objects.filter(pk__in=pks)._raw_delete("default")
        cursor.execute("SELECT set_config('smarketing.erasure', '', true)")


def _delete_contacts(made: Collection[Any]) -> None:
    """Delete the people whom the import brought and to whom nothing points any more."""
    rows = Contact.objects.filter(pk__in=[pk for pk, _version in made])
    for number, (model, field) in enumerate(_others(Contact, WITH_CONTACT)):
        rows = rows.annotate(**{f"has_{number}": Exists(
            model._default_manager.filter(**{field: OuterRef("pk")}))})  # fmt: skip
        rows = rows.filter(**{f"has_{number}": False})
    versions = dict(rows.values_list("id", "version"))
    pks = [pk for pk, version in made if versions.get(pk) == version]
    ContactExternalId.objects.filter(contact_id__in=pks).delete()
    Contact.objects.filter(pk__in=pks)._raw_delete("default")
