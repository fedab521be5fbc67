"""The form of a business calendar: its week, its public holidays, its dated exceptions."""

from __future__ import annotations

import zoneinfo
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.business_time import FIRST_YEAR, LAST_YEAR, Week, parse_windows
from accounts.forms.hours import HoursField
from accounts.models import BusinessCalendar, Team
from accounts.public_holidays import countries, subdivisions
from accounts.services.calendars import CalendarDraft, ExceptionDay
from smarketing.errors import BadInput

DAYS = tuple(range(1, 8))
NO_HOLIDAYS = ("", _("None"))
WHOLE_COUNTRY = ("", _("The whole country"))
MOST_EXCEPTIONS = 500
NO_OPEN_WINDOW = "no_open_window"
EXACT = {"autocomplete": "off", "spellcheck": "false"}


@cache
def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every place that has a zone, by continent."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(zoneinfo.available_timezones()):
        area, _slash, place = name.partition("/")
        if place and area not in {"Etc", "SystemV", "US", "Canada", "Brazil", "Chile", "Mexico"}:
            groups.setdefault(area, []).append((name, name.replace("_", " ")))
    return [("UTC", [("UTC", "UTC")]), *groups.items()]


def _hours_of(weekday: int) -> HoursField:
    return HoursField(label=WEEKDAYS[weekday - 1])


class CalendarForm(forms.Form):
    """A calendar without its exceptions, which are a formset of their own."""

    name = forms.CharField(label=_("Name"), max_length=100)
    zone = forms.ChoiceField(label=_("Time zone"))
    team = forms.ModelChoiceField(
        label=_("Use it for"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("The team works by this calendar as soon as it is saved."),
    )
    always_open = forms.BooleanField(
        label=_("Open round the clock"),
        required=False,
        help_text=_("Every hour of every day counts; holidays and exceptions do not."),
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )
    day_1, day_2, day_3, day_4, day_5, day_6, day_7 = (_hours_of(day) for day in DAYS)
    holiday_country = forms.ChoiceField(label=_("Country"), required=False)
    holiday_subdivision = forms.ChoiceField(label=_("Region"), required=False)

    def __init__(
        self,
        *args: Any,
        teams: QuerySet[Team] | None = None,
        must_name_team: bool = False,
        order: tuple[int, ...] = DAYS,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        self._choice("zone").choices = zone_choices()
        self._choice("holiday_country").choices = [NO_HOLIDAYS, *countries().items()]
        self._choice("holiday_subdivision").choices = [
            WHOLE_COUNTRY,
            *subdivisions(self.country).items(),
        ]
        if teams is None:
            del self.fields["team"]
        else:
            field = self.fields["team"]
            field.queryset = teams  # type: ignore[attr-defined]
            field.required = must_name_team

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        return field

    @property
    def country(self) -> str:
        """The country as it stands in the form, valid or not."""
        return str(self["holiday_country"].value() or "")

    @property
    def region(self) -> str:
        """The region as it stands in the form, valid or not."""
        return str(self["holiday_subdivision"].value() or "")

    @property
    def days(self) -> list[forms.BoundField]:
        """The seven lines of hours, in the order of the reader's week."""
        return [self[f"day_{day}"] for day in self.order]

    @property
    def week_errors(self) -> list[tuple[str, str]]:
        """What is wrong with the week: the id of the line, and the reasons in one sentence each."""
        found = self.errors.as_data()
        return [
            (field.auto_id, " ".join(_reason(field, error) for error in found[field.name]))
            for field in self.days
            if field.name in found
        ]

    def clean_holiday_subdivision(self) -> str:
        """A region without its country, left over from another choice, is no region."""
        return str(self.cleaned_data["holiday_subdivision"]) if self.country else ""

    @property
    def values(self) -> dict[str, Any]:
        """What was typed as far as it is readable, else what the form began with."""
        self.is_valid()  # reads what was typed, once
        return dict(self.cleaned_data if self.is_bound else self.initial)

    def week(self) -> Week:
        """The week as far as it is readable; an unreadable day is closed."""
        return Week(tuple(self.values.get(f"day_{day}", ()) for day in DAYS))


def _reason(field: forms.BoundField, error: ValidationError) -> str:
    """The day is named unless the whole week is meant."""
    text = " ".join(error.messages)
    return text if error.code == NO_OPEN_WINDOW else f"{field.label}: {text}"


class ExceptionForm(forms.Form):
    """One date with other hours than usual."""

    on = forms.DateField(
        label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    windows = HoursField(
        label=_("Hours"),
        widget=forms.TextInput(attrs=EXACT | {"placeholder": _("Closed")}),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": _("Company day, stocktaking …")}),
    )

    def clean_on(self) -> date:
        """Refuse a year that no calendar serves."""
        day: date = self.cleaned_data["on"]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(
                _("Choose a year from %(first)s to %(last)s."),
                code="year",
                params={"first": FIRST_YEAR, "last": LAST_YEAR},
            )
        return day


if TYPE_CHECKING:
    FormSet = forms.BaseFormSet[ExceptionForm]
else:
    FormSet = forms.BaseFormSet


class BaseExceptionForms(FormSet):
    """The dated exceptions of one calendar, each date once."""

    def add_fields(self, form: ExceptionForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].widget.attrs["class"] = "form-check-input"

    def clean(self) -> None:
        """Refuse the second of two rows with one date, at its own field."""
        seen: set[date] = set()
        for form in self.kept():
            day = form.cleaned_data["on"]
            if day in seen:
                form.add_error("on", _("This date is already in the list."))
            seen.add(day)

    def kept(self) -> list[ExceptionForm]:
        """The readable rows that are neither blank nor taken away."""
        return [
            form
            for form in self.forms
            if form.is_valid() and form.cleaned_data.get("on") and not form.cleaned_data["DELETE"]
        ]

    def exceptions(self) -> dict[date, ExceptionDay]:
        """The readable rows by date; before anything is typed, those it began with."""
        rows = [form.cleaned_data for form in self.kept()] if self.is_bound else self.initial
        return {row["on"]: ExceptionDay(row["windows"], row["note"].strip()) for row in rows or []}


ExceptionForms = cast(
    type[BaseExceptionForms],
    forms.formset_factory(
        ExceptionForm,
        formset=BaseExceptionForms,
        extra=1,
        can_delete=True,
        max_num=MOST_EXCEPTIONS,
        validate_max=True,
        absolute_max=2 * MOST_EXCEPTIONS,
    ),
)


def initial_of(calendar: BusinessCalendar) -> dict[str, Any]:
    """What the form shows of a stored calendar."""
    week = Week.from_json(calendar.weekly)
    return {
        "name": calendar.name,
        "zone": calendar.zone,
        "always_open": calendar.always_open,
        "holiday_country": calendar.holiday_country,
        "holiday_subdivision": calendar.holiday_subdivision,
        **{f"day_{day}": week.on(day) for day in DAYS},
    }


def initial_exceptions_of(calendar: BusinessCalendar) -> list[dict[str, Any]]:
    """What the rows of exceptions show of a stored calendar."""
    return [
        {"on": row.on, "windows": parse_windows(row.windows), "note": row.note}
        for row in calendar.exceptions.all()
    ]


def draft_of(form: CalendarForm, exceptions: BaseExceptionForms) -> CalendarDraft:
    """The draft that the two forms describe, as far as they can be read."""
    values = form.values
    return CalendarDraft(
        name=values.get("name", ""),
        zone=values.get("zone", "UTC"),
        week=form.week(),
        always_open=values.get("always_open", False),
        holiday_country=values.get("holiday_country", ""),
        holiday_subdivision=values.get("holiday_subdivision", ""),
        exceptions=exceptions.exceptions(),
    )


def show_refusal(form: CalendarForm, refusal: BadInput) -> None:
    """Put each reason at its field; the week's stands at its first day."""
    for name, reasons in refusal.fields.items():
        field = {"week": "day_1"}.get(name, name)
        code = NO_OPEN_WINDOW if name == "week" else "refused"
        for reason in reasons:
            error = ValidationError(reason, code=code)
            form.add_error(field if field in form.fields else None, error)
