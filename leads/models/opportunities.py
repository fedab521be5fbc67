"""Deals."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.tracking import tracked
from leads.enums import CustomerEventKind
from leads.models.campaigns import Competitor, ProductLine
from leads.models.leads import Lead
from leads.money import CURRENCY

# Deals in the order in which they are expected to close; those without a date come last.
NO_DATE = date(9999, 12, 31)
CLOSES_ON = Coalesce(F("expected_close_on"), Value(NO_DATE), output_field=models.DateField())


class DealState(models.TextChoices):
    """Whether a deal is still open."""

    OPEN = "OPEN", _("Open")
    WON = "WON", _("Won")
    LOST = "LOST", _("Lost")


@tracked()
class DealStep(models.Model):
    """A step that an open deal goes through, in the organisation's own words."""

    name = models.CharField(_("name"), max_length=60)
    key = models.CharField(max_length=60, unique=True, help_text="The name folded: one per name.")
    position = models.PositiveSmallIntegerField(_("position"))
    probability = models.DecimalField(
        _("chance to win"),
        max_digits=4,
        decimal_places=3,
        default=0,
        help_text=_("A share from 0 to 1."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(probability__gte=0, probability__lte=1),
                name="deal_step_probability_is_a_share",
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked("version")
class Opportunity(models.Model):
    """A deal of a lead, in the currency it is made in.

    `rate` turns the amount into the organisation's currency and is kept with the close; a deal
    without one is shown apart in figures. The first deal of a lead is its conversion: there is one.
    """

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="opportunities")
    is_first = models.BooleanField(default=False)
    name = models.CharField(_("name"), max_length=150, blank=True)
    owner = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="opportunities",
        verbose_name=_("owner"),
    )
    step = models.ForeignKey(
        DealStep,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="opportunities",
        verbose_name=_("step"),
    )
    product_line = models.ForeignKey(
        ProductLine, null=True, blank=True, on_delete=models.PROTECT, related_name="opportunities"
    )
    state = models.CharField(max_length=4, choices=DealState.choices, default=DealState.OPEN)
    amount = models.DecimalField(
        _("amount"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    expected_close_on = models.DateField(_("expected close"), null=True, blank=True)
    rate = models.DecimalField(
        _("exchange rate"), max_digits=18, decimal_places=8, null=True, blank=True
    )
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    competitor = models.ForeignKey(
        Competitor,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("lost to"),
    )
    note = models.TextField(_("note"), blank=True)
    try_again_on = models.DateField(_("try again on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    # Who wrote the row last and when, so that a second writer is told of the first.
    changed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True)
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
            models.UniqueConstraint(
                fields=["lead"], condition=Q(is_first=True), name="opportunity_one_conversion"
            ),
            models.CheckConstraint(
                condition=Q(rate__isnull=True) | Q(rate__gt=0), name="opportunity_rate_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=CURRENCY), name="opportunity_currency_is_iso"
            ),
            models.CheckConstraint(
                condition=Q(try_again_on__isnull=True) | Q(state="LOST"),
                name="opportunity_tried_again_is_lost",
            ),
        ]
        indexes = [
            models.Index(
                fields=["step", "-id"], condition=Q(state="OPEN"), name="opportunity_open_by_step"
            ),
            models.Index(fields=["-closed_at", "-id"], name="opportunity_closed"),
            models.Index(
                CLOSES_ON.asc(), F("id").asc(), condition=Q(state="OPEN"), name="opportunity_due"
            ),
            models.Index(
                fields=["try_again_on"],
                condition=Q(state="LOST", try_again_on__isnull=False),
                name="opportunity_to_try_again",
            ),
        ]

    def __str__(self) -> str:
        return f"Opportunity {self.pk}"


class CustomerEvent(models.Model):
    """What happened after the sale: renewed, expanded, left. Never new revenue."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="customer_events")
    kind = models.CharField(_("what"), max_length=8, choices=CustomerEventKind.choices)
    occurred_on = models.DateField(_("day"))
    amount = models.DecimalField(
        _("amount"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    note = models.CharField(_("note"), max_length=500, blank=True)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["occurred_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="customer_event_amount_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=CURRENCY), name="customer_event_currency_is_iso"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.lead_id}"
