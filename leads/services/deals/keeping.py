"""How deals were before they were closed, kept with the action so that an undo brings it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from leads.models import Opportunity, UndoableAction

# What a close may overwrite; the rest of it an open deal has not.
KEPT = ("amount", "note", "expected_close_on", "step_id")
FIELDS = {field.attname: field for field in Opportunity._meta.concrete_fields}
DEALS = "deals"


def as_it_is(deal: Opportunity) -> dict[str, Any]:
    """Return what of `deal` an undo brings back, as JSON keeps it."""
    values = {name: getattr(deal, name) for name in KEPT}
    told = {name: None if value is None else str(value) for name, value in values.items()}
    return {"id": deal.pk, **told}


def remember_deals(action: UndoableAction | None, deals: Iterable[Mapping[str, Any]]) -> None:
    """Keep with `action` how deals were before it; one statement, none without either."""
    kept = list(deals)
    if action is None or not kept:
        return
    action.made[DEALS] = [*action.made.get(DEALS, []), *kept]
    action.save(update_fields=["made"])


def bring_back(deals: Iterable[Opportunity], action: UndoableAction | None) -> None:
    """Set on `deals`, unwritten, what `action` kept of them."""
    kept = {row["id"]: row for row in action.made.get(DEALS, [])} if action else {}
    for deal in deals:
        for name in KEPT if deal.pk in kept else ():
            setattr(deal, name, FIELDS[name].to_python(kept[deal.pk][name]))
