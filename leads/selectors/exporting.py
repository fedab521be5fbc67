"""The rows of an export: what a list shows to a person, chunk by chunk, in the list's order.

A chunk costs a constant number of statements whatever it holds, and begins where the one before
ended, by key: the last of a million is as quick as the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import translation

from leads.enums.out import ExportedList
from leads.export_columns import (
    COMPANY_COLUMNS,
    CONTACT_COLUMNS,
    LEAD_READS,
    ExportColumn,
    lead_columns,
)
from leads.filters import LeadFilter
from leads.models import ExportFile
from leads.ordering import CONTACT_ORDERS, DEFAULT_ORDER, ORDERS, Page, Place, page_of
from leads.record_filters import CompanyFilter, ContactFilter
from leads.selectors.companies import listed_companies, tallies_of
from leads.selectors.contacts import latest_leads, listed_contacts
from leads.selectors.lists import listed_leads, with_columns
from leads.sheets import Cell
from smarketing.errors import BadInput
from smarketing.registry import list_columns

CHUNK = 1_000


@dataclass(frozen=True)
class Asker:
    """Who asks, as filters know it from a request."""

    user: Any


@dataclass(frozen=True)
class Table:
    """The rows of an export and how they are written."""

    rows: QuerySet[Any]
    place: Place
    columns: Sequence[ExportColumn]
    beside: Callable[[Sequence[Any]], Any]
    language: str

    @property
    def head(self) -> list[str]:
        """The names of the columns, in the reader's language."""
        with translation.override(self.language):
            return [str(column.label) for column in self.columns]

    def page(self, after: str) -> Page:
        """Return the chunk after a cursor; one statement."""
        return page_of(self.rows, replace(self.place, after=after))

    def written(self, rows: Sequence[Any]) -> list[list[Cell]]:
        """Return the cells of `rows`; at most two statements."""
        beside = self.beside(rows)
        with translation.override(self.language):
            return [[column.read(row, beside) for column in self.columns] for row in rows]

    def chunks(self) -> Iterator[list[list[Cell]]]:
        """Return every row, chunk by chunk."""
        after = ""
        while True:
            page = self.page(after)
            yield self.written(page.rows)
            after = page.after
            if not after:
                return

    def count(self, most: int) -> int:
        """Count the rows up to `most`, in one statement."""
        rows = self.rows
        if self.place.order.open_only:
            rows = rows.filter(disposition="OPEN")
        return rows.order_by()[:most].count()


def table_of(export: ExportFile, *, at: datetime, zone: ZoneInfo) -> Table:
    """Return the table that `export` asks for, as its owner sees it at `at`.

    Raises BadInput for filters that cannot be read: a list would leave them out and say so, but a
    file that holds more than was asked for says nothing.
    """
    asked = QueryDict(export.query)
    build = {
        ExportedList.LEADS: _leads,
        ExportedList.CONTACTS: _contacts,
        ExportedList.COMPANIES: _companies,
    }[ExportedList(export.of_list)]
    return build(export, asked, at, zone)


def _leads(export: ExportFile, asked: QueryDict, at: datetime, zone: ZoneInfo) -> Table:
    columns = lead_columns(export.columns)
    shown = {column.key for column in columns}
    rows = with_columns(listed_leads(export.owner), [c for c in list_columns if c.key in shown])
    if not any(column.key in shown for column in list_columns):
        rows = rows.only(*LEAD_READS)
    asker = Asker(export.owner)
    filters = LeadFilter(asked, queryset=rows, request=asker, zone=lambda: zone, at=at)
    sort = asked.get("sort", DEFAULT_ORDER)
    place = Place(sort=sort, size=CHUNK, orders=ORDERS)
    return Table(_narrowed(filters), place, columns, lambda _rows: None, export.language)


def _contacts(export: ExportFile, asked: QueryDict, _at: datetime, _zone: ZoneInfo) -> Table:
    owner = export.owner
    filters = ContactFilter(asked, queryset=listed_contacts(owner), request=Asker(owner))
    place = Place(sort=asked.get("sort", ""), size=CHUNK, orders=CONTACT_ORDERS)
    return Table(
        _narrowed(filters), place, CONTACT_COLUMNS,
        lambda rows: latest_leads(owner, rows), export.language,
    )  # fmt: skip


def _companies(export: ExportFile, asked: QueryDict, _at: datetime, _zone: ZoneInfo) -> Table:
    owner = export.owner
    filters = CompanyFilter(asked, queryset=listed_companies(owner), request=Asker(owner))
    place = Place(sort=asked.get("sort", ""), size=CHUNK, orders=CONTACT_ORDERS)
    return Table(
        _narrowed(filters), place, COMPANY_COLUMNS,
        lambda rows: tallies_of(owner, rows), export.language,
    )  # fmt: skip


def _narrowed(filters: Any) -> QuerySet[Any]:
    if not filters.is_valid():
        fields = {name: [str(one) for one in why] for name, why in filters.errors.items()}
        raise BadInput("Some filters cannot be read.", fields=fields)
    rows: QuerySet[Any] = filters.qs
    return rows
