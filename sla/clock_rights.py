"""Who may do what with clocks. Pure over a standing."""

from __future__ import annotations

from accounts.enums import Role
from accounts.rules import Standing
from leads.rules import decides_on_leads


def holds_clocks(standing: Standing, *, is_owner: bool) -> bool:
    """Tell whether the person may pause a clock and let it go on: its owner, and managers."""
    return Role.MANAGER in standing.roles or (is_owner and decides_on_leads(standing))
