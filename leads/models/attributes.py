"""Typed fields of the organisation's own."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.tracking import tracked
from leads.enums import AttributeKind, AttributeSubject


@tracked()
class CustomAttribute(models.Model):
    """A field on contacts, companies or leads; values lie in their `attributes` by `key`.

    A number is kept as a number, a date as ISO text, a flag as true or false, a choice as one of
    `choices`. Kind and key never change, for values exist.
    """

    subject = models.CharField(_("on"), max_length=7, choices=AttributeSubject.choices)
    key = models.SlugField(_("key"), max_length=50)
    label = models.CharField(_("label"), max_length=100)
    kind = models.CharField(_("kind"), max_length=6, choices=AttributeKind.choices)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["subject", "label"]
        constraints = [models.UniqueConstraint(fields=["subject", "key"], name="attribute_once")]

    def __str__(self) -> str:
        return self.label
