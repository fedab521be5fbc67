"""The lists of names that leads and deals choose from: lines, sources, competitors, deal steps."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max, ProtectedError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from leads.folding import fold
from leads.models import Competitor, DealStep, ProductLine, Source
from leads.rules import keeps_catalogue
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused

KINDS: dict[str, Any] = {
    "product-lines": ProductLine,
    "sources": Source,
    "competitors": Competitor,
}
LONGEST = 100
LONGEST_STEP = 60
NAME_NEEDED = _("Write a name.")
NAME_TOO_LONG = _("At most %(n)d characters.")
NAME_TAKEN = _("There is one of this name already.")
IN_USE = _("“%(name)s” is in use and stays: its history names it.")
NO_SHARE = _("A chance lies between 0 and 100 %.")
LAST_STEP = _("One step at least stays in use.")
FOR_MANAGERS = _("These lists are for managers, marketers and administrators to keep.")


def name_entry(kind: str, name: str, *, pk: int | None = None, actor: User) -> Any:
    """Add a name to the list `kind`, or rename the entry `pk`; BadInput (`name`), NotFound."""
    _refuse_others(actor)
    model = _model(kind)
    row = model() if pk is None else model.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound("no such entry")
    return _name(row, name, LONGEST)


def remove_entry(kind: str, pk: int, *, actor: User) -> None:
    """Remove a name that nothing points to; Refused (`in_use`) when something does."""
    _refuse_others(actor)
    _remove(_model(kind).objects.filter(pk=pk).first())


def save_step(
    pk: int | None, *, name: str, probability: Decimal, is_active: bool, actor: User
) -> DealStep:
    """Add a deal step at the end, or change one. `probability` is a share from 0 to 1.

    Raises BadInput by field; NotFound; Refused when no step would stay in use.
    """
    _refuse_others(actor)
    with transaction.atomic():
        steps = {step.pk: step for step in DealStep.objects.select_for_update()}
        step = DealStep(position=_next_position()) if pk is None else steps.get(pk)
        if step is None:
            raise NotFound("no such step")
        if not probability.is_finite() or not 0 <= probability <= 1:
            raise BadInput(NO_SHARE, fields={"probability": [NO_SHARE]})
        if not is_active and not any(s.is_active for s in steps.values() if s.pk != pk):
            raise Refused(LAST_STEP, code="last_step")
        step.probability, step.is_active = probability, is_active
        _name(step, name, LONGEST_STEP)
    return step


def move_step(pk: int, by: int, *, actor: User) -> None:
    """Move a step one place up (-1) or down (1); at the end of the list nothing happens."""
    _refuse_others(actor)
    with transaction.atomic():
        steps = list(DealStep.objects.select_for_update().order_by("position", "id"))
        place = next((i for i, step in enumerate(steps) if step.pk == pk), None)
        if place is None:
            raise NotFound("no such step")
        other = place + by
        if 0 <= other < len(steps):
            steps[place], steps[other] = steps[other], steps[place]
        _number(steps)


def remove_step(pk: int, *, actor: User) -> None:
    """Remove a step that no deal ever stood at; Refused (`in_use`, `last_step`) else."""
    _refuse_others(actor)
    with transaction.atomic():
        steps = list(DealStep.objects.select_for_update())
        if not any(step.is_active for step in steps if step.pk != pk):
            raise Refused(LAST_STEP, code="last_step")
        _remove(next((step for step in steps if step.pk == pk), None))


def _number(steps: Sequence[DealStep]) -> None:
    for position, step in enumerate(steps, start=1):
        step.position = position
    DealStep.objects.bulk_update(steps, ["position"])


def _next_position() -> int:
    return int(DealStep.objects.aggregate(last=Max(F("position")))["last"] or 0) + 1


def _name(row: Any, name: str, longest: int) -> Any:
    row.name = " ".join(name.split())
    row.key = fold(row.name)[:longest]
    if not row.name or "\0" in row.name:
        raise BadInput(NAME_NEEDED, fields={"name": [NAME_NEEDED]})
    if len(row.name) > longest:
        raise BadInput(NAME_NEEDED, fields={"name": [NAME_TOO_LONG % {"n": longest}]})
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as taken:
        raise BadInput(NAME_TAKEN, fields={"name": [NAME_TAKEN]}) from taken
    return row


def _remove(row: Any) -> None:
    if row is None:
        raise NotFound("no such entry")
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError as used:
        raise Refused(IN_USE % {"name": row.name}, code="in_use") from used


def _model(kind: str) -> Any:
    if kind not in KINDS:
        raise NotFound("no such list")
    return KINDS[kind]


def _refuse_others(actor: User) -> None:
    if not keeps_catalogue(standing(actor)):
        raise NotAllowed(FOR_MANAGERS)
