"""What lasts for a whole file: the reader, the house's rules, which row brought which lead."""

from __future__ import annotations

from array import array
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.folding import fold
from leads.mapping import Mapping, RowReader, own_field
from leads.mapping.own import unknown_own
from leads.models import CustomAttribute
from leads.row_results import ChunkResult
from leads.services.history import refuse_history
from leads.services.house import House

PAGE, WIDTH = 4_096, array("I").itemsize
NO_FIELD = _("“%(name)s” is no field that is in use here.")


class RowsOfLeads:
    """Which row of the file brought each lead; four bytes a lead, for a file may tell a million."""

    def __init__(self) -> None:
        self._pages: dict[int, array[int]] = {}

    def __setitem__(self, lead_id: int, row: int) -> None:
        page = self._pages.get(lead_id // PAGE)
        if page is None:
            page = self._pages[lead_id // PAGE] = array("I", bytes(PAGE * WIDTH))
        page[lead_id % PAGE] = row

    def get(self, lead_id: int) -> int:
        """Return the row, 0 for a lead that no row brought."""
        page = self._pages.get(lead_id // PAGE)
        return page[lead_id % PAGE] if page is not None else 0


class ImportSession:
    """Held by whoever brings in a file chunk by chunk; without one, every chunk asks anew.

    It keeps nothing that a chunk wrote but the numbers of rows and leads, so one that was rolled
    back may be tried again; a row is then told to be there twice only by a row that came in.
    """

    def __init__(self, mapping: Mapping, *, actor: User | None, house: House | None = None) -> None:
        self.mapping, self.actor = mapping, actor
        self.house = house or House()
        self.seen = RowsOfLeads()

    def note(self, result: ChunkResult) -> None:
        """Remember which rows brought which leads, once they are written."""
        for row in result.rows:
            if row.lead_id is not None:
                self.seen[row.lead_id] = row.number

    @cached_property
    def refusal(self) -> tuple[str, Any] | None:
        """Why nothing may come in at all."""
        unknown = unknown_own(self.mapping, self._own)
        if unknown:
            return "unknown_field", NO_FIELD % {"name": unknown[0]}
        return refuse_history(self.actor)

    @cached_property
    def reader(self) -> RowReader:
        """What reads the rows; it remembers what it has read."""
        return RowReader(self.mapping, self._own)

    @cached_property
    def _own(self) -> list[CustomAttribute]:
        """The own fields in use; asked only where the mapping names one."""
        told = [*self.mapping.columns.values(), *self.mapping.constants]
        if not any(own_field(name) for name in told):
            return []
        return list(CustomAttribute.objects.filter(is_active=True))

    @cached_property
    def currency(self) -> str:
        """The currency of an amount that names none: the organisation's."""
        return self.house.rules.currency

    @cached_property
    def _reasons(self) -> dict[str, str]:
        reasons = self.house.rules.reasons.values()
        return {
            **{fold(reason.label): reason.code for reason in reasons},
            **{fold(reason.code): reason.code for reason in reasons},
        }

    def reason(self, told: str) -> str | None:
        """Return the code of a reason by its code or its name, None for an unknown one."""
        return self._reasons.get(fold(told))
