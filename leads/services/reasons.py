"""Reasons and windows of the house, kept by managers and administrators."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from leads.enums import CloseReason
from leads.folding import fold
from leads.models import FunnelSettings, Reason
from smarketing.errors import BadInput

KEY_TAKEN = _("Another reason has this key. Take it away there first.")
LABEL_NEEDED = _("Give it a label.")
LONGEST_CODE = 60
LONGEST_LABEL = 100
WINDOWS = (
    "undo_seconds", "nurture_days", "hot_touch_wakes", "cooldown_days", "dispute_days",
    "attempts_before_no_contact", "field_note_weekday",
)  # fmt: skip


def save_reason(reason: Reason) -> Reason:
    """Write a reason; a new one gets its code from its label, for good.

    A reason out of use keeps no key. Raises BadInput when the key is another's (`key`) and when a
    reason that did not come with the product has no label (`own_label`).
    """
    reason.own_label = reason.own_label.strip()
    if not reason.own_label and reason.code not in CloseReason.values:
        raise BadInput(LABEL_NEEDED, fields={"own_label": [LABEL_NEEDED]})
    if not reason.is_active:
        reason.key = None
    if not reason.code:
        reason.code = _new_code(reason.own_label)
    try:
        with transaction.atomic():
            reason.save()
    except IntegrityError as error:
        if "reason_one_per_key" in str(error):
            raise BadInput(KEY_TAKEN, fields={"key": [KEY_TAKEN]}) from error
        raise
    return reason


def save_funnel(settings: FunnelSettings) -> FunnelSettings:
    """Write windows and waits; the thresholds of the score are kept with the score."""
    FunnelSettings.objects.get_or_create(pk=1)
    settings.save(update_fields=WINDOWS)
    return settings


def _new_code(label: str) -> str:
    """Return a code that no reason has had."""
    base = slugify(fold(label)).replace("-", "_")[: LONGEST_CODE - 4] or "reason"
    taken = set(Reason.objects.filter(code__startswith=base).values_list("code", flat=True))
    if base not in taken:
        return base
    return next(f"{base}_{n}" for n in range(2, len(taken) + 3) if f"{base}_{n}" not in taken)
