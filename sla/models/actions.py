"""What is done about a missed commitment."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.tracking import tracked
from sla.enums import ActionState, Side
from sla.models.commitments import Commitment
from sla.models.periods import PeriodResult


@tracked()
class CorrectiveAction(models.Model):
    """One answer to a commitment that was missed, or to compliance under its floor.

    `expected` and both measured effects are in the commitment's unit: the actual that is hoped for,
    and what it was one and two periods later.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="actions")
    result = models.OneToOneField(
        PeriodResult, null=True, on_delete=models.PROTECT, related_name="action"
    )
    # The first day of the period that was missed, also where only compliance was under its floor.
    missed_on = models.DateField()
    side = models.CharField(_("responsible"), max_length=9, choices=Side.choices)
    state = models.CharField(
        _("state"), max_length=7, choices=ActionState.choices, default=ActionState.OPEN
    )
    owner = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("owner"),
    )
    what = models.TextField(_("what is done"), blank=True)
    due_on = models.DateField(_("until"), null=True, blank=True)
    expected = models.DecimalField(
        _("expected"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    after_one = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    after_two = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    closing_note = models.TextField(_("how it went"), blank=True)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-missed_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "missed_on"], name="action_once_a_miss"),
            models.CheckConstraint(
                condition=Q(state="OPEN")
                | Q(state="DROPPED")
                | (Q(owner__isnull=False, due_on__isnull=False) & ~Q(what="")),
                name="action_decided_says_who_what_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["DONE", "DROPPED"], closed_at__isnull=False)
                | Q(state__in=["OPEN", "DECIDED"], closed_at__isnull=True),
                name="action_closed_iff_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.missed_on:%Y-%m}"
