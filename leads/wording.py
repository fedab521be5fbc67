"""The verbs of moves and the words of history, as buttons and timelines say them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.enums import CloseReason, Disposition, LifecycleStage
from leads.models import StageTransition

VERBS: dict[LifecycleStage, Any] = {
    LifecycleStage.MQL: gettext_lazy("Qualify lead"),
    LifecycleStage.SAL: gettext_lazy("Accept lead"),
    LifecycleStage.SQL: gettext_lazy("Mark as SQL"),
    LifecycleStage.OPPORTUNITY: gettext_lazy("Make an opportunity"),
    LifecycleStage.CUSTOMER: gettext_lazy("Mark as won"),
}
DONE: dict[LifecycleStage, Any] = {
    LifecycleStage.LEAD: gettext_lazy("Became a lead"),
    LifecycleStage.MQL: gettext_lazy("Qualified by Marketing"),
    LifecycleStage.SAL: gettext_lazy("Accepted by Sales"),
    LifecycleStage.SQL: gettext_lazy("Qualified by Sales"),
    LifecycleStage.OPPORTUNITY: gettext_lazy("Became an opportunity"),
    LifecycleStage.CUSTOMER: gettext_lazy("Won as a customer"),
}
CLOSED: dict[Disposition, tuple[Any, str, str]] = {
    Disposition.RECYCLED: (gettext_lazy("Recycled"), "refresh", "at-risk"),
    Disposition.DISQUALIFIED: (gettext_lazy("Disqualified"), "ban", "paused"),
    Disposition.LOST: (gettext_lazy("Lost"), "circle-x", "late"),
    Disposition.MERGED: (gettext_lazy("Merged"), "copy", "paused"),
}
OF_SALES = (LifecycleStage.OPPORTUNITY, LifecycleStage.CUSTOMER)


@dataclass(frozen=True)
class Told:
    """A transition as the timeline tells it."""

    row: StageTransition
    title: str
    icon: str
    tone: str
    who: str
    reason: str


def tell(row: StageTransition) -> Told:
    """Return what `row` says in the reader's language."""
    stage = LifecycleStage(row.to_stage)
    if row.to_disposition in CLOSED:
        title, icon, tone = CLOSED[Disposition(row.to_disposition)]
    else:
        title, icon = DONE[stage], "star" if stage is LifecycleStage.CUSTOMER else "arrow-right"
        tone = "marketing" if stage in (LifecycleStage.LEAD, LifecycleStage.MQL) else "sales"
        tone = "on-track" if stage is LifecycleStage.CUSTOMER else tone
    if row.inferred:
        title, icon, tone = _("%(stage)s passed over") % {"stage": stage.label}, "dots", "neutral"
    return Told(row, str(title), icon, tone, _who(row), _reason(row))


def _who(row: StageTransition) -> str:
    """The person, else what brought it in."""
    if row.actor is not None:
        return str(row.actor.name)
    return str(row.get_cause_display())


def _reason(row: StageTransition) -> str:
    known = dict(CloseReason.choices)
    return str(known.get(row.reason, row.reason)) if row.reason else ""
