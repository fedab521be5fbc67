"""What Sales said of its MQLs, as read: rows of a page, one row with its story, what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.rules import standing
from leads.enums import CloseReason, Decision
from leads.models import Dispute, Feedback, FeedbackComment, Lead, Reason
from leads.rules import sees_leads, sees_only_own_team
from leads.selectors.disputes import last_instants_to_dispute
from smarketing.errors import NotFound

MOST = 6
PAGE = 50
LEAD = ("lead__contact__company", "lead__campaign", "lead__persona", "lead__source")
PEOPLE = ("given_by", "acknowledged_by", "dispute__opened_by", "dispute__ruled_by")
Key = tuple[datetime, int]


def visible_feedback(user: Any) -> QuerySet[Feedback]:
    """Return the feedback on leads that `user` may see; what was undone is left out."""
    held = standing(user)
    rows = Feedback.objects.filter(voided_at__isnull=True)
    if not sees_leads(held):
        return rows.none()
    if sees_only_own_team(held):
        return rows.filter(lead__in=Lead.objects.visible_to(user, held))
    return rows


def listed_feedback(user: Any) -> QuerySet[Feedback]:
    """Return `visible_feedback` with all that a row shows, `spoken` (comments) counted."""
    rows = visible_feedback(user).select_related(*LEAD, *PEOPLE)
    return rows.defer("lead__contact__search").annotate(spoken=Count("comments"))


def feedback_page(
    rows: QuerySet[Feedback], *, after: Key | None, limit: int = PAGE
) -> tuple[list[Feedback], Key | None]:
    """Return the next `limit` rows, newest first, and the key to go on from; one statement."""
    if after is not None:
        instant, pk = after
        rows = rows.filter(Q(decided_at__lt=instant) | Q(decided_at=instant, pk__lt=pk))
    found = list(rows.order_by("-decided_at", "-pk")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], (last.decided_at, last.pk) if last else None


def one_feedback(user: Any, pk: int) -> Feedback:
    """Return the feedback as a row shows it; raise NotFound when `user` does not see it."""
    found = listed_feedback(user).filter(pk=pk).first()
    if found is None:
        raise NotFound("no such feedback")
    return found


@dataclass(frozen=True)
class Story:
    """One feedback with what was said about it and until when it may be disputed."""

    feedback: Feedback
    comments: list[FeedbackComment]
    dispute: Dispute | None
    dispute_until: datetime | None

    def may_be_disputed(self, at: datetime) -> bool:
        """Tell whether Marketing may still contest it."""
        return self.dispute is None and self.dispute_until is not None and at <= self.dispute_until


def story_of(user: Any, pk: int) -> Story:
    """Return everything that the page of a feedback shows; seven statements at most."""
    feedback = one_feedback(user, pk)
    comments = list(feedback.comments.select_related("author"))
    dispute = dispute_of(feedback)
    until = None
    if feedback.decision == Decision.REJECTED and dispute is None:
        until = last_instants_to_dispute([feedback.decided_at]).get(feedback.decided_at)
    return Story(feedback, comments, dispute, until)


def dispute_of(feedback: Feedback) -> Dispute | None:
    """Return the dispute of a feedback that was read together with it."""
    return feedback.dispute if hasattr(feedback, "dispute") else None


def feedback_to_acknowledge(user: Any, at: datetime) -> Mapping[str, Any]:
    """What Sales said and Marketing has not acknowledged yet, the longest waiting first."""
    waiting = listed_feedback(user).filter(acknowledged_at__isnull=True)
    count = visible_feedback(user).filter(acknowledged_at__isnull=True).count()
    return {
        "rows": list(waiting.order_by("decided_at", "pk")[:MOST]),
        "count": count,
        "reasons": reason_labels(),
    }


def feedback_of_contact(user: Any, contact_ids: list[int]) -> list[Feedback]:
    """Return all that was said of the contact's leads, newest first, for whoever meets it next."""
    rows = listed_feedback(user).filter(lead__contact__in=contact_ids)
    return list(rows.order_by("-decided_at", "-pk")[:PAGE])


def reason_labels() -> dict[str, str]:
    """Return what people read for each coded reason; one statement."""
    words = {code.value: str(code.label) for code in CloseReason}
    return words | {row.code: str(row.label) for row in Reason.objects.all()}
