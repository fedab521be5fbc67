"""What-ifs of the goal calculator that people keep."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SavedScenario(models.Model):
    """A goal with everything it was computed from, kept as it was on the day.

    `inputs` is what was typed, by field; `figures` are the values that were taken where nothing
    was typed, measured on the day, as exact fractions. So it comes to the same in a year.
    """

    name = models.CharField(_("name"), max_length=80)
    inputs = models.JSONField()
    figures = models.JSONField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["created_by", "name"], name="scenario_named_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="scenario_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
