"""What the queue of leads to qualify posts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.forms import BulkForm

ACTIONS = ("qualify", "nurture", "disqualify")
ANSWER = "answer-"
YES_NO = {"yes": True, "no": False}
LONGEST_NURTURE = timedelta(days=3650)


class QueueForm(forms.Form):
    """One decision on one lead: the action, and what it needs."""

    lead = forms.IntegerField(min_value=1, max_value=2**62)
    action = forms.ChoiceField(choices=[(one, one) for one in ACTIONS])
    reason = forms.CharField(required=False, max_length=60)
    until = forms.DateField(required=False)
    note = forms.CharField(required=False, max_length=2_000)
    next = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def __init__(self, data: Mapping[str, Any], *, today: date) -> None:
        """A reason key posts `disqualify:<reason>` as its action, for it is one button."""
        action, _colon, reason = str(data.get("action", "")).partition(":")
        values = {name: data.get(name, "") for name in ("lead", "until", "note", "next")}
        super().__init__({**values, "action": action, "reason": reason or data.get("reason", "")})
        self.today = today
        self.answers = answers_of(data)

    def clean_until(self) -> date | None:
        """Nurturing ends on a day to come."""
        until: date | None = self.cleaned_data["until"]
        if until is None or self.data["action"] != "nurture":
            return None
        if not self.today < until <= self.today + LONGEST_NURTURE:
            raise forms.ValidationError(_("Choose a day to come, within ten years."))
        return until

    def until_instant(self, zone: ZoneInfo) -> datetime | None:
        """Return when nurturing ends: as the day begins in the organisation's zone."""
        until = self.cleaned_data.get("until")
        return datetime.combine(until, time.min, zone) if until else None


class BulkQualifyForm(BulkForm):
    """The obvious ones, together."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["action"]


def answers_of(data: Mapping[str, Any]) -> dict[str, bool]:
    """Return what was answered by hand, by the question's key."""
    return {
        name.removeprefix(ANSWER): YES_NO[str(data[name])]
        for name in data
        if name.startswith(ANSWER) and str(data[name]) in YES_NO
    }
