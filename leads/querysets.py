"""Rows of the record as reached by those who ask: `visible_to` is where every read begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, Q

from accounts.models import Membership, Organisation
from leads.enums import Disposition
from leads.rules import sees_leads, sees_only_own_team

if TYPE_CHECKING:
    from accounts.rules import Standing
    from leads.models import Lead  # noqa: F401  # named by the base class below


class LeadQuerySet(models.QuerySet["Lead"]):
    """Leads."""

    def open(self) -> LeadQuerySet:
        """Leads that are still in the funnel."""
        return self.filter(disposition=Disposition.OPEN)

    def visible_to(self, user: Any, standing: Standing) -> LeadQuerySet:
        """Leads that `user`, who holds `standing`, may see.

        Every member sees every lead, unless the organisation lets reps see their team's only.
        """
        if not sees_leads(standing):
            return self.none()
        if not sees_only_own_team(standing):
            return self
        limited = Exists(Organisation.objects.filter(reps_see_own_team_only=True))
        colleagues = Membership.objects.filter(team_id__in=standing.team_ids).values("user_id")
        return self.filter(~limited | Q(owner=user) | Q(owner__in=colleagues))
