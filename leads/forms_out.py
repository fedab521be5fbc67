"""What exports, erasures and retention ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.enums.out import LISTS, SHEETS, ExportedList, ExportFormat
from leads.services.exports import Asked

LONGEST_QUERY = 4_000


class ExportForm(forms.Form):
    """Which list, as whose address, in which kind of file."""

    of_list = forms.ChoiceField(choices=[(one.value, one.label) for one in LISTS])
    file_format = forms.ChoiceField(choices=[(one.value, one.label) for one in SHEETS])
    query = forms.CharField(required=False, max_length=LONGEST_QUERY)
    columns = forms.CharField(required=False, max_length=400)
    plain = forms.BooleanField(required=False)

    def asked(self, query: str, language: str) -> Asked:
        """Return what was asked, the address made complete by its page."""
        data: dict[str, Any] = self.cleaned_data
        return Asked(
            of_list=ExportedList(data["of_list"]),
            query=query,
            file_format=ExportFormat(data["file_format"]),
            columns=[key for key in data["columns"].split(",") if key],
            with_bom=not data["plain"],
            language=language,
        )


class ErasureForm(forms.Form):
    """Why a person is erased; the name typed again, for nothing brings him back."""

    reason = forms.CharField(label=_("Why"), max_length=200)
    name = forms.CharField(label=_("Name of the person"), max_length=300)

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name = name

    def clean_name(self) -> str:
        """Compare with the name that the page shows."""
        typed: str = self.cleaned_data["name"]
        if typed.strip().casefold() != self._name.casefold():
            raise forms.ValidationError(_("Type the name as it stands above."))
        return typed
