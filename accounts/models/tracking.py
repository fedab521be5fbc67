"""How settings and people leave a history: database triggers, so bulk updates are seen too."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pghistory
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def tracked(*without: str) -> Callable[[M], M]:
    """Track a model's updates and deletes, leaving out the fields `without` (secrets, counters).

    Inserts are not tracked: they would double every import, and the row itself says when it began.
    An event therefore keeps the row as it was before; what it became stands in the next event or in
    the row itself (`accounts.selectors.history` reads them together).
    """
    # A tracker remembers the model it was given first, so each model gets trackers of its own.
    track: Callable[[M], M] = pghistory.track(
        pghistory.UpdateEvent(row=pghistory.Old),
        pghistory.DeleteEvent(),
        exclude=list(without) or None,
        meta={"indexes": [models.Index(fields=["-pgh_created_at", "-pgh_id"])]},
    )
    return track


def tracked_only(*fields: str) -> Callable[[M], M]:
    """Track updates and deletes as `tracked` does, but of these `fields` alone: what else a row
    holds has a history of its own."""

    def track(model: M) -> M:
        events: Callable[[M], M] = pghistory.track(
            pghistory.UpdateEvent(row=pghistory.Old),
            pghistory.DeleteEvent(),
            fields=list(fields),
            model_name=f"{model.__name__}Event",
            meta={"indexes": [models.Index(fields=["-pgh_created_at", "-pgh_id"])]},
        )
        return events(model)

    return track
