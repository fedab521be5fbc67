"""What lasts for a whole file: the reader, the house's rules, which row brought which lead."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from accounts.models import User
from leads.folding import fold
from leads.mapping import Mapping, RowReader
from leads.services.history import refuse_history
from leads.services.house import House


class ImportSession:
    """Held by whoever brings in a file chunk by chunk; without one, every chunk asks anew.

    It keeps nothing that a chunk wrote but the numbers of rows and leads, so one that was rolled
    back may be tried again; a row is then told to be there twice only by a row that came in.
    """

    def __init__(self, mapping: Mapping, *, actor: User | None, house: House | None = None) -> None:
        self.mapping, self.actor = mapping, actor
        self.reader, self.house = RowReader(mapping), house or House()
        self.seen: dict[int, int] = {}

    @cached_property
    def refusal(self) -> tuple[str, Any] | None:
        """Why nothing may come in at all."""
        return refuse_history(self.actor)

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
