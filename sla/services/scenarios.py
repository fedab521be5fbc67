"""Keeping what-ifs of the goal calculator."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from accounts.rules import standing
from sla.goal_store import goal_to_json, measurements_to_json
from sla.goals import Goal, Measurements
from sla.models import SavedScenario
from smarketing.errors import BadInput, NotAllowed

LONGEST_NAME = 80
MOST_OF_ONE = 50


def keep_scenario(
    name: str, goal: Goal, measured: Measurements, *, first_on: date, by: User, at: datetime
) -> SavedScenario:
    """Keep a goal with what was measured for it, so that it comes to the same later on.

    `first_on` is the first day of its period. Raises BadInput (`name`) for no name, one that the
    person has used, or more than `MOST_OF_ONE` kept.
    """
    wanted = " ".join(name.split())
    if not wanted or len(wanted) > LONGEST_NAME or not wanted.isprintable():
        raise _bad_name(_("Give it a name of at most %(most)d letters.") % {"most": LONGEST_NAME})
    if SavedScenario.objects.filter(created_by=by).count() >= MOST_OF_ONE:
        raise _bad_name(_("You keep %(most)d already. Delete one first.") % {"most": MOST_OF_ONE})
    try:
        with transaction.atomic():
            return SavedScenario.objects.create(
                name=wanted,
                inputs=goal_to_json(goal),
                figures={
                    "first_on": first_on.isoformat(),
                    "measured": measurements_to_json(measured),
                },
                created_by=by,
                created_at=at,
            )
    except IntegrityError:
        raise _bad_name(_("You keep one of this name already.")) from None


def delete_scenario(row: SavedScenario, *, by: User) -> None:
    """Delete a scenario; its author may, and managers. Raises NotAllowed."""
    if row.created_by_id != by.pk and Role.MANAGER not in standing(by).roles:
        raise NotAllowed(_("Only who kept it and managers delete it."))
    row.delete()


def _bad_name(reason: str) -> BadInput:
    return BadInput(reason, fields={"name": [reason]})
