"""Disputes as read: until when one may be opened, which wait, and what a facilitator needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.business_time import BusinessTime
from accounts.enums import Role, TeamKind
from accounts.models import Organisation, Team, User
from accounts.rules import standing
from accounts.selectors.calendars import business_time_of_organisation, business_times_of_teams
from leads.enums import Cause, LifecycleStage
from leads.models import Dispute, Feedback, FunnelSettings, Lead, StageTransition
from leads.rules import sees_leads, sees_only_own_team
from smarketing.errors import NotFound

MOST = 6


def dispute_days() -> int:
    """Return in how many business days a rejection may be disputed."""
    row = FunnelSettings.objects.filter(pk=1).values_list("dispute_days", flat=True).first()
    return int(FunnelSettings._meta.get_field("dispute_days").default) if row is None else row


def marketing_time() -> BusinessTime | None:
    """Return by which calendar Marketing works: its root team's, else the organisation's."""
    root = Team.objects.filter(kind=TeamKind.MARKETING, parent=None).values_list("pk", flat=True)
    team = root.first()
    if team is not None:
        return business_times_of_teams([team])[team]
    return business_time_of_organisation() if Organisation.objects.exists() else None


def last_instants_to_dispute(decided: Iterable[datetime]) -> dict[datetime, datetime]:
    """Return for each decision the last instant at which it may be disputed.

    That is the end of the n-th business day after the day of the decision (`dispute_days`), by
    Marketing's calendar; the instant itself is still in time. Five statements, however many.
    """
    instants, days, calendar = set(decided), dispute_days(), marketing_time()
    if calendar is None:
        return {}
    return {instant: calendar.end_of_business_day(instant, days) for instant in instants}


def visible_disputes(user: Any) -> QuerySet[Dispute]:
    """Return the disputes about leads that `user` may see, with all that a row shows."""
    held = standing(user)
    rows = Dispute.objects.select_related(
        "feedback__lead__contact__company", "feedback__lead__campaign", "feedback__given_by",
        "opened_by", "answered_by", "ruled_by",
    ).defer("feedback__lead__contact__search")  # fmt: skip
    if not sees_leads(held):
        return rows.none()
    if sees_only_own_team(held):
        return rows.filter(feedback__lead__in=Lead.objects.visible_to(user, held))
    return rows


def visible_dispute(user: Any, pk: int) -> Dispute:
    """Return the dispute with its rejection; raise NotFound when `user` does not see it."""
    found = visible_disputes(user).filter(pk=pk).first()
    if found is None:
        raise NotFound("no such dispute")
    return found


def listed_disputes(user: Any, state: str) -> QuerySet[Dispute]:
    """Return the disputes that wait (the oldest first), or those ruled (the newest first)."""
    rows = visible_disputes(user)
    if state == "ruled":
        return rows.exclude(ruling="").order_by("-ruled_at", "-pk")
    return rows.filter(ruling="").order_by("opened_at", "pk")


def waiting_disputes(user: Any, at: datetime) -> Mapping[str, Any]:
    """The disputes that nobody has ruled yet, the oldest first; two statements."""
    rows = listed_disputes(user, "waiting")
    return {"disputes": list(rows[:MOST]), "count": rows.count()}


def parties_of(dispute: Dispute) -> set[int]:
    """Return who is party to a dispute: who contests it, who decided, who answered for Sales, and
    who had qualified the lead. None of them rules it. One statement."""
    feedback = dispute.feedback
    by_hand = qualifying_rows(feedback).filter(cause__in=[Cause.USER, Cause.API])
    qualified = by_hand.values_list("actor", flat=True)
    known = {dispute.opened_by_id, feedback.given_by_id, dispute.answered_by_id, *qualified}
    return {pk for pk in known if pk is not None}


def qualifying_rows(feedback: Feedback) -> QuerySet[StageTransition]:
    """Return the moves by which the lead of a decision had become an MQL before it."""
    came = ~Q(from_stage=LifecycleStage.MQL) | Q(from_stage__isnull=True)
    return StageTransition.objects.filter(
        came,
        lead=feedback.lead_id,
        to_stage=LifecycleStage.MQL,
        inferred=False,
        recorded_at__lte=feedback.decided_at,
    )


def facilitators() -> QuerySet[User]:
    """Return the people who may rule disputes."""
    return User.objects.active().filter(memberships__role=Role.FACILITATOR).distinct()


def answering_for_sales(feedback: Feedback) -> QuerySet[User]:
    """Return who may answer for Sales: who decided, and the managers in its teams."""
    managers = Q(memberships__role=Role.MANAGER, memberships__team__kind=TeamKind.SALES)
    decider = Q(pk=feedback.given_by_id) if feedback.given_by_id else Q(pk__in=[])
    return User.objects.active().filter(managers | decider).distinct()
