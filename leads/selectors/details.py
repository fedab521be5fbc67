"""What the lead page shows: the row, its way, its deals, the contact's other cycles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery

from accounts.rules import standing
from leads.enums import Disposition, LifecycleStage, VersionState
from leads.lifecycle import RANK, STAGES
from leads.models import Lead, NextStep, Opportunity, PersonaVersion, StageTransition
from leads.models.opportunities import DealState
from leads.querysets import LeadQuerySet
from leads.selectors.packet import Packet, packet_of
from leads.selectors.relatives import Relative
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
    """Everything of a lead that its page shows beside the timeline; five statements."""

    lead: Lead
    transitions: Sequence[StageTransition]
    next_steps: Sequence[NextStep]
    packet: Packet

    @property
    def cycles(self) -> Sequence[Relative]:
        """The rows of the person, this one among them, the newest first."""
        return self.packet.relatives.cycles

    @property
    def cycle_number(self) -> int:
        """The rank of this row among the contact's, by when they began."""
        oldest_first = [one.pk for one in reversed(self.cycles)]
        return 1 + oldest_first.index(self.lead.pk)


def visible_lead(user: Any, pk: int) -> Lead:
    """Return the lead with all that a page shows of it; raise NotFound when it is not seen.

    Its person is `contact.canonical`: the row it came in with may have been merged into another.
    """
    found = _whole(Lead.objects.visible_to(user, standing(user))).filter(pk=pk).first()
    if found is None:
        raise NotFound("no such lead")
    return found


def whole_lead(pk: int) -> Lead:
    """Return the lead with all that a page shows of it, for whoever has just begun it."""
    return _whole(Lead.objects.all()).get(pk=pk)


def _whole(rows: LeadQuerySet) -> LeadQuerySet:
    related = (
        "contact__company__owner", "contact__captured_by", "contact__merged_into__company__owner",
        "contact__merged_into__captured_by", "owner", "queue", "persona", "source", "campaign",
        "product_line", "sql_type",
    )  # fmt: skip
    in_force = PersonaVersion.objects.filter(
        persona=OuterRef("persona"), state=VersionState.IN_FORCE
    )
    whole = rows.select_related(*related).defer(
        "contact__search", "contact__merged_into__search", "owner__password"
    )
    running = Opportunity.objects.filter(lead=OuterRef("pk"), state=DealState.OPEN).values("pk")
    return whole.annotate(
        opening_line=Subquery(in_force.values("opening_line")[:1]),
        first_deal=Subquery(running.order_by("pk")[:1]),
        last_deal=Subquery(running.order_by("-pk")[:1]),
    )


def sees_lead(user: Any, lead: Lead) -> bool:
    """Tell whether `user` sees `lead`: who begins one for the other side may not."""
    return Lead.objects.visible_to(user, standing(user)).filter(pk=lead.pk).exists()


def lead_page(user: Any, pk: int) -> LeadPage:
    """Return what the page of lead `pk` shows to `user`; raise NotFound when he does not see it."""
    lead = visible_lead(user, pk)
    transitions = list(lead.transitions.select_related("actor").order_by("-id")[:200])
    waiting = lead.next_steps.filter(done_at=None, dropped_at=None)
    return LeadPage(
        lead=lead,
        transitions=transitions,
        next_steps=list(waiting.select_related("owner").order_by("due_at", "id")[:20]),
        packet=packet_of(user, lead, transitions),
    )


def stage_steps(
    lead: Lead, transitions: Sequence[StageTransition], now: datetime
) -> list[StageStep]:
    """Return the path of the lead through the funnel as of `now`."""
    passed = {row.to_stage for row in transitions if row.inferred and row.voided_by_id is None}
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
