"""What managers type about reasons and windows of the handoff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from leads.enums import CloseReason
from leads.models import FunnelSettings, Reason
from leads.models.feedback import MOST_KEYS
from leads.services.reasons import LONGEST_LABEL

# Only the type checker knows forms by their models.
if TYPE_CHECKING:
    ReasonModelForm = forms.ModelForm[Reason]
    FunnelModelForm = forms.ModelForm[FunnelSettings]
else:
    ReasonModelForm = FunnelModelForm = forms.ModelForm

LONGEST_UNDO = 60
MOST_DAYS = 3_650
MOST_DISPUTE_DAYS = 365
MOST_ATTEMPTS = 100
KEYS = [("", _("None")), *((str(n), str(n)) for n in range(1, MOST_KEYS + 1))]
WEEKDAY_CHOICES = [("", _("Nobody is asked")), *((n + 1, WEEKDAYS[n]) for n in range(7))]


class ReasonForm(ReasonModelForm):
    """A coded reason. Its code is made once and stays; its outcome may change for what comes."""

    own_label = forms.CharField(label=_("Label"), max_length=LONGEST_LABEL, required=False)
    key = forms.TypedChoiceField(
        label=_("Key on the reject pad"), choices=KEYS, coerce=int, required=False,
        empty_value=None,
    )  # fmt: skip

    class Meta:
        model = Reason
        fields = ("own_label", "outcome", "note_needed", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = self.instance.key
        if self.instance.code not in CloseReason.values:
            self.fields["own_label"].required = True
        else:
            usual = CloseReason(self.instance.code).label
            self.fields["own_label"].widget.attrs["placeholder"] = usual
            self.fields["own_label"].help_text = _("Empty: as it comes, in each reader's language.")

    def clean(self) -> dict[str, Any]:
        """Put the key on the reason; the service says at its field that it is another's."""
        data = super().clean() or {}
        self.instance.key = data.get("key")
        return data


class FunnelForm(FunnelModelForm):
    """Windows and waits."""

    field_note_weekday = forms.TypedChoiceField(
        label=_("Ask reps for their field note on"), choices=WEEKDAY_CHOICES, coerce=int,
        required=False, empty_value=None,
    )  # fmt: skip

    class Meta:
        model = FunnelSettings
        fields = (
            "undo_seconds", "nurture_days", "hot_touch_wakes", "cooldown_days", "dispute_days",
            "attempts_before_no_contact", "field_note_weekday",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, most in {
            "undo_seconds": LONGEST_UNDO, "nurture_days": MOST_DAYS, "cooldown_days": MOST_DAYS,
            "dispute_days": MOST_DISPUTE_DAYS, "attempts_before_no_contact": MOST_ATTEMPTS,
        }.items():  # fmt: skip
            field = self.fields[name]
            assert isinstance(field, forms.IntegerField)  # noqa: S101  # columns of numbers
            field.max_value = most
            field.validators.append(MaxValueValidator(most))
            field.widget.attrs["max"] = most
