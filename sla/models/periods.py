"""Period commitments as they closed."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from sla.enums import Pace
from sla.models.commitments import Commitment


class PeriodResult(models.Model):
    """What a commitment came to in one period, for all (`user` empty) or one person; frozen.

    `actual` is in the commitment's unit; rates keep what was divided. Facts that arrive later show
    as corrections beside it and never rewrite it.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="results")
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    target = models.DecimalField(max_digits=18, decimal_places=4)
    actual = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    numerator = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    denominator = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    status = models.CharField(max_length=9, choices=Pace.choices)
    closed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "user", "first_on"],
                nulls_distinct=False,
                name="period_closed_once",
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="period_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["MET", "MISSED", "TOO_FEW"]), name="period_closed_says_how"
            ),
        ]
        indexes = [models.Index(fields=["first_on", "commitment"], name="period_by_time")]
        triggers = [
            pgtrigger.Protect(
                name="period_result_stays", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.first_on:%Y-%m} {self.status}"
