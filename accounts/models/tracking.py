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
    """
    # A tracker remembers the model it was given first, so each model gets trackers of its own.
    track: Callable[[M], M] = pghistory.track(
        pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=list(without) or None
    )
    return track
