"""Deals: the list, and one deal with what can be done about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.refusals import attempt
from accounts.models import User
from accounts.views.access import member_required, person, requires
from leads.deal_filters import DEFAULT_ORDER, ORDERS, STATES, OpportunityFilter, deal_page
from leads.forms_deals import DealForm
from leads.models import Opportunity
from leads.models.opportunities import DealState
from leads.selectors.deals import (
    listed_opportunities,
    may_work_on,
    steps_in_use,
    sums_of,
    visible_opportunity,
)
from leads.selectors.lists import filter_choices
from leads.selectors.organisation import house_currency
from leads.services.deals import change_opportunity, step_opportunity
from leads.services.deals.facts import FIELDS
from leads.views.details import may_decide
from leads.views.lists import without
from shell.formats import write_money
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import DomainError, NotAllowed, NotFound

SIZE = 50
LONGEST_ID = 18


@require_safe
@member_required
def opportunity_list(request: HttpRequest) -> HttpResponse:
    """The deals that this person may see, narrowed and ordered as the address says."""
    user = person(request)
    asked = with_defaults(request.GET)
    filters = OpportunityFilter(asked, queryset=listed_opportunities(user), request=request)
    try:
        page = deal_page(
            filters.qs, sort=str(asked["sort"]), size=SIZE, after=asked.get("after", "")
        )
    except NotFound:
        return HttpResponseRedirect(f"{request.path}?{without(request.GET, 'after')}")
    context = {
        "page": page,
        "sums": sums_of(filters.qs),
        "form": filters.form,
        "choices": filter_choices(),
        "steps": steps_in_use(),
        "states": state_links(request.GET, str(asked["state"])),
        "sort": asked["sort"],
        "narrowed": bool(set(request.GET) - {"sort", "state", "after"}),
        "next": page.after and f"?{without(request.GET, 'after', after=page.after)}",
        "first": request.GET.get("after") and f"?{without(request.GET, 'after')}",
        "today": time_source.now().date(),
    }
    return render(request, "leads/deals/list.html", context)


def with_defaults(query: QueryDict) -> QueryDict:
    """Return the address as it is meant: unless it says otherwise, open deals, the next first."""
    asked = query.copy()
    if asked.get("state") not in dict(STATES):
        asked["state"] = DealState.OPEN.value
    if asked.get("sort") not in ORDERS:
        closed = asked["state"] in (DealState.WON, DealState.LOST)
        asked["sort"] = "-closed" if closed else DEFAULT_ORDER
    return asked


def state_links(query: QueryDict, current: str) -> list[tuple[str, Any, str, bool]]:
    """Return a link for every state: value, name, address, whether it is the current one."""
    return [
        (value, name, f"?{without(query, 'after', 'sort', state=value)}", value == current)
        for value, name in STATES
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def opportunity_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One deal; saved at the version that was read, or told what somebody else did meanwhile."""
    user = person(request)
    deal = visible_opportunity(user, pk)
    if request.method != "POST":
        return deal_page_of(request, user, deal)
    if not may_decide(user):
        raise NotAllowed(_("Opportunities are for Sales to work on."))
    form = DealForm(request.POST, deal=deal)
    if form.is_valid() and attempt(form, lambda: save(form, deal, user)):
        toast(request, _("Opportunity saved."))
        return redirect("opportunity-detail", pk=pk)
    return deal_page_of(request, user, visible_opportunity(user, pk), form)


def save(form: DealForm, deal: Opportunity, user: User) -> None:
    """Edit the deal as the form says."""
    version = form.cleaned_data["version"]
    change_opportunity(deal.pk, form.facts(), version=version, actor=user, at=time_source.now())


def deal_page_of(
    request: HttpRequest, user: User, deal: Opportunity, form: DealForm | None = None
) -> HttpResponse:
    """Return the page of `deal`; with a refused `form`, as it was typed beside what is there."""
    differences = conflict(form, deal) if form is not None else []
    shown = form or DealForm(initial=initial_of(deal), deal=deal)
    context = {
        "deal": deal,
        "lead": deal.lead,
        "contact": deal.lead.contact,
        "form": shown,
        "differences": differences,
        "steps": steps_in_use(),
        "may_work": may_work_on(user, deal),
        "home": house_currency(),
    }
    return render(request, "leads/deals/detail.html", context, status=422 if form else 200)


def initial_of(deal: Opportunity) -> dict[str, Any]:
    """Return the deal as its form shows it."""
    names = [name.removesuffix("_id") for name in FIELDS] + ["version"]
    return {name: getattr(deal, name) for name in names}


def conflict(form: DealForm, deal: Opportunity) -> list[tuple[Any, str]]:
    """Return what the deal says now where the form says otherwise, after somebody else wrote it.

    The form goes back with the version of now: who saves again has seen the difference.
    """
    if form.cleaned_data.get("version") in (None, deal.version):
        return []
    form.data = {**form.data.dict(), "version": str(deal.version)}  # type: ignore[attr-defined]  # a posted form's data are a QueryDict
    now = initial_of(deal)
    return [
        (form.fields[name].label, in_words(name, now[name], deal))
        for name, typed in form.cleaned_data.items()
        if name in now and name != "version" and (typed or None) != (now[name] or None)
    ]


def in_words(name: str, value: Any, deal: Opportunity) -> str:
    """Write a value of the deal as people read it."""
    if name == "amount":
        return write_money(value, deal.currency)
    if name == "expected_close_on" and value:
        return date_format(value, "j M Y")
    return str(value) if value else "–"


@require_POST
@requires(may_decide)
def opportunity_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Move the deal to another step."""
    user = person(request)
    deal = visible_opportunity(user, pk)
    step, version = request.POST.get("step", ""), request.POST.get("version", "")
    if not _is_id(step):
        toast(request, _("Choose the step."), level=messages.ERROR)
        return redirect("opportunity-detail", pk=pk)
    seen = int(version) if _is_id(version) else None
    try:
        moved = step_opportunity(deal.pk, int(step), version=seen, actor=user, at=time_source.now())
    except NotFound:
        raise
    except DomainError as refused:
        toast(request, str(refused), level=messages.ERROR)
    else:
        toast(request, _("The opportunity is at “%(step)s” now.") % {"step": moved.step})
    return redirect("opportunity-detail", pk=pk)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID
