"""Merges of contacts and of leads: no history moves, the loser points to the winner."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from leads.models.leads import Lead
from leads.models.parties import Contact


class Merge(models.Model):
    """One merge and what it takes to undo it (30 days).

    `before` keeps the winner's values that were filled or replaced, the pointers that were bent,
    and the leads that were closed as MERGED.
    """

    winner = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    loser = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    winner_lead = models.ForeignKey(Lead, null=True, on_delete=models.PROTECT, related_name="+")
    loser_lead = models.ForeignKey(Lead, null=True, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField(default=dict)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(winner__isnull=False, loser__isnull=False)
                | Q(winner_lead__isnull=False, loser_lead__isnull=False),
                name="merge_of_two",
            )
        ]

    def __str__(self) -> str:
        return f"{self.loser_id or self.loser_lead_id} → {self.winner_id or self.winner_lead_id}"


class NotDuplicate(models.Model):
    """Somebody looked at two contacts and said that they are two people."""

    first = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    said_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="not_duplicate_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="not_duplicate_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"
