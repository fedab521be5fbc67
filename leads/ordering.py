"""The orders of lists, and places in them: a page is found by its neighbour, not counted.

A cursor names the row at the edge of a page by its values in the order; it is signed, so that
nobody pages by values of his own making.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from leads.enums import Disposition
from leads.models import Lead
from leads.models.leads import BEGAN_AT, DUE_AT, IN_STAGE_SINCE, NEVER, NOT_YET, WORKED_AT
from leads.querysets import LeadQuerySet
from smarketing.errors import NotFound

SALT = "leads.cursor"
DEFAULT_ORDER = "-began"


@dataclass(frozen=True)
class Order:
    """One way to order rows: a key of the query string, the column or annotation that it means,
    and how a row tells its value there."""

    key: str
    column: str
    read: Callable[[Any], Any]
    dated: bool = False
    # "Longest in stage" is a question about rows that still are in a stage.
    open_only: bool = False


Orders = Mapping[str, Order]
ORDERS: Orders = {
    order.key: order
    for order in (
        Order("began", "began", lambda lead: lead.began_at, dated=True),
        Order("score", "score", lambda lead: lead.score),
        Order("since", "since", lambda lead: lead.stage_at or lead.created_at, dated=True,
              open_only=True),
        Order("name", "contact__sort_key", lambda lead: lead.contact.sort_key),
        Order("due", "due", lambda lead: lead.next_due_at or NEVER, dated=True, open_only=True),
        Order("worked", "worked", lambda lead: lead.last_activity_at or NOT_YET, dated=True),
        Order("attempts", "attempts", lambda lead: lead.attempts),
    )
}  # fmt: skip
CONTACT_ORDERS: Orders = {
    "name": Order("name", "sort_key", lambda row: row.sort_key),
    "created": Order("created", "created_at", lambda row: row.created_at, dated=True),
}
COMPANY_ORDERS: Orders = CONTACT_ORDERS


def sorts_of(orders: Orders) -> list[str]:
    """Return every value of `sort`: each order both ways."""
    return [sign + key for key in orders for sign in ("-", "")]


SORTS = sorts_of(ORDERS)


@dataclass(frozen=True)
class Page:
    """Rows of one page, and the query strings' cursors to the pages beside it."""

    rows: Sequence[Any]
    after: str
    before: str

    @property
    def leads(self) -> Sequence[Lead]:
        """The rows of a list of leads."""
        return self.rows


@dataclass(frozen=True)
class Place:
    """Where a page lies: after a cursor, before one, or at the beginning."""

    sort: str = DEFAULT_ORDER
    size: int = 50
    after: str = ""
    before: str = ""
    orders: Orders = field(default_factory=lambda: ORDERS)

    @property
    def known_sort(self) -> str:
        """The order asked for, the first one there is when nobody knows what was asked."""
        if self.sort in sorts_of(self.orders):
            return self.sort
        return DEFAULT_ORDER if self.orders is ORDERS else next(iter(self.orders))

    @property
    def order(self) -> Order:
        """The order that the sort means."""
        return self.orders[self.known_sort.removeprefix("-")]

    @property
    def descending(self) -> bool:
        """Tell whether the greatest come first."""
        return self.known_sort.startswith("-")


def ordered(rows: LeadQuerySet) -> LeadQuerySet:
    """Name the derived columns that filters and orders of leads speak of."""
    rows = rows.alias(began=BEGAN_AT, due=DUE_AT, worked=WORKED_AT)
    return rows.annotate(since=IN_STAGE_SINCE)


def page_of(rows: QuerySet[Any], place: Place) -> Page:
    """Return the page of `rows` at `place`, in one statement.

    Raises NotFound for a cursor that was not made here or belongs to another order.
    """
    order, backwards = place.order, bool(place.before)
    if order.open_only:
        rows = rows.filter(disposition=Disposition.OPEN)
    cursor = place.before or place.after
    descending = place.descending != backwards
    if cursor:
        rows = rows.filter(_beyond(order.column, *_read(cursor, place), descending=descending))
    sign = "-" if descending else ""
    found = list(rows.order_by(f"{sign}{order.column}", f"{sign}id")[: place.size + 1])
    more, found = len(found) > place.size, found[: place.size]
    if backwards:
        found.reverse()
    has_next = more if not backwards else True
    has_previous = bool(place.after) if not backwards else more
    return Page(
        rows=found,
        after=_cursor(found[-1], place) if found and has_next else "",
        before=_cursor(found[0], place) if found and has_previous else "",
    )


def _beyond(column: str, value: Any, row_id: int, *, descending: bool) -> Q:
    """Rows strictly beyond (value, row_id); the first condition alone lets an index begin there."""
    word = "lt" if descending else "gt"
    reach = Q(**{f"{column}__{word}e": value})
    return reach & (Q(**{f"{column}__{word}": value}) | Q(**{f"id__{word}": row_id}))


def _cursor(row: Any, place: Place) -> str:
    value = place.order.read(row)
    told = value.isoformat() if place.order.dated else value
    return signing.dumps([place.sort, told, row.pk], salt=SALT)


def _read(cursor: str, place: Place) -> tuple[Any, int]:
    try:
        sort, value, row_id = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotFound(_("This place in the list is not known."), code="bad_cursor") from error
    if sort != place.sort:
        raise NotFound(_("This place belongs to another order."), code="bad_cursor")
    return (datetime.fromisoformat(value) if place.order.dated else value), row_id
