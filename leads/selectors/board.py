"""The board: open leads by stage, the best first, with totals that are at most a minute old."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Min, Prefetch, Q, Sum
from django.utils.translation import gettext as _

from leads.enums import Disposition, LifecycleStage
from leads.lifecycle import STAGES
from leads.models import Lead, Opportunity
from leads.models.leads import IN_STAGE_SINCE
from leads.models.opportunities import DealState
from leads.querysets import LeadQuerySet
from smarketing.errors import NotFound

logger = logging.getLogger(__name__)
CARDS = 20
# A column of all customers would only grow: it shows those of the last month.
WON_WITHIN = timedelta(days=30)
FRESH = timedelta(seconds=60)
SALT = "leads.board.cursor"
CUSTOMER = LifecycleStage.CUSTOMER


def in_column(rows: LeadQuerySet, stage: LifecycleStage, at: datetime) -> LeadQuerySet:
    """Return those of `rows` that stand in the column of `stage`."""
    if stage is CUSTOMER:
        return rows.filter(disposition=Disposition.WON, closed_at__gte=at - WON_WITHIN)
    return rows.filter(stage=stage, disposition=Disposition.OPEN)


def _order(stage: LifecycleStage) -> str:
    return "closed_at" if stage is CUSTOMER else "score"


@dataclass(frozen=True)
class Cards:
    """The next cards of a column, and the cursor of those after them ("" when there are none)."""

    leads: Sequence[Lead]
    after: str = ""


def board_cards(
    rows: LeadQuerySet, stages: Sequence[LifecycleStage], at: datetime
) -> dict[LifecycleStage, Cards]:
    """Return the first cards of each column of `rows` (`listed_leads`); three statements."""
    slices = [_sorted(in_column(rows, stage, at), stage) for stage in stages]
    ids = slices[0].union(*slices[1:], all=True) if len(slices) > 1 else slices[0]
    leads = _with_deals(rows.filter(pk__in=[pk for (pk,) in ids]))
    found: dict[LifecycleStage, list[Lead]] = {stage: [] for stage in stages}
    for lead in leads:
        found[LifecycleStage(lead.stage)].append(lead)
    return {stage: _cut(found[stage], stage) for stage in stages}


def more_cards(rows: LeadQuerySet, stage: LifecycleStage, after: str, at: datetime) -> Cards:
    """Return the cards of a column beyond the cursor `after` ("": the first); three statements.

    Raises NotFound for a cursor that was not made here.
    """
    beyond = in_column(rows, stage, at)
    if after:
        beyond = beyond.filter(_beyond(stage, *_read(after, stage)))
    ids = [pk for (pk,) in _sorted(beyond, stage)]
    return _cut(list(_with_deals(rows.filter(pk__in=ids))), stage)


def card_of(rows: LeadQuerySet, pk: int) -> Lead:
    """Return one lead as a card shows it; raise NotFound when it is not among `rows`."""
    found = _with_deals(rows.filter(pk=pk)).first()
    if found is None:
        raise NotFound("no such lead")
    return found


def _sorted(rows: LeadQuerySet, stage: LifecycleStage) -> Any:
    return rows.order_by(f"-{_order(stage)}", "-id").values_list("id")[: CARDS + 1]


def _with_deals(rows: LeadQuerySet) -> LeadQuerySet:
    deals = Opportunity.objects.exclude(state=DealState.LOST).order_by("-is_first", "id")
    return rows.prefetch_related(Prefetch("opportunities", deals, to_attr="board_deals"))


def _cut(leads: list[Lead], stage: LifecycleStage) -> Cards:
    leads.sort(key=lambda lead: (getattr(lead, _order(stage)), lead.pk), reverse=True)
    more, leads = len(leads) > CARDS, leads[:CARDS]
    return Cards(leads, _cursor(leads[-1], stage) if more else "")


def _cursor(lead: Lead, stage: LifecycleStage) -> str:
    value = getattr(lead, _order(stage))
    shown = value.isoformat() if isinstance(value, datetime) else value
    return signing.dumps([stage.value, shown, lead.pk], salt=SALT)


def _read(cursor: str, stage: LifecycleStage) -> tuple[Any, int]:
    try:
        made_for, value, row_id = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotFound(_("This place on the board is not known."), code="bad_cursor") from error
    if made_for != stage:
        raise NotFound(_("This place belongs to another column."), code="bad_cursor")
    return value, row_id


def _beyond(stage: LifecycleStage, value: Any, row_id: int) -> Q:
    column = _order(stage)
    reach = Q(**{f"{column}__lte": value})
    return reach & (Q(**{f"{column}__lt": value}) | Q(id__lt=row_id))


@dataclass
class ColumnTotal:
    """How many leads a column holds, what their deals are worth by currency, since when the oldest
    has been there."""

    count: int = 0
    oldest: datetime | None = None
    amounts: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Totals:
    """The totals of every column, and when they were counted."""

    counted_at: datetime
    columns: dict[LifecycleStage, ColumnTotal]


def board_totals(rows: LeadQuerySet, scope: str, at: datetime, *, fresh: bool = False) -> Totals:
    """Return the totals of `rows`, counted at most 60 s ago for the same `scope`.

    `scope` says whose view and which filters `rows` are. They are kept in the cache; without it
    they are counted each time, by two statements. `fresh` counts anew.
    """
    key = f"board:{sha256(scope.encode()).hexdigest()}"
    kept = None if fresh else _kept(key)
    if isinstance(kept, Totals) and timedelta(0) <= at - kept.counted_at < FRESH:
        return kept
    totals = count_columns(rows, at)
    _keep(key, totals)
    return totals


def count_columns(rows: LeadQuerySet, at: datetime) -> Totals:
    """Count every column now; two statements."""
    columns = {stage: ColumnTotal() for stage in STAGES}
    shown = rows.filter(
        Q(disposition=Disposition.OPEN)
        | Q(disposition=Disposition.WON, closed_at__gte=at - WON_WITHIN)
    ).order_by()
    counted = shown.values_list("stage").annotate(n=Count("id"), oldest=Min(IN_STAGE_SINCE))
    for stage, n, oldest in counted:
        columns[LifecycleStage(stage)].count = n
        columns[LifecycleStage(stage)].oldest = None if stage == CUSTOMER else oldest
    deals = Opportunity.objects.filter(
        Q(state=DealState.OPEN, lead__stage=LifecycleStage.OPPORTUNITY)
        | Q(state=DealState.WON, lead__stage=CUSTOMER),
        lead__in=shown.values("id"), amount__isnull=False,
    )  # fmt: skip
    sums = deals.order_by().values_list("lead__stage", "currency").annotate(total=Sum("amount"))
    for stage, currency, total in sums.order_by("-total"):
        columns[LifecycleStage(stage)].amounts[currency] = total
    return Totals(at, columns)


def _kept(key: str) -> Any:
    """Read from the cache; a cache in trouble keeps nothing and stops nobody."""
    try:
        with transaction.atomic():
            return cache.get(key)
    except Exception as trouble:
        logger.warning("board totals not read from the cache", exc_info=trouble)
        return None


def _keep(key: str, totals: Totals) -> None:
    try:
        with transaction.atomic():
            cache.set(key, totals, timeout=FRESH.total_seconds())
    except Exception as trouble:
        logger.warning("board totals not kept in the cache", exc_info=trouble)
