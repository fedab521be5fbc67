"""What makes a lead an MQL, SAL, SQL: immutable versions, agreed by both teams."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.tracking import tracked
from leads.enums import LifecycleStage, Responsible, VersionState


def immutable_but(name: str, *columns: str) -> pgtrigger.Trigger:
    """Return a trigger that refuses any update but of `columns`, and any delete."""
    left = "".join(f" - '{column}'" for column in columns)
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP = 'UPDATE' AND to_jsonb(NEW){left} = to_jsonb(OLD){left} THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'versions are immutable' USING ERRCODE = 'restrict_violation';
        """,
    )


class StageDefinition(models.Model):
    """One version of what a stage means. `criteria` is a list as `leads.criteria` reads it.

    At most one version of a stage is in force; a new wording is a new version.
    """

    stage = models.CharField(_("stage"), max_length=11, choices=LifecycleStage.choices)
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=8, choices=VersionState.choices, default=VersionState.DRAFT
    )
    prose = models.TextField(_("what it means"), blank=True)
    criteria = models.JSONField(_("criteria"), default=list, blank=True)
    responsible = models.CharField(_("responsible"), max_length=9, choices=Responsible.choices)
    exit_rule = models.TextField(_("how a lead leaves it"), blank=True)
    longest_stay_days = models.PositiveSmallIntegerField(
        _("longest stay (business days)"), null=True, blank=True
    )
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    in_force_from = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["stage", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "version"], name="definition_version_once"),
            models.UniqueConstraint(
                fields=["stage"], condition=Q(state="IN_FORCE"), name="definition_one_in_force"
            ),
        ]
        triggers = [
            immutable_but("definition_immutable", "state", "in_force_from", "superseded_at")
        ]

    def __str__(self) -> str:
        return f"{self.stage} v{self.version}"


@tracked()
class SqlType(models.Model):
    """A kind of SQL with its playbook: what a rep does with leads like these."""

    name = models.CharField(_("name"), max_length=100)
    key = models.CharField(max_length=100, unique=True, help_text="The name folded: one per name.")
    description = models.TextField(_("when it applies"), blank=True)
    playbook = models.TextField(_("playbook"), blank=True, help_text=_("One step a line."))
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class StageMail(models.Model):
    """Whether Marketing writes to the contact while a lead is in a stage.

    A neutral row for the floors above, which know what both teams agreed on. A stage without one
    keeps to `leads.mailing.UNLESS_AGREED`.
    """

    stage = models.CharField(max_length=11, choices=LifecycleStage.choices, unique=True)
    marketing_writes = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.stage} {self.marketing_writes}"
