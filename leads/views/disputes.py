"""Disputes of rejections: both sides facing each other, and the ruling between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import standing
from accounts.views.access import member_required, person, requires
from leads.enums import Ruling
from leads.forms_feedback import AnswerForm, RulingForm
from leads.models import Dispute
from leads.rules import is_of_sales, rules_disputes
from leads.selectors.dispute_packet import packet_of
from leads.selectors.disputes import listed_disputes, parties_of, visible_dispute
from leads.selectors.feedback import reason_labels
from leads.services.disputes import answer_dispute, may_answer, rule_dispute
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import NotAllowed, Refused

STATES = ("waiting", "ruled")
MOST = 100


def of_sales(user: Any) -> bool:
    """Tell whether the person speaks for Sales."""
    return is_of_sales(standing(user))


def is_facilitator(user: Any) -> bool:
    """Tell whether the person may rule disputes at all."""
    return rules_disputes(standing(user))


@require_safe
@member_required
def dispute_list(request: HttpRequest) -> HttpResponse:
    """The disputes that wait for a ruling, or those ruled."""
    state = request.GET.get("state", "")
    state = state if state in STATES else "waiting"
    context = {
        "state": state,
        "disputes": listed_disputes(person(request), state)[:MOST],
        "reasons": reason_labels(),
    }
    return render(request, "leads/feedback/disputes.html", context)


@require_safe
@member_required
def dispute_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One dispute: the packet, both sides, the ruling."""
    return _detail(request, pk)


def _detail(request: HttpRequest, pk: int, **forms: Any) -> HttpResponse:
    user = person(request)
    dispute = visible_dispute(user, pk)
    neutral = user.pk not in parties_of(dispute)
    waits = not dispute.ruling
    context = {
        "dispute": dispute,
        "row": dispute.feedback,
        "lead": dispute.feedback.lead,
        "packet": packet_of(dispute.feedback),
        "reasons": reason_labels(),
        "may_answer": waits and dispute.answered_by is None and may_answer(user, dispute),
        "may_rule": waits and neutral and is_facilitator(user),
        "is_party": waits and not neutral and is_facilitator(user),
        "answer_form": AnswerForm(),
        "ruling_form": RulingForm(),
        **forms,
    }
    return render(request, "leads/feedback/dispute.html", context, status=422 if forms else 200)


@require_POST
@requires(of_sales)
def dispute_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what Sales has to say; wrong input comes back with what was typed."""
    user = person(request)
    if not may_answer(user, visible_dispute(user, pk)):
        raise NotAllowed(
            _("The answer comes from the person who decided, or from a manager of Sales.")
        )
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _detail(request, pk, answer_form=form)
    answer = form.cleaned_data["answer"]
    return _act(
        request, pk, _("Answer sent."),
        lambda: answer_dispute(pk, answer, actor=user, at=time_source.now()),
    )  # fmt: skip


@require_POST
@requires(is_facilitator)
def dispute_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Rule the dispute; wrong input comes back with what was typed."""
    user = person(request)
    visible_dispute(user, pk)
    form = RulingForm(request.POST)
    if not form.is_valid():
        return _detail(request, pk, ruling_form=form)
    ruling, note = Ruling(form.cleaned_data["ruling"]), form.cleaned_data["note"]
    said = {
        Ruling.UPHELD: _("Ruled: the rejection stands."),
        Ruling.OVERTURNED: _("Ruled: the lead is back with Sales."),
    }[ruling]
    return _act(
        request, pk, said, lambda: rule_dispute(pk, ruling, note, actor=user, at=time_source.now())
    )


def _act(request: HttpRequest, pk: int, said: str, work: Callable[[], Dispute]) -> HttpResponse:
    """Do `work` and tell what came of it; a rule that says no is told on the same page."""
    try:
        work()
    except NotAllowed:
        raise
    except Refused as refused:
        toast(request, str(refused), level=messages.ERROR)
    else:
        toast(request, said)
    return redirect("dispute-detail", pk=pk)
