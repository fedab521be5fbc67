"""Criteria as rows of a form: added and removed without a new page, and without scripts.

Each row asks what (`kind`) and then only what that kind needs; the rest of the row is not read.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from leads.criteria import OF_FIELDS, CriterionKind
from leads.criteria_validation import MOST_CRITERIA, Terms, whats_wrong
from leads.criteria_words import KIND_LABELS, OF_PERSONAS, Lexicon, tell_field
from leads.enums import TouchKind
from leads.fields import Field, FieldType
from leads.journeys import key_of

if TYPE_CHECKING:
    RowFormSet = forms.BaseFormSet["CriterionForm"]
else:
    RowFormSet = forms.BaseFormSet

YES = frozenset({"yes", "true", "1", "y"})
NO = frozenset({"no", "false", "0", "n"})


class CriterionForm(forms.Form):
    """One criterion. `stored` is what it says, in the form in which criteria are kept."""

    kind = forms.ChoiceField(label=_("What is asked"))
    field = forms.ChoiceField(label=_("Field"), required=False)
    value = forms.CharField(
        label=_("Value"), required=False, max_length=2_000,
        help_text=_("Several with commas between them."),
    )  # fmt: skip
    score = forms.IntegerField(label=_("Score"), required=False)
    persona = forms.ChoiceField(label=_("Persona"), required=False)
    touch = forms.ChoiceField(label=_("Touch"), required=False)
    days = forms.IntegerField(label=_("In the last (days)"), required=False)
    label = forms.CharField(label=_("Question"), required=False, max_length=200)
    key = forms.CharField(required=False, max_length=50, widget=forms.HiddenInput)
    required = forms.BooleanField(label=_("Required"), required=False)

    def __init__(self, *args: Any, terms: Terms, lexicon: Lexicon, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.terms, self.lexicon = terms, lexicon
        kinds = [kind for kind in CriterionKind if kind in terms.kinds]
        self._choose("kind", _("Choose"), [(kind.value, KIND_LABELS[kind]) for kind in kinds])
        known = [(one.key, one.label) for one in terms.fields.values()]
        self._choose("field", _("Choose a field"), known)
        personas = [
            (str(pk), name) for pk, name in lexicon.personas.items() if pk in terms.personas
        ]
        self._choose("persona", _("Any of them"), personas)
        self._choose("touch", _("Any touch"), list(TouchKind.choices))
        self.wide = bool(set(terms.kinds) - OF_FIELDS)

    def _choose(self, name: str, empty: Any, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # they are declared above
        field.choices = [("", empty), *choices]

    def stored(self) -> dict[str, Any]:
        """Return the criterion as it is kept; right or not is for the formset to say."""
        data = self.cleaned_data
        kind = CriterionKind(data["kind"])
        line: dict[str, Any] = {"kind": kind.value, "required": data["required"]}
        if kind in OF_FIELDS:
            line["field"] = data["field"]
            line["value"] = self._value(kind, data["field"], data["value"])
        elif kind in OF_PERSONAS:
            line["value"] = int(data["persona"]) if data["persona"] else None
        elif kind is CriterionKind.SCORE_AT_LEAST:
            line["value"] = data["score"]
        elif kind is CriterionKind.TOUCH_WITHIN:
            line |= {"value": data["touch"] or None, "days": data["days"]}
        else:
            line |= {"label": data["label"].strip(), "key": data["key"]}
        return {name: value for name, value in line.items() if value not in (None, "")}

    def _value(self, kind: CriterionKind, key: str, text: str) -> Any:
        known = self.terms.fields.get(key)
        if kind is CriterionKind.FILLED or known is None:
            return None
        if kind is CriterionKind.IN:
            return [read_value(known, part) for part in text.split(",") if part.strip()]
        return read_value(known, text)


class BaseCriteria(RowFormSet):
    """All criteria of one thing; rows left empty say nothing."""

    def __init__(
        self, data: Any, *, prefix: str, terms: Terms, lexicon: Lexicon, stored: Any = None
    ) -> None:
        self.terms = terms
        super().__init__(
            data,
            prefix=prefix,
            form_kwargs={"terms": terms, "lexicon": lexicon},
            initial=[initial_of(one, terms) for one in stored or ()],
        )

    @property
    def used(self) -> list[CriterionForm]:
        """The rows that say something and are not removed."""
        return [
            form
            for form in self.forms
            if form.has_changed() or form.initial
            if not form.cleaned_data.get(DELETION_FIELD_NAME) and form.cleaned_data.get("kind")
        ]

    def stored(self) -> list[dict[str, Any]]:
        """Return the criteria as they are kept, each question with a key of its own."""
        lines, taken = [], set[str]()
        for form in self.used:
            line = form.stored()
            if line["kind"] == CriterionKind.QUESTION.value:
                line["key"] = line.get("key") or key_of(line.get("label", ""), taken)
                taken.add(line["key"])
            lines.append(line)
        return lines

    def clean(self) -> None:
        """Write what is wrong with a criterion at its row."""
        if any(self.errors):
            return
        rows = self.used
        for index, why in whats_wrong(self.stored(), self.terms).items():
            if index < 0:
                raise forms.ValidationError(why)
            rows[index].add_error(None, why)
            self._errors[self.forms.index(rows[index])] = rows[index].errors  # type: ignore[attr-defined]  # Django's own

    def is_valid(self) -> bool:
        """Ask again once `clean` has written at the rows."""
        return super().is_valid() and not any(form.errors for form in self.forms)


def criteria_rows(
    data: Any, *, prefix: str, terms: Terms, lexicon: Lexicon, stored: Any = None
) -> BaseCriteria:
    """Return the rows of a form, bound to `data` or beginning with the `stored` criteria."""
    made = _Criteria(data, prefix=prefix, terms=terms, lexicon=lexicon, stored=stored)  # type: ignore[call-arg]  # it is a BaseCriteria
    assert isinstance(made, BaseCriteria)  # noqa: S101  # see below
    return made


_Criteria = forms.formset_factory(
    CriterionForm, formset=BaseCriteria, extra=1, can_delete=True, max_num=MOST_CRITERIA,
    absolute_max=MOST_CRITERIA + 10,
)  # fmt: skip


def read_value(known: Field, text: str) -> Any:
    """Return the typed value that somebody wrote; what cannot be read stays text."""
    text = text.strip()
    if known.type is FieldType.NUMBER:
        return _number(text)
    if known.type is FieldType.FLAG:
        word = text.casefold()
        yes, no = YES | {_now("Yes").casefold()}, NO | {_now("No").casefold()}
        return True if word in yes else False if word in no else text
    if known.type is FieldType.CHOICE:
        named = {str(label).casefold(): value for value, label in known.choices}
        return named.get(text.casefold(), text)
    return text


def initial_of(stored: Mapping[str, Any], terms: Terms) -> dict[str, Any]:
    """Return what a row shows of a stored criterion."""
    kind = CriterionKind(stored["kind"])
    row = {name: stored.get(name, "") for name in ("field", "days", "label", "key")}
    row |= {"kind": kind.value, "required": stored.get("required", True)}
    value = stored.get("value")
    if kind in OF_FIELDS:
        known = terms.fields.get(row["field"])
        values = value if isinstance(value, list) else [value]
        row["value"] = ", ".join(_written(known, one) for one in values)
    elif kind in OF_PERSONAS:
        row["persona"] = str(value or "")
    elif kind is CriterionKind.SCORE_AT_LEAST:
        row["score"] = value
    elif kind is CriterionKind.TOUCH_WITHIN:
        row["touch"] = value or ""
    return row


def _written(known: Field | None, value: Any) -> str:
    if known is not None and known.type is FieldType.DATE:
        return str(value or "")
    return tell_field(known, value)


def _number(text: str) -> Any:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return text
    if not math.isfinite(number):
        return text
    return int(number) if number.is_integer() else number
