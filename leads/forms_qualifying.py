"""What people write into definitions, types of SQL and personas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.enums import PersonaKind, Responsible
from leads.journeys import MOST_STEPS
from leads.models import PersonaVersion, SqlType, StageDefinition
from leads.services.definitions import Wording
from leads.services.personas import LONGEST_COMMENT, LONGEST_NAME, Portrait
from leads.services.sql_types import TypeFacts

if TYPE_CHECKING:
    from leads.enums import LifecycleStage
    from leads.forms_criteria import BaseCriteria

    SqlTypeModelForm = forms.ModelForm[SqlType]
    StepFormSet = forms.BaseFormSet["StepForm"]
else:
    SqlTypeModelForm = forms.ModelForm
    StepFormSet = forms.BaseFormSet

LONG = 5_000
LONGEST_STAY = 999


def _text(label: Any, *, rows: int = 3, required: bool = False, hint: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, required=required, max_length=LONG, widget=widget, help_text=hint
    )


class DefinitionForm(forms.Form):
    """A new version of what a stage means; its criteria are rows of their own."""

    prose = _text(_("What it means"), required=True)
    responsible = forms.ChoiceField(label=_("Who answers for it"), choices=Responsible.choices)
    exit_rule = _text(_("How a lead leaves it"), rows=2)
    longest_stay_days = forms.IntegerField(
        label=_("Longest stay (business days)"), required=False, min_value=1,
        max_value=LONGEST_STAY, help_text=_("Empty: no limit."),
    )  # fmt: skip

    def wording(self, stage: LifecycleStage, criteria: BaseCriteria) -> Wording:
        """Return what was written."""
        data = self.cleaned_data
        return Wording(
            stage=stage,
            prose=data["prose"],
            responsible=Responsible(data["responsible"]),
            criteria=criteria.stored(),
            exit_rule=data["exit_rule"],
            longest_stay_days=data["longest_stay_days"],
        )


def definition_initial(row: StageDefinition | None) -> dict[str, Any]:
    """Return what the form begins with."""
    if row is None:
        return {}
    names = ("prose", "responsible", "exit_rule", "longest_stay_days")
    return {name: getattr(row, name) for name in names}


class SqlTypeForm(SqlTypeModelForm):
    """A kind of SQL and its playbook."""

    class Meta:
        model = SqlType
        fields = ["name", "description", "playbook", "is_active"]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 2}),
            "playbook": forms.Textarea(attrs={"rows": 8}),
        }

    def facts(self) -> TypeFacts:
        """Return what was written."""
        return TypeFacts(**self.cleaned_data)


class PersonaForm(forms.Form):
    """A version of a persona; criteria, exclusions and journey are rows of their own."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    kind = forms.ChoiceField(label=_("Describes"), choices=PersonaKind.choices)
    description = _text(_("Who it is"))
    goals = _text(_("Goals"), hint=_("One a line."))
    pains = _text(_("Pains"), hint=_("One a line."))
    opening_line = _text(_("Suggested opening line"), rows=2)
    sources = _text(_("Research sources"), hint=_("One a line: interviews, surveys, data."))

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["name"], self.fields["kind"]

    def portrait(
        self, criteria: BaseCriteria, exclusions: BaseCriteria, journey: BaseJourney
    ) -> Portrait:
        """Return what was written."""
        texts = ("description", "goals", "pains", "opening_line")
        return Portrait(
            criteria=criteria.stored(),
            exclusions=exclusions.stored(),
            journey=journey.stored(),
            sources=self.cleaned_data["sources"].splitlines(),
            **{name: self.cleaned_data[name] for name in texts},
        )


def persona_initial(row: PersonaVersion | None) -> dict[str, Any]:
    """Return what the form begins with."""
    if row is None:
        return {}
    texts = ("description", "goals", "pains", "opening_line")
    return {**{name: getattr(row, name) for name in texts}, "sources": "\n".join(row.sources)}


class StepForm(forms.Form):
    """One step of a buyer's journey."""

    key = forms.CharField(required=False, max_length=50, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Step"), required=False, max_length=100)
    questions = forms.CharField(
        label=_("What the buyer asks"), required=False, max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("One a line."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Questions belong to a step with a name."""
        data = super().clean() or {}
        if data.get("questions", "").strip() and not data.get("name", "").strip():
            self.add_error("name", _("Name the step."))
        return data


class BaseJourney(StepFormSet):
    """The journey; steps without a name are left out."""

    def stored(self) -> list[dict[str, Any]]:
        """Return the steps as they are kept."""
        return [
            {"key": d["key"], "name": d["name"], "questions": d["questions"].splitlines()}
            for d in (form.cleaned_data for form in self.forms)
            if d.get("name", "").strip()
        ]


_Journey = forms.formset_factory(
    StepForm, formset=BaseJourney, extra=1, max_num=MOST_STEPS, absolute_max=MOST_STEPS
)


def journey_rows(data: Any, row: PersonaVersion | None) -> BaseJourney:
    """Return the rows of a journey, bound to `data` or beginning with those of `row`."""
    made = _Journey(data, prefix="journey", initial=journey_initial(row))
    assert isinstance(made, BaseJourney)  # noqa: S101  # see above
    return made


def journey_initial(row: PersonaVersion | None) -> list[dict[str, Any]]:
    """Return what the rows begin with; a new journey has the three steps that most have."""
    if row is None:
        usual = (_("Notices the problem"), _("Compares answers"), _("Decides"))
        return [{"name": str(name)} for name in usual]
    return [{**step, "questions": "\n".join(step["questions"])} for step in row.journey]


class CommentForm(forms.Form):
    """A word about a persona."""

    text = forms.CharField(
        label=_("Comment"), max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 3})
    )
