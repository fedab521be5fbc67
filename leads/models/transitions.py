"""The history of leads: append-only."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.models import User
from leads.enums import Cause, Disposition, LifecycleStage
from leads.models.leads import Lead


class StageTransition(models.Model):
    """One move of one lead, append-only: a later row may void it, nothing rewrites it.

    `effective_at` is when it happened and may be unknown; `recorded_at` is when it was written.
    Inferred rows are stages passed by a skip: they count in no volume, rate, velocity or evidence.
    """

    lead = models.ForeignKey(
        Lead,
        on_delete=models.PROTECT,
        related_name="transitions",
        db_index=False,  # transition_of_lead begins with it
    )
    from_stage = models.CharField(max_length=11, choices=LifecycleStage.choices, null=True)
    to_stage = models.CharField(max_length=11, choices=LifecycleStage.choices)
    from_disposition = models.CharField(max_length=12, choices=Disposition.choices, null=True)
    to_disposition = models.CharField(max_length=12, choices=Disposition.choices)
    cause = models.CharField(max_length=6, choices=Cause.choices)
    actor = models.ForeignKey(
        User,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # read with its row alone, and people of ours are never deleted
    )
    reason = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    effective_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    inferred = models.BooleanField(default=False)
    # What was checked, with each value, and the score at that time (`leads.evidence`).
    evidence = models.JSONField(null=True)
    # A row that takes others back voids them and itself: no figure counts a voided row.
    voided_by = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="voids",
        db_index=False,  # transition_voided: few rows have one
    )

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
                fields=["voided_by"],
                condition=Q(voided_by__isnull=False),
                name="transition_voided",
            ),
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
                # Only an undo may point a row at what voided it. Only a named, audited erasure may
                # delete (it sets smarketing.erasure for its transaction), and the undo of an
                # import, which names the import and the chunk and may delete what that one wrote.
                declare=[("undone", "text")],
                func="""
                    undone = current_setting('smarketing.import_undo', true);
                    IF TG_OP = 'DELETE' AND undone <> '' AND OLD.cause = 'import' AND EXISTS (
                        SELECT 1 FROM leads_importchunk AS c
                        JOIN leads_leadimport AS i ON i.id = c.lead_import_id
                        WHERE c.lead_import_id = split_part(undone, ':', 1)::bigint
                            AND c.phase = 'RUN' AND c.number = split_part(undone, ':', 2)::int
                            AND c.done_at = OLD.recorded_at
                            AND i.created_by_id = OLD.actor_id AND i.state = 'UNDOING'
                    ) THEN
                        RETURN OLD;
                    END IF;
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
