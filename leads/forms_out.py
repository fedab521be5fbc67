"""What exports, erasures and retention ask for."""

from __future__ import annotations

from typing import Any

from django import forms

from leads.enums.out import ExportedList, ExportFormat
from leads.services.exports import Asked

LONGEST_QUERY = 4_000


class ExportForm(forms.Form):
    """Which list, as whose address, in which kind of file."""

    of_list = forms.ChoiceField(choices=ExportedList.choices)
    file_format = forms.ChoiceField(choices=ExportFormat.choices)
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
