"""How people outside reach us by themselves: forms, what they sent, what it would change."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.tracking import tracked
from leads.enums import ChangeState, FormKind
from leads.models.campaigns import Campaign, ProductLine, Source
from leads.models.definitions import immutable_but
from leads.models.leads import Lead
from leads.models.parties import Contact

LONGEST_TOKEN = 43


@tracked("token", "version")
class CaptureForm(models.Model):
    """A form that people outside fill in, on its own page or in a frame of another site.

    `fields` is a list of `{"name", "required"}`; the organisation's own fields are named as in
    criteria (`contact.attributes.year`). `texts` holds, by language, what the page says:
    title, intro, button, consent, thanks, and `labels` of fields by name. The first of `languages`
    stands in for missing words.
    """

    name = models.CharField(_("name"), max_length=150)
    key = models.CharField(max_length=150, unique=True, help_text="The name folded: one per name.")
    kind = models.CharField(_("kind"), max_length=4, choices=FormKind.choices, default=FormKind.WEB)
    token = models.CharField(max_length=LONGEST_TOKEN, unique=True)
    fields = models.JSONField(_("fields"), default=list)
    languages = models.JSONField(_("languages"), default=list)
    texts = models.JSONField(_("texts"), default=dict)
    # Grows whenever a word of a consent changes, so that each yes names the words it was said to.
    consent_version = models.PositiveIntegerField(default=1)
    consent_required = models.BooleanField(_("consent is required"), default=False)
    redirect_url = models.URLField(_("address afterwards"), max_length=500, blank=True)
    allowed_origins = models.JSONField(_("sites that may show it"), default=list, blank=True)
    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.PROTECT, related_name="capture_forms"
    )
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    product_line = models.ForeignKey(
        ProductLine, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_active = models.BooleanField(_("open"), default=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=FormKind.values), name="capture_form_kind_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ConsentWording(models.Model):
    """The words of a form's consent as they were asked, by language: one row each time they
    changed, never changed afterwards."""

    form = models.ForeignKey(CaptureForm, on_delete=models.PROTECT, related_name="wordings")
    version = models.PositiveIntegerField()
    words = models.JSONField(default=dict)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["form", "version"], name="consent_wording_once")
        ]
        triggers = [immutable_but("consent_wording_immutable")]

    def __str__(self) -> str:
        return f"{self.form_id}: {self.version}"


class Submission(models.Model):
    """What one person sent by a form, as it was sent.

    `nonce` comes with the shown page: sent twice, it is one row.
    """

    form = models.ForeignKey(CaptureForm, on_delete=models.PROTECT, related_name="submissions")
    nonce = models.CharField(max_length=43)
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.CASCADE, related_name="submissions"
    )
    lead = models.ForeignKey(
        Lead, null=True, blank=True, on_delete=models.SET_NULL, related_name="submissions"
    )
    values = models.JSONField(default=dict)
    utm = models.JSONField(default=dict)
    language = models.CharField(max_length=10)
    page = models.CharField(_("page"), max_length=500, blank=True)
    consented = models.BooleanField(_("consent given"), null=True)
    recorded_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["form", "nonce"], name="submission_once")]
        indexes = [
            models.Index(fields=["form", "-received_at", "-id"], name="submission_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.form_id}: {self.nonce}"


class ProposedChange(models.Model):
    """A value that a form told of a known contact, beside another that we have."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="proposed_changes")
    field = models.CharField(max_length=80)
    known = models.CharField(max_length=500)
    proposed = models.CharField(max_length=500)
    through = models.CharField(max_length=100)
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=7, choices=ChangeState.choices, default=ChangeState.OPEN)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "field", "proposed"],
                condition=Q(state="OPEN"),
                name="proposed_change_once",
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", decided_at__isnull=True)
                | (~Q(state="OPEN") & Q(decided_at__isnull=False)),
                name="proposed_change_decided_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.contact_id}"


class CaptureReceipt(models.Model):
    """What a sender of many captures was told of one that it named by a key; keys are its own."""

    sender = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    # Who holds the key while its capture is being written: the batch that wrote this row.
    claim = models.CharField(max_length=32)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="+")
    lead = models.ForeignKey(Lead, null=True, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=10, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "key"], name="capture_receipt_once")
        ]

    def __str__(self) -> str:
        return self.key
