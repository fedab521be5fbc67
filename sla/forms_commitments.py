"""A commitment as it is typed: one form for all kinds; bands, rungs and parts one a line.

Money is typed in whole units and shares in per cent; the facts keep cents and fractions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import TeamKind
from accounts.models import Team
from leads.enums import LifecycleStage
from leads.models import Persona, ProductLine, Source
from sla.commitment_facts import CommitmentFacts, Level
from sla.enums import ClockScope, CommitmentKind, Metric, PeriodKind, Side
from sla.models import Commitment

HUNDRED = Decimal(100)
OWN_UNIT = frozenset({Metric.MEAN_FIT, Metric.ATTEMPTS_PER_DAY, Metric.NOTES_PER_WEEK,
                      Metric.JOINT_CALLS_PER_WEEK})  # fmt: skip
RUNG_FORM = _("One a line, as: 75 owner · 100 owner manager · 150 head reroute")
BAND_FORM = _("One a line, as: 80 60 (score 80 or more: 60 business minutes)")
EMPTY = [("", "–")]
Parsed = Mapping[int, int]


def _lines(label: Any, hint: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, required=False, widget=widget, help_text=hint)


class CommitmentForm(forms.Form):
    """Only what the kind uses is read; the service says what is missing."""

    kind = forms.ChoiceField(label=_("Kind"), choices=CommitmentKind.choices)
    why = forms.CharField(label=_("Why"), required=False, max_length=300)
    team_id = forms.ModelChoiceField(
        label=_("Team"), required=False, queryset=Team.objects.none(),
        help_text=_("Empty: the whole side."),
    )  # fmt: skip
    target_minutes = forms.IntegerField(label=_("Business minutes"), required=False, min_value=0)
    target_days = forms.IntegerField(
        label=_("Or: end of business day"), required=False, min_value=0, max_value=366,
        help_text=_("0 is the day on which it starts."),
    )  # fmt: skip
    attempts = forms.IntegerField(label=_("Attempts"), required=False, min_value=1, max_value=99)
    clock_scope = forms.ChoiceField(
        label=_("The clock belongs to"), required=False, choices=ClockScope.choices
    )
    bands = _lines(_("Faster for high scores"), BAND_FORM)
    levels = _lines(_("Who is told, at which share of the time"), RUNG_FORM)
    most_reroutes = forms.IntegerField(
        label=_("Most re-routes of one lead"), required=False, min_value=0, max_value=9
    )
    period = forms.ChoiceField(
        label=_("Every"), required=False, choices=[*EMPTY, *PeriodKind.choices]
    )
    target = forms.DecimalField(
        label=_("Target"), required=False, min_value=0, max_digits=14, decimal_places=2,
        help_text=_("Leads, money, per cent, or attempts, as the kind counts."),
    )  # fmt: skip
    floor = forms.DecimalField(
        label=_("Lowest"), required=False, min_value=0, max_digits=14, decimal_places=2,
        help_text=_("Below it a corrective action opens."),
    )  # fmt: skip
    metric = forms.ChoiceField(label=_("Figure"), required=False, choices=[*EMPTY, *Metric.choices])
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
    score_from = forms.IntegerField(label=_("Score from"), required=False)
    score_below = forms.IntegerField(label=_("Score below"), required=False)

    def __init__(self, *args: Any, side: Side, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.side = side
        teams: Any = self.fields["team_id"]
        kind = {Side.MARKETING: TeamKind.MARKETING, Side.SALES: TeamKind.SALES}.get(side)
        teams.queryset = Team.objects.filter(kind=kind or "").order_by("name")

    def clean_bands(self) -> Parsed:
        """Read `score minutes` a line."""
        return dict(_each_line(self.cleaned_data["bands"], _band))

    def clean_levels(self) -> tuple[Level, ...]:
        """Read `per cent people` a line."""
        return tuple(_each_line(self.cleaned_data["levels"], _level))

    def facts(self, old: Commitment | None = None) -> CommitmentFacts:
        """Return what was written; the split of an old commitment stays."""
        data = dict(self.cleaned_data)
        kind = CommitmentKind(data.pop("kind"))
        metric = Metric(value) if (value := data.pop("metric")) else None
        scale = _scale(kind, metric)
        for name in ("team_id", "product_line_id", "persona_id", "source_id"):
            data[name] = data[name].pk if data[name] else None
        for name in ("target", "floor"):
            data[name] = data[name] * scale if data[name] is not None else None
        for name, choice in (("stage", LifecycleStage), ("to_stage", LifecycleStage),
                             ("period", PeriodKind)):  # fmt: skip
            data[name] = choice(data[name]) if data[name] else None
        data["clock_scope"] = ClockScope(data["clock_scope"] or ClockScope.LEAD)
        if data["most_reroutes"] is None:
            data["most_reroutes"] = 1
        shares = {one.user_id: one.target for one in old.shares.all()} if old else {}
        return CommitmentFacts(side=self.side, kind=kind, metric=metric, shares=shares, **data)


def commitment_initial(row: Commitment) -> dict[str, Any]:
    """Return what the form begins with."""
    names = ("kind", "why", "team_id", "target_minutes", "target_days", "attempts", "clock_scope",
             "most_reroutes", "period", "metric", "stage", "to_stage", "product_line_id",
             "persona_id", "source_id", "country", "score_from", "score_below")  # fmt: skip
    metric = Metric(row.metric) if row.metric else None
    scale = _scale(CommitmentKind(row.kind), metric)
    amounts = {"target": row.target, "floor": row.floor}
    bands = [f"{band.score_from} {band.target_minutes}" for band in row.bands.all()]
    return {name: getattr(row, name) for name in names} | {
        "bands": "\n".join(bands),
        "levels": "\n".join(_typed(level) for level in row.levels.all()),
        **{key: _trim(value / scale) for key, value in amounts.items() if value is not None},
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


def _each_line(text: str, read: Callable[[list[str]], Any]) -> list[Any]:
    found = []
    for line in re.split(r"[\n·;]", text):
        if words := line.replace("%", " ").replace(",", " ").split():
            try:
                found.append(read(words))
            except (ValueError, InvalidOperation, IndexError) as error:
                why = _("“%(line)s” cannot be read.") % {"line": line.strip()}
                raise forms.ValidationError(why) from error
    return found


def _band(words: list[str]) -> tuple[int, int]:
    score, minutes = words
    return int(score), int(minutes)


def _level(words: list[str]) -> Level:
    share, *acts = words
    known = {"owner": "tell_owner", "manager": "tell_manager", "head": "tell_head",
             "reroute": "reroute"}  # fmt: skip
    if any(act.casefold() not in known for act in acts):
        raise ValueError("unknown word")
    ticked = {known[act.casefold()]: True for act in acts}
    return Level(share=Decimal(share) / HUNDRED, **ticked)


def _typed(level: Any) -> str:
    acts = (("owner", level.tell_owner), ("manager", level.tell_manager),
            ("head", level.tell_head), ("reroute", level.reroute))  # fmt: skip
    return " ".join([f"{level.share * HUNDRED:.0f}", *(word for word, on in acts if on)])
