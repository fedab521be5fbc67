"""Ideal buyers and ideal companies, as both teams agreed to describe them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.tracking import tracked
from leads.enums import PersonaKind, VersionState
from leads.models.definitions import immutable_but


@tracked()
class Persona(models.Model):
    """A buyer persona, or an ideal company profile; what it says stands in its versions."""

    kind = models.CharField(
        _("kind"), max_length=7, choices=PersonaKind.choices, default=PersonaKind.BUYER
    )
    name = models.CharField(_("name"), max_length=100)
    key = models.CharField(max_length=100, unique=True, help_text="The name folded: one per name.")
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PersonaVersion(models.Model):
    """One immutable wording. `criteria` and `exclusions` are lists as `leads.criteria` reads them.

    A contact fits when every criterion is met and no exclusion is. `journey` is a list of steps:
    `{"key", "name", "questions": [...]}`; assets point to persona and step. `sources` lists what
    the research rests on.
    """

    persona = models.ForeignKey(Persona, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=8, choices=VersionState.choices, default=VersionState.DRAFT
    )
    description = models.TextField(_("description"), blank=True)
    goals = models.TextField(_("goals"), blank=True)
    pains = models.TextField(_("pains"), blank=True)
    opening_line = models.TextField(_("suggested opening line"), blank=True)
    criteria = models.JSONField(_("criteria"), default=list, blank=True)
    exclusions = models.JSONField(_("exclusions"), default=list, blank=True)
    journey = models.JSONField(_("buyer's journey"), default=list, blank=True)
    sources = models.JSONField(_("research sources"), default=list, blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    in_force_from = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["persona", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["persona", "version"], name="persona_version_once"),
            models.UniqueConstraint(
                fields=["persona"], condition=Q(state="IN_FORCE"), name="persona_one_in_force"
            ),
        ]
        triggers = [
            immutable_but("persona_version_immutable", "state", "in_force_from", "superseded_at")
        ]

    def __str__(self) -> str:
        return f"{self.persona_id} v{self.version}"


class PersonaComment(models.Model):
    """What anybody of either team has to say about a persona."""

    persona = models.ForeignKey(Persona, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("comment"))
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "id"]

    def __str__(self) -> str:
        return f"{self.persona_id}: {self.text[:40]}"
