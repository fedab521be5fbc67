"""What people write into a draft of the agreement: words, terms, protocol, messaging, choices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.enums import LifecycleStage, VersionState
from leads.models import PersonaVersion, SqlType, StageDefinition
from sla.enums import ProtocolStepKey, SectionKey, Side, Writer
from sla.models import Agreement
from sla.services.ending import LONGEST, Wish
from sla.services.writing import LONGEST_COMMENT, LONGEST_TEXT, Step, Terms

HUNDRED = 100


class SectionForm(forms.Form):
    """The words of a section; `read` is the version of it that was shown.

    `over` is the version that somebody else saved and that was read below: to be replaced.
    """

    text = forms.CharField(
        label=_("Text"), required=False, max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 7, "class": "form-control draft-text"}),
    )  # fmt: skip
    read = forms.IntegerField(widget=forms.HiddenInput)
    over = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ProposeForm(forms.Form):
    """What changes in the version that is proposed, and why."""

    change_note = forms.CharField(
        label=_("What changes, and why"), required=False, max_length=LONGEST_COMMENT
    )


class CommentForm(forms.Form):
    """A comment, or a team's own answer."""

    text = forms.CharField(
        label=_("Comment"), max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 3})
    )


class VersionCommentForm(CommentForm):
    """A comment on a clause of a proposed version."""

    section = forms.ChoiceField(label=_("Clause"), choices=SectionKey.choices)

    def said(self) -> tuple[SectionKey, str]:
        """Return the clause and the words."""
        return SectionKey(self.cleaned_data["section"]), self.cleaned_data["text"]


class EndingForm(forms.Form):
    """Why a commitment ends early, and from which day."""

    reason = forms.CharField(
        label=_("Why it ends"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
    ends_on = forms.DateField(
        label=_("Ends on"), required=False, help_text=_("Empty: as soon as both sides agree."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def wish(self) -> Wish:
        """Return what was written."""
        return Wish(self.cleaned_data["reason"], self.cleaned_data["ends_on"])


class TermsForm(forms.Form):
    """What binds beside sections and commitments; the floor is typed in per cent."""

    system_of_record = forms.CharField(
        label=_("System of record"), required=False, max_length=100,
        help_text=_("Where the truth lies when two systems differ."),
    )  # fmt: skip
    keeper = forms.ModelChoiceField(
        label=_("Keeper of the record"), required=False, queryset=User.objects.none()
    )
    marketing_deputy = forms.ModelChoiceField(
        label=_("Deputy for Marketing"), required=False, queryset=User.objects.none(),
        help_text=_("Signs when the head of Marketing is away."),
    )  # fmt: skip
    sales_deputy = forms.ModelChoiceField(
        label=_("Deputy for Sales"), required=False, queryset=User.objects.none(),
        help_text=_("Signs when the head of Sales is away."),
    )  # fmt: skip
    lost_deals = forms.CharField(
        label=_("What happens to a lost deal"), required=False, max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    longest_pause_days = forms.IntegerField(
        label=_("Longest pause of a clock (days)"), min_value=1, max_value=365
    )
    floor = forms.IntegerField(
        label=_("Lowest share of deadlines kept (%)"), min_value=0, max_value=HUNDRED,
        help_text=_("Under it in a month a corrective action opens, for each promised time."),
    )  # fmt: skip
    renew_every_months = forms.IntegerField(
        label=_("Looked at every (months)"), min_value=1, max_value=24
    )
    wanted_from = forms.DateField(
        label=_("In force from"), required=False, help_text=_("Empty: at the second signature."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    change_note = forms.CharField(
        label=_("What changes, and why"), required=False, max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.active().order_by("name")
        for name in ("keeper", "marketing_deputy", "sales_deputy"):
            _offer(self, name, people)

    def terms(self) -> Terms:
        """Return what was written."""
        data = dict(self.cleaned_data)
        people = ("keeper", "marketing_deputy", "sales_deputy")
        ids: dict[str, Any] = {
            f"{name}_id": (row.pk if (row := data.pop(name)) else None) for name in people
        }
        floor = Decimal(data.pop("floor")) / HUNDRED
        return Terms(compliance_floor=floor, **ids, **data)


def terms_initial(draft: Agreement) -> dict[str, Any]:
    """Return what the form of terms begins with."""
    names = ("system_of_record", "lost_deals", "longest_pause_days", "renew_every_months",
             "wanted_from", "change_note")  # fmt: skip
    return {name: getattr(draft, name) for name in names} | {
        "keeper": draft.keeper_id,
        "marketing_deputy": draft.marketing_deputy_id,
        "sales_deputy": draft.sales_deputy_id,
        "floor": int(draft.compliance_floor * HUNDRED),
    }


class StepForm(forms.Form):
    """One step of the protocol."""

    side = forms.ChoiceField(label=_("Responsible"), choices=Side.choices)
    person = forms.ModelChoiceField(label=_("Person"), required=False, queryset=User.objects.none())
    longest_minutes = forms.IntegerField(
        label=_("Business minutes, at most"), required=False, min_value=1, max_value=99_999
    )
    on_failure = forms.CharField(
        label=_("When it fails"), required=False, max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "person", people)

    def step(self) -> Step:
        """Return what was written."""
        data = self.cleaned_data
        return Step(
            side=Side(data["side"]),
            person_id=data["person"].pk if data["person"] else None,
            longest_minutes=data["longest_minutes"],
            on_failure=data["on_failure"],
        )


def step_forms(draft: Agreement, data: Any = None) -> dict[ProtocolStepKey, StepForm]:
    """Return one form a step, in order."""
    people = User.objects.active().order_by("name")
    written = {row.step: row for row in draft.protocol.all()}
    found = {}
    for key in ProtocolStepKey:
        row = written.get(key)
        initial = {
            "side": row.side if row else Side.MARKETING,
            "person": row.person_id if row else None,
            "longest_minutes": row.longest_minutes if row else None,
            "on_failure": row.on_failure if row else "",
        }
        found[key] = StepForm(data, prefix=key.value, initial=initial, people=people)
    return found


class MessagingForm(forms.Form):
    """Who writes to the contact at each stage."""

    def __init__(self, *args: Any, draft: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written = {row.stage: row.writer for row in draft.messaging.all()}
        for stage in LifecycleStage:
            self.fields[stage.value] = forms.ChoiceField(
                label=stage.label,
                choices=Writer.choices,
                initial=written.get(stage, Writer.MARKETING),
            )

    def writers(self) -> dict[LifecycleStage, Writer]:
        """Return what was chosen."""
        return {stage: Writer(self.cleaned_data[stage.value]) for stage in LifecycleStage}


class WordsForm(forms.Form):
    """Which versions of definitions and personas, and which types of SQL, are part of the draft."""

    definitions = forms.ModelMultipleChoiceField(
        label=_("Definitions"), required=False, queryset=StageDefinition.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    personas = forms.ModelMultipleChoiceField(
        label=_("Personas"), required=False, queryset=PersonaVersion.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    sql_types = forms.ModelMultipleChoiceField(
        label=_("Types of SQL"), required=False, queryset=SqlType.objects.none(),
        help_text=_("Their playbooks stand in the protocol."), widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, draft: Agreement, **kwargs: Any) -> None:
        agreed = {
            "definitions": [one.definition_id for one in draft.definitions.all()],
            "personas": [one.persona_version_id for one in draft.personas.all()],
            "sql_types": [one.sql_type_id for one in draft.sql_types.all()],
        }
        kwargs["initial"] = agreed
        super().__init__(*args, **kwargs)
        used = StageDefinition.objects.exclude(state=VersionState.RETIRED).order_by(
            Case(*(When(stage=stage, then=n) for n, stage in enumerate(LifecycleStage))), "version"
        )
        _offer(self, "definitions", used, _definition_label)
        drawn = PersonaVersion.objects.exclude(state=VersionState.RETIRED)
        _offer(self, "personas", drawn.select_related("persona"), _persona_label)
        _offer(self, "sql_types", SqlType.objects.filter(is_active=True))


def _offer(form: forms.Form, name: str, rows: Any, label: Any = None) -> None:
    """Let a field choose among `rows`, told by `label`."""
    field: Any = form.fields[name]
    field.queryset = rows
    if label is not None:
        field.label_from_instance = label


def _definition_label(row: Any) -> str:
    return f"{row.get_stage_display()} v{row.version} ({row.get_state_display()})"


def _persona_label(row: Any) -> str:
    return f"{row.persona.name} v{row.version} ({row.get_state_display()})"
