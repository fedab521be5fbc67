"""Leads and what happened to them."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.tracking import tracked_only
from leads.enums import Disposition, LifecycleStage, Origin
from leads.lifecycle import Position
from leads.models.campaigns import Campaign, Competitor, ProductLine, Source
from leads.models.definitions import SqlType
from leads.models.parties import Contact
from leads.models.personas import Persona
from leads.models.routing import Queue
from leads.querysets import LeadQuerySet

IS_OPEN = Q(disposition=Disposition.OPEN)
# When a row began, and since when it has been where it is: as far as known, else when recorded.
BEGAN_AT = Coalesce(F("lead_at"), F("created_at"))
IN_STAGE_SINCE = Coalesce(F("stage_at"), F("created_at"))
# What has no deadline comes after all that have one; who was never worked, before all who were.
NEVER, NOT_YET = datetime(9999, 1, 1, tzinfo=UTC), datetime(1900, 1, 1, tzinfo=UTC)
DUE_AT = Coalesce(F("next_due_at"), Value(NEVER))
WORKED_AT = Coalesce(F("last_activity_at"), Value(NOT_YET))

# Keys that few rows have: an index of the others only slows every new row down.
SELDOM = {
    "queue": "lead_of_queue",
    "sql_type": "lead_of_sql_type",
    "competitor": "lead_of_competitor",
    "merged_into": "lead_of_merged",
}


@tracked_only("product_line", "source", "campaign", "persona", "attributes")
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
        Campaign, null=True, blank=True, on_delete=models.PROTECT, related_name="leads",
        verbose_name=_("campaign"), db_index=False,  # lead_campaign_newest begins with it
    )  # fmt: skip
    owner = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="leads",
        verbose_name=_("owner"),
        db_index=False,  # lead_owner_newest begins with it
    )
    # Who holds it when no person does; an MQL that came by the handoff has one or the other.
    queue = models.ForeignKey(
        Queue, null=True, blank=True, on_delete=models.PROTECT, related_name="leads",
        db_index=False,  # lead_of_queue: few rows have one
    )  # fmt: skip
    persona = models.ForeignKey(
        Persona,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="leads",
        db_index=False,  # lead_persona_newest begins with it
        verbose_name=_("persona"),
    )
    sql_type = models.ForeignKey(
        SqlType,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("type of SQL"),
        db_index=False,  # lead_of_sql_type: few rows have one
    )
    competitor = models.ForeignKey(
        Competitor,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("lost to"),
        db_index=False,  # lead_of_competitor: few rows have one
    )
    attributes = models.JSONField(default=dict, blank=True)
    # The sum of its score parts. Engagement counts touches from `engagement_from` on (None: all).
    score = models.IntegerField(_("score"), default=0)
    engagement_from = models.DateTimeField(null=True, blank=True)
    # Since when its score has proposed it as an MQL (enter and leave thresholds differ).
    proposed_at = models.DateTimeField(null=True, blank=True)

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

    # Recycled: when it comes back, and when it did, as the row that points here.
    nurture_until = models.DateTimeField(null=True, blank=True)
    woken_at = models.DateTimeField(null=True, blank=True)
    recycled_from = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="next_cycle"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from",
        db_index=False,  # lead_of_merged: few rows have one
    )  # fmt: skip
    # When Sales sent an open MQL back to have its data fixed; empty again once it is.
    returned_at = models.DateTimeField(null=True, blank=True)

    # Kept by `leads.services.activities`: human outbound activities, and the last one of any kind.
    attempts = models.PositiveIntegerField(default=0)
    # Those among them that were made before the lead was brought in; nobody logged them here.
    attempts_brought = models.PositiveIntegerField(default=0, db_default=0)
    first_attempt_at = models.DateTimeField(null=True, blank=True)
    last_activity_at = models.DateTimeField(null=True, blank=True)

    # Grows with every write of this row, so that a second writer learns of the first.
    version = models.PositiveIntegerField(default=1)

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
            models.CheckConstraint(
                condition=Q(owner__isnull=True) | Q(queue__isnull=True),
                name="lead_has_owner_or_queue",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | Q(stage="MQL", disposition="OPEN"),
                name="lead_returned_is_an_open_mql",
            ),
            models.CheckConstraint(
                condition=Q(nurture_until__isnull=True) | Q(disposition="RECYCLED"),
                name="lead_nurtured_is_recycled",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(disposition="MERGED"),
                name="lead_merged_says_so",
            ),
        ]
        # Every list is walked by an index in its own order; the open rows are the daily ones.
        indexes = [
            models.Index(BEGAN_AT.desc(), F("id").desc(), name="lead_newest"),
            models.Index(
                BEGAN_AT.desc(), F("id").desc(), condition=IS_OPEN, name="lead_open_newest"
            ),
            models.Index(F("stage"), BEGAN_AT.desc(), F("id").desc(), name="lead_stage_newest"),
            models.Index(F("source"), BEGAN_AT.desc(), F("id").desc(), name="lead_source_newest"),
            *(
                models.Index(
                    F(key),
                    BEGAN_AT.desc(),
                    F("id").desc(),
                    name=f"lead_{key}_newest",
                    condition=Q(**{f"{key}__isnull": False}),
                )
                for key in ("owner", "campaign")
            ),
            models.Index(F("score").desc(), F("id").desc(), name="lead_by_score"),
            models.Index(
                F("score").desc(), F("id").desc(), condition=IS_OPEN, name="lead_open_by_score"
            ),
            models.Index(
                IN_STAGE_SINCE.asc(), F("id").asc(), condition=IS_OPEN, name="lead_open_by_age"
            ),
            models.Index(fields=["owner", "next_due_at"], condition=IS_OPEN, name="lead_owner_due"),
            models.Index(
                F("score").desc(),
                F("id").desc(),
                condition=IS_OPEN & Q(stage="LEAD", proposed_at__isnull=False),
                name="lead_proposed",
            ),
            models.Index(
                fields=["-created_at", "-id"],
                condition=IS_OPEN & Q(stage="LEAD", recycled_from__isnull=False),
                name="lead_back",
            ),
            models.Index(
                fields=["nurture_until"],
                condition=Q(disposition="RECYCLED", woken_at__isnull=True),
                name="lead_to_wake",
            ),
            models.Index(
                fields=["persona", "-id"],
                name="lead_persona_newest",
                condition=Q(persona__isnull=False),
            ),
            models.Index(
                F("stage"),
                F("score").desc(),
                F("id").desc(),
                condition=IS_OPEN,
                name="lead_board_by_score",
            ),
            models.Index(
                fields=["-closed_at", "-id"],
                condition=Q(disposition="WON"),
                name="lead_won_newest",
            ),
            models.Index(DUE_AT.asc(), F("id").asc(), condition=IS_OPEN, name="lead_open_by_due"),
            models.Index(WORKED_AT.desc(), F("id").desc(), name="lead_by_work"),
            models.Index(F("attempts").desc(), F("id").desc(), name="lead_by_attempts"),
            GinIndex(fields=["attributes"], opclasses=["jsonb_path_ops"], name="lead_attributes"),
            *(
                models.Index(fields=[name], condition=Q(**{f"{name}__isnull": False}), name=index)
                for name, index in SELDOM.items()
            ),
        ]

    def __str__(self) -> str:
        return f"Lead {self.pk}"

    @property
    def position(self) -> Position:
        """Where it stands."""
        is_returned = self.returned_at is not None
        return Position(LifecycleStage(self.stage), Disposition(self.disposition), is_returned)

    @property
    def began_at(self) -> datetime:
        """When the row began, else when it was recorded."""
        return self.lead_at or self.created_at
