"""Clocks: what runs, what is at risk, what is late, what ended; each with its whole story."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.forms.refusals import attempt
from accounts.keyset import key_from, key_to
from accounts.rules import standing
from accounts.views.access import member_required, person, requires
from accounts.views.answers import page_link, wants_part
from leads.selectors.details import visible_lead
from leads.sheets import BOM
from leads.views.exports import may_export
from shell.toasts import toast
from sla.clock_export import csv_of
from sla.clock_filters import ANY, ENDED, KINDS, OPEN, SIDES, ClockFilter
from sla.clock_rights import holds_clocks
from sla.enums import ClockState
from sla.forms_clocks import PauseForm
from sla.querysets import ENDED_STATES, OPEN_STATES
from sla.selectors import clocks as selectors
from sla.selectors.clock_choices import ClockChoices, clock_choices
from sla.selectors.clock_story import story_of
from sla.selectors.clocks import ShownClock
from sla.services.pausing import pause_clock, resume_clock
from sla.wording import TONES
from smarketing import time_source
from smarketing.errors import Refused


@require_safe
@member_required
def clock_list(request: HttpRequest) -> HttpResponse:
    """Clocks by how they stand, what is due first on top; counts and rows of one instant."""
    user, at = person(request), time_source.now()
    filters = ClockFilter(
        request.GET, queryset=selectors.listed_clocks(user), request=request, at=at
    )
    choices = clock_choices()
    after = key_from(request.GET.get("after"), (datetime.fromisoformat, int))
    page, following = selectors.clock_page(
        filters.found, at, soonest_first=filters.soonest_first, after=after
    )
    counts = selectors.open_counts(filters.of_any_state, at)
    key = (following[0].isoformat(), following[1]) if following else None
    context = {
        "now": at,
        "page": page,
        "form": filters.form,
        "choices": choices,
        "kinds": KINDS,
        "sides": SIDES,
        "unread": sorted(filters.errors),
        "segments": _segments(request, counts),
        "count": _count(filters, counts),
        "applied": _applied(filters, choices),
        "narrowed": bool(set(request.GET) - {"state", "after"}),
        "state": request.GET.get("state") or OPEN,
        "first_page": page_link(request) if after else "",
        "next_page": page_link(request, after=key_to(key)) if key else "",
        "may_export": may_export(user),
        "query": page_link(request),
    }
    template = "sla/clocks/_results.html" if wants_part(request) else "sla/clocks/list.html"
    return render(request, template, context)


def _segments(
    request: HttpRequest, counts: dict[ClockState, int]
) -> list[tuple[str, Any, int | None, str, bool]]:
    """Return the choice of states: value, label, count, address, whether it is the current one."""
    now = request.GET.get("state") or OPEN
    every: list[tuple[str, Any, int]] = [(OPEN, _("All open"), sum(counts.values()))]
    every += [(state.value, state.label, counts[state]) for state in OPEN_STATES]
    shown: list[tuple[str, Any, int | None]] = [*every, (ENDED, _("Ended"), None)]
    ended = {state.value for state in ENDED_STATES}
    return [
        (value, label, n, page_link(request, state=value), now == value or (
            value == ENDED and now in ended))
        for value, label, n in shown
    ]  # fmt: skip


def _count(filters: ClockFilter, counts: dict[ClockState, int]) -> int:
    """Return how many rows fit: open ones are counted already, ended ones up to a bound."""
    if filters.soonest_first:
        return sum(counts[state] for state in filters.states)
    return selectors.bounded_count(filters.found)


def _applied(filters: ClockFilter, choices: ClockChoices) -> list[tuple[Any, Any, str]]:
    """Return filters in force that the bar does not show: label, value in words, query key."""
    data = filters.form.cleaned_data if filters.form.is_valid() else {}
    found: list[tuple[Any, Any, str]] = [
        (label, f"#{data[key]}", key)
        for key, label in (("commitment", _("Commitment")), ("lead", _("Lead")))
        if data.get(key)
    ]
    for key, label in (("due_from", _("Due from")), ("due_to", _("Due to"))):
        if data.get(key):
            found.append((label, f"{data[key]:%Y-%m-%d}", key))
    if data.get("verdict"):
        words = {"met": _("Kept"), "missed": _("Missed")}
        found.append((_("Verdict"), words[data["verdict"]], "verdict"))
    state = data.get("state")
    if state and state in {one.value for one in ENDED_STATES}:
        found.append((_("State"), ClockState(state).label, "state"))
    elif state == ANY:
        found.append((_("State"), _("Any state"), "state"))
    return found


@require_safe
@requires(may_export)
def clock_export(request: HttpRequest) -> StreamingHttpResponse:
    """Exactly the clocks that the page with this address shows, as CSV."""
    user, at = person(request), time_source.now()
    filters = ClockFilter(
        request.GET, queryset=selectors.listed_clocks(user), request=request, at=at
    )
    order = ("due_at", "pk") if filters.soonest_first else ("-due_at", "-pk")

    def parts() -> Iterator[bytes]:
        yield BOM
        yield from csv_of(filters.found.order_by(*order), at)

    answer = StreamingHttpResponse(parts(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="clocks-{at:%Y-%m-%d}.csv"'
    return answer


@require_safe
@member_required
def clock_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One clock with its whole story."""
    at = time_source.now()
    return _detail(request, selectors.one_clock(person(request), pk, at), at)


def _detail(
    request: HttpRequest, one: ShownClock, at: datetime, form: PauseForm | None = None
) -> HttpResponse:
    user = person(request)
    may = holds_clocks(standing(user), is_owner=one.clock.owner_id == user.pk)
    context = {
        "now": at,
        "one": one,
        "clock": one.clock,
        "lead": one.clock.lead,
        "story": story_of(one, at),
        "tone": TONES[one.state],
        "form": form or PauseForm(),
        "may_pause": may and one.state in {ClockState.RUNNING, ClockState.AT_RISK},
        "may_resume": may and one.state is ClockState.PAUSED,
    }
    return render(request, "sla/clocks/detail.html", context, status=422 if form else 200)


@require_POST
@member_required
def clock_pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold a clock; what was wrong comes back with what was typed."""
    user, at = person(request), time_source.now()
    one = selectors.one_clock(user, pk, at)
    form = PauseForm(request.POST)
    if not form.is_valid():
        return _detail(request, one, at, form)
    given = form.cleaned_data

    def hold() -> None:
        pause_clock(pk, reason=given["reason"], until=given["until"], actor=user, at=at)

    if not attempt(form, hold):
        return _detail(request, one, at, form)
    toast(request, _("The clock is paused. Due moved by the business time held."))
    return redirect("clock-detail", pk=pk)


@require_POST
@member_required
def clock_resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a held clock go on now."""
    user, at = person(request), time_source.now()
    selectors.one_clock(user, pk, at)
    try:
        resume_clock(pk, actor=user, at=at)
    except Refused as refusal:
        toast(request, str(refusal))
        return redirect("clock-detail", pk=pk)
    toast(request, _("The clock goes on."))
    return redirect("clock-detail", pk=pk)


@require_safe
@member_required
def lead_clocks(request: HttpRequest, pk: int) -> HttpResponse:
    """The clocks of a lead: a part of its page."""
    user, at = person(request), time_source.now()
    lead = visible_lead(user, pk)
    rows = selectors.clocks_of_lead(user, lead.pk, at)
    context = {
        "now": at,
        "lead": lead,
        "running": [one for one in rows if one.is_open],
        "ended": [one for one in rows if not one.is_open],
    }
    return render(request, "sla/clocks/_of_lead.html", context)
