"""Rows of the record as reached by those who ask: `visible_to` is where every read begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from leads.enums import Disposition

if TYPE_CHECKING:
    from accounts.models import User
    from leads.models import Lead


class LeadQuerySet(models.QuerySet["Lead"]):
    """Leads."""

    def open(self) -> LeadQuerySet:
        """Leads that are still in the funnel."""
        return self.filter(disposition=Disposition.OPEN)

    def visible_to(self, user: User) -> LeadQuerySet:
        """Leads that `user` may see."""
        return self
