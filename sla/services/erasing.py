"""What the promise holds of a person: only what somebody wrote as the reason of a pause."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from sla.models import Pause

ERASED = "–"


def blank_pauses(contact_id: int, at: datetime) -> int:
    """Blank why clocks of this person's leads were held; return how many rows changed.

    Clocks, breaches and figures stay: they tell of ours, not of the person.
    """
    of_person = Q(clock__lead__contact=contact_id) | Q(clock__lead__contact__merged_into=contact_id)
    return Pause.objects.filter(of_person).exclude(reason=ERASED).update(reason=ERASED)
