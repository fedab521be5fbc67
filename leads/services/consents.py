"""What people agree to: one row each time they say so, never changed afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from leads.enums import ConsentPurpose
from leads.models import Consent
from leads.services.objecting import stop_marketing


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
    """Write down what was said, in one statement; a no to Marketing holds at once, with a few more.

    A yes takes no objection back: see `leads.services.objecting`.
    """
    rows = Consent.objects.bulk_create(
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
    no = [row for row in rows if row.purpose == ConsentPurpose.MARKETING and not row.given]
    stop_marketing([row.contact_id for row in no], at=at)
    return rows
