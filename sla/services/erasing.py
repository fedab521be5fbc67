"""What the promise holds of a person: only what somebody wrote as the reason of a pause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from sla.models import Pause

ERASED = "–"


def blank_pauses(contact_ids: Sequence[int], at: datetime) -> int:
    """Blank why clocks of these people's leads were held; return how many rows changed.

    Clocks, breaches and figures stay: they tell of ours, not of the person.
    """
    own = Q(clock__lead__contact__in=contact_ids)
    merged = Q(clock__lead__contact__merged_into__in=contact_ids)
    return Pause.objects.filter(own | merged).exclude(reason=ERASED).update(reason=ERASED)
