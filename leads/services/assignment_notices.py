"""Who is told of assignments: the new owner, and Sales' managers when nobody could take a lead.

Told after the undo window, and taken back when the action was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from accounts.enums import Role, TeamKind
from accounts.models import User
from accounts.services.notices import Telling, notify, notify_each, withdraw
from leads.enums import AssignmentCause, Disposition
from leads.models import Assignment, Contact, Lead
from leads.moving import told_at
from leads.selectors.house import funnel_settings
from leads.services.routing import give_turns_back

LEAD_ASSIGNED, LEADS_UNPLACED = "lead_assigned", "leads_unplaced"
MOST_NAMES = 3


def tell_of_assignments(
    sender: Any, assignments: Sequence[Assignment], at: datetime, **_: Any
) -> None:
    """Tell new owners of their leads, one notice each, and managers of leads that found nobody.

    Who took a lead himself needs no telling. Twelve statements at most, however many rows.
    """
    mine = [row for row in assignments if row.owner_id and row.owner_id != row.actor_id]
    unplaced = [row for row in assignments if row.cause == AssignmentCause.FALLBACK]
    if not mine and not unplaced:
        return
    names = _names([*mine, *unplaced])
    due_at = told_at(at, funnel_settings().undo_seconds)
    if mine:
        notify_each(_tellings(mine, names), LEAD_ASSIGNED, at=at, due_at=due_at)
    if unplaced:
        _tell_managers(unplaced, names, at=at, due_at=due_at)


def _tell_managers(
    rows: Sequence[Assignment], names: dict[int, str], *, at: datetime, due_at: datetime
) -> None:
    """Tell Sales' managers of leads that found nobody, once for the hour of the first of them."""
    notify(
        sales_managers(),
        LEADS_UNPLACED,
        {"names": _few(rows, names)},
        at=at,
        url=f"{reverse('lead-list')}?stage=MQL&owner=nobody&sort=since",
        dedupe_key=unplaced_key(rows[0].assigned_at),
        due_at=due_at,
    )


def take_back(sender: Any, leads: Sequence[Lead], at: datetime, **_: Any) -> None:
    """Withdraw what the undone assignments of `leads` would have told, and give back the turns."""
    undone = list(Assignment.objects.filter(lead__in=leads, voided_at=at))
    _forget_unplaced(undone, at)
    withdraw(*[assigned_key(row.pk) for row in undone], at=at)
    by_turns = (AssignmentCause.RULE, AssignmentCause.REASSIGNED)
    give_turns_back([row for row in undone if row.cause in by_turns], at=at)


def _forget_unplaced(undone: Sequence[Assignment], at: datetime) -> None:
    """Withdraw that the leads of one undone action found nobody. Others of that hour, told under
    the same key, that still have nobody are told instead."""
    fallen = [row for row in undone if row.cause == AssignmentCause.FALLBACK]
    if not fallen or not withdraw(unplaced_key(fallen[0].assigned_at), at=at):
        return
    hour = fallen[0].assigned_at.replace(minute=0, second=0, microsecond=0)
    waiting = Assignment.objects.filter(
        cause=AssignmentCause.FALLBACK,
        assigned_at__gte=hour,
        assigned_at__lt=hour + timedelta(hours=1),
        voided_at__isnull=True,
        lead__owner__isnull=True,
        lead__disposition=Disposition.OPEN,
    )
    others = list(waiting.select_related("lead").order_by("pk"))
    if others:
        due_at = told_at(others[0].assigned_at, funnel_settings().undo_seconds)
        _tell_managers(others, _names(others), at=at, due_at=due_at)


def assigned_key(assignment_id: int) -> str:
    """Return the key of the notice that tells of an assignment, the first of its action."""
    return f"{LEAD_ASSIGNED}:{assignment_id}"


def unplaced_key(at: datetime) -> str:
    """Return the key under which managers hear once an hour that leads found nobody."""
    return f"{LEADS_UNPLACED}:{at:%Y-%m-%dT%H}"


def sales_managers() -> list[User]:
    """Return the active managers of Sales; one statement."""
    rows = User.objects.active().filter(
        memberships__role=Role.MANAGER, memberships__team__kind=TeamKind.SALES
    )
    return list(rows.distinct())


def _tellings(rows: Sequence[Assignment], names: dict[int, str]) -> Iterable[Telling]:
    owners = User.objects.in_bulk({row.owner_id for row in rows if row.owner_id})
    by_owner: dict[int, list[Assignment]] = {}
    for row in rows:
        by_owner.setdefault(row.owner_id or 0, []).append(row)
    for owner_id, given in by_owner.items():
        alone = len(given) == 1
        inbox = f"{reverse('lead-list')}?owner=me&sort=since"
        yield Telling(
            recipient=owners[owner_id],
            params={"names": _few(given, names)},
            url=reverse("lead-detail", args=[given[0].lead_id]) if alone else inbox,
            dedupe_key=assigned_key(min(row.pk for row in given)),
        )


def _names(rows: Sequence[Assignment]) -> dict[int, str]:
    """Return what the contacts of the rows' leads are called, by contact id; one statement."""
    contacts = Contact.objects.defer("search").in_bulk({row.lead.contact_id for row in rows})
    return {pk: contact.name for pk, contact in contacts.items()}


def _few(rows: Sequence[Assignment], names: dict[int, str]) -> str:
    """Name the first three and count the others."""
    shown = [names[row.lead.contact_id] for row in rows[:MOST_NAMES]]
    more = len(rows) - len(shown)
    return ", ".join(shown) + (f" +{more}" if more else "")
