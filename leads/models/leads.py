"""Leads and what happened to them."""

from __future__ import annotations

from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.enums import Cause, Disposition, LifecycleStage, Origin
from leads.lifecycle import Position
from leads.models.campaigns import Campaign, ProductLine, Source
from leads.models.parties import Contact
from leads.querysets import LeadQuerySet

IS_OPEN = Q(disposition=Disposition.OPEN)
# When a row began, and since when it has been where it is: as far as known, else when recorded.
BEGAN_AT = Coalesce(F("lead_at"), F("created_at"))
IN_STAGE_SINCE = Coalesce(F("stage_at"), F("created_at"))


class Lead(models.Model):
    """One pass of a contact through the funnel: a lead row is one cycle.

    `stage`, `disposition` and the lifecycle instants are written by `leads.services.moves` alone.
    """

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="leads")
    product_line = models.ForeignKey(
        ProductLine,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="leads",
        verbose_name=_("product line"),
    )
    stage = models.CharField(_("stage"), max_length=11, choices=LifecycleStage.choices)
    disposition = models.CharField(
        _("disposition"), max_length=12, choices=Disposition.choices, default=Disposition.OPEN
    )
    origin = models.CharField(
        _("origin"), max_length=9, choices=Origin.choices, default=Origin.MARKETING
    )
    returning = models.BooleanField(_("returning"), default=False)
    source = models.ForeignKey(
        Source,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="leads",
        verbose_name=_("source"),
        db_index=False,  # lead_source_newest begins with it
    )
    campaign = models.ForeignKey(
        Campaign,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="leads",
        verbose_name=_("campaign"),
        db_index=False,  # lead_campaign_newest begins with it
    )
    owner = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="leads",
        verbose_name=_("owner"),
        db_index=False,  # lead_owner_newest begins with it
    )
    score = models.IntegerField(_("score"), default=0)

    # When it entered each stage; unknown for stages that were skipped (their transitions are
    # inferred) and for history without dates. `lead_at` is when the row began, at any stage.
    lead_at = models.DateTimeField(null=True, blank=True)
    mql_at = models.DateTimeField(null=True, blank=True)
    sal_at = models.DateTimeField(null=True, blank=True)
    sql_at = models.DateTimeField(null=True, blank=True)
    opportunity_at = models.DateTimeField(null=True, blank=True)
    customer_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # When it entered the stage it is in.
    stage_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    # Neutral instants for order and chips, written only by a leads service for upper floors.
    next_due_at = models.DateTimeField(null=True, blank=True)
    next_risk_at = models.DateTimeField(null=True, blank=True)

    objects = LeadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "product_line"],
                condition=Q(disposition="OPEN"),
                nulls_distinct=False,
                name="lead_one_open_per_contact_and_line",
            ),
            models.CheckConstraint(
                condition=Q(disposition="WON", stage="CUSTOMER")
                | (~Q(disposition="WON") & ~Q(stage="CUSTOMER")),
                name="lead_won_iff_customer",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=LifecycleStage.values), name="lead_stage_is_known"
            ),
            models.CheckConstraint(
                condition=Q(disposition__in=Disposition.values), name="lead_disposition_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(disposition="OPEN") | Q(closed_at__isnull=True),
                name="lead_open_has_no_close",
            ),
        ]
        # Every list is walked by an index in its own order; the open rows are the daily ones.
        indexes = [
            models.Index(BEGAN_AT.desc(), F("id").desc(), name="lead_newest"),
            models.Index(
                BEGAN_AT.desc(), F("id").desc(), condition=IS_OPEN, name="lead_open_newest"
            ),
            models.Index(F("stage"), BEGAN_AT.desc(), F("id").desc(), name="lead_stage_newest"),
            models.Index(F("owner"), BEGAN_AT.desc(), F("id").desc(), name="lead_owner_newest"),
            models.Index(F("source"), BEGAN_AT.desc(), F("id").desc(), name="lead_source_newest"),
            models.Index(
                F("campaign"), BEGAN_AT.desc(), F("id").desc(), name="lead_campaign_newest"
            ),
            models.Index(F("score").desc(), F("id").desc(), name="lead_by_score"),
            models.Index(
                F("score").desc(), F("id").desc(), condition=IS_OPEN, name="lead_open_by_score"
            ),
            models.Index(
                IN_STAGE_SINCE.asc(), F("id").asc(), condition=IS_OPEN, name="lead_open_by_age"
            ),
            models.Index(fields=["owner", "next_due_at"], condition=IS_OPEN, name="lead_owner_due"),
        ]

    def __str__(self) -> str:
        return f"Lead {self.pk}"

    @property
    def position(self) -> Position:
        """Where it stands."""
        return Position(LifecycleStage(self.stage), Disposition(self.disposition))

    @property
    def began_at(self) -> datetime:
        """When the row began, else when it was recorded."""
        return self.lead_at or self.created_at


class StageTransition(models.Model):
    """One move of one lead, append-only: a later row may void it, nothing rewrites it.

    `effective_at` is when it happened and may be unknown; `recorded_at` is when it was written.
    Inferred rows are stages passed by a skip: they count in no volume, rate, velocity or evidence.
    """

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="transitions")
    from_stage = models.CharField(max_length=11, choices=LifecycleStage.choices, null=True)
    to_stage = models.CharField(max_length=11, choices=LifecycleStage.choices)
    from_disposition = models.CharField(max_length=12, choices=Disposition.choices, null=True)
    to_disposition = models.CharField(max_length=12, choices=Disposition.choices)
    cause = models.CharField(max_length=6, choices=Cause.choices)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    effective_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    inferred = models.BooleanField(default=False)
    voided_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="voids")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_stage__isnull=True, from_disposition__isnull=True)
                | Q(from_stage__isnull=False, from_disposition__isnull=False),
                name="transition_from_whole_or_none",
            ),
            models.CheckConstraint(
                condition=Q(to_disposition="WON", to_stage="CUSTOMER")
                | (~Q(to_disposition="WON") & ~Q(to_stage="CUSTOMER")),
                name="transition_won_iff_customer",
            ),
        ]
        indexes = [
            models.Index(fields=["lead", "id"], name="transition_of_lead"),
            models.Index(
                fields=["to_stage", "effective_at"],
                name="transition_flow",
                condition=Q(inferred=False, voided_by__isnull=True),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="transition_append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                # Only an undo may point a row at what voided it; only a named, audited erasure may
                # delete (it sets smarketing.erasure for its transaction).
                func="""
                    IF current_setting('smarketing.erasure', true) = 'on' THEN
                        RETURN COALESCE(NEW, OLD);
                    END IF;
                    IF TG_OP = 'UPDATE' AND OLD.voided_by_id IS NULL
                        AND to_jsonb(NEW) - 'voided_by_id' = to_jsonb(OLD) - 'voided_by_id' THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'stage transitions are append-only'
                        USING ERRCODE = 'restrict_violation';
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.from_stage} → {self.to_stage}"
