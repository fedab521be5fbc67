"""What a person agreed to and took back, as the page of the contact and the API show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from leads.enums import ConsentPurpose
from leads.models import Consent, Contact

MOST_SHOWN = 50


@dataclass(frozen=True)
class ConsentHistory:
    """Every yes and no of a person, newest first, and whether Marketing may write."""

    contact: Contact
    rows: Sequence[Consent]

    @property
    def objects(self) -> bool:
        """Tell whether an objection holds."""
        return self.contact.no_marketing_since is not None

    @property
    def yes_since(self) -> Consent | None:
        """A yes to Marketing that came in by itself after the objection, to be confirmed."""
        since = self.contact.no_marketing_since
        newest = next((row for row in self.rows if row.purpose == ConsentPurpose.MARKETING), None)
        return newest if since and newest and newest.given and newest.at >= since else None


def consent_history(contact: Contact, ids: Sequence[int]) -> ConsentHistory:
    """Return what the person said on every row of his, `ids`; one statement."""
    rows = Consent.objects.filter(contact_id__in=ids).select_related("recorded_by")
    return ConsentHistory(contact, list(rows.order_by("-at", "-id")[:MOST_SHOWN]))
