"""Corrective actions: what is done about missed commitments, and what it brought."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.forms.refusals import attempt
from accounts.rules import standing
from accounts.views.access import member_required, person
from leads.selectors.organisation import house_currency
from shell.toasts import toast
from sla.action_rights import may_answer
from sla.enums import ActionState, Side
from sla.forms_actions import DecideForm, EndForm
from sla.models import CorrectiveAction
from sla.selectors import corrective_actions as selectors
from sla.selectors.house import house
from sla.services import corrective_actions as services
from smarketing import time_source

MOST = 200


@require_safe
@member_required
def action_list(request: HttpRequest) -> HttpResponse:
    """The actions that have not ended, or those of one state or side."""
    state, side = request.GET.get("state", ""), request.GET.get("side", "")
    context = {
        "actions": selectors.listed_actions(state, side)[:MOST],
        "state": state if state in ActionState.values or state == "all" else "",
        "side": side if side in Side.values else "",
        "states": ActionState.choices,
        "sides": Side.choices,
        "counts": selectors.counts_by_state(),
        "today": house().day(time_source.now()),
        "currency": house_currency(),
    }
    return render(request, "sla/actions/list.html", context)


@require_safe
@member_required
def action_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One action: the miss, the answer, the playbook, and what it brought."""
    return _detail(request, selectors.one_action(pk))


@require_POST
@member_required
def action_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is done; wrong input comes back with what was typed."""
    action = selectors.one_action(pk)
    form = DecideForm(action, request.POST)
    return _act(
        request, action, "decide_form", form, _("Action decided."),
        lambda: services.decide_action(
            pk, form.answer, actor=person(request), at=time_source.now()
        ),
    )  # fmt: skip


@require_POST
@member_required
def action_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is done."""
    return _end(request, pk, services.finish_action, "finish_form", _("Action done."))


@require_POST
@member_required
def action_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that nothing is done about it."""
    return _end(request, pk, services.drop_action, "drop_form", _("Action dropped."))


def _end(
    request: HttpRequest, pk: int, service: Callable[..., Any], name: str, said: str
) -> HttpResponse:
    form = EndForm(request.POST)
    return _act(
        request, selectors.one_action(pk), name, form, said,
        lambda: service(
            pk, form.cleaned_data["closing_note"], actor=person(request), at=time_source.now()
        ),
    )  # fmt: skip


def _act(  # noqa: PLR0917  # what every verb of an action needs
    request: HttpRequest,
    action: CorrectiveAction,
    name: str,
    form: Any,
    said: str,
    act: Callable[[], Any],
) -> HttpResponse:
    user = person(request)
    if name != "finish_form" or action.owner_id != user.pk:
        services.refuse_others(action, user)
    if not form.is_valid() or not attempt(form, act):
        return _detail(request, action, **{name: form})
    toast(request, said)
    return redirect("corrective-action", pk=action.pk)


def _detail(request: HttpRequest, action: CorrectiveAction, **forms: Any) -> HttpResponse:
    user = person(request)
    decides = action.closed_at is None and may_answer(standing(user), action.side)
    is_under_way = action.state == ActionState.DECIDED
    context = {
        "action": action,
        "playbook": selectors.playbook_of(action),
        "may_decide": decides,
        "may_finish": is_under_way and (decides or action.owner_id == user.pk),
        "decide_form": DecideForm(action) if decides else None,
        "finish_form": EndForm(),
        "drop_form": EndForm(),
        "today": house().day(time_source.now()),
        "currency": house_currency(),
        **forms,
    }
    return render(request, "sla/actions/detail.html", context, status=422 if forms else 200)
