"""The undo of a whole import: what it made and nobody touched is deleted, what it changed is as it
was where it still holds the import's value.

It goes back chunk by chunk, the last one first; each is one transaction with its row in the ledger,
so an undo that is killed goes on where it stood. A lead that somebody has worked on stays, with its
person, and is named. The import itself, its counts, and who had it undone stay for ever.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.models import Notice, User
from leads.enums.imports import ChangedKind, ImportPhase, ImportState
from leads.models import Company, Contact, ImportChange, ImportChunk, Lead, LeadImport
from leads.record_tables import tables_of
from leads.selectors.import_undo import (
    UndoPreview,
    touched_contacts,
    touched_known,
    touched_leads,
    undo_preview,
)
from leads.services.imports.ledger import locked, note_chunk
from leads.services.imports.receiving import require_right
from leads.services.imports.restoring import restore_fields
from leads.services.imports.steering import in_state, to_state
from leads.services.imports.traces import ADDED, MOVES, chunk_marks
from leads.services.scoring import score_contacts
from leads.services.unwriting import (
    protection_lifted,
    unwrite_fields,
    unwrite_leads,
    unwrite_moves,
)

log = structlog.get_logger(__name__)
S, P = ImportState, ImportPhase
UNDOABLE = (S.RUNNING, S.PAUSED, S.DONE, S.CANCELLED)
LEFT_SQL = """
    UPDATE leads_importchange AS c SET version = l.version FROM leads_lead AS l
    WHERE l.id = c.object_id AND c.lead_import_id = %s AND c.number = %s AND c.kind = 'LEAD'
        AND c.object_id = ANY(%s)
"""


def preview_undo(pk: int, *, actor: User) -> UndoPreview:
    """Tell what an undo would remove and what would stay; raise NotAllowed, NotFound, Refused."""
    require_right(actor)
    with transaction.atomic():
        return undo_preview(in_state(pk, UNDOABLE, actor))


@transaction.atomic
def undo_import(pk: int, *, actor: User, at: datetime) -> LeadImport:
    """Take an import out again, in the background; one that still runs is cancelled with it.

    Raises NotAllowed, NotFound, Refused for one that never ran or is undone already.
    """
    one = in_state(pk, UNDOABLE, actor)
    was_at_end = one.state in (S.DONE, S.CANCELLED)
    one.undone_by, one.undo_asked_at, one.failure, one.attempts = actor, at, "", 0
    one.finished_at = one.finished_at if was_at_end else at
    log.info("import_undo", lead_import=one.pk, by=actor.pk)
    return to_state(one, S.UNDOING)


@transaction.atomic
def undo_chunk(pk: int, *, at: datetime) -> bool:
    """Take back the last chunk that is still in; tell whether there was one."""
    one = locked(pk)
    if one.state != S.UNDOING:
        return False
    back = ImportChunk.objects.filter(lead_import=one, phase=P.UNDO, number=OuterRef("number"))
    runs = ImportChunk.objects.filter(~Exists(back), lead_import=one, phase=P.RUN)
    chunk = runs.order_by("-number").first()
    if chunk is None:
        one.state, one.undone_at = S.UNDONE, at
        one.save(update_fields=["state", "undone_at"])
        return False
    with protection_lifted(one.pk, chunk.number):
        done = _TakenBack(one, chunk, at).carry_out()
    score_contacts(done.pop("restored_people"), at=at)
    note_chunk(one, ImportChunk(
        lead_import=one, phase=P.UNDO, number=chunk.number, last_row=chunk.last_row,
        rows=chunk.rows, created=done["leads"], updated=done["restored"],
        unchanged=len(done["kept"]), made=done, done_at=at,
    ), at=at)  # fmt: skip
    return True


class _TakenBack:
    """One chunk on its way out; its leads are locked before their people, as the gate locks."""

    def __init__(self, one: LeadImport, chunk: ImportChunk, at: datetime) -> None:
        self._one, self._chunk, self._made, self._at = one, chunk, chunk.made, at
        self._changes = list(ImportChange.objects.filter(lead_import=one, number=chunk.number))
        self._leads = _ids(chunk.made.get("leads", ()))
        self._people = _ids(chunk.made.get("contacts", ()))
        self._lock()
        marks = chunk_marks(chunk)
        self._kept = touched_leads(one, chunk.number, marks)
        self._kept_known = touched_known(one, chunk.number, marks)

    def _lock(self) -> None:
        known = self._of(ChangedKind.LEAD)
        mine = Q(pk__in=[*self._leads, *known]) | Q(contact_id__in=self._people)
        rows = Lead.objects.filter(mine).order_by("id").select_for_update(of=("self",))
        holders = set(rows.values_list("contact_id", flat=True))
        people = {*self._people, *holders, *self._of(ChangedKind.CONTACT)}
        list(
            Contact.objects.filter(pk__in=people)
            .order_by("id")
            .select_for_update(of=("self",))
            .values_list("pk")
        )
        firms = Company.objects.filter(pk__in=self._of(ChangedKind.COMPANY)).order_by("id")
        list(firms.select_for_update(of=("self",)).values_list("pk"))

    def _of(self, kind: ChangedKind) -> list[int]:
        return [row.object_id for row in self._changes if row.kind == kind]

    def carry_out(self) -> dict[str, Any]:
        """Delete and restore; return what was done."""
        gone = [pk for pk in self._leads if pk not in self._kept]
        unwrite_leads(gone)
        if self._one.mapping.get("hand_over"):
            urls = [reverse("lead-detail", args=[pk]) for pk in gone]
            Notice.objects.filter(url__in=urls).delete()
        self._take_added()
        known = [pk for pk in self._of(ChangedKind.LEAD) if pk not in self._kept_known]
        unwrite_moves(known, self._made.get("rows", {}).get(MOVES, ()))
        restore_fields(self._changes, ChangedKind.LEAD, without=self._kept_known)
        deals = restore_fields(self._changes, ChangedKind.DEAL)
        people = restore_fields(self._changes, ChangedKind.CONTACT)
        companies = restore_fields(self._changes, ChangedKind.COMPANY)
        self._give_back(known)
        with connection.cursor() as cursor:
            cursor.execute(LEFT_SQL, [self._one.pk, self._chunk.number, known])
        contacts = self._take_people()
        return {
            "leads": len(gone),
            "contacts": contacts,
            "companies": self._take_companies(),
            "restored": len(known) + len(people) + len(deals) + len(companies),
            "restored_people": people,
            "kept": sorted({*self._kept, *self._kept_known}),
        }

    def _give_back(self, known: Sequence[int]) -> None:
        """Let known leads that stay as they were have their owner and the like again."""
        was = {int(pk): held for pk, held in self._made.get("was", {}).items()}
        mine = {pk: was[pk] for pk in known if pk in was}
        unwrite_fields(mine, actor=self._one.undone_by, at=self._at)

    def _take_added(self) -> None:
        """Delete what was added to people known before, but of those whose lead stays."""
        staying = Lead.objects.filter(pk__in=[*self._kept, *self._kept_known])
        of_lead, of_person = staying.values("pk"), staying.values("contact_id")
        for model in ADDED:
            ids = self._made.get("rows", {}).get(model._meta.label)
            if ids:
                has_lead = any(field.name == "lead" for field in model._meta.fields)
                stays = Q(lead_id__in=of_lead) if has_lead else Q(contact_id__in=of_person)
                model.objects.filter(pk__in=ids).exclude(stays)._raw_delete("default")

    def _take_people(self) -> int:
        """Delete the people who came with this chunk, have no lead left and no story since."""
        touched = touched_contacts(self._one, self._chunk.number, chunk_marks(self._chunk))
        gone = [pk for pk in self._people if pk not in touched]
        if gone:
            _delete_where(tables_of(Contact), gone)
            _forget("ContactEvent", gone)
            Contact.objects.filter(pk__in=gone)._raw_delete("default")
        return len(gone)

    def _take_companies(self) -> int:
        """Delete companies that came with this chunk and nobody works for any more, and names that
        nothing carries."""
        versions = {pk: {version} for pk, version in self._made.get("companies", ())}
        later = ImportChange.objects.filter(
            lead_import=self._one, kind=ChangedKind.COMPANY, object_id__in=versions
        )
        for pk, version in later.values_list("object_id", "version"):  # by chunks taken back before
            versions[pk].add(version)
        rows = Company.objects.filter(pk__in=versions).order_by("pk").select_for_update()
        same = [pk for pk, version in rows.values_list("pk", "version") if version in versions[pk]]
        free = list(_unused(Company, same))
        if free:
            _forget("CompanyEvent", free)
            Company.objects.filter(pk__in=free)._raw_delete("default")
        for label, ids in self._made.get("names", {}).items():
            model = apps.get_model(label)
            model.objects.filter(pk__in=_unused(model, ids))._raw_delete("default")
        return len(free)


def _ids(pairs: Iterable[Sequence[int]]) -> list[int]:
    return [pair[0] for pair in pairs]


def _unused(model: Any, ids: Collection[int]) -> list[int]:
    """Return those of `ids` that no table points at."""
    rows = model.objects.filter(pk__in=ids)
    with connection.cursor() as cursor:
        for table in tables_of(model) if ids else ():
            cursor.execute(
                f"SELECT DISTINCT {table.column} FROM {table.table} "  # noqa: S608  # fixed names
                f"WHERE {table.column} = ANY(%s)",
                [list(ids)],
            )
            rows = rows.exclude(pk__in=[pk for (pk,) in cursor.fetchall()])
    return list(rows.values_list("pk", flat=True))


def _delete_where(tables: Iterable[Any], ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            if table.label != Lead._meta.label:
                sql = f"DELETE FROM {table.table} WHERE {table.column} = ANY(%s)"  # noqa: S608  # fixed names
                cursor.execute(sql, [list(ids)])


def _forget(history: str, ids: Sequence[int]) -> None:
    apps.get_model("leads", history).objects.filter(pgh_obj_id__in=ids)._raw_delete("default")
