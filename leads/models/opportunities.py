"""Deals."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.tracking import tracked
from leads.models.campaigns import ProductLine
from leads.models.leads import Lead


class DealState(models.TextChoices):
    """Whether a deal is still open."""

    OPEN = "OPEN", _("Open")
    WON = "WON", _("Won")
    LOST = "LOST", _("Lost")


@tracked()
class Opportunity(models.Model):
    """A deal of a lead, in the currency it is made in."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="opportunities")
    product_line = models.ForeignKey(
        ProductLine, null=True, blank=True, on_delete=models.PROTECT, related_name="opportunities"
    )
    state = models.CharField(max_length=4, choices=DealState.choices, default=DealState.OPEN)
    amount = models.DecimalField(
        _("amount"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    expected_close_on = models.DateField(_("expected close"), null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "opportunities"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="opportunity_amount_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(state="OPEN") | Q(closed_at__isnull=True),
                name="opportunity_open_has_no_close",
            ),
        ]

    def __str__(self) -> str:
        return f"Opportunity {self.pk}"
