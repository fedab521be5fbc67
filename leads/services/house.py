"""The house rules as services hold them: read once, when somebody first asks."""

from __future__ import annotations

from functools import cached_property

from leads.enums import QueueKind
from leads.selectors.house import HouseRules, house_rules
from leads.services.queues import queue_of


class House:
    """Settings, reasons and queues for the length of one action; many actions never ask."""

    @cached_property
    def rules(self) -> HouseRules:
        """The rules of the house; one statement."""
        return house_rules()

    def queue_id(self, kind: QueueKind) -> int:
        """Return the id of the queue of `kind`, made where it is missing."""
        known = self.rules.queues.get(kind.value)
        return known if known is not None else queue_of(kind).pk
