"""Forms of the score: a fit rule, an engagement rule, the thresholds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.criteria_validation import Terms
from leads.criteria_words import Lexicon
from leads.enums import MqlMaking, ScoreCounting, ScoreKind, TouchKind
from leads.forms_criteria import CriterionForm, initial_of
from leads.models import FunnelSettings, ScoreRule
from leads.services.score_rules import LONGEST_NAME, RuleFacts

POINTS_HINT = _("A minus takes points away.")


class FitForm(forms.Form):
    """Points for what somebody is; the criterion is a form of its own beside it."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    points = forms.IntegerField(label=_("Points"), help_text=POINTS_HINT)

    def __init__(
        self, data: Any, *, terms: Terms, lexicon: Lexicon, rule: ScoreRule | None = None
    ) -> None:
        start = {"name": rule.name, "points": rule.points} if rule else {}
        super().__init__(data, initial=start)
        stored = initial_of(rule.criterion, terms) if rule and rule.criterion else {}
        self.criterion = CriterionForm(
            data, prefix="criterion", terms=terms, lexicon=lexicon, initial=stored
        )

    def is_valid(self) -> bool:
        """Both halves are read, so that everything wrong is told at once."""
        return all([super().is_valid(), self.criterion.is_valid()])

    def facts(self) -> RuleFacts:
        """Return what was typed, to be judged by the service."""
        data = self.cleaned_data
        return RuleFacts(
            kind=ScoreKind.FIT,
            name=data["name"],
            points=data["points"],
            criterion=self.criterion.stored(),
        )

    def add_error(self, field: str | None, error: Any) -> None:
        """What is wrong with the criterion is written at the criterion."""
        if field is None and self.criterion.is_bound and hasattr(self, "cleaned_data"):
            self.criterion.add_error(None, error)
        super().add_error(field, error)


class EngagementForm(forms.Form):
    """Points for what somebody does."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    touch_kind = forms.ChoiceField(label=_("Touch"), choices=TouchKind.choices)
    points = forms.IntegerField(label=_("Points"), help_text=POINTS_HINT)
    half_life_days = forms.IntegerField(
        label=_("Halves in (days)"), required=False, help_text=_("Empty: never fades.")
    )
    cap = forms.IntegerField(
        label=_("At most (points)"), required=False, help_text=_("Empty: no limit.")
    )
    counting = forms.ChoiceField(
        label=_("Counts"), choices=ScoreCounting.choices, initial=ScoreCounting.EACH
    )
    per_period = forms.IntegerField(label=_("Times"), required=False, initial=1)
    period_days = forms.IntegerField(label=_("In (days)"), required=False, initial=7)

    def __init__(self, data: Any, *, rule: ScoreRule | None = None) -> None:
        known = {name: getattr(rule, name) for name in self.base_fields} if rule else {}
        start = {name: value for name, value in known.items() if value is not None}
        if rule is not None:
            start = {"half_life_days": None, **start}
        super().__init__(data, initial=start)

    def facts(self) -> RuleFacts:
        """Return what was typed, to be judged by the service."""
        data = {**self.cleaned_data, "counting": ScoreCounting(self.cleaned_data["counting"])}
        return RuleFacts(kind=ScoreKind.ENGAGEMENT, **data)


class ThresholdForm(forms.Form):
    """When a score proposes a lead, when it no longer does, and what follows."""

    mql_enter_score = forms.IntegerField(label=_("Propose from"))
    mql_leave_score = forms.IntegerField(
        label=_("End below"), help_text=_("Lower, so that a lead at the border does not flicker.")
    )
    mql_making = forms.ChoiceField(
        label=_("What follows"), choices=MqlMaking.choices, widget=forms.RadioSelect
    )

    def __init__(self, data: Any, *, settings: FunnelSettings) -> None:
        super().__init__(data, initial={name: getattr(settings, name) for name in self.base_fields})

    def values(self) -> dict[str, Any]:
        """Return what was typed, as the service takes it."""
        data = self.cleaned_data
        return {
            "enter": data["mql_enter_score"],
            "leave": data["mql_leave_score"],
            "making": data["mql_making"],
        }
