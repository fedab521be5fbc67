"""What people outside agreed to, in which words, and when they took it back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.enums import ConsentPurpose
from leads.models.parties import Contact


class Consent(models.Model):
    """One yes or no of a contact, append-only: the newest row of a purpose is what holds."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=10, choices=ConsentPurpose.choices)
    given = models.BooleanField(_("given"))
    # The words that the person saw, and which version of them.
    text = models.TextField(_("words"), blank=True)
    text_version = models.CharField(_("version of the words"), max_length=50, blank=True)
    at = models.DateTimeField()
    through = models.CharField(_("through"), max_length=100)
    recorded_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["contact", "purpose", "-at", "-id"], name="consent_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=ConsentPurpose.values), name="consent_purpose_is_known"
            ),
            models.CheckConstraint(condition=~Q(through=""), name="consent_has_a_story"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.contact_id}"
