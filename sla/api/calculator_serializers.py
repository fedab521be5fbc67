"""What the API of the goal calculator takes and gives.

Shares are exact: "3/10" or a decimal 0 to 1 as text. Counts come as exact fractions and rounded up.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from leads.enums import LifecycleStage
from sla.enums import PeriodKind
from sla.forms_goal import COUNTED, FIRST_DAY, LARGEST, LAST_DAY, MOST_REPS
from sla.goal_math import whole
from sla.goal_shown import shown_rows
from sla.goals import WINDOWS, Figure, Goal
from sla.selectors.calculating import Reckoned
from sla.services.scenarios import LONGEST_NAME
from sla.shares import PART

STAGES = [stage.value for stage in COUNTED]
NUMBERS = ("revenue", "customers", "average_deal", "entries", "attempts", "minutes", "hours")
MOST = {"attempts": 1_000, "minutes": 1_440, "hours": 24}
MOST_DAYS = 3_650
LONGEST_NUMBER = 40


class FractionField(serializers.CharField):
    """An exact number from 0 to `most`: "3/10", "0.3" or "12"."""

    def __init__(self, most: int, *, more_than_0: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most, self.more_than_0 = most, more_than_0

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data).replace(" ", "")
        plain = text.replace(".", "", 1)
        readable = (
            len(text) <= LONGEST_NUMBER
            and plain.isascii()
            and (plain.isdigit() or PART.fullmatch(text))
        )
        try:
            value = Fraction(text) if readable else None
        except (ValueError, ZeroDivisionError):
            value = None
        if value is None or value > self.most or (self.more_than_0 and not value):
            raise serializers.ValidationError(_("Write a number or a fraction within its limits."))
        return value


class GoalIn(serializers.Serializer[Any]):
    """A goal: `revenue` or `customers`, and what is not to be measured."""

    revenue = FractionField(int(LARGEST), more_than_0=True, required=False)
    customers = FractionField(int(LARGEST), more_than_0=True, required=False)
    period = serializers.ChoiceField(choices=PeriodKind.choices, default=PeriodKind.MONTH)
    starts = serializers.DateField(required=False, help_text="Any day of it; empty: the next one.")
    average_deal = FractionField(int(LARGEST), more_than_0=True, required=False)
    marketing = FractionField(1, required=False, help_text="Share of the customers, 0 to 1.")
    stages = serializers.ListField(
        child=serializers.ChoiceField(choices=STAGES), min_length=1, max_length=5, required=False
    )
    shares = serializers.DictField(child=FractionField(1), required=False)
    lags = serializers.DictField(child=FractionField(MOST_DAYS), required=False)
    window = serializers.ChoiceField(choices=[(n, n) for n in WINDOWS], default=90)
    entries = FractionField(int(LARGEST), required=False)
    attempts = FractionField(MOST["attempts"], required=False)
    minutes = FractionField(MOST["minutes"], required=False)
    hours = FractionField(MOST["hours"], more_than_0=True, required=False)
    reps = serializers.IntegerField(min_value=0, max_value=MOST_REPS, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One aim, known stages, a day in this century."""
        if ("revenue" in attrs) == ("customers" in attrs):
            raise serializers.ValidationError({"revenue": [_("Give revenue or customers.")]})
        for name in ("shares", "lags"):
            if not set(attrs.get(name, ())) <= set(STAGES):
                raise serializers.ValidationError({name: [_("Not a stage that goes on.")]})
        if "starts" in attrs and not FIRST_DAY <= attrs["starts"] <= LAST_DAY:
            raise serializers.ValidationError(
                {"starts": [_("Choose a day between 2000 and 2100.")]}
            )
        return attrs


def goal_of(data: dict[str, Any]) -> Goal:
    """Return the goal that was sent."""
    chosen = set(data.get("stages", STAGES))
    by_stage: dict[str, Any] = {
        name: {LifecycleStage(stage): value for stage, value in data.get(name, {}).items()}
        for name in ("shares", "lags")
    }
    return Goal(
        **{name: data[name] for name in (*NUMBERS, "reps") if name in data},
        **by_stage,
        period=PeriodKind(data["period"]),
        marketing=data.get("marketing", Fraction(1)),
        stages=tuple(stage for stage in COUNTED if stage.value in chosen),
        window=int(data["window"]),
    )


class FigureOut(serializers.Serializer[Any]):
    """A value and where it comes from."""

    value = serializers.CharField()
    comes_from = serializers.ChoiceField(choices=["typed", "measured", "usual"])
    n = serializers.IntegerField(allow_null=True)


class StageOut(serializers.Serializer[Any]):
    """What must enter one stage, from when to when; `saved` by one point more of its share."""

    stage = serializers.ChoiceField(choices=LifecycleStage.choices)
    needed = serializers.IntegerField(allow_null=True)
    exact = serializers.CharField(allow_null=True)
    marketing = serializers.IntegerField(allow_null=True)
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    share = FigureOut(allow_null=True)
    saved = serializers.CharField(allow_null=True)
    share_needed = serializers.CharField(allow_null=True)
    inverse = serializers.ChoiceField(choices=["enough", "rise", "never", ""])


class AnswerOut(serializers.Serializer[Any]):
    """The answer; without stages while revenue is asked for and no deal is known."""

    first_on = serializers.DateField()
    last_on = serializers.DateField()
    working_days = serializers.IntegerField()
    currency = serializers.CharField()
    average_deal = FigureOut(allow_null=True)
    stages = StageOut(many=True)
    reps_needed = serializers.CharField(allow_null=True)
    calls_a_day = serializers.CharField(allow_null=True)
    capacity = serializers.CharField(allow_null=True)


class ScenarioIn(GoalIn):
    """A goal to keep under a name."""

    name = serializers.CharField(max_length=LONGEST_NAME)


class ScenarioOut(serializers.Serializer[Any]):
    """A kept goal with its answer, as on the day."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    created_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    answer = AnswerOut()


class PromisedOut(serializers.Serializer[Any]):
    """The version of the draft, and how many commitments were written."""

    number = serializers.IntegerField()
    commitments = serializers.IntegerField()


def told_answer(found: Reckoned) -> dict[str, Any]:
    """Return the answer as it is sent."""
    work = found.outlook.load if found.outlook else None
    return {
        "first_on": found.period.first_on,
        "last_on": found.period.last_on,
        "working_days": found.days,
        "currency": found.currency,
        "average_deal": _told(found.assumptions.deal),
        "stages": [_stage(row) for row in shown_rows(found.outlook)] if found.outlook else [],
        "reps_needed": _text(work.reps_needed) if work else None,
        "calls_a_day": _text(work.calls_a_day) if work else None,
        "capacity": _text(work.capacity) if work else None,
    }


def _stage(shown: Any) -> dict[str, Any]:
    row = shown.row
    return {
        "stage": row.need.stage,
        "needed": whole(row.need.total),
        "exact": _text(row.need.total),
        "marketing": shown.marketing,
        "first_on": row.first_on,
        "last_on": row.last_on,
        "share": _told(row.share),
        "saved": _text(row.worth.saved) if row.worth else None,
        "share_needed": _text(row.rise.share) if row.rise else None,
        "inverse": shown.verdict,
    }


def _told(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    return {"value": str(figure.value), "comes_from": figure.origin.value, "n": figure.n}


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
