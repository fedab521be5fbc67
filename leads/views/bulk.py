"""Several leads at once: what is refused is told lead by lead, the rest is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.rules import is_member, standing
from accounts.views.access import person, requires
from leads.enums import Disposition, LifecycleStage
from leads.forms import BulkForm, CloseForm, MoveForm
from leads.models import Lead
from leads.moving import Move, Refusal
from leads.selectors.lists import listed_leads
from leads.services.moves import Outcome, move_leads
from leads.views.returning import is_ours, undo_url
from shell.toasts import toast
from smarketing import time_source

SHORT_WAYS = {"qualify": LifecycleStage.MQL, "accept": LifecycleStage.SAL}


@require_POST
@requires(is_member)
def bulk(request: HttpRequest) -> HttpResponse:
    """Move or close the selected leads; what is refused is listed with its reason."""
    form, back = BulkForm(request.POST), safe_return(request)
    if not form.is_valid():
        toast(request, _("Select at least one lead."), level=messages.WARNING)
        return HttpResponseRedirect(back)
    moves = moves_asked(request, form)
    if isinstance(moves, str):
        toast(request, moves, level=messages.ERROR)
        return HttpResponseRedirect(back)
    outcome = move_leads(moves, at=time_source.now(), apply_rest=True)
    if not outcome.refusals:
        toast(request, told(outcome), undo_url=undo_url(outcome.action))
        return HttpResponseRedirect(back)
    context = {
        "outcome": outcome,
        "told": told(outcome),
        "refused": refused_leads(request, outcome.refusals),
        "back": back,
        "undo_url": undo_url(outcome.action) if outcome.leads else "",
        "again": asked_again(request, outcome.refusals),
    }
    return render(request, "leads/bulk_result.html", context)


@dataclass(frozen=True)
class Again:
    """The same move asked again, with the note that a manager has to give."""

    form: MoveForm
    lead_ids: list[int]


def asked_again(request: HttpRequest, refusals: Sequence[Refusal]) -> Again | None:
    """Return the move of those leads that only a note is missing for; None when there are none."""
    ids = [one.lead_id for one in refusals if one.code == "note_needed" and one.lead_id]
    stage = SHORT_WAYS.get(request.POST.get("action", "")) or request.POST.get("move-to_stage")
    if not ids or stage not in LifecycleStage.values:
        return None
    return Again(MoveForm(prefix="move", initial={"to_stage": stage}), ids)


def moves_asked(request: HttpRequest, form: BulkForm) -> list[Move] | str:
    """Return the moves of the selected leads that this person sees, or what was wrong."""
    user = person(request)
    visible = Lead.objects.visible_to(user, standing(user))
    ids = visible.filter(id__in=form.cleaned_data["selected"]).values_list("id", flat=True)
    action = form.cleaned_data["action"]
    if action in SHORT_WAYS:
        return [Move(lead_id=pk, to_stage=SHORT_WAYS[action], actor=user) for pk in ids]
    if action == "move":
        move = MoveForm(request.POST, prefix="move")
        if not move.is_valid():
            return first_error(move)
        stage = LifecycleStage(move.cleaned_data["to_stage"])
        note = move.cleaned_data["note"]
        return [Move(lead_id=pk, to_stage=stage, note=note, actor=user) for pk in ids]
    close = CloseForm(request.POST, prefix="close")
    if not close.is_valid():
        return first_error(close)
    disposition, why = Disposition(close.cleaned_data["disposition"]), close.particulars()
    return [Move(lead_id=pk, disposition=disposition, actor=user, **why) for pk in ids]


def first_error(form: MoveForm | CloseForm) -> str:
    """Return the first thing that is wrong with the form, in its own words."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        return f"{label}: {errors[0]}" if label else str(errors[0])
    return ""


def told(outcome: Outcome) -> str:
    """Say how many leads were changed."""
    n = len(outcome.leads)
    return ngettext("%(n)d lead changed.", "%(n)d leads changed.", n) % {"n": n}


def refused_leads(
    request: HttpRequest, refusals: Sequence[Refusal]
) -> list[tuple[Lead | None, Refusal]]:
    """Return each refusal with its lead, so that the page can name it."""
    ids = {refusal.lead_id for refusal in refusals if refusal.lead_id}
    leads = {lead.pk: lead for lead in listed_leads(person(request)).filter(id__in=ids)}
    return [(leads.get(refusal.lead_id or 0), refusal) for refusal in refusals]


def safe_return(request: HttpRequest) -> str:
    """Return where the list stood, if it is an address of ours."""
    url = request.POST.get("next", "")
    if is_ours(url):
        return url
    return reverse("lead-list")
