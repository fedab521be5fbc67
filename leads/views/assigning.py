"""Taking and giving leads: one from its page, many from the list, all of somebody who is away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import TeamKind
from accounts.models import User
from accounts.rules import standing
from accounts.views.access import member_required, person, requires
from accounts.views.answers import posted
from leads.assigning import Seen
from leads.enums import LifecycleStage
from leads.forms_routing import GiveForm
from leads.models import Lead
from leads.moving import MovesRefused
from leads.rules import decides_on_leads, hands_over_for_others
from leads.selectors.details import visible_lead
from leads.selectors.giving import Choice, choice_for, options_of, side_of
from leads.selectors.routing import assignments_of
from leads.services.assigning import Assigned, assign_leads, take_leads
from leads.services.company_owners import give_companies_of
from leads.views.bulk import refused_leads
from leads.views.returning import safe_return_to, undo_url
from shell.toasts import toast
from smarketing import time_source

MOST = 1_000
LONGEST_ID = 18


def assigns(user: Any) -> bool:
    """Tell whether the person may take or give leads at all."""
    return decides_on_leads(standing(user)) or hands_over_for_others(standing(user))


def hands_over(user: Any) -> bool:
    """Tell whether the person may give away all that somebody else has."""
    return hands_over_for_others(standing(user))


@require_safe
@member_required
def owner_fragment(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has the lead, why, and who had it before."""
    user = person(request)
    lead = visible_lead(user, pk)
    context = {"lead": lead, "handled": assignments_of(lead), "options": options_of(user, lead)}
    return render(request, "leads/routing/owner.html", context)


@require_POST
@requires(assigns)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a lead that waits for one's side; who was second is told who was first."""
    user = person(request)
    lead = visible_lead(user, pk)
    back = safe_return_to(request, "lead-detail", lead.pk)
    try:
        done = take_leads([lead.pk], by=user, at=time_source.now())
    except MovesRefused as refused:
        toast(request, refused, level=messages.ERROR)
    else:
        said = _("%(name)s is yours.") % {"name": lead.contact.canonical.name}
        toast(request, said, undo_url=undo_url(done.action))
    return HttpResponseRedirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(assigns)
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one lead to somebody; wrong input and refusals come back with what was typed."""
    user, now = person(request), time_source.now()
    lead = visible_lead(user, pk)
    options = options_of(user, lead)
    without = {lead.owner_id} if lead.owner_id else set()
    form = give_form(request, choice_for(user, {side_of(lead)}, at=now, without=without))
    if request.method == "POST" and form.is_valid():
        seen = {lead.pk: seen_of(request, lead)}
        try:
            done = assign_leads(
                [lead.pk],
                form.target,
                by=user,
                at=now,
                note=form.cleaned_data["note"],
                seen=seen,
            )
        except MovesRefused as refused:
            form.add_error("note" if refused.code == "note_needed" else None, str(refused))
        else:
            toast(request, told(done), undo_url=undo_url(done.action))
            return redirect("lead-detail", pk=lead.pk)
    context = {"lead": lead, "contact": lead.contact.canonical, "form": form, "options": options}
    return render(request, "leads/routing/give.html", context, status=status_of(form))


@require_http_methods(["POST"])
@requires(assigns)
def give_many(request: HttpRequest) -> HttpResponse:
    """Give the selected leads to somebody: first asks to whom, then does it."""
    user, now = person(request), time_source.now()
    ids = selected_ids(request)
    rows = Lead.objects.visible_to(user, standing(user)).filter(pk__in=ids)
    rows = rows.select_related("contact", "owner", "queue").defer("contact__search")
    leads = list(rows.order_by("pk"))
    sides = {side_of(lead) for lead in leads}
    choosing = request.POST.get("step") == "choose"
    form = give_form(request, choice_for(user, sides, at=now), bound=not choosing)
    if not choosing and form.is_valid() and leads:
        return given(request, [lead.pk for lead in leads], form)
    context = {"leads": leads, "form": form, "back": safe_return_to(request, "lead-list")}
    return render(request, "leads/routing/give_many.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(hands_over)
def give_all(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give away all open leads of a person who leaves or is away."""
    user, now = person(request), time_source.now()
    leaver = get_object_or_404(User, pk=user_id)
    rows = Lead.objects.visible_to(user, standing(user)).open().filter(owner=leaver)
    rows = rows.select_related("contact", "queue").defer("contact__search")
    leads = list(rows.order_by("pk")[:MOST])
    sides = {side_of(lead) for lead in leads} or {TeamKind.SALES}
    form = give_form(request, choice_for(user, sides, at=now, without={leaver.pk}))
    companies = leaver.companies.count()
    if request.method == "POST" and form.is_valid():
        return given(request, [lead.pk for lead in leads], form, leaver=leaver)
    found = Counter(lead.stage for lead in leads)
    stages = [(stage.label, found[stage]) for stage in LifecycleStage if found[stage]]
    context = {
        "leaver": leaver,
        "count": len(leads),
        "stages": stages,
        "companies": companies,
        "form": form,
    }
    return render(request, "leads/routing/give_all.html", context, status=status_of(form))


def given(
    request: HttpRequest, ids: Sequence[int], form: GiveForm, *, leaver: User | None = None
) -> HttpResponse:
    """Give the leads and tell what came of it; what is refused is listed with its reason."""
    user, data = person(request), form.cleaned_data
    seen = {pk: Seen(owner_id=leaver.pk) for pk in ids} if leaver else {}
    done = assign_leads(
        ids,
        form.target,
        by=user,
        at=time_source.now(),
        note=data["note"],
        seen=seen,
        apply_rest=True,
    )
    said = told(done)
    if leaver is not None and data["companies"]:
        n = give_companies_of(leaver, form.person, by=user)
        said += " " + ngettext("%(n)d company too.", "%(n)d companies too.", n) % {"n": n}
    back = (
        reverse("lead-give-all", args=[leaver.pk])
        if leaver
        else safe_return_to(request, "lead-list")
    )
    if not done.refusals:
        toast(request, said, undo_url=undo_url(done.action))
        return HttpResponseRedirect(back)
    context = {
        "outcome": done,
        "told": said,
        "refused": refused_leads(request, done.refusals),
        "back": back,
    }
    return render(request, "leads/bulk_result.html", context)


def give_form(request: HttpRequest, choice: Choice, *, bound: bool = True) -> GiveForm:
    """Return the form with those to whom the person may give."""
    return GiveForm(
        posted(request) if bound else None,
        people=choice.people,
        pools=choice.pools,
        queue=choice.queue,
    )


def seen_of(request: HttpRequest, lead: Lead) -> Seen:
    """Return what the page showed, which the form carries; without it, what is there now."""
    owner = request.POST.get("seen_owner")
    if owner is None:
        return Seen(owner_id=lead.owner_id)
    return Seen(owner_id=int(owner) if owner.isdecimal() and len(owner) <= LONGEST_ID else None)


def selected_ids(request: HttpRequest) -> list[int]:
    """Return the leads that the list sent, as far as they are numbers."""
    sent = request.POST.getlist("selected")
    return [int(one) for one in sent if one.isdecimal() and len(one) <= LONGEST_ID][:MOST]


def status_of(form: GiveForm) -> int:
    """422 for a form that came back, else 200."""
    return 422 if form.is_bound else 200


def told(done: Assigned) -> str:
    """Say how many leads went, and to whom when it is one person."""
    n = len(done.leads)
    owner_ids = {row.owner_id for row in done.assignments}
    if owner_ids == {None}:
        text = ngettext("%(n)d lead is in the queue.", "%(n)d leads are in the queue.", n)
        return text % {"n": n}
    if len(owner_ids) == 1 and done.assignments[0].owner is not None:
        text = ngettext("%(n)d lead given to %(name)s.", "%(n)d leads given to %(name)s.", n)
        return text % {"n": n, "name": done.assignments[0].owner.name}
    text = ngettext("%(n)d lead given away.", "%(n)d leads given away.", n)
    return text % {"n": n}
