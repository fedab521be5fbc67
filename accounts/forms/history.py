"""The search form of the audit page."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.settings import DateInput
from accounts.models import User
from accounts.selectors.history import HistoryFilter, fields_of, kinds


class HistoryForm(forms.Form):
    """Who, what, which field, from when to when; a choice that makes no sense is left out."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    by = forms.ModelChoiceField(
        User.objects.all(), label=_("Done by"), required=False, empty_label=_("Everyone")
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    object = forms.IntegerField(label=_("Number"), required=False, min_value=1, max_value=2**62)
    field = forms.ChoiceField(label=_("Field"), required=False)
    first_on = forms.DateField(label=_("From"), required=False, widget=DateInput())
    last_on = forms.DateField(label=_("To"), required=False, widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(
            ((key, str(label).capitalize()) for key, label in kinds()), key=lambda k: k[1]
        )
        self._choices("kind", [("", _("Everything")), *named])
        kind = str(self.data.get("kind") or "")
        if kind in dict(named):
            labels = [(key, str(label).capitalize()) for key, label in fields_of(kind)]
            self._choices("field", [("", _("Every field")), *labels])
        else:
            self.fields["field"].disabled = True
            self._choices("field", [("", _("Every field"))])

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
        field.choices = choices

    @property
    def wanted(self) -> HistoryFilter:
        """What is searched for, days read in the reader's zone."""
        self.is_valid()
        facts = self.cleaned_data
        until = _start_of(facts.get("last_on"), days_later=1)
        return HistoryFilter(
            by=facts.get("by"),
            kind=facts.get("kind") or "",
            object_id=facts.get("object"),
            words=(facts.get("q") or "").strip(),
            field=facts.get("field") or "",
            since=_start_of(facts.get("first_on")),
            until=until,
        )


def _start_of(day: Any, days_later: int = 0) -> datetime | None:
    if day is None:
        return None
    try:
        start = datetime.combine(day + timedelta(days=days_later), time.min)
        return timezone.make_aware(start)
    except OverflowError:
        return None
