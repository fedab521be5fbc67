"""A card is dropped: the gate decides, and the answer says on the card what came of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.rules import standing
from accounts.views.access import person, requires
from leads.enums import Disposition, LifecycleStage
from leads.forms_deals import StepForm
from leads.lifecycle import RANK, STAGES
from leads.models import Lead, Opportunity, SqlType
from leads.models.opportunities import DealState
from leads.moving import Move, MovesRefused, Refusal, Step
from leads.rules import decides_on_leads
from leads.selectors.board import card_of
from leads.selectors.details import visible_lead
from leads.selectors.lists import listed_leads
from leads.services.moves import move_leads, rehearse_on
from leads.views.board import REFUSED, Desk, desk_of
from leads.views.details import may_decide
from leads.views.returning import safe_return_to, undo_url
from shell.toasts import toast
from smarketing import time_source

CLOSE = "close"
# A form asks for these; every other refusal is told on the card.
ASKED_FOR = frozenset({"note_needed"})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def board_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop the card on a column: moved, refused with the reason, or asked for more first.

    Scripts (`Accept: application/json`) get the card as it is now; others are led back to the
    board. GET is the form that asks for what a plain drop cannot say.
    """
    user = person(request)
    lead = visible_lead(user, pk)
    given = request.POST if request.method == "POST" else request.GET
    target = next((stage for stage in STAGES if stage == given.get("to_stage")), None)
    if given.get("to_stage") == CLOSE:
        return _ask(request, reverse("lead-close", args=[pk]))
    if target is None:
        return _refused(request, lead, _("Choose the stage to move to."))
    if request.method != "POST":
        return _step_form(request, lead, target, StepForm(initial={"expected": lead.stage}))
    return _drop(request, user, lead, target)


def _drop(request: HttpRequest, user: User, lead: Lead, target: LifecycleStage) -> HttpResponse:
    form = StepForm(request.POST)
    if not form.is_valid():
        return _step_form(request, lead, target, form)
    data = form.cleaned_data
    step = {"to_stage": target, "note": data["note"], "actor": user}
    at = time_source.now()
    refusal = rehearse_on(lead, [Step(**step)], at=at)
    if refusal is not None and refusal.code not in ASKED_FOR:
        return _refused(request, lead, _who(refusal, lead))
    ask = _question(lead, target, form, refusal)
    if ask:
        return _ask(request, ask)
    sql_type = data["sql_type"].pk if data["sql_type"] else None
    expected = LifecycleStage(data["expected"]) if data["expected"] else None
    move = Move(lead_id=lead.pk, expected=expected, sql_type_id=sql_type, **step)
    try:
        outcome = move_leads([move], at=at)
    except MovesRefused as refused:
        return _refused(request, lead, str(refused))
    return _moved(request, lead, target, undo_url(outcome.action))


def _who(refusal: Refusal, lead: Lead) -> str:
    """Name who was first, where the refusal leaves that open."""
    text = str(refusal)
    if "%(who)s" not in text:
        return text
    last = lead.transitions.select_related("actor").order_by("-id").first()
    who = last.actor if last is not None and last.actor else _("The system")
    return text.replace("%(who)s", str(who))


def _question(lead: Lead, target: LifecycleStage, form: StepForm, refusal: Refusal | None) -> str:
    """Return the address of the form that this drop needs first, "" when it needs none."""
    if target is LifecycleStage.OPPORTUNITY:
        return reverse("lead-convert", args=[lead.pk])
    if target is LifecycleStage.CUSTOMER:
        deals = Opportunity.objects.filter(lead=lead, state=DealState.OPEN)
        deal = deals.order_by("-is_first", "id").first()
        if deal is not None:
            return reverse("opportunity-win", args=[deal.pk])
        return reverse("lead-convert", args=[lead.pk])
    if form.cleaned_data["asked"]:
        return ""
    has_types = target is LifecycleStage.SQL and SqlType.objects.filter(is_active=True).exists()
    if refusal is not None or has_types:
        return f"{reverse('board-drop', args=[lead.pk])}?to_stage={target.value}"
    return ""


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _board_query(request: HttpRequest) -> QueryDict:
    return QueryDict(request.POST.get("query", "") or request.GET.get("query", ""))


def _board_url(request: HttpRequest) -> str:
    query = _board_query(request).urlencode()
    return f"{reverse('lead-board')}?{query}" if query else reverse("lead-board")


def _ask(request: HttpRequest, url: str) -> HttpResponse:
    join = "&" if "?" in url else "?"
    url = f"{url}{join}next={quote(_board_url(request))}"
    return JsonResponse({"ask": url}) if _wants_json(request) else HttpResponseRedirect(url)


def _refused(request: HttpRequest, lead: Lead, why: str) -> HttpResponse:
    """Tell why on the card, which stays where it was; nothing was changed."""
    if not _wants_json(request):
        request.session[REFUSED] = (lead.pk, why)
        return HttpResponseRedirect(_board_url(request))
    desk = desk_of(request, _board_query(request))
    body = {"refused": why, "card": _card(request, desk, lead.pk, {lead.pk: why})}
    return JsonResponse(body, status=409)


def _moved(request: HttpRequest, lead: Lead, target: LifecycleStage, undo: str) -> HttpResponse:
    said = _("%(name)s is %(stage)s now.") % {
        "name": lead.contact.canonical.name,
        "stage": target.label,
    }
    if not _wants_json(request):
        toast(request, said, undo_url=undo)
        back = (
            safe_return_to(request, "lead-board")
            if request.POST.get("next")
            else _board_url(request)
        )
        return HttpResponseRedirect(back)
    desk = desk_of(request, _board_query(request))
    totals = desk.totals(time_source.now(), fresh=True)
    heads = {stage.value: _head(request, stage, totals.columns[stage]) for stage in desk.stages}
    told = {"text": said, "level": "success", "icon": "circle-check", "undo_url": undo}
    body = {"card": _card(request, desk, lead.pk, {}), "heads": heads, "toast": told}
    return JsonResponse(body)


def _card(request: HttpRequest, desk: Desk, pk: int, refusals: dict[int, str]) -> str:
    context = {
        "lead": card_of(listed_leads(desk.user), pk),
        "refusals": refusals,
        "may_decide": decides_on_leads(standing(desk.user)),
        "stages": STAGES,
        "query": _board_query(request).urlencode(),
    }
    return render_to_string("leads/board/_card.html", context, request=request)


def _head(request: HttpRequest, stage: LifecycleStage, total: Any) -> str:
    context = {"stage": stage, "total": total}
    return render_to_string("leads/board/_head.html", context, request=request)


def _step_form(
    request: HttpRequest, lead: Lead, target: LifecycleStage, form: StepForm
) -> HttpResponse:
    """Ask for what the step needs: a manager's note, the type of SQL."""
    if target is not LifecycleStage.SQL:
        form.fields.pop("sql_type", None)
    is_later = RANK[target] > RANK[LifecycleStage(lead.stage)]
    context = {
        "lead": lead,
        "contact": lead.contact.canonical,
        "form": form,
        "target": target,
        "back": request.POST.get("next") or request.GET.get("next", ""),
        "is_possible": is_later and lead.disposition == Disposition.OPEN,
    }
    status = 422 if form.is_bound else 200
    return render(request, "leads/board/step.html", context, status=status)
