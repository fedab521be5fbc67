"""What figures are counted from: one narrow row a lead, and what is still to be counted anew."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import User
from leads.enums import Disposition, LifecycleStage, Origin, TouchKind
from leads.models.campaigns import Campaign, Competitor, ProductLine, Source
from leads.models.leads import Lead
from leads.models.parties import Company
from leads.models.personas import Persona
from leads.querysets import LeadFactQuerySet


def _pointer(to: Any) -> Any:
    """A key that is only read along: the fact follows the record, it binds nothing in it."""
    return models.ForeignKey(
        to, null=True, on_delete=models.DO_NOTHING, related_name="+",
        db_constraint=False, db_index=False,
    )  # fmt: skip


class LeadFact(models.Model):
    """One lead as figures read it: when it entered each stage, and what it is told apart by.

    Derived whole from the record by `leads.services.facts`; nothing else writes it. Merged rows
    have none. `touches_until_lead` counts the touches of the person up to `lead_at`; `touch_kinds`
    and `asset_ids` are what he met until the lead closed. `revenue_cents` is the first win in the
    organisation's currency, None without a rate.
    """

    lead = models.OneToOneField(
        Lead, primary_key=True, on_delete=models.DO_NOTHING, related_name="fact",
        db_constraint=False,
    )  # fmt: skip
    contact_id = models.BigIntegerField(help_text="The person, whatever rows were united.")
    company = _pointer(Company)
    stage = models.CharField(max_length=11, choices=LifecycleStage.choices)
    disposition = models.CharField(max_length=12, choices=Disposition.choices)
    origin = models.CharField(max_length=9, choices=Origin.choices)
    is_returning = models.BooleanField()
    product_line = _pointer(ProductLine)
    source = _pointer(Source)
    campaign = _pointer(Campaign)
    persona = _pointer(Persona)
    owner = _pointer(User)
    competitor = _pointer(Competitor)
    recycled_from_id = models.BigIntegerField(null=True)
    region = models.CharField(max_length=100)
    score = models.IntegerField()
    attempts = models.PositiveIntegerField()
    first_attempt_at = models.DateTimeField(null=True)
    lead_at = models.DateTimeField(null=True)
    mql_at = models.DateTimeField(null=True)
    sal_at = models.DateTimeField(null=True)
    sql_at = models.DateTimeField(null=True)
    opportunity_at = models.DateTimeField(null=True)
    customer_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=60)
    revenue_cents = models.BigIntegerField(null=True)
    lacks_rate = models.BooleanField()
    touches_until_lead = models.PositiveIntegerField(null=True)
    touch_kinds = ArrayField(models.CharField(max_length=12, choices=TouchKind.choices))
    asset_ids = ArrayField(models.BigIntegerField())

    objects = LeadFactQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["lead_at"], name="fact_lead_at"),
            models.Index(fields=["mql_at"], name="fact_mql_at"),
            models.Index(fields=["sal_at"], name="fact_sal_at"),
            models.Index(fields=["sql_at"], name="fact_sql_at"),
            models.Index(fields=["opportunity_at"], name="fact_opportunity_at"),
            models.Index(fields=["customer_at"], name="fact_customer_at"),
            models.Index(fields=["closed_at"], name="fact_closed_at"),
            models.Index(fields=["first_attempt_at"], name="fact_first_attempt_at"),
        ]

    def __str__(self) -> str:
        return f"Fact of lead {self.lead_id}"


class FactDue(models.Model):
    """A lead whose fact is to be derived anew; triggers write a row with every change."""

    lead_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"Due: {self.lead_id}"


class AttributionPart(models.Model):
    """What one touch is credited with for one won deal, in cents, by each model.

    The parts of a deal add up to `LeadFact.revenue_cents` in every model; a deal without a touch
    has none and stays unattributed.
    """

    lead = models.ForeignKey(
        Lead, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    won_at = models.DateTimeField()
    occurred_at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=TouchKind.choices)
    source = _pointer(Source)
    campaign = _pointer(Campaign)
    asset_id = models.BigIntegerField(null=True)
    first_cents = models.BigIntegerField()
    last_cents = models.BigIntegerField()
    linear_cents = models.BigIntegerField()
    u_cents = models.BigIntegerField()
    w_cents = models.BigIntegerField()
    full_path_cents = models.BigIntegerField()
    time_decay_cents = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["won_at"], name="attribution_won_at")]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.kind}"
