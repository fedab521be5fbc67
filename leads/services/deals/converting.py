"""Conversion: a lead becomes an opportunity, whole and once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import User
from leads.enums import Cause, LifecycleStage
from leads.models import Opportunity
from leads.moving import Move
from leads.services.deals.changing import WRITTEN, lock_lead, with_usual
from leads.services.deals.closing import DealOutcome
from leads.services.deals.facts import DealFacts, check_facts, write_facts
from leads.services.moves import move_leads


@transaction.atomic
def convert_lead(
    lead_id: int,
    facts: DealFacts,
    *,
    actor: User,
    at: datetime,
    expected: LifecycleStage | None = None,
    cause: Cause = Cause.USER,
    reason_note: str = "",
    answers: Mapping[str, bool] | None = None,
) -> DealOutcome:
    """Move the lead to OPPORTUNITY through the gate and give it its first deal, both or neither.

    Of two who convert one lead the second gets MovesRefused, which names the first; the database
    holds that there is one conversion. Raises MovesRefused (table, role, criteria) and BadInput by
    field, having changed nothing. `reason_note` is what a manager says of his decision.
    """
    check_facts(facts)
    lock_lead(lead_id)
    move = Move(
        lead_id=lead_id,
        to_stage=LifecycleStage.OPPORTUNITY,
        expected=expected,
        actor=actor,
        cause=cause,
        note=reason_note,
        answers=answers or {},
    )
    outcome = move_leads([move], at=at)
    deal = Opportunity.objects.get(lead_id=lead_id, is_first=True)
    changed = write_facts(deal, with_usual(facts, outcome.leads[0]))
    deal.changed_by, deal.changed_at = actor, at
    deal.save(update_fields=[*changed, *WRITTEN])
    return DealOutcome(deal, outcome.action)
