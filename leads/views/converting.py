"""A lead becomes an opportunity, brings more of them, and lives on as a customer."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import Role
from accounts.forms.refusals import attempt
from accounts.models import User
from accounts.rules import holds
from accounts.views.access import member_required, person, requires
from leads.enums import CustomerEventKind, Disposition, LifecycleStage
from leads.forms_deals import ConvertForm, CustomerEventForm, DealForm
from leads.lifecycle import RANK
from leads.models import Lead, Opportunity
from leads.models.opportunities import DealState
from leads.moving import MovesRefused, Step
from leads.selectors.deals import lead_deals, may_bring_more, may_work_on_lead
from leads.selectors.details import visible_lead
from leads.selectors.organisation import house_currency, house_day
from leads.services.deals import (
    AfterSale,
    DealOutcome,
    add_opportunity,
    convert_lead,
    record_customer_event,
)
from leads.services.moves import rehearse_on
from leads.views.details import may_decide
from leads.views.returning import safe_return_to, undo_url
from shell.toasts import toast
from smarketing import time_source

CONVERSION = partial(Step, to_stage=LifecycleStage.OPPORTUNITY)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def lead_convert(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the lead an opportunity; asked twice, the second time leads to the one there is."""
    user = person(request)
    lead = visible_lead(user, pk)
    if is_converted(lead):
        return _to_the_deal(request, user, lead)
    form = ConvertForm(
        request.POST if request.method == "POST" else None,
        initial={"currency": house_currency(), "expected": lead.stage},
    )
    if not holds(user, Role.MANAGER):
        form.fields.pop("reason_note")
    done: list[DealOutcome] = []

    def convert() -> None:
        try:
            done.append(_convert(form, lead, user))
        except MovesRefused as refused:
            if refused.code != "note_needed":
                raise
            form.add_error("reason_note", str(refused))

    if form.is_bound and form.is_valid() and attempt(form, convert):
        said = _("%(name)s is an opportunity now.") % {"name": lead.contact.canonical.name}
        toast(request, said, undo_url=undo_url(done[0].action))
        return redirect(safe_return_to(request, "lead-detail", lead.pk))
    refusal = rehearse_on(lead, [CONVERSION(actor=user)], at=time_source.now())
    hindered = refusal if refusal is not None and refusal.code != "note_needed" else None
    return _form(request, "leads/deals/convert.html", lead, form, hindered=hindered)


def is_converted(lead: Lead) -> bool:
    """Tell whether the lead has come as far as a deal."""
    return RANK[LifecycleStage(lead.stage)] >= RANK[LifecycleStage.OPPORTUNITY]


def _convert(form: ConvertForm, lead: Lead, user: User) -> DealOutcome:
    data = form.cleaned_data
    expected = LifecycleStage(data["expected"]) if data["expected"] else None
    return convert_lead(
        lead.pk,
        form.facts(),
        actor=user,
        at=time_source.now(),
        expected=expected,
        reason_note=data.get("reason_note", ""),
    )


def _to_the_deal(request: HttpRequest, user: User, lead: Lead) -> HttpResponse:
    """Lead to the conversion that there is, with who made it; a double click finds its own."""
    deal = Opportunity.objects.filter(lead=lead, is_first=True).first()
    rows = lead.transitions.filter(to_stage=LifecycleStage.OPPORTUNITY).order_by("-id")
    row = rows.select_related("actor").first()
    if request.method == "POST" and (row is None or row.actor_id != user.pk):
        who = row.actor if row is not None and row.actor else _("Somebody")
        text = _("%(who)s has already made this lead an opportunity.") % {"who": who}
        toast(request, text, level=messages.WARNING)
    if deal is None:
        return redirect("lead-detail", pk=lead.pk)
    return redirect("opportunity-detail", pk=deal.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def opportunity_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add one more deal to the lead."""
    user = person(request)
    lead = visible_lead(user, pk)
    data = request.POST if request.method == "POST" else None
    form = DealForm(data, initial={"currency": house_currency()})
    done: list[Opportunity] = []

    def add() -> None:
        done.append(add_opportunity(lead.pk, form.facts(), actor=user, at=time_source.now()))

    if form.is_bound and form.is_valid() and attempt(form, add):
        toast(request, _("Opportunity added."))
        return redirect(safe_return_to(request, "opportunity-detail", done[0].pk))
    return _form(request, "leads/deals/new.html", lead, form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def customer_event_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell that a customer renewed, expanded or left."""
    user = person(request)
    lead = visible_lead(user, pk)
    initial = {
        "currency": house_currency(),
        "occurred_on": house_day(time_source.now()),
        "kind": CustomerEventKind.RENEWED,
    }
    form = CustomerEventForm(request.POST if request.method == "POST" else None, initial=initial)

    def record() -> None:
        told: dict[str, Any] = dict(form.cleaned_data)
        event = AfterSale(**{**told, "kind": CustomerEventKind(told["kind"])})
        record_customer_event(lead.pk, event, actor=user, at=time_source.now())

    if form.is_bound and form.is_valid() and attempt(form, record):
        toast(request, _("Noted on the customer."))
        return redirect(safe_return_to(request, "lead-detail", lead.pk))
    return _form(request, "leads/deals/after_sale.html", lead, form)


def _form(request: HttpRequest, template: str, lead: Lead, form: Any, **more: Any) -> HttpResponse:
    context = {
        "lead": lead,
        "contact": lead.contact.canonical,
        "form": form,
        "back": request.POST.get("next") or request.GET.get("next", ""),
        **more,
    }
    return render(request, template, context, status=422 if form.is_bound else 200)


@require_safe
@member_required
def lead_opportunities(request: HttpRequest, pk: int) -> HttpResponse:
    """The deals of a lead and what happened after the sale, as a part of its page."""
    user = person(request)
    lead = visible_lead(user, pk)
    mine = may_work_on_lead(user, lead)
    context = {
        "lead": lead,
        "contact": lead.contact.canonical,
        **vars(lead_deals(lead)),
        "may_add": may_bring_more(user, lead),
        "may_convert": mine and lead.stage == LifecycleStage.SQL and lead.position.is_open,
        "may_tell": mine and lead.disposition == Disposition.WON,
        "open_state": DealState.OPEN.value,
    }
    return render(request, "leads/deals/_lead.html", context)
