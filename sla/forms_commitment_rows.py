"""The rows of a commitment's form: faster for high scores, the ladder, the split to persons.

A row that is left empty is none; what is wrong is said at its row.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from sla.commitment_facts import MOST_MINUTES, MOST_SCORE, MOST_SHARE, Level
from sla.enums import Side
from sla.selectors.corrective_actions import possible_owners

if TYPE_CHECKING:
    RowSet = forms.BaseFormSet[forms.Form]
else:
    RowSet = forms.BaseFormSet

HUNDRED = Decimal(100)
MOST_ROWS = 60
TWICE = _("This stands in another row already.")
ACTS = ("tell_owner", "tell_manager", "tell_head", "reroute")


class Rows(RowSet):
    """Rows that say something; each `key` only once."""

    key = ""

    def initial_form_count(self) -> int:
        """Count every row that was sent as new: an emptied one is none."""
        return 0 if self.is_bound else super().initial_form_count()

    def said(self) -> list[dict[str, Any]]:
        """Return what the filled rows say, in order."""
        return [data for form in self.forms if (data := getattr(form, "cleaned_data", None))]

    def clean(self) -> None:
        """Write at each row what another row says already."""
        seen: set[Any] = set()
        for form in self.forms:
            value = getattr(form, "cleaned_data", {}).get(self.key)
            if value is not None and value in seen:
                form.add_error(self.key, TWICE)
            seen.add(value)


class BandRow(forms.Form):
    """Another target for leads of high score."""

    score_from = forms.IntegerField(
        label=_("Score from"), min_value=-MOST_SCORE, max_value=MOST_SCORE
    )
    target_minutes = forms.IntegerField(
        label=_("Business minutes"), min_value=1, max_value=MOST_MINUTES
    )


class BandRows(Rows):
    """Faster for high scores."""

    key = "score_from"

    def bands(self) -> dict[int, int]:
        """Return business minutes by score."""
        return {row["score_from"]: row["target_minutes"] for row in self.said()}


class RungRow(forms.Form):
    """At a share of the time, who is told and whether the lead moves on."""

    share = forms.IntegerField(
        label=_("At (% of the time)"), min_value=1, max_value=int(MOST_SHARE * HUNDRED)
    )
    tell_owner = forms.BooleanField(label=_("Owner"), required=False)
    tell_manager = forms.BooleanField(label=_("Manager"), required=False)
    tell_head = forms.BooleanField(label=_("Head"), required=False)
    reroute = forms.BooleanField(label=_("Re-route"), required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a rung without effect, and one that takes away what is not late."""
        data = super().clean() or self.cleaned_data
        share = data.get("share")
        if share is not None and not any(data.get(name) for name in ACTS):
            self.add_error("share", _("Say whom this rung tells."))
        if share is not None and share < HUNDRED and data.get("reroute"):
            self.add_error("reroute", _("Only what is late is given to somebody else."))
        return data


class RungRows(Rows):
    """The ladder."""

    key = "share"

    def levels(self) -> tuple[Level, ...]:
        """Return the rungs, the lowest first."""
        rows = sorted(self.said(), key=lambda row: row["share"])
        return tuple(
            Level(share=row["share"] / HUNDRED, **{name: row[name] for name in ACTS})
            for row in rows
        )


class ShareRow(forms.Form):
    """The part that one person takes, as the target is typed."""

    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())
    amount = forms.DecimalField(label=_("Part"), min_value=0, max_digits=14, decimal_places=2)

    def __init__(self, *args: Any, side: Side, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["user"]
        people.queryset = possible_owners(side)


class ShareRows(Rows):
    """The split to persons."""

    key = "user"

    def shares(self, scale: Decimal) -> dict[int, Decimal]:
        """Return each person's part in the commitment's unit."""
        return {row["user"].pk: row["amount"] * scale for row in self.said()}

    def hold_sum(self, target: Decimal | None) -> bool:
        """Tell whether the parts add up to what was typed; if not, say so at the last row."""
        rows = [form for form in self.forms if getattr(form, "cleaned_data", None)]
        if not rows or target is None:
            return True
        total = sum((form.cleaned_data["amount"] for form in rows), Decimal(0))
        if total == target:
            return True
        words = {"sum": f"{total.normalize():f}", "target": f"{target.normalize():f}"}
        rows[-1].add_error(
            "amount", _("The parts come to %(sum)s, the target is %(target)s.") % words
        )
        return False


class CommitmentRows:
    """All rows of one form: `bands`, `levels` and `shares`."""

    def __init__(self, data: Any, *, side: Side, initial: Mapping[str, Any]) -> None:
        # What was sent stands alone: beside rows it began with, an unchanged one would be none.
        first = initial if data is None else {}
        self.bands = _set(BandRow, BandRows)(data, prefix="band", initial=first.get("bands"))
        self.levels = _set(RungRow, RungRows)(data, prefix="rung", initial=first.get("levels"))
        self.shares = _set(ShareRow, ShareRows)(
            data, prefix="part", initial=first.get("shares"), form_kwargs={"side": side}
        )

    def are_valid(self, *, timed: bool) -> bool:
        """Tell whether the rows that the kind uses can be read; every one says what is wrong."""
        used = [self.bands, self.levels] if timed else [self.shares]
        return {rows.is_valid() for rows in used} == {True}


def _set(row: type[forms.Form], rows: type[Any]) -> Any:
    return forms.formset_factory(
        row, formset=rows, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
    )
