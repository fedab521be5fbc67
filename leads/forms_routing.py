"""What people write about routing: pools, rules, and to whom leads go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from leads.assigning import Target
from leads.models import RoutingPool
from leads.selectors.routing import Taker
from leads.services.routing_settings import MOST_CAPACITY, MOST_WEIGHT, Place

TO_QUEUE = "queue"
LONGEST_NOTE = 500


class PoolForm(forms.Form):
    """A pool; who is in it stands in rows of `SeatForm`."""

    name = forms.CharField(label=_("Name"), max_length=100)
    in_working_hours = forms.BooleanField(
        label=_("Prefer people who are at work now"), required=False,
        help_text=_("Outside their hours they are passed over while somebody else is at work."),
    )  # fmt: skip


class SeatForm(forms.Form):
    """Whether a person is in the pool, with which weight, up to how many open leads."""

    inside = forms.BooleanField(
        label=_("In the pool"), required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip
    weight = forms.IntegerField(
        label=_("Weight"), min_value=1, max_value=MOST_WEIGHT, required=False
    )
    capacity = forms.IntegerField(
        label=_("Most open leads"), min_value=0, max_value=MOST_CAPACITY, required=False
    )

    def clean(self) -> dict[str, Any]:
        """A person in the pool has a weight."""
        data = super().clean() or {}
        if data.get("inside") and "weight" not in self.errors and not data.get("weight"):
            self.add_error("weight", _("Give a weight."))
        return data


@dataclass(frozen=True)
class SeatRow:
    """A person and his place in the form."""

    taker: Taker
    form: SeatForm


def seat_rows(data: Any, takers: Sequence[Taker], known: Sequence[Place]) -> list[SeatRow]:
    """Return a row for each person, those of the pool first."""
    places = {place.user_id: place for place in known}
    rows = []
    for taker in sorted(takers, key=lambda one: one.user.pk not in places):
        place = places.get(taker.user.pk)
        initial = {
            "inside": place is not None,
            "weight": place.weight if place else 1,
            "capacity": place.capacity if place else None,
        }
        form = SeatForm(data, prefix=f"person-{taker.user.pk}", initial=initial)
        rows.append(SeatRow(taker, form))
    return rows


def places_of(rows: Sequence[SeatRow]) -> list[Place]:
    """Return who is in the pool, out of valid rows."""
    return [
        Place(
            user_id=row.taker.user.pk,
            weight=row.form.cleaned_data["weight"],
            capacity=row.form.cleaned_data["capacity"],
        )
        for row in rows
        if row.form.cleaned_data["inside"]
    ]


class RuleForm(forms.Form):
    """A rule; its conditions are rows of criteria."""

    name = forms.CharField(label=_("Name"), max_length=100)
    pool = forms.ModelChoiceField(
        label=_("Leads go to the pool"), queryset=RoutingPool.objects.all(), empty_label=_("Choose")
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class GiveForm(forms.Form):
    """To whom leads go, and why."""

    to = forms.ChoiceField(label=_("Give to"))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Whoever gets the lead reads it."),
    )  # fmt: skip
    companies = forms.BooleanField(
        label=_("Also the companies that this person owns"), required=False,
        help_text=_("From a pool or the queue nobody in particular can own them."),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        people: Sequence[Taker],
        pools: Sequence[RoutingPool] = (),
        queue: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.user.pk: one.user for one in people}
        choices: list[Any] = [("", _("Choose"))]
        if queue:
            choices.append((TO_QUEUE, _("Nobody: back to the queue")))
        if pools:
            named = [(f"pool:{pool.pk}", pool.name) for pool in pools]
            choices.append((_now("The people of a pool, by turns"), named))
        if people:
            named = [(f"person:{one.user.pk}", _described(one)) for one in people]
            choices.append((_now("One person"), named))
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = choices

    @property
    def target(self) -> Target:
        """To whom the leads go."""
        kind, _colon, key = self.cleaned_data["to"].partition(":")
        if kind == "person":
            return Target(person=self.people[int(key)])
        return Target(pool_id=int(key)) if kind == "pool" else Target()

    @property
    def person(self) -> User | None:
        """The person who was chosen, if one was."""
        return self.target.person


def _described(taker: Taker) -> str:
    """Name a person with what helps to choose: how much he has, whether he is away."""
    load = ngettext("%(n)d open lead", "%(n)d open leads", taker.load) % {"n": taker.load}
    parts = [load, _now("away")] if taker.is_away else [load]
    return f"{taker.user.name} – {', '.join(parts)}"
