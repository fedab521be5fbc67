"""API tokens: only the hash is stored."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Scope
from accounts.models.people import User
from accounts.models.tracking import tracked
from accounts.querysets import ApiTokenQuerySet


@tracked("token_hash", "last_used_at")
class ApiToken(models.Model):
    """A person's key to the API. It acts as that person, within its scopes, until it expires."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=100)
    # SHA-256 of 256 random bits: nothing to guess, so no slow hash on every request.
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    scopes = ArrayField(
        models.CharField(max_length=30, choices=Scope.choices), verbose_name=_("may")
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")), name="token_expires_later"
            ),
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="token_has_scopes"),
        ]

    def __str__(self) -> str:
        return self.name
