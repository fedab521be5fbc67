"""Forms of the organisation's own fields: their definition, and their values on a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.attributes import LONGEST_VALUE
from leads.enums import AttributeKind, AttributeSubject
from leads.models import CustomAttribute
from leads.selectors.attributes import Holder

LONGEST_CHOICES = 20_000
UNKNOWN_YES_NO = [("", "–"), ("true", _("Yes")), ("false", _("No"))]


class AttributeForm(forms.Form):
    """A field of the organisation's own; once made, its subject and type are fixed."""

    subject = forms.ChoiceField(label=_("On"), choices=AttributeSubject.choices)
    label = forms.CharField(label=_("Name"), max_length=100)
    kind = forms.ChoiceField(label=_("Type"), choices=AttributeKind.choices)
    choices = forms.CharField(
        label=_("Choices"), required=False, max_length=LONGEST_CHOICES,
        widget=forms.Textarea(attrs={"rows": 6}), help_text=_("One a line."),
    )  # fmt: skip

    def __init__(
        self, data: Any, *, attribute: CustomAttribute | None = None, subject: str = ""
    ) -> None:
        start: dict[str, Any] = {"subject": subject}
        if attribute is not None:
            start = {name: getattr(attribute, name) for name in ("subject", "label", "kind")}
            start["choices"] = "\n".join(attribute.choices)
        super().__init__(data, initial=start)
        if attribute is not None:
            self.fields["subject"].disabled = self.fields["kind"].disabled = True

    @property
    def listed(self) -> list[str]:
        """The choices as they were typed."""
        return str(self.cleaned_data["choices"]).splitlines()


class OwnValuesForm(forms.Form):
    """The values of a row, one control a field; the service reads and judges them."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, row: Holder, attributes: Sequence[CustomAttribute]) -> None:
        super().__init__(data, initial={"version": row.version, **_initial(row, attributes)})
        for one in attributes:
            self.fields[one.key] = _control(one, row.attributes.get(one.key))

    def values(self) -> dict[str, Any]:
        """Return what was typed, by key."""
        return {key: value for key, value in self.cleaned_data.items() if key != "version"}


def _initial(row: Holder, attributes: Sequence[CustomAttribute]) -> dict[str, Any]:
    kept = {one.key: row.attributes.get(one.key) for one in attributes}
    return {key: str(v).lower() if isinstance(v, bool) else v for key, v in kept.items()}


def _control(attribute: CustomAttribute, value: Any) -> forms.Field:
    common: dict[str, Any] = {"label": attribute.label, "required": False}
    kind = AttributeKind(attribute.kind)
    if kind is AttributeKind.FLAG:
        return forms.ChoiceField(choices=UNKNOWN_YES_NO, **common)
    if kind is AttributeKind.CHOICE:
        offered = [("", "–"), *((one, one) for one in attribute.choices)]
        if value and value not in attribute.choices:
            offered.append((value, value))
        return forms.ChoiceField(choices=offered, **common)
    widget = forms.TextInput()
    if kind is AttributeKind.DATE:
        widget = forms.TextInput(attrs={"type": "date"})
    elif kind is AttributeKind.NUMBER:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.CharField(max_length=LONGEST_VALUE, widget=widget, **common)
