"""What exports, erasures and retention ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.enums.out import LISTS, SHEETS, ExportedList, ExportFormat
from leads.models import RetentionSettings
from leads.services.exports import Asked
from leads.services.objecting import LONGEST_HOW

# Only the type checker knows forms by their models.
if TYPE_CHECKING:
    RetentionModelForm = forms.ModelForm[RetentionSettings]
else:
    RetentionModelForm = forms.ModelForm

LONGEST_QUERY, LONGEST_WORDS, LONGEST_VERSION = 4_000, 2_000, 50
MOST_MONTHS, MOST_HOURS = 240, 720


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


class ObjectionForm(forms.Form):
    """How a person said that he wants no marketing."""

    how = forms.CharField(label=_("How the person told us"), max_length=LONGEST_HOW)


class AgreementForm(forms.Form):
    """To which words a person agreed, and how he said so."""

    words = forms.CharField(
        label=_("What the person agreed to"), max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    version = forms.CharField(
        label=_("Version of the words"), max_length=LONGEST_VERSION, required=False
    )
    how = forms.CharField(label=_("How the person told us"), max_length=LONGEST_HOW)


class RetentionForm(RetentionModelForm):
    """How long personal data stay."""

    idle_months = forms.IntegerField(
        label=_("Months without a trace"), min_value=1, max_value=MOST_MONTHS, required=False
    )
    notice_months = forms.IntegerField(
        label=_("Months that read notices stay"), min_value=1, max_value=MOST_MONTHS, required=False
    )
    export_hours = forms.IntegerField(
        label=_("Hours that an exported file stays"), min_value=1, max_value=MOST_HOURS
    )

    class Meta:
        model = RetentionSettings
        fields = ("idle_months", "notice_months", "export_hours")
