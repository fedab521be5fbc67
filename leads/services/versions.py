"""Versions of what both teams agreed on: at most one in force, the earlier ones kept as they were.

Shared by stage definitions and personas; which rows belong together is the `group` column.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from leads.enums import VersionState
from leads.models import PersonaVersion, StageDefinition
from leads.rules import proposes_versions, puts_versions_in_force
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused

V = TypeVar("V", StageDefinition, PersonaVersion)

NOT_PROPOSER = _("Marketers and managers propose versions.")
NOT_MANAGER = _("Managers put versions in force.")
NO_SUCH = _("There is no such version.")
SUPERSEDED = _("Version %(n)d has been superseded. Propose it anew.")
ONE_OF_EACH = _("Only one version of each can be in force.")
PROPOSED_MEANWHILE = _("Somebody else proposed a version at this moment. Look at it first.")


def hold_proposer(actor: User | None) -> None:
    """Raise NotAllowed unless `actor` may propose; None is the system."""
    if actor is not None and not proposes_versions(standing(actor)):
        raise NotAllowed(NOT_PROPOSER)


def hold_manager(actor: User | None) -> None:
    """Raise NotAllowed unless `actor` may put in force; None is the system."""
    if actor is not None and not puts_versions_in_force(standing(actor)):
        raise NotAllowed(NOT_MANAGER)


def add_version(model: type[V], group: str, value: object, make: Callable[[int], V]) -> V:
    """Insert what `make` returns for the next number in its group; a race is told as Refused."""
    try:
        with transaction.atomic():
            known = model._default_manager.filter(**{group: value}).order_by("-version")
            last = known.values_list("version", flat=True).first() or 0
            version = make(last + 1)
            version.save(force_insert=True)
            return version
    except IntegrityError as error:
        raise Refused(PROPOSED_MEANWHILE, code="proposed_meanwhile") from error


def put_in_force(model: type[V], group: str, ids: Collection[int], *, at: datetime) -> list[V]:
    """Put the versions `ids` in force and retire those they replace; all or none.

    What is in force already stays as it is. Returns the versions that changed. Every version of the
    groups is locked in id order, so that two managers wait for each other.
    """
    with transaction.atomic():
        asked = _asked(model, group, ids)
        groups = [getattr(one, group) for one in asked]
        locked = model._default_manager.filter(**{f"{group}__in": groups})
        rows = {row.pk: row for row in locked.select_for_update().order_by("id")}
        fresh = [rows[pk] for pk in sorted(set(ids)) if rows[pk].state != VersionState.IN_FORCE]
        for row in fresh:
            if row.state == VersionState.RETIRED:
                raise Refused(SUPERSEDED % {"n": row.version}, code="superseded")
        changing = [getattr(row, group) for row in fresh]
        locked.filter(**{f"{group}__in": changing}, state=VersionState.IN_FORCE).update(
            state=VersionState.RETIRED, superseded_at=at
        )
        locked.filter(pk__in=[row.pk for row in fresh]).update(
            state=VersionState.IN_FORCE, in_force_from=at
        )
        for row in fresh:
            row.state, row.in_force_from = VersionState.IN_FORCE, at
    return fresh


def withdraw(model: type[V], version_id: int, *, actor: User | None, at: datetime) -> V:
    """Take back a proposal; what is or was in force is not to be taken back."""
    hold_proposer(actor)
    with transaction.atomic():
        row = model._default_manager.select_for_update().filter(pk=version_id).first()
        if row is None:
            raise NotFound(NO_SUCH)
        if row.state != VersionState.DRAFT:
            raise Refused(_("Only a proposal can be withdrawn."), code="not_a_proposal")
        row.state, row.superseded_at = VersionState.RETIRED, at
        row.save(update_fields=["state", "superseded_at"])
    return row


def _asked(model: type[V], group: str, ids: Collection[int]) -> list[V]:
    rows = list(model._default_manager.filter(pk__in=set(ids)))
    if len(rows) != len(set(ids)):
        raise NotFound(NO_SUCH)
    if len({getattr(row, group) for row in rows}) != len(rows):
        raise BadInput(ONE_OF_EACH)
    return rows
