"""Settings: pools, rules in their order, and a rehearsal of who would get today's leads."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.refusals import attempt
from accounts.rules import standing
from accounts.views.access import person, requires
from accounts.views.answers import posted
from leads import rules
from leads.forms_criteria import criteria_rows
from leads.forms_routing import PoolForm, RuleForm, places_of, seat_rows
from leads.models import RoutingPool, RoutingRule
from leads.selectors.routing import pool_cards, rehearse_routing, rule_cards, takers
from leads.selectors.takers import people_of_sales
from leads.selectors.terms import lexicon
from leads.services import routing_settings as services
from leads.services.routing_settings import Place
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import Refused


def manages_routing(user: Any) -> bool:
    """Tell whether the person sets pools and rules."""
    return rules.manages_routing(standing(user))


@require_safe
@requires(manages_routing)
def routing(request: HttpRequest) -> HttpResponse:
    """Who gets a lead: rules in order, pools with how everyone stands, the fallback."""
    context = {"rules": rule_cards(lexicon()), "pools": pool_cards(time_source.now())}
    return render(request, "leads/routing/settings.html", context)


@require_safe
@requires(manages_routing)
def rehearsal(request: HttpRequest) -> HttpResponse:
    """Who would get the newest leads if they were qualified now, and why; nothing is written."""
    rows = rehearse_routing(person(request), at=time_source.now())
    return render(request, "leads/routing/rehearsal.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(manages_routing)
def pool(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make a pool, or change who is in it."""
    known = get_object_or_404(RoutingPool, pk=pk) if pk else RoutingPool()
    data, now = posted(request), time_source.now()
    members = list(known.members.all()) if pk else []
    initial = {"name": known.name, "in_working_hours": known.in_working_hours}
    form = PoolForm(data, initial=initial)
    people = people_of_sales(also={member.user_id for member in members})
    seats = seat_rows(
        data,
        takers(people, at=now),
        [Place(one.user_id, one.weight, one.capacity) for one in members],
    )

    def save() -> None:
        services.save_pool(known, **form.cleaned_data, places=places_of(seats), by=person(request))

    valid = request.method == "POST" and all([form.is_valid(), *(s.form.is_valid() for s in seats)])
    if valid and attempt(form, save):
        toast(request, _("Pool saved."))
        return redirect("settings-routing")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "seats": seats, "pool": known if pk else None}
    return render(request, "leads/routing/pool.html", context, status=status)


@require_POST
@requires(manages_routing)
def pool_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a pool that no rule leads to."""
    try:
        services.remove_pool(get_object_or_404(RoutingPool, pk=pk), by=person(request))
    except Refused as refused:
        toast(request, refused, level=messages.ERROR)
        return redirect("settings-routing-pool", pk)
    toast(request, _("Pool removed."))
    return redirect("settings-routing")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(manages_routing)
def rule(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make a rule, or change what it asks and to whom it leads."""
    known = get_object_or_404(RoutingRule, pk=pk) if pk else RoutingRule()
    data = posted(request)
    initial = {"name": known.name, "pool": known.pool_id, "is_active": known.is_active}
    form = RuleForm(data, initial=initial)
    rows = criteria_rows(
        data,
        prefix="conditions",
        terms=services.terms_of_rules(),
        lexicon=lexicon(),
        stored=known.conditions,
    )

    def save() -> None:
        facts = form.cleaned_data
        services.save_rule(known, **facts, conditions=rows.stored(), by=person(request))

    valid = request.method == "POST" and all([form.is_valid(), rows.is_valid()])
    if valid and attempt(form, save):
        toast(request, _("Rule saved."))
        return redirect("settings-routing")
    status = 422 if request.method == "POST" else 200
    context = {
        "form": form,
        "rows": rows,
        "rule": known if pk else None,
        "any_pool": RoutingPool.objects.exists(),
    }
    return render(request, "leads/routing/rule.html", context, status=status)


@require_POST
@requires(manages_routing)
def rule_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the rule one place earlier, or later."""
    known = get_object_or_404(RoutingRule, pk=pk)
    services.move_rule(known.pk, up=request.POST.get("to") == "up", by=person(request))
    return redirect("settings-routing")


@require_POST
@requires(manages_routing)
def rule_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a rule."""
    services.remove_rule(get_object_or_404(RoutingRule, pk=pk), by=person(request))
    toast(request, _("Rule removed."))
    return redirect("settings-routing")
