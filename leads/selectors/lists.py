"""What the lead list shows: rows of a page, a count that ends at 10 000, what can be chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from accounts.rules import standing
from leads.models import Lead
from leads.ordering import ordered
from leads.querysets import LeadQuerySet
from smarketing.registry import ListColumn

MOST_COUNTED = 10_000
MOST_CHOICES = 500


def listed_leads(user: Any) -> LeadQuerySet:
    """Return the leads that `user` may see, with all that a row shows, unordered."""
    rows = Lead.objects.visible_to(user, standing(user))
    related = ("contact__company", "owner", "source", "campaign", "product_line")
    return ordered(rows.select_related(*related).defer("contact__search", "owner__password"))


def with_columns(rows: LeadQuerySet, columns: Iterable[ListColumn]) -> LeadQuerySet:
    """Add what the columns of upper apps need."""
    for column in columns:
        rows = column.annotate(rows)  # type: ignore[assignment]
    return rows


@dataclass(frozen=True)
class Count:
    """How many rows there are, as far as it is worth counting."""

    n: int

    @property
    def is_exact(self) -> bool:
        """Tell whether there are no more than were counted."""
        return self.n <= MOST_COUNTED

    @property
    def shown(self) -> int:
        """The number to write, followed by a plus where it is not exact."""
        return min(self.n, MOST_COUNTED)


def count_of(rows: LeadQuerySet) -> Count:
    """Count `rows` up to 10 001, in one statement: beyond that nobody needs to know."""
    return Count(rows.order_by()[: MOST_COUNTED + 1].count())


@dataclass
class Choices:
    """What the list can be filtered by: (id, name) pairs, and the zone in which days begin."""

    source: list[tuple[int, str]] = field(default_factory=list)
    campaign: list[tuple[int, str]] = field(default_factory=list)
    product_line: list[tuple[int, str]] = field(default_factory=list)
    owner: list[tuple[int, str]] = field(default_factory=list)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))


CHOICES_SQL = """
    (SELECT 'source', id, name FROM leads_source ORDER BY name LIMIT %(most)s)
    UNION ALL
    (SELECT 'campaign', id, name FROM leads_campaign
     ORDER BY starts_on DESC NULLS LAST, name LIMIT %(most)s)
    UNION ALL
    (SELECT 'product_line', id, name FROM leads_productline ORDER BY name LIMIT %(most)s)
    UNION ALL
    (SELECT 'owner', u.id, u.name FROM accounts_user AS u
     WHERE u.is_active AND EXISTS (
         SELECT 1 FROM accounts_membership AS m
         WHERE m.user_id = u.id AND m.role IN ('REP', 'MARKETER', 'MANAGER'))
     ORDER BY u.name, u.id LIMIT %(most)s)
    UNION ALL
    (SELECT 'zone', id, zone FROM accounts_organisation)
"""


def filter_choices() -> Choices:
    """Return everything that the list can be filtered by, in one statement."""
    choices = Choices()
    with connection.cursor() as cursor:
        cursor.execute(CHOICES_SQL, {"most": MOST_CHOICES})
        for kind, row_id, name in cursor.fetchall():
            if kind == "zone":
                choices.zone = ZoneInfo(name)
            else:
                getattr(choices, kind).append((row_id, name))
    return choices
