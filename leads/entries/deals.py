"""Opportunities, the board, campaigns, customers."""

from __future__ import annotations

from leads.services.deals.settling import follow_leads, forget_undone
from leads.signals import moves_taken_back, stages_changed


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
    stages_changed.connect(follow_leads, dispatch_uid="leads.deals.follow_leads")
    moves_taken_back.connect(forget_undone, dispatch_uid="leads.deals.forget_undone")
