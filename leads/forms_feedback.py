"""What people type about feedback and disputes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.enums import Ruling
from leads.services import disputes, feedback

NOTE = forms.Textarea(attrs={"rows": 3})
LONG = forms.Textarea(attrs={"rows": 5})


class CommentForm(forms.Form):
    """A word about one feedback."""

    text = forms.CharField(
        max_length=feedback.LONGEST_COMMENT, widget=NOTE, label=_("Your comment")
    )


class ArgumentForm(forms.Form):
    """Why Marketing contests a rejection."""

    argument = forms.CharField(
        max_length=disputes.LONGEST, widget=LONG, label=_("Why should Sales have it back?"),
        help_text=_("Name the facts: what the contact did, which criteria it meets."),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """What Sales says to it."""

    answer = forms.CharField(
        max_length=disputes.LONGEST, widget=LONG, label=_("What does Sales say?"),
        help_text=_("What you heard from the contact, and what you would need."),
    )  # fmt: skip


class RulingForm(forms.Form):
    """How a facilitator rules, and why."""

    ruling = forms.ChoiceField(
        choices=Ruling.choices, widget=forms.RadioSelect, label=_("How do you rule?")
    )
    note = forms.CharField(
        max_length=disputes.LONGEST, widget=NOTE, label=_("Why"),
        help_text=_("Both teams read it."),
    )  # fmt: skip


class SelectedForm(forms.Form):
    """Rows that were ticked in a list."""

    MOST = 500
    LONGEST_ID = 18

    selected = forms.TypedMultipleChoiceField(coerce=int, label=_("Rows"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.data.getlist("selected") if hasattr(self.data, "getlist") else []
        ids = [v for v in given if v.isdecimal() and len(v) <= self.LONGEST_ID][: self.MOST]
        field = self.fields["selected"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101  # declared above
        field.choices = [(value, value) for value in ids]
