"""What an undo of an import would take out, and what it keeps because somebody worked on it.

A lead is touched when its row, or the row of a contact that came with it, has another version than
the import left, or when any table holds something of it, or of its contact, that came after. What
came after is known by the marks of a chunk: the highest id of each table when its work was done.
Nobody can point at a lead before its chunk is committed, so what a chunk wrote itself lies below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from leads.enums.imports import ImportPhase
from leads.models import Contact, ImportChunk, Lead, LeadImport
from leads.record_tables import RecordTable, deeper_tables_of, own_keys_of, tables_of
from smarketing.registry import untouched_vetoes

# A score is derived: it fades without anybody's doing. That a person has other leads is no work on
# this one; they keep the person.
DERIVED = ("leads.ScorePart",)
OTHERS = ("leads.Lead",)
KEPT_SHOWN = 50


@dataclass(frozen=True)
class UndoPreview:
    """What an undo would do now, in records; `kept` names the first leads that stay."""

    leads: int
    contacts: int
    restored: int
    stay: int
    kept: Sequence[int] = ()

    @property
    def removed(self) -> int:
        """Leads that would be removed."""
        return self.leads - self.stay


def lead_tables() -> list[RecordTable]:
    """Return the tables in which work on a lead leaves rows."""
    return [one for one in tables_of(Lead) if one.label not in DERIVED]


def contact_tables() -> list[RecordTable]:
    """Return the tables in which the story of a contact leaves rows."""
    return [one for one in tables_of(Contact) if one.label not in OTHERS]


def marked_tables() -> dict[str, str]:
    """Return the tables that a chunk marks, by the label of their model."""
    return {one.label: one.table for one in (*lead_tables(), *contact_tables())}


def undo_preview(one: LeadImport) -> UndoPreview:
    """Tell what an undo of the whole import would do; a constant number of statements."""
    runs = ImportChunk.objects.filter(lead_import=one, phase=ImportPhase.RUN)
    last = runs.order_by("-number").first()
    if last is None:
        return UndoPreview(0, 0, 0, 0)
    kept = sorted(touched_leads(one, None, last.made.get("marks", {})))
    with connection.cursor() as cursor:
        cursor.execute(SUMS_SQL, {"pk": one.pk})
        leads, contacts, restored = cursor.fetchone()
    return UndoPreview(leads, contacts, restored, len(kept), kept[:KEPT_SHOWN])


SUMS_SQL = """
    SELECT coalesce(sum(jsonb_array_length(made -> 'leads')), 0),
        coalesce(sum(jsonb_array_length(made -> 'contacts')), 0),
        (SELECT count(DISTINCT (kind, object_id)) FROM leads_importchange
            WHERE lead_import_id = %(pk)s)
    FROM leads_importchunk WHERE lead_import_id = %(pk)s AND phase = 'RUN'
"""


def touched_leads(one: LeadImport, number: int | None, marks: Mapping[str, int]) -> set[int]:
    """Return which leads that chunk `number` (None: any) made somebody has worked on since."""
    work = f"{_work_on_lead()} OR {FOREIGN_HISTORY}"
    return _touched_leads(TOUCHED_SQL % {"work": work}, one, number, marks)


def touched_known(one: LeadImport, number: int, marks: Mapping[str, int]) -> set[int]:
    """Return which known leads that chunk `number` brought forward somebody worked on since.

    One whose person has another open lead of the same kind by now cannot be reopened either.
    """
    return _touched_leads(TOUCHED_KNOWN_SQL % {"work": _work_on_lead()}, one, number, marks)


def touched_contacts(one: LeadImport, number: int, marks: Mapping[str, int]) -> set[int]:
    """Return which contacts that chunk `number` made have a story of their own since."""
    rows = _judged(TOUCHED_CONTACTS_SQL % {"work": _work_on_contact("p.id")}, one, number, marks)
    return {pk for pk, is_touched in rows if is_touched}


def _touched_leads(
    sql: str, one: LeadImport, number: int | None, marks: Mapping[str, int]
) -> set[int]:
    rows = _judged(sql, one, number, marks)
    found = {pk for pk, is_touched in rows if is_touched}
    ids = [pk for pk, _is_touched in rows]
    return found.union(*(veto.touched(ids) for veto in untouched_vetoes)) if ids else found


def _judged(
    sql: str, one: LeadImport, number: int | None, marks: Mapping[str, int]
) -> list[tuple[int, bool]]:
    # Numbers of ours, written out: the wrapper that quiets triggers takes no parameters by name.
    asked: dict[str, Any] = {"pk": int(one.pk), "number": "NULL" if number is None else int(number)}
    asked |= {label: int(marks.get(label, 0)) for label in marked_tables()}
    with connection.cursor() as cursor:
        cursor.execute(sql % asked)
        return [(pk, is_touched) for pk, is_touched in cursor.fetchall()]


def _work_on_lead() -> str:
    later = [_later(table, "l.id") for table in lead_tables()]
    later += [_any("leads_lead", key, "l.id") for key in own_keys_of(Lead)]
    later += [_deeper(*pair) for pair in deeper_tables_of(Lead)]
    return " OR ".join([*later, _work_on_contact("l.contact_id")])


def _work_on_contact(contact: str) -> str:
    later = [_later(table, contact) for table in contact_tables()]
    return " OR ".join([*later, _any("leads_contact", "merged_into_id", contact)])


def _later(table: RecordTable, record: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM {table.table} AS r WHERE r.{table.column} = {record} "  # noqa: S608  # fixed names
        f"AND r.id > %({table.label})s)"
    )


def _deeper(deeper: RecordTable, table: RecordTable) -> str:
    """Whatever hangs on what hangs on a lead was done by somebody, or by time."""
    return (
        f"EXISTS (SELECT 1 FROM {deeper.table} AS d JOIN {table.table} AS r "  # noqa: S608  # fixed names
        f"ON r.id = d.{deeper.column} WHERE r.{table.column} = l.id)"
    )


def _any(table: str, column: str, record: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} AS r WHERE r.{column} = {record})"  # noqa: S608  # fixed names


# What is no history of a file is not an import's to take back.
FOREIGN_HISTORY = (
    "EXISTS (SELECT 1 FROM leads_stagetransition AS r "
    "WHERE r.lead_id = l.id AND r.cause <> 'import')"
)
VERSION_SQL = """
    coalesce((SELECT v.version FROM leads_importchange AS v WHERE v.lead_import_id = %%(pk)s
        AND v.kind = '{kind}' AND v.object_id = {record} ORDER BY v.number DESC LIMIT 1), {made})
"""
MADE_SQL = """
    SELECT (e ->> 0)::bigint AS id, (e ->> 1)::int AS version
    FROM leads_importchunk AS c, jsonb_array_elements(c.made -> '{kind}') AS e
    WHERE c.lead_import_id = %%(pk)s AND c.phase = 'RUN'
        AND (%%(number)s::int IS NULL OR c.number = %%(number)s)
"""
_LEAD = VERSION_SQL.format(kind="LEAD", record="l.id", made="m.version")
_PERSON = VERSION_SQL.format(kind="CONTACT", record="p.id", made="pm.version")
_PEOPLE = VERSION_SQL.format(kind="CONTACT", record="p.id", made="m.version")
TOUCHED_SQL = f"""
    WITH m AS MATERIALIZED ({MADE_SQL.format(kind="leads")}),
        pm AS MATERIALIZED ({MADE_SQL.format(kind="contacts")})
    SELECT l.id, l.version <> {_LEAD} OR %(work)s
        OR (pm.id IS NOT NULL AND p.version <> {_PERSON})
    FROM m JOIN leads_lead AS l ON l.id = m.id JOIN leads_contact AS p ON p.id = l.contact_id
        LEFT JOIN pm ON pm.id = p.id
"""  # noqa: S608  # fixed names
TOUCHED_KNOWN_SQL = """
    SELECT l.id, l.version <> m.version OR %(work)s OR EXISTS (
        SELECT 1 FROM leads_lead AS r WHERE r.contact_id = l.contact_id AND r.id <> l.id
            AND r.product_line_id IS NOT DISTINCT FROM l.product_line_id
            AND r.disposition = 'OPEN')
    FROM leads_importchange AS m JOIN leads_lead AS l ON l.id = m.object_id
    WHERE m.lead_import_id = %%(pk)s AND m.kind = 'LEAD' AND m.number = %%(number)s
"""
TOUCHED_CONTACTS_SQL = f"""
    WITH m AS MATERIALIZED ({MADE_SQL.format(kind="contacts")})
    SELECT p.id, p.version <> {_PEOPLE} OR %(work)s
        OR EXISTS (SELECT 1 FROM leads_lead AS r WHERE r.contact_id = p.id)
    FROM m JOIN leads_contact AS p ON p.id = m.id
"""  # noqa: S608  # fixed names
