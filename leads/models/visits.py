"""Visits of our own pages: anonymous until a form says who it was."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.tracking import tracked
from leads.models.capture import LONGEST_TOKEN
from leads.models.parties import Contact


@tracked("token")
class TrackedSite(models.Model):
    """A web site of ours whose pages tell of visits; its token stands in the snippet."""

    name = models.CharField(_("name"), max_length=150)
    token = models.CharField(max_length=LONGEST_TOKEN, unique=True)
    origins = models.JSONField(_("addresses"), default=list)
    asks_consent = models.BooleanField(_("only after consent"), default=True)
    is_active = models.BooleanField(_("in use"), default=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Visitor(models.Model):
    """One browser on one site. `first_utm` is written once, `last_utm` by each new campaign."""

    site = models.ForeignKey(TrackedSite, on_delete=models.CASCADE, related_name="visitors")
    key = models.CharField(max_length=43, help_text="A digest: the browser alone knows its id.")
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="visitors"
    )
    first_utm = models.JSONField(default=dict)
    first_referrer = models.CharField(max_length=500, blank=True)
    last_utm = models.JSONField(default=dict)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    identified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "key"], name="visitor_once")]
        indexes = [
            models.Index(fields=["contact", "-last_seen_at"], name="visitor_of_contact"),
            models.Index(fields=["last_seen_at"], name="visitor_by_age"),
        ]

    def __str__(self) -> str:
        return self.key


class PageView(models.Model):
    """A page that a visitor saw."""

    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="views")
    url = models.CharField(max_length=500)
    referrer = models.CharField(max_length=500, blank=True)
    utm = models.JSONField(default=dict)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at", "-id"]
        indexes = [models.Index(fields=["visitor", "-seen_at", "-id"], name="page_view_newest")]

    def __str__(self) -> str:
        return self.url
