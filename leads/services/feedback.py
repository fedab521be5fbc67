"""What Marketing answers to what Sales said: acknowledged and commented by sets, and told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from accounts.services.notices import notify
from leads.models import Feedback, FeedbackComment
from leads.rules import decides_on_leads, is_of_marketing
from leads.signals import feedback_changed
from smarketing.errors import BadInput, NotAllowed

COMMENTED = "feedback_commented"
LONGEST_COMMENT = 2_000
OF_MARKETING = _("Acknowledging feedback is for Marketing to do.")
OF_BOTH_TEAMS = _("Comments on feedback come from Marketing and Sales.")


def acknowledge(feedback_ids: Iterable[int], *, actor: User, at: datetime) -> list[Feedback]:
    """Note that Marketing has read these; return those that were not acknowledged before.

    Whoever was first stays: a second acknowledgement changes nothing. Undone feedback is left out.
    Raises NotAllowed for people who do not speak for Marketing. Two statements, however many rows.
    """
    if not is_of_marketing(standing(actor)):
        raise NotAllowed(OF_MARKETING)
    with transaction.atomic():
        waiting = list(
            Feedback.objects.select_for_update(of=("self",))
            .select_related("lead")
            .filter(pk__in=set(feedback_ids), acknowledged_at__isnull=True, voided_at__isnull=True)
            .order_by("pk")
        )
        if not waiting:
            return []
        Feedback.objects.filter(pk__in=[row.pk for row in waiting]).update(
            acknowledged_by=actor, acknowledged_at=at
        )
        for row in waiting:
            row.acknowledged_by, row.acknowledged_at = actor, at
        feedback_changed.send(sender=Feedback, feedback=waiting, what="acknowledged", at=at)
    return waiting


def comment(
    feedback: Sequence[Feedback], text: str, *, actor: User, at: datetime
) -> list[FeedbackComment]:
    """Say `text` about each of `feedback` and tell everyone who has spoken of it before.

    Raises NotAllowed for people of neither team, BadInput for an empty or endless text.
    """
    if not decides_on_leads(standing(actor)):
        raise NotAllowed(OF_BOTH_TEAMS)
    words = worded(text, "text", LONGEST_COMMENT)
    with transaction.atomic():
        rows = FeedbackComment.objects.bulk_create(
            FeedbackComment(feedback=row, author=actor, text=words, written_at=at)
            for row in feedback
        )
        feedback_changed.send(sender=Feedback, feedback=list(feedback), what="commented", at=at)
        _tell(feedback, actor, at)
    return rows


def worded(text: str, field: str, longest: int) -> str:
    """Return `text` trimmed; raise BadInput naming `field` when it is empty or too long."""
    words = text.strip()
    if not words:
        raise BadInput(_("Write a few words."), fields={field: [_("Write a few words.")]})
    if len(words) > longest:
        reason = _("At most %(n)d characters.") % {"n": longest}
        raise BadInput(reason, fields={field: [reason]})
    return words


def _tell(feedback: Sequence[Feedback], actor: User, at: datetime) -> None:
    ids = [row.pk for row in feedback]
    spoke = FeedbackComment.objects.filter(feedback__in=ids).values("author")
    decided = [row.given_by_id for row in feedback if row.given_by_id]
    answered = [row.acknowledged_by_id for row in feedback if row.acknowledged_by_id]
    people = User.objects.filter(pk__in=[*decided, *answered]) | User.objects.filter(pk__in=spoke)
    url = reverse("feedback-detail", args=ids) if len(ids) == 1 else reverse("feedback")
    name = feedback[0].lead.contact.name if len(ids) == 1 else ""
    params = {"by": actor.name, "lead": name}
    notify(people.exclude(pk=actor.pk).distinct(), COMMENTED, params, at=at, url=url)
