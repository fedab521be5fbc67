"""What the lead list shows: rows of a page, a count that ends at 10 000, what can be chosen."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext_lazy

from accounts.rules import standing
from leads.enums import AttributeKind, QueueKind, ViewReach
from leads.models import Lead
from leads.ordering import ordered
from leads.querysets import LeadQuerySet
from smarketing.registry import ListColumn

MOST_COUNTED = 10_000
MOST_CHOICES = 500


def listed_leads(user: Any) -> LeadQuerySet:
    """Return the leads that `user` may see, with all that a row shows, unordered."""
    rows = Lead.objects.visible_to(user, standing(user))
    related = ("contact__company", "contact__merged_into__company", "owner", "source", "campaign")
    rows = rows.select_related(*related, "product_line", "persona", "queue")
    deferred = ("contact__search", "contact__merged_into__search", "owner__password")
    return ordered(rows.defer(*deferred))


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


@dataclass(frozen=True)
class ShownView:
    """A saved view as one person sees it."""

    id: int
    name: str
    query: str
    reach: str
    default_for: str
    is_own: bool

    @property
    def is_shared(self) -> bool:
        """Tell whether others see it too."""
        return self.reach != ViewReach.PRIVATE


@dataclass
class Choices:
    """What the list can be filtered by: (id, name) pairs, and the zone in which days begin."""

    source: list[tuple[int, str]] = field(default_factory=list)
    campaign: list[tuple[int, str]] = field(default_factory=list)
    product_line: list[tuple[int, str]] = field(default_factory=list)
    owner: list[tuple[int, str]] = field(default_factory=list)
    persona: list[tuple[int, str]] = field(default_factory=list)
    queue: list[tuple[int, str]] = field(default_factory=list)
    attribute: list[tuple[str, str]] = field(default_factory=list)
    views: list[ShownView] = field(default_factory=list)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))


CHOICES_SQL = """
    (SELECT 'source', id, name, '' FROM leads_source ORDER BY name LIMIT %(most)s)
    UNION ALL
    (SELECT 'campaign', id, name, '' FROM leads_campaign
     ORDER BY starts_on DESC NULLS LAST, name LIMIT %(most)s)
    UNION ALL
    (SELECT 'product_line', id, name, '' FROM leads_productline ORDER BY name LIMIT %(most)s)
    UNION ALL
    (SELECT 'owner', u.id, u.name, '' FROM accounts_user AS u
     WHERE u.is_active AND EXISTS (
         SELECT 1 FROM accounts_membership AS m
         WHERE m.user_id = u.id AND m.role IN ('REP', 'MARKETER', 'MANAGER'))
     ORDER BY u.name, u.id LIMIT %(most)s)
    UNION ALL
    (SELECT 'persona', id, name, '' FROM leads_persona ORDER BY name LIMIT %(most)s)
    UNION ALL
    (SELECT 'queue', q.id, q.kind, COALESCE(t.name, '') FROM leads_queue AS q
     LEFT JOIN accounts_team AS t ON t.id = q.team_id ORDER BY q.kind, t.name LIMIT %(most)s)
    UNION ALL
    (SELECT 'attribute', id, label, jsonb_build_object('subject', subject, 'key', key,
         'kind', kind, 'choices', choices)::text FROM leads_customattribute
     WHERE is_active AND kind IN ('CHOICE', 'FLAG') ORDER BY subject, label LIMIT %(most)s)
    UNION ALL
    (SELECT 'view', id, name, jsonb_build_object('query', query, 'reach', reach,
         'default_for', default_for, 'is_own', owner_id = %(user)s)::text FROM leads_savedview
     WHERE url_name = %(list)s
         AND (owner_id = %(user)s OR reach = 'ALL' OR (reach = 'TEAM' AND team_id = ANY(%(teams)s)))
     ORDER BY name, id LIMIT %(most)s)
    UNION ALL
    (SELECT 'zone', id, zone, '' FROM accounts_organisation)
"""
YES_NO = (("true", gettext_lazy("yes")), ("false", gettext_lazy("no")))


def filter_choices(user: Any = None, url_name: str = "lead-list") -> Choices:
    """Return everything that the list can be filtered by, and the saved views that `user` sees, in
    one statement."""
    choices = Choices()
    teams = sorted(standing(user).team_ids) if user else []
    params = {"most": MOST_CHOICES, "user": getattr(user, "pk", 0), "teams": teams}
    with connection.cursor() as cursor:
        cursor.execute(CHOICES_SQL, {**params, "list": url_name})
        for kind, row_id, name, more in cursor.fetchall():
            _take(choices, kind, row_id, name, more)
    return choices


def _take(choices: Choices, kind: str, row_id: int, name: str, more: str) -> None:
    if kind == "zone":
        choices.zone = ZoneInfo(name)
    elif kind == "view":
        choices.views.append(ShownView(row_id, name, **json.loads(more)))
    elif kind == "attribute":
        choices.attribute += _attribute_choices(name, **json.loads(more))
    elif kind == "queue":
        label = str(QueueKind(name).label)
        choices.queue.append((row_id, f"{label} · {more}" if more else label))
    else:
        getattr(choices, kind).append((row_id, name))


def _attribute_choices(
    label: str, *, subject: str, key: str, kind: str, choices: list[str]
) -> list[tuple[str, str]]:
    """Return a choice for each value of one of the organisation's own fields."""
    values = YES_NO if kind == AttributeKind.FLAG else [(one, one) for one in choices]
    named = f"{subject.lower()}.{key}"
    return [(f"{named}:{value}", f"{label}: {shown}") for value, shown in values]
