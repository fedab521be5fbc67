"""Accepting, rejecting and advancing leads, one or many, from the lead page and the inbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.refusals import attempt
from accounts.models import User
from accounts.views.access import person, requires
from leads.criteria import CriterionKind
from leads.criteria_words import Told, tell_checked
from leads.enums import LifecycleStage
from leads.forms_working import (
    LONGEST_NOTE,
    AcceptForm,
    AdvanceForm,
    HandBackForm,
    RejectForm,
)
from leads.models import Lead
from leads.moving import Move, MovesRefused
from leads.selectors.details import visible_lead
from leads.selectors.house import house_rules
from leads.selectors.inbox import visible_ids
from leads.selectors.sql_check import sql_check
from leads.services.decisions import (
    By,
    Rejection,
    accept_leads,
    finish_rework,
    reject_leads,
)
from leads.services.gate import Outcome
from leads.services.moves import move_leads
from leads.views.details import may_decide
from leads.views.returning import is_ours, safe_return_to, undo_url
from shell.toasts import toast
from smarketing import time_source

MOST_AT_ONCE = 200
DIGITS = 18  # longer numbers are no ids
KEPT = ("reason", "note", "fit_rating", "until", "competitor", "next")


@require_POST
@requires(may_decide)
def lead_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept the lead for Sales; who comes second is told who was first."""
    user = person(request)
    lead = visible_lead(user, pk)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        toast(request, _("This could not be read."), level=messages.ERROR)
        return redirect("lead-detail", pk=pk)
    by = By(actor=user, note=form.cleaned_data["note"])
    rating = form.cleaned_data["fit_rating"]
    said = _("%(name)s is accepted. It is among your open leads now.") % {
        "name": lead.contact.canonical.name
    }
    return _decide(
        request, lead, said,
        lambda: accept_leads([pk], by=by, at=time_source.now(), fit_rating=rating),
    )  # fmt: skip


@require_POST
@requires(may_decide)
def lead_hand_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a returned lead that Marketing has fixed back to Sales."""
    user = person(request)
    lead = visible_lead(user, pk)
    form = HandBackForm(request.POST)
    if not form.is_valid():
        toast(request, _("This could not be read."), level=messages.ERROR)
        return redirect("lead-detail", pk=pk)
    note = form.cleaned_data["note"]
    said = _("%(name)s is with Sales again.") % {"name": lead.contact.canonical.name}
    return _decide(
        request, lead, said,
        lambda: finish_rework([pk], actor=user, at=time_source.now(), note=note),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def lead_reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Reject the lead by a coded reason; what that reason asks beside it comes back as a form."""
    user = person(request)
    lead = visible_lead(user, pk)
    reasons = house_rules().active_reasons
    form = RejectForm(
        request.POST if request.method == "POST" else None,
        reasons=reasons,
        initial=request.GET.dict(),
    )
    done: list[Outcome] = []
    if form.is_bound and form.is_valid() and _attempt_reject(form, [lead], user, done):
        _tell(request, done[0], _rejected(lead, form))
        return redirect(safe_return_to(request, "lead-detail", pk))
    if request.headers.get("HX-Request") == "true":
        return _to_whole_form(request, pk)
    back = request.GET.get("next") or request.POST.get("next") or ""
    chosen = form["reason"].value()
    context = {
        "lead": lead,
        "contact": lead.contact.canonical,
        "form": form,
        "back": back if is_ours(back) else reverse("lead-detail", args=[pk]),
        "chosen": next((one for one in reasons if one.code == chosen), None),
    }
    status = 422 if form.is_bound else 200
    return render(request, "leads/working/reject.html", context, status=status)


def _to_whole_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the page that asks what the reason needs, with what was typed."""
    kept = [(name, request.POST.get(name, "")) for name in KEPT]
    query = urlencode([(name, value) for name, value in kept if value])
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = f"{reverse('lead-reject', args=[pk])}?{query}"
    return answer


def _attempt_reject(
    form: RejectForm, leads: Sequence[Lead], user: User, done: list[Outcome]
) -> bool:
    return attempt(form, lambda: done.append(_reject(form, [lead.pk for lead in leads], user)))


def _reject(form: RejectForm, ids: Sequence[int], user: User, *, rest: bool = False) -> Outcome:
    data = form.cleaned_data
    rejection = Rejection(
        reason=data["reason"],
        fit_rating=data["fit_rating"],
        until=data["until"],
        competitor_id=data["competitor"].pk if data["competitor"] else None,
        disposition=data["disposition"],
    )
    by = By(actor=user, note=data["note"])
    return reject_leads(ids, rejection, by=by, at=time_source.now(), apply_rest=rest)


def _rejected(lead: Lead, form: RejectForm) -> str:
    label = dict(form.fields["reason"].choices)[form.cleaned_data["reason"]]  # type: ignore[attr-defined]
    return _("%(name)s is rejected: %(reason)s.") % {
        "name": lead.contact.canonical.name,
        "reason": label,
    }


@require_POST
@requires(may_decide)
def inbox_bulk(request: HttpRequest) -> HttpResponse:
    """Accept or reject the selected leads; those refused are told, the others are done."""
    user = person(request)
    given = request.POST.getlist("ids")
    wanted = [int(one) for one in given if one.isdecimal() and len(one) <= DIGITS][:MOST_AT_ONCE]
    ids = visible_ids(user, wanted)
    back = safe_return_to(request, "lead-inbox")
    if not ids:
        toast(request, _("Select leads first."), level=messages.WARNING)
        return redirect(back)
    outcome = _bulk_outcome(request, user, ids)
    if isinstance(outcome, str):
        toast(request, outcome, level=messages.ERROR)
        return redirect(back)
    n = len(outcome.leads)
    if n:
        said = ngettext("%(n)d lead is decided.", "%(n)d leads are decided.", n) % {"n": n}
        _tell(request, outcome, said)
    for refusal in outcome.refusals[:3]:
        toast(request, str(refusal), level=messages.ERROR)
    return redirect(back)


def _bulk_outcome(request: HttpRequest, user: User, ids: Sequence[int]) -> Outcome | str:
    """Decide on all with one reason, rating and note; return what was wrong with them instead."""
    at = time_source.now()
    accepts = request.POST.get("action") == "accept"
    reasons = [] if accepts else house_rules().active_reasons
    form = AcceptForm(request.POST) if accepts else RejectForm(request.POST, reasons=reasons)
    if not form.is_valid():
        return _wrong_in(form)
    try:
        if isinstance(form, RejectForm):
            return _reject(form, ids, user, rest=True)
        by = By(actor=user, note=form.cleaned_data["note"])
        return accept_leads(ids, by=by, at=at, apply_rest=True)
    except MovesRefused as refused:
        return Outcome(leads=(), refusals=refused.refusals)


def _wrong_in(form: AcceptForm) -> str:
    if "reason" in form.errors:
        return _("Choose a reason.")
    if "note" in form.errors:
        return _("The note is too long. Keep it under %(n)d characters.") % {"n": LONGEST_NOTE}
    return _("This could not be read.")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def lead_advance(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark the lead as SQL: what its definition asks, answered; a refusal names what is missing."""
    user = person(request)
    lead = visible_lead(user, pk)
    asked = sql_check(lead, at=time_source.now())
    questions = {one.criterion.key: one.criterion.label for one in asked.checked
                 if one.criterion.kind is CriterionKind.QUESTION}  # fmt: skip
    posted = request.POST if request.method == "POST" else None
    form = AdvanceForm(posted, questions=questions, initial={"expected": lead.stage})
    done: list[Outcome] = []
    if (
        form.is_bound
        and form.is_valid()
        and attempt(form, lambda: _advance(form, lead, user, done))
    ):
        said = _("%(name)s is SQL now.") % {"name": lead.contact.canonical.name}
        _tell(request, done[0], said)
        return redirect("lead-detail", pk=pk)
    told: list[Told] = [tell_checked(one, asked.lexicon) for one in asked.checked]
    context = {
        "lead": lead, "contact": lead.contact.canonical, "form": form, "prose": asked.prose,
        "told": [one for one in told if not one.is_question],
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "leads/working/advance.html", context, status=status)


def _advance(form: AdvanceForm, lead: Lead, user: User, done: list[Outcome]) -> None:
    data = form.cleaned_data
    move = Move(
        lead_id=lead.pk, to_stage=LifecycleStage.SQL, actor=user, note=data["note"],
        expected=data["expected"], answers=form.answers,
        sql_type_id=data["sql_type"].pk if data["sql_type"] else None,
    )  # fmt: skip
    done.append(move_leads([move], at=time_source.now()))


def _decide(
    request: HttpRequest, lead: Lead, said: str, act: Callable[[], Outcome]
) -> HttpResponse:
    try:
        outcome = act()
    except MovesRefused as refused:
        toast(request, str(refused), level=messages.ERROR)
    else:
        _tell(request, outcome, said)
    return redirect(safe_return_to(request, "lead-detail", lead.pk))


def _tell(request: HttpRequest, outcome: Any, said: str) -> None:
    toast(request, said, undo_url=undo_url(outcome.action))
