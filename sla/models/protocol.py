"""What an agreement says step by step: who does what, who writes, and which words it rests on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.enums import LifecycleStage
from leads.models import PersonaVersion, SqlType, StageDefinition
from sla.enums import ProtocolStepKey, Side, Writer
from sla.models.agreement import Agreement, changes_while_draft


class ProtocolStep(models.Model):
    """Who does a step, within what time, and what happens when it fails."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="protocol")
    step = models.CharField(max_length=8, choices=ProtocolStepKey.choices)
    side = models.CharField(_("responsible"), max_length=9, choices=Side.choices)
    person = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("person"),
    )
    longest_minutes = models.PositiveIntegerField(
        _("longest time (business minutes)"), null=True, blank=True
    )
    on_failure = models.TextField(_("when it fails"), blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "step"], name="protocol_once")]
        triggers = [changes_while_draft("protocol_of_a_draft")]

    def __str__(self) -> str:
        return f"{self.step} {self.side}"


class MessagingRule(models.Model):
    """Who writes to the contact while the lead is in a stage."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="messaging")
    stage = models.CharField(max_length=11, choices=LifecycleStage.choices)
    writer = models.CharField(_("who writes"), max_length=9, choices=Writer.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "stage"], name="messaging_once")
        ]
        triggers = [changes_while_draft("messaging_of_a_draft")]

    def __str__(self) -> str:
        return f"{self.stage} {self.writer}"


class AgreedDefinition(models.Model):
    """A version of a stage's definition is part of the agreement and comes into force with it."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="definitions")
    definition = models.ForeignKey(StageDefinition, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "definition"], name="agreed_definition_once"
            )
        ]
        triggers = [changes_while_draft("agreed_definition_of_a_draft")]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.definition_id}"


class AgreedPersona(models.Model):
    """A version of a persona is part of the agreement and comes into force with it."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="personas")
    persona_version = models.ForeignKey(PersonaVersion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "persona_version"], name="agreed_persona_once"
            )
        ]
        triggers = [changes_while_draft("agreed_persona_of_a_draft")]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.persona_version_id}"


class AgreedSqlType(models.Model):
    """A type of SQL with its playbook is part of the agreement.

    Types are changed in place, so what was agreed on is kept here: written when the version is
    proposed. A draft says what the type says today.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="sql_types")
    sql_type = models.ForeignKey(SqlType, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100, blank=True)
    description = models.TextField(blank=True)
    playbook = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "sql_type"], name="agreed_sql_type_once")
        ]
        triggers = [changes_while_draft("agreed_sql_type_of_a_draft")]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.sql_type_id}"
