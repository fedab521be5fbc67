"""What follows when a score reaches the threshold: the setting says propose, or make an MQL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from leads.enums import Cause, LifecycleStage, MqlMaking
from leads.models import FunnelSettings, Lead
from leads.moving import Move
from leads.services.moves import move_leads


def make_mqls(leads: Iterable[Lead], settings: FunnelSettings, *, at: datetime) -> list[Lead]:
    """Move the proposed ones of `leads` to MQL through the gate, where the setting says so.

    Cause is the rule. A lead that lacks a required criterion is refused by the gate and stays
    proposed to people. Returns the leads that moved, as they now are.
    """
    if settings.mql_making != MqlMaking.MAKE:
        return []
    ripe = [lead for lead in leads if lead.stage == LifecycleStage.LEAD and lead.proposed_at]
    moves = [Move(lead_id=lead.pk, to_stage=LifecycleStage.MQL, cause=Cause.RULE) for lead in ripe]
    return list(move_leads(moves, at=at, apply_rest=True).leads) if moves else []
