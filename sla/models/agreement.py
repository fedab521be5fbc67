"""The agreement between Marketing and Sales: versions, their parts, and who signed what."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.enums import LifecycleStage
from sla.enums import AgreementState, SectionKey, Side

SIDES = [choice for choice in Side.choices if choice[0] != Side.BOTH]


def changes_while_draft(name: str, *, but: str = "") -> pgtrigger.Trigger:
    """Return a trigger by which a part of an agreement changes only while that is a draft.

    The column `but` may be written at any time.
    """
    always = f"""
        IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - '{but}' = to_jsonb(OLD) - '{but}' THEN
            RETURN NEW;
        END IF;
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            {always if but else ""}
            PERFORM 1 FROM sla_agreement
            WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.agreement_id ELSE NEW.agreement_id END
                AND state <> 'DRAFT';
            IF FOUND THEN
                RAISE EXCEPTION 'only drafts of the agreement can be changed'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN COALESCE(NEW, OLD);
        """,
    )


class Agreement(models.Model):
    """One version of the agreement. `text_hash` is the SHA-256 of what was proposed for signing.

    At most one version is a draft or waits to come into force, and at most one is in force.
    """

    number = models.PositiveIntegerField(_("version"), unique=True)
    state = models.CharField(
        _("state"), max_length=10, choices=AgreementState.choices, default=AgreementState.DRAFT
    )
    based_on = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="amendments"
    )
    change_note = models.TextField(_("what changes, and why"), blank=True)
    system_of_record = models.CharField(_("system of record"), max_length=100, blank=True)
    keeper = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("keeper of the record"),
    )
    # Who may sign in place of a head who is away; named here so that both sides agreed to it.
    marketing_deputy = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("deputy for Marketing"),
    )
    sales_deputy = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("deputy for Sales"),
    )
    lost_deals = models.TextField(_("what happens to a lost deal"), blank=True)
    longest_pause_days = models.PositiveSmallIntegerField(
        _("longest pause (days)"), default=14, validators=[MinValueValidator(1)]
    )
    compliance_floor = models.DecimalField(
        _("lowest compliance"),
        max_digits=4,
        decimal_places=3,
        default=Decimal("0.800"),
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("Share of clocks met, 0 to 1; under it a corrective action opens."),
    )
    renew_every_months = models.PositiveSmallIntegerField(
        _("looked at every (months)"), default=3, validators=[MinValueValidator(1)]
    )
    wanted_from = models.DateField(_("in force from"), null=True, blank=True)
    text_hash = models.CharField(max_length=64, blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    in_force_from = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)
    renewal_checked_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="IN_FORCE"), name="agreement_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="DRAFT"), name="agreement_one_draft"
            ),
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(state__in=["PROPOSED", "SIGNED"]),
                name="agreement_one_on_its_way",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["DRAFT", "WITHDRAWN"]) | ~Q(text_hash=""),
                name="agreement_proposed_has_a_hash",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["IN_FORCE", "SUPERSEDED"], in_force_from__isnull=False)
                | ~Q(state__in=["IN_FORCE", "SUPERSEDED"]),
                name="agreement_in_force_since_when",
            ),
            models.CheckConstraint(
                condition=Q(compliance_floor__gte=0, compliance_floor__lte=1),
                name="agreement_floor_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.number} {self.state}"

    @property
    def in_force(self) -> bool:
        """Tell whether new clocks start by this version."""
        return self.state == AgreementState.IN_FORCE


class Section(models.Model):
    """The words of one part, saved as they are written; `version` tells a second writer of the
    first."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="sections")
    key = models.CharField(max_length=12, choices=SectionKey.choices)
    text = models.TextField(_("text"), blank=True)
    version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "key"], name="section_once")]
        triggers = [changes_while_draft("section_of_a_draft")]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.key}"


class OwnAnswer(models.Model):
    """What one team says an MQL (an SQL) is for it, before a common text is sought."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="own_answers")
    side = models.CharField(max_length=9, choices=SIDES)
    stage = models.CharField(max_length=11, choices=LifecycleStage.choices)
    text = models.TextField(_("answer"))
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "side", "stage"], name="own_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.side} on {self.stage}"


class AgreementComment(models.Model):
    """What somebody of either team says to a part of a version."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="comments")
    section = models.CharField(max_length=12, choices=SectionKey.choices)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("comment"))
    written_at = models.DateTimeField()
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["written_at", "id"]
        indexes = [models.Index(fields=["agreement", "section"], name="agreement_comment_of")]

    def __str__(self) -> str:
        return f"{self.section}: {self.text[:40]}"


class Signature(models.Model):
    """A head, or the deputy of one, agreed to the text with this hash; nothing takes it back."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=9, choices=SIDES)
    signer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    as_deputy_of = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "side"], name="signature_once_a_side"),
            models.UniqueConstraint(fields=["agreement", "signer"], name="signature_two_people"),
        ]
        triggers = [
            pgtrigger.Protect(name="signature_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.signer_id}"
