"""The pages of business calendars: list, make, change, and the live parts of the form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.business_time import FIRST_YEAR, LAST_YEAR, BusinessTimeError, Week
from accounts.calendar_effects import effects_of, tell_saved
from accounts.calendar_preview import CalendarPreview, preview
from accounts.forms.calendars import (
    BaseExceptionForms,
    CalendarForm,
    ExceptionForms,
    draft_of,
    initial_exceptions_of,
    initial_of,
    show_refusal,
)
from accounts.models import BusinessCalendar, Organisation
from accounts.public_holidays import countries, holidays_of, subdivisions
from accounts.rules import (
    can_edit_calendar,
    can_manage_people,
    editable_calendars,
    is_administrator,
)
from accounts.selectors.calendars import CalendarUse, calendar_uses, calendars
from accounts.selectors.people import managed_teams
from accounts.services.calendars import (
    CalendarDraft,
    create_calendar,
    delete_calendar,
    update_calendar,
)
from accounts.views.access import person, requires
from accounts.week_order import week_order
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import BadInput, NotAllowed, Refused

LONGEST_ID = 18
OFFICE_HOURS = Week.of({day: [(9 * 60, 17 * 60)] for day in range(1, 6)})


@require_GET
@requires(can_manage_people)
def calendar_list(request: HttpRequest) -> HttpResponseBase:
    """All calendars, who works by them, and which of them this person may change."""
    editable = set(editable_calendars(person(request)).values_list("pk", flat=True))
    uses = calendar_uses()
    rows = [
        {
            "calendar": calendar,
            "week": Week.from_json(calendar.weekly),
            "use": uses.get(calendar.pk, CalendarUse()),
            "country": _place(calendar),
            "is_editable": calendar.pk in editable,
        }
        for calendar in calendars()
    ]
    order = week_order(person(request).first_day)
    return render(request, "accounts/calendars/list.html", {"rows": rows, "order": order})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(can_manage_people)
def calendar_new(request: HttpRequest) -> HttpResponseBase:
    """Make a calendar; a head makes it for a team of his."""
    user = person(request)
    form, rows = _forms(
        request,
        initial=_fresh(),
        teams=managed_teams(user),
        must_name_team=not is_administrator(user),
    )
    if _is_saving(request) and _both_valid(form, rows):
        try:
            calendar = create_calendar(
                draft_of(form, rows), at=time_source.now(), team=form.cleaned_data["team"]
            )
        except BadInput as refusal:
            show_refusal(form, refusal)
        else:
            toast(request, _("The calendar “%(name)s” is ready.") % {"name": calendar.name})
            return redirect("settings-calendars")
    return _page(request, form, rows)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(can_manage_people)
def calendar_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change a calendar as a whole."""
    calendar = get_object_or_404(calendars(), pk=pk)
    if not can_edit_calendar(person(request), calendar):
        raise NotAllowed(_("Others work by this calendar too; an administrator changes it."))
    form, rows = _forms(
        request, initial=initial_of(calendar), exceptions=initial_exceptions_of(calendar)
    )
    if _is_saving(request) and _both_valid(form, rows):
        try:
            update_calendar(calendar, draft_of(form, rows), at=time_source.now())
        except BadInput as refusal:
            show_refusal(form, refusal)
        else:
            toast(request, _("The calendar “%(name)s” is saved.") % {"name": calendar.name})
            tell_saved(request, calendar.pk, time_source.now())
            return redirect("settings-calendars")
    return _page(request, form, rows, calendar=calendar)


@require_POST
@requires(is_administrator)
def calendar_delete(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Delete a calendar that nobody uses any more."""
    calendar = get_object_or_404(BusinessCalendar, pk=pk)
    try:
        delete_calendar(calendar)
    except Refused as refusal:
        toast(request, refusal.message, level=messages.ERROR)
        return redirect("settings-calendar", pk)
    toast(request, _("The calendar “%(name)s” is gone.") % {"name": calendar.name})
    return redirect("settings-calendars")


@require_POST
@requires(can_manage_people)
def calendar_preview(request: HttpRequest) -> HttpResponseBase:
    """What the calendar in the form would mean from now on; nothing is stored."""
    form, rows = _forms(request, initial={})
    _both_valid(form, rows)
    calendar = _asked_about(request)
    context = _preview_of(request, form, rows, calendar) | {"out_of_band": True}
    return render(request, "accounts/calendars/preview.html", context)


@require_GET
@requires(can_manage_people)
def calendar_holidays(request: HttpRequest) -> HttpResponseBase:
    """The regions of a country and its public holidays of one year."""
    form = CalendarForm(initial=_region_of(request))
    context = {"form": form, **_holiday_year(request, form)}
    return render(request, "accounts/calendars/holidays.html", context)


def _place(calendar: BusinessCalendar) -> str:
    """Whose holidays count, in words; empty for nobody's."""
    country, region = calendar.holiday_country, calendar.holiday_subdivision
    names = [countries().get(country, country)] if country else []
    names += [subdivisions(country).get(region, region)] if region else []
    return ", ".join(names)


def _region_of(request: HttpRequest) -> dict[str, str]:
    names = ("holiday_country", "holiday_subdivision")
    return {name: request.GET.get(name, "") for name in names}


def _fresh() -> dict[str, Any]:
    organisation = Organisation.objects.select_related("calendar").get()
    hours = {f"day_{day}": OFFICE_HOURS.on(day) for day in range(1, 8)}
    return {
        "zone": organisation.zone,
        "holiday_country": organisation.calendar.holiday_country,
        "holiday_subdivision": organisation.calendar.holiday_subdivision,
    } | hours


def _forms(
    request: HttpRequest,
    *,
    initial: dict[str, Any],
    exceptions: list[dict[str, Any]] | None = None,
    **options: Any,
) -> tuple[CalendarForm, BaseExceptionForms]:
    data = request.POST if request.method == "POST" else None
    order = week_order(person(request).first_day)
    form = CalendarForm(data, initial=initial, order=order, **options)
    return form, ExceptionForms(data, initial=exceptions or [], prefix="exceptions")


def _is_saving(request: HttpRequest) -> bool:
    """Without a script the button "Show holidays" sends the form only to look."""
    return request.method == "POST" and "look" not in request.POST


def _both_valid(form: CalendarForm, rows: BaseExceptionForms) -> bool:
    return all([form.is_valid(), rows.is_valid()])


def _page(
    request: HttpRequest,
    form: CalendarForm,
    rows: BaseExceptionForms,
    calendar: BusinessCalendar | None = None,
) -> HttpResponse:
    context = {
        "calendar": calendar,
        "form": form,
        "exceptions": rows,
        "is_deletable": calendar is not None and _is_deletable(request, calendar),
        **_holiday_year(request, form),
        **_preview_of(request, form, rows, calendar),
    }
    status = 422 if _is_saving(request) else 200
    return render(request, "accounts/calendars/edit.html", context, status=status)


def _is_deletable(request: HttpRequest, calendar: BusinessCalendar) -> bool:
    """Offer it to administrators for a calendar that nobody uses; the service decides."""
    used = calendar_uses().get(calendar.pk, CalendarUse()).is_used
    return is_administrator(request.user) and not used


def _asked_about(request: HttpRequest) -> BusinessCalendar | None:
    """The stored calendar that the form is about; None for a new one and for another's."""
    asked = request.GET.get("calendar", "")
    known = asked.isascii() and asked.isdigit() and len(asked) < LONGEST_ID
    return editable_calendars(person(request)).filter(pk=asked).first() if known else None


def _preview_of(
    request: HttpRequest,
    form: CalendarForm,
    rows: BaseExceptionForms,
    calendar: BusinessCalendar | None,
) -> dict[str, Any]:
    draft, now = draft_of(form, rows), time_source.now()
    return {
        "draft": draft,
        "now": now,
        "preview": _preview(draft, now),
        "order": form.order,
        "effects": effects_of(
            person(request), calendar, draft, at=now, thorough="look" in request.POST
        ),
    }


def _preview(draft: CalendarDraft, now: datetime) -> CalendarPreview | None:
    """None while the draft has no open window."""
    try:
        calendar = draft.business_time()
    except BusinessTimeError:
        return None
    named = (
        holidays_of(draft.holiday_country, draft.holiday_subdivision, year, _language())
        for year in (now.year, now.year + 1)
    )
    return preview(
        calendar,
        now,
        holidays={day: name for year in named for day, name in year.items()},
        notes={day: exception.note for day, exception in draft.exceptions.items()},
    )


def _holiday_year(request: HttpRequest, form: CalendarForm) -> dict[str, Any]:
    """The holidays of the asked year, else of this one, of the country and region in the form."""
    asked = request.GET.get("year", "")
    this_year = timezone.localtime(time_source.now()).year
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else this_year  # noqa: PLR2004
    year = min(max(year, FIRST_YEAR), LAST_YEAR)
    country = form.country if form.country in countries() else ""
    region = form.region if form.region in subdivisions(country) else ""
    return {
        "year": year,
        "previous_year": year - 1 if year > FIRST_YEAR else None,
        "next_year": year + 1 if year < LAST_YEAR else None,
        "holidays": holidays_of(country, region, year, _language()).items(),
    }


def _language() -> str:
    return get_language() or "en"
