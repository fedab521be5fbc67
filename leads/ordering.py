"""The orders of the lead list, and places in them: a page is found by its neighbour, not counted.

A cursor names the row at the edge of a page by its values in the order; it is signed, so that
nobody pages by values of his own making.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import F, Q
from django.db.models.expressions import Combinable

from leads.enums import Disposition
from leads.models import Lead
from leads.models.leads import BEGAN_AT, IN_STAGE_SINCE
from leads.querysets import LeadQuerySet
from smarketing.errors import NotFound

SALT = "leads.cursor"
DEFAULT_ORDER = "-began"


@dataclass(frozen=True)
class Order:
    """One way to order leads: a key of the query string and the annotation that it means."""

    key: str
    column: str
    expression: Combinable
    # "Longest in stage" is a question about rows that still are in a stage.
    open_only: bool = False


ORDERS = {
    "began": Order("began", "began", BEGAN_AT),
    "score": Order("score", "score", F("score")),
    "since": Order("since", "since", IN_STAGE_SINCE, open_only=True),
    "name": Order("name", "contact__sort_key", F("contact__sort_key")),
}
SORTS = [sign + key for key in ORDERS for sign in ("-", "")]


@dataclass(frozen=True)
class Page:
    """Leads of one page, and the query strings' cursors to the pages beside it."""

    leads: Sequence[Lead]
    after: str
    before: str


@dataclass(frozen=True)
class Place:
    """Where a page lies: after a cursor, before one, or at the beginning."""

    sort: str = DEFAULT_ORDER
    size: int = 50
    after: str = ""
    before: str = ""

    @property
    def order(self) -> Order:
        """The order asked for, the newest first when nobody knows what was asked."""
        return ORDERS.get(self.sort.removeprefix("-"), ORDERS["began"])

    @property
    def descending(self) -> bool:
        """Tell whether the greatest come first."""
        return (self.sort if self.sort in SORTS else DEFAULT_ORDER).startswith("-")


def ordered(rows: LeadQuerySet) -> LeadQuerySet:
    """Name the derived columns that filters and orders speak of."""
    return rows.alias(began=BEGAN_AT).annotate(since=IN_STAGE_SINCE)


def page_of(rows: LeadQuerySet, place: Place) -> Page:
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
        leads=found,
        after=_cursor(found[-1], place) if found and has_next else "",
        before=_cursor(found[0], place) if found and has_previous else "",
    )


def _beyond(column: str, value: Any, row_id: int, *, descending: bool) -> Q:
    """Rows strictly beyond (value, row_id); the first condition alone lets an index begin there."""
    word = "lt" if descending else "gt"
    reach = Q(**{f"{column}__{word}e": value})
    return reach & (Q(**{f"{column}__{word}": value}) | Q(**{f"id__{word}": row_id}))


def _cursor(lead: Lead, place: Place) -> str:
    values: dict[str, Any] = {
        "began": lead.began_at.isoformat(),
        "score": lead.score,
        "since": (lead.stage_at or lead.created_at).isoformat(),
        "name": lead.contact.sort_key,
    }
    value = values[place.order.key]
    return signing.dumps([place.sort, value, lead.pk], salt=SALT)


def _read(cursor: str, place: Place) -> tuple[Any, int]:
    try:
        sort, value, row_id = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotFound("This place in the list is not known.", code="bad_cursor") from error
    if sort != place.sort:
        raise NotFound("This place belongs to another order.", code="bad_cursor")
    dated = place.order.key in ("began", "since")
    return (datetime.fromisoformat(value) if dated else value), row_id
