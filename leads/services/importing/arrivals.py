"""The rows of a chunk that come in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from leads.mapping import ReadRow
from leads.row_results import RowVerdict
from leads.services.history import Travel
from leads.services.importing.names import Meant
from leads.services.importing.people import Person


@dataclass(slots=True)
class Arrival:
    """A row that comes in: whom it means, the way of its lead, what else it says of a known one.

    `was_owner`: whose a known lead was before; `was` what else it held that changes.
    """

    row: ReadRow
    meant: Meant
    person: Person
    verdict: RowVerdict
    travel: Travel
    fields: dict[str, Any] = field(default_factory=dict)
    was_owner: int | None = None
    was: dict[str, Any] = field(default_factory=dict)

    def add_to_known(self) -> None:
        """Note that something was added to what is known."""
        if self.verdict is RowVerdict.UNCHANGED:
            self.verdict = RowVerdict.UPDATED
