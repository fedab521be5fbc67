"""What people outside did: one row a marketing interaction."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.enums import TouchKind
from leads.models.campaigns import Campaign, Source
from leads.models.parties import Contact


class Touch(models.Model):
    """One interaction of a contact with us at an instant.

    Ready to be partitioned by time: nothing points to a touch, and every unique key begins with
    `occurred_at`. A sender that repeats itself names its event in `outside_id`.
    """

    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="touches", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=12, choices=TouchKind.choices)
    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.PROTECT, related_name="touches"
    )
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    url = models.CharField(_("page"), max_length=500, blank=True)
    utm_source = models.CharField(max_length=150, blank=True)
    utm_medium = models.CharField(max_length=150, blank=True)
    utm_campaign = models.CharField(max_length=150, blank=True)
    utm_term = models.CharField(max_length=150, blank=True)
    utm_content = models.CharField(max_length=150, blank=True)
    # The asset seen, if any: a plain id, for no key may reach out of a partition needlessly.
    asset_id = models.BigIntegerField(null=True, blank=True)
    outside_id = models.CharField(max_length=100, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "touches"
        constraints = [
            models.UniqueConstraint(
                fields=["occurred_at", "contact", "kind", "outside_id"],
                condition=~Q(outside_id=""),
                name="touch_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TouchKind.values), name="touch_kind_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["contact", "-occurred_at", "-id"], name="touch_of_contact"),
            BrinIndex(fields=["occurred_at"], name="touch_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.contact_id}"
