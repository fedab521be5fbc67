"""Where leads come from and what they are about."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.tracking import tracked
from leads.enums import CampaignChannel
from leads.money import CURRENCY


@tracked()
class ProductLine(models.Model):
    """What the organisation sells, as finely as its funnel tells apart."""

    name = models.CharField(_("name"), max_length=100)
    key = models.CharField(max_length=100, unique=True, help_text="The name folded: one per name.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked()
class Source(models.Model):
    """Where a lead was first captured (`Google`, `Trade fair`); `google` and `Google` are one."""

    name = models.CharField(_("name"), max_length=100)
    key = models.CharField(max_length=100, unique=True, help_text="The name folded: one per name.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked()
class Competitor(models.Model):
    """Who else sells what we sell; deals are lost to them."""

    name = models.CharField(_("name"), max_length=100)
    key = models.CharField(max_length=100, unique=True, help_text="The name folded: one per name.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked()
class Campaign(models.Model):
    """A marketing effort with a channel, dates, a product line and a budget."""

    name = models.CharField(_("name"), max_length=150)
    key = models.CharField(max_length=150, unique=True, help_text="The name folded: one per name.")
    channel = models.CharField(_("channel"), max_length=10, choices=CampaignChannel.choices)
    product_line = models.ForeignKey(
        ProductLine,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="campaigns",
        verbose_name=_("product line"),
    )
    starts_on = models.DateField(_("starts"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    budget = models.DecimalField(
        _("budget"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")

    class Meta:
        ordering = ["-starts_on", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="campaign_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(budget__isnull=True) | Q(budget__gte=0),
                name="campaign_budget_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=CURRENCY), name="campaign_currency_is_iso"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class CampaignCost(models.Model):
    """What a campaign cost on a day."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="costs")
    spent_on = models.DateField(_("day"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    note = models.CharField(_("for what"), max_length=200, blank=True)

    class Meta:
        ordering = ["spent_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="campaign_cost_not_negative")
        ]
        indexes = [models.Index(fields=["campaign", "spent_on"], name="campaign_cost_by_day")]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.amount}"
