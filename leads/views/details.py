"""The lead page and what can be done on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.rules import standing
from accounts.views.access import member_required, person, requires
from leads.enums import Disposition, LifecycleStage
from leads.forms import CLOSING_HINTS, CloseForm, MoveForm
from leads.lifecycle import RANK, next_stage
from leads.models import Lead
from leads.moving import Move, MovesRefused
from leads.rules import Verdict, decides_on_leads, moves_open_to, verdict_on_rework
from leads.selectors.details import lead_page, stage_steps, visible_lead
from leads.services.moves import move_leads
from leads.views.returning import undo_url
from leads.views.timeline import timeline_context
from leads.views.verbs import verbs_for
from leads.wording import VERBS, tell
from leads.working_words import suggested
from shell.toasts import toast
from smarketing import time_source
from smarketing.registry import lead_page_fragments


def may_decide(user: Any) -> bool:
    """Tell whether the person may create leads or move them at all."""
    return decides_on_leads(standing(user))


@dataclass(frozen=True)
class Option:
    """A later stage that the person may move the lead to."""

    stage: LifecycleStage
    verb: Any
    note_needed: bool


@dataclass(frozen=True)
class Options:
    """What the person may do with the lead: the next step first, other stages, ways to close;
    `hand_back` says so of a returned lead, None where it is not his."""

    primary: Option | None
    later: list[Option]
    closings: tuple[Disposition, ...]
    hand_back: Verdict | None = None


def options_for(user: User, lead: Lead) -> Options:
    """Return what `user` may do with `lead` now."""
    verdicts = moves_open_to(
        standing(user),
        lead.position,
        is_owner=lead.owner_id == user.pk,
        is_owned=lead.owner_id is not None,
    )
    forward = [
        Option(there.stage, VERBS[there.stage], verdict is Verdict.NOTE_NEEDED)
        for there, verdict in verdicts.items()
        if there.stage != lead.stage
    ]
    forward.sort(key=lambda option: RANK[option.stage])
    following = next_stage(LifecycleStage(lead.stage))
    primary = next((option for option in forward if option.stage is following), None)
    closings = tuple(
        there.disposition
        for there in verdicts
        if there.stage == lead.stage and there.disposition in CLOSING_HINTS
    )
    later = [option for option in forward if option is not primary]
    return Options(primary, later, closings, _hand_back(user, lead))


def _hand_back(user: User, lead: Lead) -> Verdict | None:
    if not lead.position.is_returned:
        return None
    verdict = verdict_on_rework(standing(user), has_note=False)
    return None if verdict is Verdict.WRONG_SIDE else verdict


@require_safe
@member_required
def lead_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One lead: its way, its history, and what this person may do next."""
    user = person(request)
    page = lead_page(user, pk)
    heir = page.lead.merged_into_id
    if heir is not None and "own" not in request.GET:
        toast(request, _("That lead was merged into this one."), level=messages.INFO)
        return redirect("lead-detail", pk=heir)
    options = options_for(user, page.lead)
    now = time_source.now()
    context = {
        "now": now,
        "page": page,
        "packet": page.packet,
        "lead": page.lead,
        "contact": page.lead.contact.canonical,
        "steps": stage_steps(page.lead, page.transitions, now),
        "options": options,
        "verbs": verbs_for(page.lead, options),
        "move_form": MoveForm(initial={"expected": page.lead.stage}),
        "close_form": _close_form(page.lead, options),
        "fragments": lead_page_fragments.for_user(user),
        "may_work": decides_on_leads(standing(user)),
        "suggested": suggested(request.GET),
        **timeline_context(page.lead, request.GET),
    }
    return render(request, "leads/detail.html", context)


def _close_form(lead: Lead, options: Options, data: Any = None) -> CloseForm:
    initial = {"expected": lead.stage}
    return CloseForm(data, initial=initial, dispositions=options.closings, auto_id="close_%s")


@require_safe
@member_required
def lead_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The short form of a lead, beside the list."""
    user = person(request)
    lead = visible_lead(user, pk)
    counted = lead.transitions.filter(voided_by__isnull=True)
    transitions = list(counted.select_related("actor").order_by("-id")[:6])
    context = {
        "lead": lead,
        "contact": lead.contact.canonical,
        "steps": stage_steps(lead, transitions, time_source.now()),
        "story": [tell(row) for row in transitions],
        "options": options_for(user, lead),
    }
    return render(request, "leads/_preview.html", context)


@require_POST
@requires(may_decide)
def lead_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move the lead to a later stage; a refusal says why and changes nothing."""
    user = person(request)
    lead = visible_lead(user, pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        toast(request, _("Choose the stage to move to."), level=messages.ERROR)
        return redirect("lead-detail", pk=lead.pk)
    stage = LifecycleStage(form.cleaned_data["to_stage"])
    move = Move(
        lead_id=lead.pk,
        to_stage=stage,
        note=form.cleaned_data["note"],
        actor=user,
        expected=_expected(form.cleaned_data),
    )
    return _make(request, move, _("%(name)s is %(stage)s now.") % _names(lead, stage.label))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def lead_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the lead with a reason; wrong input comes back with what was typed."""
    user = person(request)
    lead = visible_lead(user, pk)
    options = options_for(user, lead)
    form = _close_form(lead, options, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {
            "lead": lead,
            "contact": lead.contact.canonical,
            "close_form": form,
            "options": options,
        }
        return render(request, "leads/close.html", context, status=422 if form.is_bound else 200)
    disposition = Disposition(form.cleaned_data["disposition"])
    move = Move(
        lead_id=lead.pk,
        disposition=disposition,
        actor=user,
        expected=_expected(form.cleaned_data),
        **form.particulars(),
    )
    return _make(
        request, move, _("%(name)s is closed: %(stage)s.") % _names(lead, disposition.label)
    )


def _names(lead: Lead, label: Any) -> dict[str, str]:
    return {"name": lead.contact.canonical.name, "stage": str(label)}


def _expected(data: dict[str, Any]) -> LifecycleStage | None:
    return LifecycleStage(data["expected"]) if data.get("expected") else None


def _make(request: HttpRequest, move: Move, said: str) -> HttpResponseRedirect:
    """Enter the gate and tell what came of it on the lead page."""
    try:
        outcome = move_leads([move], at=time_source.now())
    except MovesRefused as refused:
        toast(request, str(refused), level=messages.ERROR)
    else:
        toast(request, said, undo_url=undo_url(outcome.action))
    return redirect("lead-detail", pk=move.lead_id)
