"""Rows of the record as reached by those who ask: `visible_to` is where every read begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Membership, Organisation
from leads.enums import Disposition, QueueKind
from leads.rules import sees_leads, sees_only_own_team

if TYPE_CHECKING:
    from accounts.rules import Standing
    from leads.models import Contact, Lead, LeadFact  # noqa: F401  # named by the base classes below


class LeadQuerySet(models.QuerySet["Lead"]):
    """Leads."""

    def open(self) -> LeadQuerySet:
        """Leads that are still in the funnel."""
        return self.filter(disposition=Disposition.OPEN)

    def visible_to(self, user: Any, standing: Standing) -> LeadQuerySet:
        """Leads that `user`, who holds `standing`, may see.

        Every member sees every lead, unless the organisation lets reps see their team's only; what
        waits in the queue of Sales, or of their team, they see all the same, for they may take it.
        """
        if not sees_leads(standing):
            return self.none()
        if not sees_only_own_team(standing):
            return self
        limited = Exists(Organisation.objects.filter(reps_see_own_team_only=True))
        colleagues = Membership.objects.filter(team_id__in=standing.team_ids).values("user_id")
        own_queue = Q(queue__team__isnull=True) | Q(queue__team__in=standing.team_ids)
        waiting = Q(queue__kind=QueueKind.FALLBACK) & own_queue
        return self.filter(~limited | Q(owner=user) | Q(owner__in=colleagues) | waiting)


class LeadFactQuerySet(models.QuerySet["LeadFact"]):
    """Facts of leads."""

    def visible_to(self, user: Any, standing: Standing) -> LeadFactQuerySet:
        """Facts that `user`, who holds `standing`, may count: of the leads that he may see."""
        if not sees_leads(standing):
            return self.none()
        if not sees_only_own_team(standing):
            return self
        leads: Any = self.model._meta.get_field("lead").related_model
        return self.filter(lead__in=leads.objects.visible_to(user, standing))


class ContactQuerySet(models.QuerySet["Contact"]):
    """Contacts."""

    def canonical(self) -> ContactQuerySet:
        """Contacts that stand for themselves: not merged into another."""
        return self.filter(merged_into__isnull=True)

    def visible_to(self, user: Any, standing: Standing) -> ContactQuerySet:
        """Contacts that `user`, who holds `standing`, may see.

        Who may see his team's leads only sees their contacts, and those that he captured himself.
        """
        if not sees_leads(standing):
            return self.none()
        if not sees_only_own_team(standing):
            return self
        limited = Exists(Organisation.objects.filter(reps_see_own_team_only=True))
        leads: Any = self.model._meta.get_field("leads").related_model
        seen = leads.objects.visible_to(user, standing)
        own = Exists(seen.filter(contact_id=OuterRef("pk")))
        merged = Exists(seen.filter(contact__merged_into_id=OuterRef("pk")))
        return self.filter(~limited | Q(captured_by=user) | own | merged)
