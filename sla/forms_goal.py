"""What is typed into the goal calculator; numbers are read in the person's own form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from leads.enums import LifecycleStage
from leads.forms_deals import NumberField, day_input
from leads.money import read_amount
from shell.formats import marks, write_number
from sla.enums import PeriodKind
from sla.goal_math import STAGES
from sla.goals import WINDOWS, Goal
from sla.shares import read_share

REVENUE, CUSTOMERS = "revenue", "customers"
COUNTED = STAGES[:-1]
MOST_DAYS, MOST_REPS = Decimal(3_650), 10_000
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
HOURS_A_DAY = Decimal(24)


class ShareField(forms.CharField):
    """A share: `30`, `30 %` or `3/10`; an exact fraction 0 to 1."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "number"}
        super().__init__(max_length=40, widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        share = read_share(text, marks())
        if text.strip() and share is None:
            raise ValidationError(_("Write a share like 30, 30 % or 3/10; 100 % at most."))
        return share

    def run_validators(self, value: Any) -> None:
        """The share was held against its limits when it was read."""


class LimitedField(NumberField):
    """A number up to a limit, as an exact fraction."""

    def __init__(self, *, most: Decimal, more_than_0: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most, self.more_than_0 = most, more_than_0

    def read(self, text: str) -> Any:
        number = read_amount(text, marks())
        if number is None:
            return None
        if number > self.most:
            raise ValidationError(_("At most %(most)s.") % {"most": write_number(self.most)})
        if self.more_than_0 and not number:
            raise ValidationError(_("More than 0."))
        return Fraction(number)


LARGEST = Decimal(10) ** 11


class GoalForm(forms.Form):
    """A goal and all it rests on. Empty: what was measured."""

    aim = forms.ChoiceField(
        label=_("Goal"),
        choices=[(REVENUE, _("Revenue")), (CUSTOMERS, _("Customers"))],
        widget=forms.RadioSelect,
    )
    amount = LimitedField(label=_("How much"), most=LARGEST, more_than_0=True)
    period = forms.ChoiceField(
        label=_("In each"), choices=PeriodKind.choices, widget=forms.RadioSelect
    )
    starts = forms.DateField(
        required=False,
        label=_("Any day of it"),
        widget=day_input(),
        help_text=_("Empty: the next one."),
    )
    average_deal = LimitedField(
        required=False, label=_("Average deal"), most=LARGEST, more_than_0=True
    )
    marketing = ShareField(
        required=False,
        label=_("From Marketing"),
        help_text=_("Share of the customers; empty: all."),
    )
    stages = forms.MultipleChoiceField(
        label=_("Stages that count"),
        choices=[(stage.value, stage.label) for stage in COUNTED],
        widget=forms.CheckboxSelectMultiple,
    )
    window = forms.TypedChoiceField(
        label=_("Time to come through"),
        choices=[(days, _("%(n)d days") % {"n": days}) for days in WINDOWS],
        coerce=int,
    )
    entries = LimitedField(required=False, label=_("Entries there will be"), most=LARGEST)
    attempts = LimitedField(required=False, label=_("Attempts a lead"), most=Decimal(1_000))
    minutes = LimitedField(required=False, label=_("Minutes an attempt"), most=Decimal(1_440))
    hours = LimitedField(
        required=False, label=_("Hours a day for attempts"), most=HOURS_A_DAY, more_than_0=True
    )
    reps = forms.IntegerField(
        required=False, label=_("Reps"), min_value=0, max_value=MOST_REPS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "number"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for stage in COUNTED:
            self.fields[f"share_{stage}"] = ShareField(required=False, label=stage.label)
            self.fields[f"lag_{stage}"] = LimitedField(
                required=False, label=stage.label, most=MOST_DAYS
            )

    def clean_starts(self) -> date | None:
        """A day in this century."""
        day: date | None = self.cleaned_data["starts"]
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(_("Choose a day between 2000 and 2100."))
        return day

    def goal(self) -> Goal:
        """Return what was typed."""
        data = self.cleaned_data
        chosen = set(data["stages"])
        marketing = data["marketing"]
        return Goal(
            **{data["aim"]: data["amount"]},
            period=PeriodKind(data["period"]),
            stages=tuple(stage for stage in COUNTED if stage.value in chosen),
            shares=_typed_by_stage(data, "share"),
            lags=_typed_by_stage(data, "lag"),
            marketing=Fraction(1) if marketing is None else marketing,
            **{name: data[name] for name in ("average_deal", "window", "entries", "attempts",
                                             "minutes", "hours", "reps")},
        )  # fmt: skip


def _typed_by_stage(data: Mapping[str, Any], what: str) -> dict[LifecycleStage, Fraction]:
    typed = {stage: data[f"{what}_{stage}"] for stage in COUNTED}
    return {stage: value for stage, value in typed.items() if value is not None}


def typed(goal: Goal, starts: date | None = None) -> dict[str, Any]:
    """Return the goal as a person would type it: what the form is filled with."""
    amount, aim = (goal.customers, CUSTOMERS) if goal.revenue is None else (goal.revenue, REVENUE)
    names = ("average_deal", "entries", "attempts", "minutes", "hours")
    values = {name: getattr(goal, name) for name in names}
    found: dict[str, Any] = {
        "aim": aim,
        "amount": write_fraction(amount),
        "period": goal.period.value,
        "stages": [stage.value for stage in goal.stages],
        "window": str(goal.window),
        "marketing": "" if goal.marketing == 1 else write_share(goal.marketing),
        "starts": starts.isoformat() if starts else "",
        "reps": "" if goal.reps is None else str(goal.reps),
        **{name: write_fraction(value) for name, value in values.items()},
        **{f"share_{stage}": write_share(share) for stage, share in goal.shares.items()},
        **{f"lag_{stage}": write_fraction(days) for stage, days in goal.lags.items()},
    }
    return {name: value for name, value in found.items() if value}


def write_share(share: Fraction) -> str:
    """Return a share in per cent where that is exact, else as a fraction."""
    per_cent = share * 100
    if (per_cent * 100).denominator == 1:
        return write_fraction(per_cent)
    return f"{share.numerator}/{share.denominator}"


def write_fraction(value: Fraction | None) -> str:
    """Return a number as it is typed; "" for None. What was typed has at most two digits."""
    if value is None:
        return ""
    places = next((n for n in (0, 1) if (value * 10**n).denominator == 1), 2)
    return write_number(Decimal(value.numerator) / value.denominator, places)
