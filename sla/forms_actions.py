"""What people type about corrective actions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from sla.enums import CommitmentKind
from sla.models import CorrectiveAction
from sla.promise_words import PLAIN
from sla.selectors.corrective_actions import possible_owners
from sla.services.corrective_actions import LONGEST, Answer

HUNDRED = Decimal(100)


def scale_of(action: CorrectiveAction) -> Decimal:
    """Return what one typed unit is in the commitment's own: money in cents, shares in per cent."""
    row = action.commitment
    if row.kind == CommitmentKind.REVENUE:
        return HUNDRED
    is_plain = row.kind == CommitmentKind.VOLUME or row.metric in PLAIN
    return Decimal(1) if is_plain else 1 / HUNDRED


class DecideForm(forms.Form):
    """What is done, by whom, until when, and what it should bring."""

    what = forms.CharField(
        max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}), label=_("What is done"),
        help_text=_("One thing that changes the figure, not a good intention."),
    )  # fmt: skip
    owner = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Owner"))
    due_on = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    expected = forms.DecimalField(
        required=False, min_value=0, max_digits=14, decimal_places=2, label=_("Expected figure"),
        help_text=_("What the commitment should come to afterwards; shares in per cent."),
    )  # fmt: skip

    def __init__(self, action: CorrectiveAction, *args: Any, **kwargs: Any) -> None:
        self.scale = scale_of(action)
        expected = None if action.expected is None else (action.expected / self.scale).normalize()
        kwargs["initial"] = {
            "what": action.what, "owner": action.owner_id, "due_on": action.due_on,
            "expected": None if expected is None else format(expected, "f"),
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        if isinstance(owner, forms.ModelChoiceField):
            owner.queryset = possible_owners(action.side)

    @property
    def answer(self) -> Answer:
        """What was typed, in the commitment's unit."""
        data = self.cleaned_data
        expected = data["expected"]
        return Answer(
            what=data["what"], owner=data["owner"], due_on=data["due_on"],
            expected=None if expected is None else expected * self.scale,
        )  # fmt: skip


class EndForm(forms.Form):
    """How it went, or why nothing is done."""

    closing_note = forms.CharField(
        max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}), label=_("How it went")
    )
