"""Forms of the clock pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

MINUTES = "%Y-%m-%dT%H:%M"


class PauseForm(forms.Form):
    """Why a clock is held, and until when."""

    reason = forms.CharField(
        max_length=200,
        label=_("Why does it wait?"),
        help_text=_("Both teams read it."),
    )
    until = forms.DateTimeField(
        label=_("Until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTES),
        help_text=_("Then it goes on by itself."),
    )
