"""What people type while they work a lead: activities, next steps, decisions, snoozes."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leads.enums import ActivityKind, Direction, Disposition, LifecycleStage, NextStepKind
from leads.models import Competitor, SqlType
from leads.reasons import CHOSEN, CodedReason

LONGEST_NOTE = 2_000
MINUTES = "%Y-%m-%dT%H:%M"
RATINGS = [(n, str(n)) for n in range(1, 6)]
MORNING = time(9)
FIRST_YEAR, LAST_YEAR = 2000, 2200


def local_minutes() -> forms.DateTimeInput:
    """A date and time of the reader's own zone, to the minute."""
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTES)


class LogForm(forms.Form):
    """An activity; without a time it happened now."""

    kind = forms.ChoiceField(choices=ActivityKind.choices)
    direction = forms.ChoiceField(
        choices=Direction.choices, required=False, initial=Direction.OUTBOUND
    )
    connected = forms.NullBooleanField(required=False)
    text = forms.CharField(label=_("What was said"), required=False, max_length=10_000,
                           widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip
    occurred_at = forms.DateTimeField(
        label=_("When"), required=False, widget=local_minutes(), help_text=_("Empty: now.")
    )


class StepForm(forms.Form):
    """A next step."""

    kind = forms.ChoiceField(label=_("What"), choices=NextStepKind.choices)
    due_at = forms.DateTimeField(label=_("When"), widget=local_minutes())
    text = forms.CharField(label=_("In words"), required=False, max_length=200)


class MoveStepForm(forms.Form):
    """A next step's other time."""

    due_at = forms.DateTimeField(label=_("When"), widget=local_minutes())


class SnoozeForm(forms.Form):
    """Until when a lead is hidden from its reader, and why."""

    until = forms.DateTimeField(label=_("Until"), widget=local_minutes())
    reason = forms.CharField(label=_("Why"), max_length=200)


class AcceptForm(forms.Form):
    """An acceptance; managers say why."""

    note = forms.CharField(required=False, max_length=LONGEST_NOTE)
    fit_rating = forms.TypedChoiceField(
        choices=RATINGS, coerce=int, required=False, empty_value=None
    )


class HandBackForm(forms.Form):
    """A fixed lead goes back to Sales; managers say why."""

    note = forms.CharField(required=False, max_length=500)


class RejectForm(AcceptForm):
    """A rejection: one coded reason, and what that reason asks beside it."""

    reason = forms.ChoiceField(label=_("Reason"), choices=())
    note = forms.CharField(label=_("Note"), required=False, max_length=LONGEST_NOTE,
                           widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip
    fit_rating = forms.TypedChoiceField(
        label=_("How well did it fit?"), choices=RATINGS, coerce=int, required=False,
        empty_value=None, widget=forms.RadioSelect,
    )  # fmt: skip
    until = forms.DateField(
        label=_("Try again on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    competitor = forms.ModelChoiceField(
        Competitor.objects.all(),
        label=_("Bought from"),
        required=False,
        empty_label=_("Nobody we know"),
    )
    disposition = forms.ChoiceField(
        label=_("What becomes of it"), required=False,
        choices=[("", _("Choose…")), *((one.value, one.label) for one in CHOSEN)],
    )  # fmt: skip

    def __init__(self, *args: Any, reasons: list[CodedReason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = reasons
        choices: Any = [(reason.code, reason.label) for reason in reasons]
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]

    def clean_until(self) -> datetime | None:
        """The morning of the day, in the reader's zone."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(_("Choose a day within the next years."))
        return timezone.make_aware(datetime.combine(day, MORNING))

    def clean_disposition(self) -> Disposition | None:
        """The end that the person picks, None where the reason says it."""
        value = self.cleaned_data["disposition"]
        return Disposition(value) if value else None


class AdvanceForm(forms.Form):
    """The move to SQL: its type, and the definition's questions answered by hand."""

    expected = forms.CharField(widget=forms.HiddenInput, required=False)
    sql_type = forms.ModelChoiceField(
        SqlType.objects.filter(is_active=True), label=_("Type of SQL"), required=False
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=LONGEST_NOTE,
                           widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip

    def __init__(self, *args: Any, questions: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = {f"q-{key}": key for key in questions}
        for key, label in questions.items():
            self.fields[f"q-{key}"] = forms.BooleanField(label=label, required=False)

    @property
    def answers(self) -> dict[str, bool]:
        """What was ticked; a question left empty is answered with no."""
        return {key: self.cleaned_data[name] for name, key in self.questions.items()}

    @property
    def question_fields(self) -> list[Any]:
        """The questions as they are drawn."""
        return [self[name] for name in self.questions]

    def clean_expected(self) -> LifecycleStage | None:
        """The stage that the person saw."""
        value = self.cleaned_data["expected"]
        return LifecycleStage(value) if value in LifecycleStage.values else None
