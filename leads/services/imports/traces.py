"""What a chunk leaves behind for an undo: which records it made, which it changed, how far each
table had grown by then.

`made` of a chunk holds ids alone, no word of anybody: {"leads": [[id, version], …], "contacts":
[[id, version], …], "companies": [[id, version], …], "names": {label: [id, …]}, "rows": {label:
[id, …]} (what was added to known people and leads), "was": {lead: {column: id or number}} (what
known leads held, where no history keeps it), "marks": {label: highest id}}.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Max, Min, QuerySet

from leads.enums import Cause
from leads.enums.imports import ChangedKind
from leads.models import (
    Activity,
    Company,
    Competitor,
    Consent,
    Contact,
    ContactExternalId,
    ImportChange,
    ImportChunk,
    Lead,
    LeadImport,
    Opportunity,
    ProductLine,
    Source,
    StageTransition,
    Touch,
)
from leads.row_results import ChunkResult, RowVerdict
from leads.selectors.import_undo import marked_tables

HISTORIES = {
    ChangedKind.CONTACT: "ContactEvent",
    ChangedKind.COMPANY: "CompanyEvent",
    ChangedKind.LEAD: "LeadEvent",
    ChangedKind.DEAL: "OpportunityEvent",
}
# What a file may add to people and leads that were known before.
ADDED: tuple[Any, ...] = (Touch, Consent, ContactExternalId, Opportunity, Activity)
MOVES = StageTransition._meta.label


@dataclass(frozen=True)
class Before:
    """How far each table had grown when a chunk began; the key is the model's label."""

    ids: Mapping[str, int]

    def __getitem__(self, model: Any) -> int:
        return self.ids[model._meta.label]


def history_of(kind: str) -> Any:
    """Return the model that keeps what rows of a kind were."""
    return apps.get_model("leads", HISTORIES[ChangedKind(kind)])


def begin() -> Before:
    """Look how far the tables have grown; one statement."""
    models: list[Any] = [Contact, Company, Lead, Source, ProductLine, Competitor]
    models += [StageTransition, *ADDED]
    tables = {one._meta.label: one._meta.db_table for one in models}
    events = [history_of(kind) for kind in HISTORIES]
    marks = _marks({**marked_tables(), **tables})
    return Before({**marks, **_marks({e._meta.label: e._meta.db_table for e in events}, "pgh_id")})


def _marks(tables: Mapping[str, str], key: str = "id") -> dict[str, int]:
    asked = ", ".join(f"(SELECT coalesce(max({key}), 0) FROM {table})" for table in tables.values())  # noqa: S608  # fixed names
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}")
        return dict(zip(tables, cursor.fetchone(), strict=True))


class Traces:
    """Reads what a chunk did, in its transaction, right after its work."""

    def __init__(self, result: ChunkResult, before: Before, at: datetime) -> None:
        came_in = [row for row in result.rows if row.lead_id is not None]
        self._begun = [int(r.lead_id or 0) for r in came_in if r.verdict is RowVerdict.CREATED]
        self._known = [int(r.lead_id or 0) for r in came_in if r.verdict is RowVerdict.UPDATED]
        self._before, self._at = before, at
        self._moves: list[int] = []
        self._was, self._changed_companies = result.was, result.companies
        people = {row.contact_id for row in came_in if row.contact_id is not None}
        mine = Contact.objects.filter(pk__in=people)
        self._new_people = self._versions(mine, since=before[Contact])
        self._met = sorted(people - {pk for pk, _version in self._new_people})

    def made(self) -> dict[str, Any]:
        """Return what is kept in the ledger; a constant number of statements."""
        leads = Lead.objects.filter(pk__in=self._begun)
        rows = self._added() if self._met else {}
        self._moves = rows.get(MOVES, [])
        told = {
            "leads": self._versions(leads),
            "contacts": self._new_people,
            "companies": self._companies(),
            "names": self._names(),
            "rows": rows,
            "was": {str(pk): dict(held) for pk, held in self._was.items()},
            "marks": _marks(marked_tables()),
        }
        return {key: value for key, value in told.items() if value}

    def note_changes(self, one: LeadImport, number: int) -> None:
        """Keep which known records changed, and where their history says what they were; after
        `made`.
        """
        if not self._met and not self._changed_companies:
            return
        moves = StageTransition.objects.filter(pk__in=self._moves)
        leads = {*moves.values_list("lead_id", flat=True), *self._was}
        deals = Opportunity.objects.filter(lead_id__in=self._known)
        people = Contact.objects.filter(pk__in=self._met)
        rows = [
            *self._changes(ChangedKind.CONTACT, people, ()),
            *self._changes(ChangedKind.COMPANY, self._known_companies(), ()),
            *self._changes(ChangedKind.LEAD, Lead.objects.filter(pk__in=self._known), leads),
            *self._changes(ChangedKind.DEAL, deals, ()),
        ]
        for row in rows:
            row.lead_import, row.number = one, number
        ImportChange.objects.bulk_create(rows)

    @staticmethod
    def _versions(rows: QuerySet[Any], since: int = 0) -> list[list[int]]:
        found = rows.filter(pk__gt=since).order_by("pk").values_list("pk", "version")
        return [list(pair) for pair in found]

    def _companies(self) -> list[list[int]]:
        of_people = Contact.objects.filter(pk__in=[*self._met, *self._ids(self._new_people)])
        wanted = Company.objects.filter(pk__in=of_people.values("company"), created_at=self._at)
        return self._versions(wanted, since=self._before[Company])

    def _known_companies(self) -> QuerySet[Any]:
        return Company.objects.filter(pk__in=self._changed_companies)

    @staticmethod
    def _ids(pairs: Iterable[Sequence[int]]) -> list[int]:
        return [pair[0] for pair in pairs]

    def _names(self) -> dict[str, list[int]]:
        """Sources, product lines and competitors that came with these leads."""
        mine = Lead.objects.filter(pk__in=[*self._begun, *self._known])
        kinds: tuple[tuple[Any, str], ...] = (
            (Source, "source"), (ProductLine, "product_line"), (Competitor, "competitor"),
        )  # fmt: skip
        found = {
            model._meta.label: list(
                model.objects.filter(pk__in=mine.values(name), pk__gt=self._before[model])
                .order_by("pk")
                .values_list("pk", flat=True)
            )
            for model, name in kinds
        }
        return {label: ids for label, ids in found.items() if ids}

    def _added(self) -> dict[str, list[int]]:
        contact, lead = {"contact_id__in": self._met}, {"lead_id__in": self._known}
        told: dict[Any, dict[str, Any]] = {
            Touch: {**contact, "recorded_at": self._at},
            Consent: contact,
            ContactExternalId: contact,
            Opportunity: lead,
            Activity: {**lead, "logged_at": self._at},
            StageTransition: {**lead, "cause": Cause.IMPORT, "recorded_at": self._at},
        }
        found = {
            model._meta.label: list(
                model.objects.filter(**mine, pk__gt=self._before[model])
                .order_by("pk")
                .values_list("pk", flat=True)
            )
            for model, mine in told.items()
        }
        return {label: ids for label, ids in found.items() if ids}

    def _changes(
        self, kind: ChangedKind, rows: QuerySet[Any], more: Iterable[int]
    ) -> list[ImportChange]:
        """The rows of which the history has news; `more` changed in what it does not keep."""
        history = history_of(kind)
        told = history.objects.filter(
            pgh_id__gt=self._before[history], pgh_obj_id__in=rows.values("pk")
        )
        events = {
            pk: (first, last)
            for pk, first, last in told.values_list("pgh_obj_id")
            .annotate(first=Min("pgh_id"), last=Max("pgh_id"))
            .order_by("pgh_obj_id")
        }
        changed = rows.filter(pk__in={*events, *more}).order_by("pk")
        return [
            ImportChange(
                kind=kind,
                object_id=pk,
                first_event=events.get(pk, (None, None))[0],
                last_event=events.get(pk, (None, None))[1],
                version=version,
            )
            for pk, version in changed.values_list("pk", "version")
        ]


def chunk_marks(chunk: ImportChunk) -> dict[str, int]:
    """Return how far the tables had grown when the chunk was done."""
    marks: dict[str, int] = chunk.made.get("marks", {})
    return marks
