"""Corrective actions as people see them: waiting first, then under way, then ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, DateField, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from accounts.enums import TeamKind
from accounts.models import User
from accounts.rules import standing
from sla.action_rights import decides_actions, sides_of
from sla.enums import ActionState, SectionKey, Side
from sla.models import CorrectiveAction, Section
from sla.selectors.house import house
from smarketing.errors import NotFound

OPEN_STATES = (ActionState.OPEN, ActionState.DECIDED)
MOST_TODAY = 5
KINDS = {
    Side.MARKETING: (TeamKind.MARKETING,),
    Side.SALES: (TeamKind.SALES,),
    Side.BOTH: (TeamKind.MARKETING, TeamKind.SALES),
}
IN_TURN = Case(
    When(state=ActionState.OPEN, then=Value(0)),
    When(state=ActionState.DECIDED, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def listed_actions(state: str = "", side: str = "") -> QuerySet[CorrectiveAction]:
    """Return the actions in their turn: undecided, then by due day, then ended, newest first.

    `state` is one of `ActionState` or "" for those that have not ended, "all" for every one.
    """
    rows = CorrectiveAction.objects.select_related(
        "commitment__agreement", "commitment__team", "commitment__product_line",
        "commitment__persona", "commitment__source", "owner", "result",
    )  # fmt: skip
    if state in ActionState.values:
        rows = rows.filter(state=state)
    elif state != "all":
        rows = rows.filter(state__in=OPEN_STATES)
    if side in Side.values:
        rows = rows.filter(side=side)
    by_day = Case(When(closed_at__isnull=True, then="due_on"), output_field=DateField())
    return rows.order_by(IN_TURN, by_day.asc(nulls_last=True), "-missed_on", "pk")


def one_action(pk: int) -> CorrectiveAction:
    """Return one action; raise NotFound."""
    found = listed_actions("all").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such corrective action."))
    return found


def counts_by_state() -> dict[str, int]:
    """Count the actions of each state; one statement."""
    return dict(CorrectiveAction.objects.order_by().values_list("state").annotate(Count("pk")))


def playbook_of(action: CorrectiveAction) -> str:
    """Return what the agreement proposes when a promise is missed; one statement."""
    texts = Section.objects.filter(
        agreement=action.commitment.agreement_id, key=SectionKey.PLAYBOOK
    )
    return texts.values_list("text", flat=True).first() or ""


def possible_owners(side: str) -> QuerySet[User]:
    """Return who may own an action of `side`: the active people of its teams."""
    kinds = KINDS[Side(side)]
    held = User.objects.active().filter(memberships__team__kind__in=kinds)
    return held.order_by("name", "pk").distinct()


def actions_waiting(user: Any, at: datetime) -> Mapping[str, Any]:
    """What a manager has to decide and what is overdue, for Today; three statements."""
    today: date = house().day(at)
    rows = listed_actions().filter(
        Q(state=ActionState.OPEN) | Q(state=ActionState.DECIDED, due_on__lt=today)
    )
    if decides_actions(standing(user)):
        rows = rows.filter(side__in=[*sides_of(standing(user)), Side.BOTH])
    found = list(rows[: MOST_TODAY + 1])
    return {"actions": found[:MOST_TODAY], "more": len(found) > MOST_TODAY, "today": today}
