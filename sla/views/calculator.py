"""The goal calculator: a form that answers, what-ifs side by side, from a goal to a promise."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import standing
from accounts.views.access import member_required, person, requires
from accounts.views.answers import wants_part
from shell.toasts import toast
from sla.forms_goal import GoalForm
from sla.goal_address import form_of_numbers, read_address, write_address
from sla.goal_promises import promises_of
from sla.goal_store import goal_from_json
from sla.goals import Goal
from sla.rules import writes_agreement
from sla.selectors.calculating import (
    Reckoned,
    first_goal,
    house,
    measured_lately,
    reckon,
    reckoned_scenario,
    scenario,
    scenarios,
)
from sla.services.promising import promise_goal
from sla.services.scenarios import delete_scenario, keep_scenario
from sla.views.calculator_parts import answer, compared, deal_field, fields_of
from smarketing import time_source
from smarketing.errors import BadInput

SHOWN_AT_ONCE = 4
LONGEST_INPUTS = 4_000


def writes(user: Any) -> bool:
    """Tell whether the person may write the agreement."""
    return writes_agreement(standing(user))


@require_safe
@member_required
def calculator(request: HttpRequest) -> HttpResponse:
    """What a goal asks for. All that is typed lives in the address; without anything it begins
    with a fifth more than the average month of the last year."""
    at = time_source.now()
    form = GoalForm(read_address(request.GET) if request.GET else _first(at))
    status = 200 if form.is_valid() else 422
    template = "sla/calculator/_answer.html" if wants_part(request) else "sla/calculator/page.html"
    return render(request, template, _context(request, form, at), status=status)


@require_POST
@member_required
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the goal under a name, with what is measured today."""
    at = time_source.now()
    form = GoalForm(_inputs(request))
    if not form.is_valid():
        return render(request, "sla/calculator/page.html", _context(request, form, at), status=422)
    found = _reckoned(form, at)
    try:
        keep_scenario(
            request.POST.get("name", ""),
            found.goal,
            found.measured,
            first_on=found.period.first_on,
            by=person(request),
            at=at,
        )
    except BadInput as refusal:
        context = _context(request, form, at)
        context |= {"name": request.POST.get("name", ""), "name_error": str(refusal)}
        return render(request, "sla/calculator/page.html", context, status=422)
    toast(request, _("Scenario saved."))
    return redirect("calculator-scenarios")


@require_POST
@requires(writes)
def promise(request: HttpRequest) -> HttpResponse:
    """Write what the goal asks for into the draft of the agreement."""
    at, by = time_source.now(), person(request)
    form = GoalForm(_inputs(request))
    if not form.is_valid():
        return render(request, "sla/calculator/page.html", _context(request, form, at), status=422)
    found = _reckoned(form, at).outlook
    draft, rows = promise_goal(promises_of(found) if found else [], actor=by, at=at)
    said = _("%(n)d commitments are in the draft of version %(number)d.")
    toast(request, said % {"n": len(rows), "number": draft.number})
    return redirect("agreement-draft")


@require_safe
@member_required
def scenario_list(request: HttpRequest) -> HttpResponse:
    """Kept scenarios side by side: those picked, else the newest, four at most."""
    rows = list(scenarios())
    picked = {pk for pk in request.GET.getlist("pick") if pk.isascii() and pk.isdigit()}
    chosen = [row for row in rows if str(row.pk) in picked] or rows
    place = house() if rows else None
    told = [(row, reckoned_scenario(row, place)) for row in chosen[:SHOWN_AT_ONCE] if place]
    by = person(request)
    context = {
        "rows": rows,
        "shown": {row.pk for row, _found in told},
        "columns": compared(told, by),
        "most": SHOWN_AT_ONCE,
    }
    return render(request, "sla/calculator/scenarios.html", context)


@require_safe
@member_required
def scenario_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a scenario in the calculator, where what was not typed is measured anew."""
    row = scenario(pk)
    query = write_address(goal_from_json(row.inputs))
    query["starts"] = row.figures["first_on"]
    return redirect(f"{reverse('calculator')}?{query.urlencode()}")


@require_POST
@member_required
def scenario_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a scenario."""
    row = scenario(pk)
    delete_scenario(row, by=person(request))
    toast(request, _("“%(name)s” is deleted.") % {"name": row.name})
    return redirect("calculator-scenarios")


def _first(at: datetime) -> QueryDict:
    return write_address(first_goal(measured_lately(Goal(), at)))


def _inputs(request: HttpRequest) -> QueryDict:
    return read_address(QueryDict(request.POST.get("inputs", "")[:LONGEST_INPUTS]))


def _reckoned(form: GoalForm, at: datetime) -> Reckoned:
    goal, place = form.goal(), house()
    period = place.period(goal.period, form.cleaned_data["starts"], at)
    return reckon(goal, period, measured_lately(goal, at), place)


def _context(request: HttpRequest, form: GoalForm, at: datetime) -> dict[str, Any]:
    found = _reckoned(form, at) if form.is_valid() else None
    goal = found.goal if found else Goal()
    measured = found.measured if found else measured_lately(goal, at)
    return {
        "form": form,
        "form_of_numbers": form_of_numbers(),
        "inputs": form.data.urlencode() if isinstance(form.data, QueryDict) else "",
        "fields": fields_of(form, goal, measured),
        "currency": house().currency if found is None else found.currency,
        "may_promise": writes(request.user),
        **deal_field(goal, measured),
        **(answer(found) if found else {}),
    }
