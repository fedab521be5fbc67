"""Campaigns: the list, one campaign with its costs, and what is planned."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.refusals import attempt
from accounts.rules import standing
from accounts.views.access import member_required, person, requires
from leads.enums import CampaignChannel
from leads.forms_campaigns import CampaignForm, CostForm
from leads.models import Campaign
from leads.rules import manages_campaigns
from leads.selectors.campaigns import campaign_of, campaign_page, listed_campaigns, reach_of
from leads.selectors.organisation import house_currency, house_day
from leads.services.campaigns import add_cost, remove_cost, save_campaign
from leads.views.lists import without
from shell.toasts import toast
from smarketing import time_source

SIZE = 50


def may_plan(user: Any) -> bool:
    """Tell whether the person plans campaigns."""
    return manages_campaigns(standing(user))


@require_safe
@member_required
def campaign_list(request: HttpRequest) -> HttpResponse:
    """Every campaign with its cost and what it brought."""
    rows = listed_campaigns()
    channel, text = request.GET.get("channel", ""), request.GET.get("q", "").strip()[:200]
    if channel in CampaignChannel.values:
        rows = rows.filter(channel=channel)
    if text and "\0" not in text:
        rows = rows.filter(name__icontains=text)
    number = request.GET.get("page", "1")
    page = Paginator(rows, SIZE).get_page(number if number.isdecimal() else 1)
    reach = reach_of([campaign.pk for campaign in page])
    context = {
        "rows": [(campaign, reach[campaign.pk]) for campaign in page],
        "channels": CampaignChannel.choices,
        "channel": channel,
        "q": text,
        "previous": page.has_previous() and _page_url(request, page.number - 1),
        "next": page.has_next() and _page_url(request, page.number + 1),
        "may_plan": may_plan(request.user),
        "today": house_day(time_source.now()),
    }
    return render(request, "leads/campaigns/list.html", context)


def _page_url(request: HttpRequest, number: int) -> str:
    return f"?{without(request.GET, 'page', page=str(number))}"


@require_safe
@member_required
def campaign_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One campaign: what it cost, what it brought, what goes with it."""
    return _detail(request, pk, None)


def _detail(request: HttpRequest, pk: int, form: CostForm | None) -> HttpResponse:
    page = campaign_page(pk)
    spent = page.campaign.cost or 0
    context = {
        "page": page,
        "campaign": page.campaign,
        "home": house_currency(),
        "left": None if page.campaign.budget is None else page.campaign.budget - spent,
        "form": form or CostForm(initial={"spent_on": house_day(time_source.now())}),
        "may_plan": may_plan(request.user),
        "most": max(page.reach.leads, 1),
    }
    return render(request, "leads/campaigns/detail.html", context, status=422 if form else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_plan)
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Plan a campaign."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_plan)
def campaign_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a campaign's plan."""
    return _edit(request, campaign_of(pk))


def _edit(request: HttpRequest, campaign: Campaign | None) -> HttpResponse:
    initial = CampaignForm.initial_of(campaign) if campaign else {"currency": house_currency()}
    form = CampaignForm(request.POST if request.method == "POST" else None, initial=initial)
    saved: list[Campaign] = []

    def save() -> None:
        saved.append(save_campaign(campaign, form.facts(), actor=person(request)))

    if form.is_bound and form.is_valid() and attempt(form, save):
        toast(request, _("Campaign saved."))
        return redirect("campaign-detail", pk=saved[0].pk)
    context = {"form": form, "campaign": campaign}
    return render(request, "leads/campaigns/edit.html", context, status=422 if form.errors else 200)


@require_POST
@requires(may_plan)
def cost_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what the campaign cost on a day."""
    campaign = campaign_of(pk)
    form = CostForm(request.POST)

    def add() -> None:
        add_cost(campaign, **form.cleaned_data, actor=person(request))

    if form.is_valid() and attempt(form, add):
        toast(request, _("Cost added."))
        return redirect("campaign-detail", pk=pk)
    return _detail(request, pk, form)


@require_POST
@requires(may_plan)
def cost_remove(request: HttpRequest, pk: int, cost: int) -> HttpResponse:
    """Take a cost away."""
    remove_cost(campaign_of(pk), cost, actor=person(request))
    toast(request, _("Cost removed."))
    return redirect("campaign-detail", pk=pk)
