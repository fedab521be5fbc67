"""What people agree to: one row each time they say so, never changed afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from leads.enums import ConsentPurpose
from leads.models import Consent


@dataclass(frozen=True, kw_only=True)
class ConsentFacts:
    """A yes or a no, and the words that it was said to. `contact_id` 0: the capture's own."""

    given: bool
    text: str = ""
    text_version: str = ""
    purpose: ConsentPurpose = ConsentPurpose.MARKETING
    contact_id: int = 0


def record_consents(
    said: Sequence[ConsentFacts], *, through: str, by: User | None, at: datetime
) -> list[Consent]:
    """Write down what was said, in one statement; the newest row of a purpose is what holds."""
    return Consent.objects.bulk_create(
        Consent(
            contact_id=one.contact_id,
            purpose=one.purpose,
            given=one.given,
            text=one.text,
            text_version=one.text_version,
            through=through,
            recorded_by=by,
            at=at,
        )
        for one in said
    )
