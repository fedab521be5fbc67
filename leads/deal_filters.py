"""The filters and orders of the list of deals: the same for the page and for the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters as filters
from django.core import signing
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from leads.filters import DayFilter, IdFilter, OwnerFilter
from leads.models import Opportunity
from leads.models.opportunities import NO_DATE, DealState
from leads.search import MOST_MATCHES, contacts_matching
from smarketing.errors import NotFound

ANY = "any"
STATES = [*DealState.choices, (ANY, _("Any state"))]
LONGEST_TEXT = 200
SALT = "leads.deals.cursor"


class OpportunityFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter is untyped
    """What the list can be narrowed to; every key is a part of the query string."""

    state = filters.ChoiceFilter(choices=STATES, method="by_state", label=_("State"))
    step = IdFilter(field_name="step_id", label=_("Step"))
    owner = OwnerFilter(method="by_owner", label=_("Owner: `me`, `nobody` or the id of a person"))
    product_line = IdFilter(field_name="product_line_id", label=_("Product line"))
    campaign = IdFilter(field_name="lead__campaign_id", label=_("Campaign"))
    competitor = IdFilter(field_name="competitor_id", label=_("Lost to"))
    lead = IdFilter(field_name="lead_id", label=_("Lead"))
    closes_from = DayFilter(
        field_name="expected_close_on", lookup_expr="gte", label=_("Expected on or after")
    )
    closes_to = DayFilter(
        field_name="expected_close_on", lookup_expr="lte", label=_("Expected on or before")
    )
    q = filters.CharFilter(
        method="by_text", max_length=LONGEST_TEXT,
        label=_("Words that name, e-mail, phone or company begin with"),
    )  # fmt: skip

    class Meta:
        model = Opportunity
        fields: list[str] = []

    def by_state(self, rows: QuerySet[Opportunity], name: str, value: str) -> Any:
        return rows if value == ANY else rows.filter(state=value)

    def by_owner(self, rows: QuerySet[Opportunity], name: str, value: str | int) -> Any:
        if value == "nobody":
            return rows.filter(owner__isnull=True)
        return rows.filter(owner_id=self.request.user.pk if value == "me" else int(value))

    def by_text(self, rows: QuerySet[Opportunity], name: str, value: str) -> Any:
        matching = contacts_matching(value).values("id")[:MOST_MATCHES]
        return rows.filter(lead__contact__in=matching)


@dataclass(frozen=True)
class DealOrder:
    """An order by one column and the id; `state` limits it to rows that have the column."""

    column: str
    descending: bool
    closed_only: bool = False


ORDERS = {
    "closes": DealOrder("closes_on", descending=False),
    "-closes": DealOrder("closes_on", descending=True),
    "-opened": DealOrder("id", descending=True),
    "opened": DealOrder("id", descending=False),
    "-closed": DealOrder("closed_at", descending=True, closed_only=True),
}
DEFAULT_ORDER = "closes"


@dataclass(frozen=True)
class DealPage:
    """Deals of one page, and the cursor of the page after it ("" when this is the last)."""

    deals: Sequence[Opportunity]
    after: str


def deal_page(rows: QuerySet[Opportunity], *, sort: str, size: int, after: str = "") -> DealPage:
    """Return a page of `rows` (`listed_opportunities`) beyond the cursor `after`; one statement.

    Raises NotFound for a cursor that was not made here or belongs to another order.
    """
    order = ORDERS[sort]
    if order.closed_only:
        rows = rows.filter(closed_at__isnull=False)
    if after:
        rows = rows.filter(_beyond(order, *_read(after, sort)))
    sign = "-" if order.descending else ""
    found = list(rows.order_by(f"{sign}{order.column}", f"{sign}id")[: size + 1])
    more, found = len(found) > size, found[:size]
    return DealPage(found, _cursor(found[-1], order, sort) if more else "")


def _beyond(order: DealOrder, value: Any, row_id: int) -> Q:
    word = "lt" if order.descending else "gt"
    reach = Q(**{f"{order.column}__{word}e": value})
    return reach & (Q(**{f"{order.column}__{word}": value}) | Q(**{f"id__{word}": row_id}))


def _cursor(deal: Opportunity, order: DealOrder, sort: str) -> str:
    values: dict[str, Any] = {
        "closes_on": (deal.expected_close_on or NO_DATE).isoformat(),
        "closed_at": deal.closed_at and deal.closed_at.isoformat(),
        "id": deal.pk,
    }
    return signing.dumps([sort, values[order.column], deal.pk], salt=SALT)


def _read(cursor: str, sort: str) -> tuple[Any, int]:
    try:
        made_for, value, row_id = signing.loads(cursor, salt=SALT)
        if made_for != sort:
            raise ValueError("made for another order")
        if ORDERS[sort].column == "closes_on":
            return date.fromisoformat(value), row_id
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotFound("This place in the list is not known.", code="bad_cursor") from error
    return value, row_id
