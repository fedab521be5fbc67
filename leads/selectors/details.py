"""What the lead page shows: the row, its way, its deals, the contact's other cycles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.rules import standing
from leads.enums import Disposition, LifecycleStage
from leads.lifecycle import RANK, STAGES
from leads.models import Lead, Opportunity, StageTransition
from leads.querysets import LeadQuerySet
from smarketing.errors import NotFound


@dataclass(frozen=True)
class StageStep:
    """One stage of the path: when the lead came, how long it stayed, whether it was passed over."""

    key: str
    label: str
    at: datetime | None
    state: str
    inferred: bool
    spent: timedelta | None


@dataclass(frozen=True)
class LeadPage:
    """Everything of a lead that its page shows; four statements."""

    lead: Lead
    transitions: Sequence[StageTransition]
    opportunities: Sequence[Opportunity]
    cycles: Sequence[Lead]

    @property
    def cycle_number(self) -> int:
        """The rank of this row among the contact's, by when they began."""
        order = sorted(self.cycles, key=lambda lead: (lead.began_at, lead.pk))
        return 1 + [lead.pk for lead in order].index(self.lead.pk)

    @property
    def other_cycles(self) -> list[Lead]:
        """The contact's other rows, the newest first."""
        others = [lead for lead in self.cycles if lead.pk != self.lead.pk]
        return sorted(others, key=lambda lead: (lead.began_at, lead.pk), reverse=True)


def visible_lead(user: Any, pk: int) -> Lead:
    """Return the lead with all that a page shows of it; raise NotFound when it is not seen."""
    found = _whole(Lead.objects.visible_to(user, standing(user))).filter(pk=pk).first()
    if found is None:
        raise NotFound("no such lead")
    return found


def whole_lead(pk: int) -> Lead:
    """Return the lead with all that a page shows of it, for whoever has just begun it."""
    return _whole(Lead.objects.all()).get(pk=pk)


def _whole(rows: LeadQuerySet) -> LeadQuerySet:
    related = ("contact__company", "contact__captured_by", "owner", "source", "campaign")
    return rows.select_related(*related, "product_line").defer("contact__search")


def sees_lead(user: Any, lead: Lead) -> bool:
    """Tell whether `user` sees `lead`: who begins one for the other side may not."""
    return Lead.objects.visible_to(user, standing(user)).filter(pk=lead.pk).exists()


def lead_page(user: Any, pk: int) -> LeadPage:
    """Return what the page of lead `pk` shows to `user`; raise NotFound when he does not see it."""
    lead = visible_lead(user, pk)
    cycles = Lead.objects.visible_to(user, standing(user)).filter(contact_id=lead.contact_id)
    return LeadPage(
        lead=lead,
        transitions=list(lead.transitions.select_related("actor").order_by("-id")[:200]),
        opportunities=list(lead.opportunities.select_related("product_line").order_by("id")),
        cycles=list(cycles.select_related("product_line")),
    )


def stage_steps(
    lead: Lead, transitions: Sequence[StageTransition], now: datetime
) -> list[StageStep]:
    """Return the path of the lead through the funnel as of `now`."""
    passed = {row.to_stage for row in transitions if row.inferred}
    rank = RANK[LifecycleStage(lead.stage)]
    entered = [_entered(lead, stage) if stage not in passed else None for stage in STAGES]
    steps = []
    for i, stage in enumerate(STAGES):
        state = "done" if i < rank else "current" if i == rank else "todo"
        at = entered[i] if i <= rank else None
        until = _left(lead, entered[i + 1 : rank + 1], now)
        steps.append(
            StageStep(
                key=stage.value,
                label=str(stage.label),
                at=at,
                state=state,
                inferred=stage in passed,
                spent=until - at if at is not None and until is not None else None,
            )
        )
    return steps


def _entered(lead: Lead, stage: LifecycleStage) -> datetime | None:
    instant: datetime | None = getattr(lead, f"{stage.value.lower()}_at")
    return instant


def _left(lead: Lead, later: Sequence[datetime | None], now: datetime) -> datetime | None:
    """When a stage was left: at the next known entry, at the close, or not yet."""
    known = next((instant for instant in later if instant is not None), None)
    if later:
        return known
    return now if lead.disposition == Disposition.OPEN else lead.closed_at
