"""Sales-enablement content, who was sent what, and what was really opened."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.tracking import tracked
from leads.enums import AssetKind
from leads.models.campaigns import Campaign, ProductLine
from leads.models.leads import Lead
from leads.models.personas import Persona


@tracked()
class Asset(models.Model):
    """A case study, battle card, e-book: a page elsewhere, or text of our own."""

    name = models.CharField(_("name"), max_length=150)
    key = models.CharField(max_length=150, unique=True, help_text="The name folded: one per name.")
    kind = models.CharField(_("kind"), max_length=12, choices=AssetKind.choices)
    description = models.TextField(_("what it is for"), blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    body = models.TextField(_("text"), blank=True)
    # A battle card is for us: it can be read, never sent.
    internal_only = models.BooleanField(_("for our own people only"), default=False)
    product_line = models.ForeignKey(
        ProductLine, null=True, blank=True, on_delete=models.PROTECT, related_name="assets"
    )
    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.PROTECT, related_name="assets"
    )
    is_active = models.BooleanField(_("in use"), default=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(url="") | ~Q(body=""), name="asset_has_something_to_show"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def suited(self) -> list[str]:
        """Whom it suits, each persona once; of the fits as they were loaded."""
        return sorted({str(fit.persona) for fit in self.fits.all()})


class AssetFit(models.Model):
    """An asset answers a step of a persona's journey ("" is every step)."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="fits")
    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="asset_fits")
    step = models.CharField(max_length=50, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "persona", "step"], name="asset_fit_once")
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} for {self.persona_id}"


class AssetSend(models.Model):
    """A rep sent an asset to a lead, by a link with a token of its own."""

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="sends")
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="asset_sends")
    sender = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=43, unique=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    sent_at = models.DateTimeField()
    # Real openings only: seen by the page's beacon, not by mail scanners, HEAD or prefetch.
    first_opened_at = models.DateTimeField(null=True, blank=True)
    last_opened_at = models.DateTimeField(null=True, blank=True)
    openings = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["lead", "-sent_at"], name="asset_send_of_lead")]

    def __str__(self) -> str:
        return f"{self.asset_id} to {self.lead_id}"
