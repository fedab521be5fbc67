"""A commitment as it is typed: one form for all kinds, of which each uses its own fields.

Money is typed in whole units and shares in per cent; the facts keep cents and fractions.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import TeamKind
from accounts.models import Team
from leads.enums import LifecycleStage
from leads.models import Persona, ProductLine, Source
from sla.commitment_facts import (
    METRICS,
    MOST_ATTEMPTS,
    MOST_DAYS,
    MOST_MINUTES,
    MOST_SCORE,
    CommitmentFacts,
)
from sla.enums import (
    OF_MARKETING,
    PERIODIC,
    TIMED,
    ClockScope,
    CommitmentKind,
    Metric,
    PeriodKind,
    Side,
)
from sla.forms_commitment_rows import ACTS, CommitmentRows
from sla.models import Commitment

HUNDRED = Decimal(100)
OWN_UNIT = frozenset({Metric.MEAN_FIT, Metric.ATTEMPTS_PER_DAY, Metric.NOTES_PER_WEEK,
                      Metric.JOINT_CALLS_PER_WEEK})  # fmt: skip
EMPTY = [("", "–")]
FIGURES: Any = [
    *EMPTY,
    *((kind.label, [(one.value, one.label) for one in METRICS[kind]]) for kind in METRICS),
]


def _kinds(side: Side) -> Any:
    """Return the kinds of a side in two groups; both together promise the revenue goal alone."""
    if side is Side.BOTH:
        return [(CommitmentKind.REVENUE.value, CommitmentKind.REVENUE.label)]
    timed, periodic = (
        [(kind.value, kind.label) for kind in CommitmentKind if kind in some]
        for some in (TIMED if side is Side.MARKETING else TIMED - OF_MARKETING, PERIODIC)
    )
    return [(_("A time on every lead"), timed), (_("A figure every period"), periodic)]


class CommitmentForm(forms.Form):
    """Only what the kind uses is read; the service says what is missing."""

    kind = forms.ChoiceField(label=_("Kind"))
    why = forms.CharField(label=_("Why"), required=False, max_length=300)
    team_id = forms.ModelChoiceField(
        label=_("Team"), required=False, queryset=Team.objects.none(),
        help_text=_("Empty: the whole side."),
    )  # fmt: skip
    target_minutes = forms.IntegerField(
        label=_("Business minutes"),
        required=False,
        min_value=0,
        max_value=MOST_MINUTES,
        help_text=_("60 is one hour."),
    )
    target_days = forms.IntegerField(
        label=_("Or: end of business day"), required=False, min_value=0, max_value=MOST_DAYS,
        help_text=_("0 is the day on which it starts."),
    )  # fmt: skip
    attempts = forms.IntegerField(
        label=_("Attempts"), required=False, min_value=1, max_value=MOST_ATTEMPTS
    )
    clock_scope = forms.ChoiceField(
        label=_("The clock belongs to"), required=False, choices=ClockScope.choices
    )
    floor = forms.DecimalField(
        label=_("Lowest share of deadlines kept (%)"), required=False, min_value=0,
        max_value=HUNDRED, max_digits=5, decimal_places=2,
        help_text=_("Under it in a month a corrective action opens. Empty: as the terms say."),
    )  # fmt: skip
    most_reroutes = forms.IntegerField(
        label=_("Most re-routes of one lead"), required=False, min_value=0, max_value=9
    )
    period = forms.ChoiceField(
        label=_("Every"), required=False, choices=[*EMPTY, *PeriodKind.choices]
    )
    target = forms.DecimalField(
        label=_("Target"), required=False, min_value=0, max_digits=14, decimal_places=2,
        help_text=_("Leads, money, per cent, or attempts. Missed, a corrective action opens."),
    )  # fmt: skip
    metric = forms.ChoiceField(label=_("Figure"), required=False, choices=FIGURES)
    stage = forms.ChoiceField(
        label=_("Stage"), required=False, choices=[*EMPTY, *LifecycleStage.choices]
    )
    to_stage = forms.ChoiceField(
        label=_("To stage"), required=False, choices=[*EMPTY, *LifecycleStage.choices]
    )
    product_line_id = forms.ModelChoiceField(
        label=_("Product line"), required=False, queryset=ProductLine.objects.order_by("name")
    )
    persona_id = forms.ModelChoiceField(
        label=_("Persona"), required=False, queryset=Persona.objects.order_by("name")
    )
    source_id = forms.ModelChoiceField(
        label=_("Source"), required=False, queryset=Source.objects.order_by("name")
    )
    country = forms.CharField(label=_("Region"), required=False, max_length=100)
    score_from = forms.IntegerField(
        label=_("Score from"), required=False, min_value=-MOST_SCORE, max_value=MOST_SCORE
    )
    score_below = forms.IntegerField(
        label=_("Score below"), required=False, min_value=-MOST_SCORE, max_value=MOST_SCORE
    )

    def __init__(self, *args: Any, side: Side, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.side = side
        fields: Any = self.fields
        fields["kind"].choices = _kinds(side)
        kind = {Side.MARKETING: TeamKind.MARKETING, Side.SALES: TeamKind.SALES}.get(side)
        fields["team_id"].queryset = Team.objects.filter(kind=kind or "").order_by("name")
        self.rows = CommitmentRows(
            self.data if self.is_bound else None, side=side, initial=self.initial
        )

    def is_valid(self) -> bool:
        """Tell whether fields and rows can be read; the parts of a split add up."""
        valid = super().is_valid()
        kind = self.cleaned_data.get("kind")
        if kind is None:
            return False
        if not self.rows.are_valid(timed=kind in TIMED):
            return False
        return valid and (kind in TIMED or self.rows.shares.hold_sum(self.cleaned_data["target"]))

    def facts(self) -> CommitmentFacts:
        """Return what was written."""
        data = dict(self.cleaned_data)
        kind = CommitmentKind(data.pop("kind"))
        metric = Metric(value) if (value := data.pop("metric")) else None
        scale = _scale(kind, metric)
        for name in ("team_id", "product_line_id", "persona_id", "source_id"):
            data[name] = data[name].pk if data[name] else None
        for name, unit in (("target", scale), ("floor", 1 / HUNDRED)):
            data[name] = data[name] * unit if data[name] is not None else None
        for name, choice in (("stage", LifecycleStage), ("to_stage", LifecycleStage),
                             ("period", PeriodKind)):  # fmt: skip
            data[name] = choice(data[name]) if data[name] else None
        data["clock_scope"] = ClockScope(data["clock_scope"] or ClockScope.LEAD)
        if data["most_reroutes"] is None:
            data["most_reroutes"] = 1
        if kind not in TIMED:
            data["floor"] = None
        parts = self._parts(kind, scale)
        return CommitmentFacts(side=self.side, kind=kind, metric=metric, **data, **parts)

    def _parts(self, kind: CommitmentKind, scale: Decimal) -> dict[str, Any]:
        if kind in TIMED:
            return {"bands": self.rows.bands.bands(), "levels": self.rows.levels.levels()}
        return {"shares": self.rows.shares.shares(scale)}


def commitment_initial(row: Commitment) -> dict[str, Any]:
    """Return what the form begins with."""
    names = ("kind", "why", "team_id", "target_minutes", "target_days", "attempts", "clock_scope",
             "most_reroutes", "period", "metric", "stage", "to_stage", "product_line_id",
             "persona_id", "source_id", "country", "score_from", "score_below")  # fmt: skip
    metric = Metric(row.metric) if row.metric else None
    scale = _scale(CommitmentKind(row.kind), metric)
    amounts = {
        "target": None if row.target is None else row.target / scale,
        "floor": None if row.floor is None else row.floor * HUNDRED,
    }
    return {name: getattr(row, name) for name in names} | {
        "bands": [
            {"score_from": band.score_from, "target_minutes": band.target_minutes}
            for band in row.bands.all()
        ],
        "levels": [
            {"share": int(level.share * HUNDRED)} | {name: getattr(level, name) for name in ACTS}
            for level in row.levels.all()
        ],
        "shares": [
            {"user": part.user_id, "amount": _trim(part.target / scale)}
            for part in row.shares.all()
        ],
        **{key: _trim(value) for key, value in amounts.items() if value is not None},
    }


def _scale(kind: CommitmentKind, metric: Metric | None) -> Decimal:
    """Return by what a typed figure is multiplied: cents to money, fractions to per cent."""
    if kind is CommitmentKind.REVENUE:
        return HUNDRED
    if kind is CommitmentKind.VOLUME or metric in OWN_UNIT:
        return Decimal(1)
    return 1 / HUNDRED if kind in {CommitmentKind.RATE, CommitmentKind.QUALITY} else Decimal(1)


def _trim(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01")) if value % 1 else value.quantize(Decimal(1))
