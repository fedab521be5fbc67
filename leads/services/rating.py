"""The fit of a lead, rated by Sales when it decides or later."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from accounts.rules import holds
from leads.enums import Decision
from leads.models import Feedback
from leads.moving import RATING_OUT_OF_RANGE
from leads.services.checks import MOST_STARS
from leads.signals import feedback_changed
from smarketing.errors import BadInput, NotAllowed, Refused

NO_DECISION = _("Sales has not decided on this lead yet, so there is no fit to rate.")
NOT_YOURS = _("The fit is rated by whoever decided on the lead, its owner or a manager.")


def rate_lead(lead_id: int, rating: int, *, actor: User, at: datetime) -> Feedback:
    """Write the fit (1-5) on the last decision on the lead; a later rating replaces it.

    Raises BadInput for another number, Refused while nobody has decided, NotAllowed for whoever is
    neither the one who decided nor the owner nor a manager.
    """
    if not 1 <= rating <= MOST_STARS:
        raise BadInput(RATING_OUT_OF_RANGE, fields={"rating": [RATING_OUT_OF_RANGE]})
    with transaction.atomic():
        feedback = (
            Feedback.objects.select_for_update(of=("self",))
            .select_related("lead")
            .filter(lead=lead_id, voided_at__isnull=True)
            .exclude(decision=Decision.RETURNED)
            .order_by("-decided_at", "-id")
            .first()
        )
        if feedback is None:
            raise Refused(NO_DECISION, code="not_decided")
        if actor.pk not in (feedback.given_by_id, feedback.lead.owner_id) and not holds(
            actor, Role.MANAGER
        ):
            raise NotAllowed(NOT_YOURS, code="not_owner")
        feedback.fit_rating = rating
        feedback.save(update_fields=["fit_rating"])
        feedback_changed.send(sender=Feedback, feedback=[feedback], what="rated", at=at)
    return feedback
