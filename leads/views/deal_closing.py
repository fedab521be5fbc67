"""A deal is won or lost: two questions, each a page of its own and a dialog where scripts run."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms.refusals import attempt
from accounts.models import User
from accounts.views.access import person, requires
from leads.forms_deals import LoseForm, WinForm
from leads.models import Opportunity
from leads.models.opportunities import DealState
from leads.moving import MovesRefused
from leads.selectors.deals import may_work_on, visible_opportunity
from leads.selectors.organisation import house_currency
from leads.services.deals import DealOutcome, Loss, Win, lose_opportunity, win_opportunity
from leads.services.deals.changing import OF_SALES
from leads.services.deals.closing import loss_reasons
from leads.views.details import may_decide
from leads.views.returning import safe_return_to, undo_url
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def opportunity_win(request: HttpRequest, pk: int) -> HttpResponse:
    """Win the deal; the first win makes the lead a customer."""
    user = person(request)
    deal = _workable_deal(user, pk)
    home = house_currency()
    form = WinForm(request.POST if request.method == "POST" else None, deal=deal, home=home)
    done: list[DealOutcome] = []

    def win() -> None:
        data = form.cleaned_data
        told = Win(amount=data["amount"], rate=data.get("rate"), note=data["note"])
        version, at = data["version"], time_source.now()
        done.append(win_opportunity(deal.pk, told, version=version, actor=user, at=at))

    if form.is_bound and form.is_valid() and _attempt(form, win):
        said = _("%(name)s is won.") % {"name": deal.lead.contact.name}
        return _finished(request, deal, done[0], said)
    return _question(request, "leads/deals/win.html", deal, form, home=home)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def opportunity_lose(request: HttpRequest, pk: int) -> HttpResponse:
    """Lose the deal with its reason; the last one lost loses the lead."""
    user = person(request)
    deal = _workable_deal(user, pk)
    initial = {"version": deal.version, "again": "never"}
    data = request.POST if request.method == "POST" else None
    form = LoseForm(data, initial=initial, reasons=loss_reasons())
    done: list[DealOutcome] = []

    def lose() -> None:
        told = form.cleaned_data
        loss = Loss(
            reason=told["reason"],
            note=told["note"],
            competitor_id=told["competitor"] and told["competitor"].pk,
            try_again_on=told["try_again_on"],
        )
        version, at = told["version"], time_source.now()
        done.append(lose_opportunity(deal.pk, loss, version=version, actor=user, at=at))

    if form.is_bound and form.is_valid() and _attempt(form, lose):
        said = _("%(name)s is lost.") % {"name": deal.lead.contact.name}
        return _finished(request, deal, done[0], said)
    return _question(request, "leads/deals/lose.html", deal, form)


def _workable_deal(user: User, pk: int) -> Opportunity:
    """Return the deal, if this person may close it."""
    deal = visible_opportunity(user, pk)
    if not may_work_on(user, deal):
        raise NotAllowed(OF_SALES)
    return deal


def _attempt(form: WinForm | LoseForm, act: Any) -> bool:
    """Run `act`; a manager who owes a note is asked for it at its field."""

    def asked() -> None:
        try:
            act()
        except MovesRefused as refused:
            if refused.code not in ("note_needed", "reason_note_needed"):
                raise
            form.add_error("note", str(refused))

    return attempt(form, asked)


def _finished(
    request: HttpRequest, deal: Opportunity, outcome: DealOutcome, said: str
) -> HttpResponse:
    toast(request, said, undo_url=undo_url(outcome.action))
    return redirect(safe_return_to(request, "opportunity-detail", deal.pk))


def _question(
    request: HttpRequest, template: str, deal: Opportunity, form: Any, **context: Any
) -> HttpResponse:
    if deal.state != DealState.OPEN:
        closed = _("%(who)s has already closed this opportunity: %(state)s.")
        who = deal.changed_by or _("Somebody")
        text = closed % {"who": who, "state": deal.get_state_display()}
        toast(request, text, level=messages.ERROR)
        return redirect("opportunity-detail", pk=deal.pk)
    names = {"deal": deal, "lead": deal.lead, "contact": deal.lead.contact, "form": form}
    back = request.POST.get("next") or request.GET.get("next", "")
    status = 422 if form.is_bound else 200
    return render(request, template, {**names, "back": back, **context}, status=status)
