"""Everything that happened to a lead, newest first, page by page, in one statement.

Each kind of row is a branch of one UNION ALL: it walks its own index from where the last page
ended and gives no more rows than a page holds, so a page costs the same whatever lies behind it.
Rows of one instant are ordered by their branch, then by id: none is lost or doubled between pages.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.keyset import key_from, key_to
from leads.models import Lead
from leads.selectors.timeline_branches import BRANCHES, UNITED, Branch

PAGE = 30
MOST = 100
KEY_TYPES = (datetime.fromisoformat, int, int)


@dataclass(frozen=True)
class Place:
    """Where a page ended: the instant, the branch's rank and the id of its last row."""

    at: datetime
    rank: int
    pk: int


@dataclass(frozen=True)
class Event:
    """One row of the stream: what it is (a branch's key), when it happened, and its values."""

    kind: str
    pk: int
    at: datetime
    data: dict[str, Any]


@dataclass(frozen=True)
class TimelinePage:
    """Some events, the newest first, and the key of the page after; "" on the last."""

    events: Sequence[Event]
    next: str


def timeline_page(
    lead: Lead, *, kinds: Collection[str] = (), after: str | None = None, size: int = PAGE
) -> TimelinePage:
    """Return a page of what happened to `lead`, with the touches of its person.

    `kinds` are chips (`leads.selectors.timeline_branches.CHIPS`), none meaning all; `after` is the
    `next` of the page before. A key of nobody's making begins anew. One statement.
    """
    size = min(max(size, 1), MOST)
    place = key_from(after, KEY_TYPES)
    found = _events(lead, kinds, Place(*place) if place else None, size + 1)
    events = [event for _rank, event in found[:size]]
    if len(found) <= size:
        return TimelinePage(events, "")
    rank, last = found[size - 1]
    return TimelinePage(events, key_to((last.at.isoformat(), rank, last.pk)))


def latest_events(lead: Lead, keys: Collection[str], each: int) -> list[Event]:
    """Return the last `each` events of every branch in `keys`, newest first; one statement."""
    branches = [branch for branch in BRANCHES if branch.key in keys]
    return [event for _rank, event in _fetch(lead, branches, None, each, each * len(branches))]


def _events(
    lead: Lead, kinds: Collection[str], place: Place | None, limit: int
) -> list[tuple[int, Event]]:
    asked = [branch for branch in BRANCHES if not kinds or branch.chip in kinds]
    return _fetch(lead, asked or list(BRANCHES), place, limit, limit)


def timeline_sql(branches: Sequence[Branch], place: Place | None) -> str:
    """Return the statement for `branches` from `place` on; it takes the values of `_values`."""
    parts = " UNION ALL ".join(_part(branch, place) for branch in branches)
    return (
        f"SELECT rank, kind, id, at, data FROM (WITH {UNITED} {parts}) AS merged "  # noqa: S608
        "ORDER BY at DESC, rank, id DESC LIMIT %(limit)s"
    )


def _fetch(
    lead: Lead, branches: Sequence[Branch], place: Place | None, each: int, limit: int
) -> list[tuple[int, Event]]:
    values: dict[str, Any] = {"lead": lead.pk, "contact": lead.contact_id}
    values |= {"each": each, "limit": limit}
    if place is not None:
        values |= {"at": place.at, "pk": place.pk}
    with connection.cursor() as cursor:
        cursor.execute(timeline_sql(branches, place), values)
        rows = cursor.fetchall()
    return [
        (rank, Event(kind, pk, at, json.loads(data, parse_float=Decimal)))
        for rank, kind, pk, at, data in rows
    ]


def _part(branch: Branch, place: Place | None) -> str:
    """One branch: its newest rows after `place`, with what they say."""
    beyond = _beyond(branch, place)
    rows = branch.rows.replace("{beyond}", beyond)
    return (  # every part is a constant of this house, values are bound
        f"(SELECT {branch.rank} AS rank, '{branch.key}' AS kind, row.id, row.at, "  # noqa: S608
        f"jsonb_build_object({branch.data})::text AS data FROM ("
        f"SELECT r.*, {branch.at} AS at FROM {rows} "
        f"WHERE {branch.where}{beyond} "
        f"ORDER BY {branch.at} DESC, r.id DESC LIMIT %(each)s) AS row {branch.joins})"
    )


def _beyond(branch: Branch, place: Place | None) -> str:
    """What lies behind `place`: of its own branch by id, of later branches at the same instant."""
    if place is None:
        return ""
    if branch.rank == place.rank:
        return f" AND ({branch.at}, r.id) < (%(at)s, %(pk)s)"
    return f" AND {branch.at} {'<=' if branch.rank > place.rank else '<'} %(at)s"
