"""What Sales says of the leads that it was given, and what Marketing answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.keyset import key_from, key_to
from accounts.rules import standing
from accounts.views.access import member_required, person, requires
from accounts.views.answers import page_link
from leads.enums import Decision
from leads.feedback_filters import ACKNOWLEDGED, DISPUTED, FeedbackFilter, figures_query
from leads.forms_feedback import ArgumentForm, CommentForm, SelectedForm
from leads.rules import decides_on_leads, is_of_marketing
from leads.selectors import feedback as selectors
from leads.selectors.details import visible_lead
from leads.selectors.feedback_choices import FeedbackChoices, feedback_choices
from leads.selectors.feedback_figures import GROUPS, pending_decisions, reasons, tallies, total
from leads.selectors.rankings import ranked_people
from leads.services.disputes import open_dispute
from leads.services.feedback import acknowledge, comment
from leads.views.returning import is_ours
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import Refused

BY = {
    "campaign": gettext_lazy("Campaign"),
    "persona": gettext_lazy("Persona"),
    "source": gettext_lazy("Source"),
    "rep": gettext_lazy("Rep"),
}


def of_marketing(user: Any) -> bool:
    """Tell whether the person speaks for Marketing."""
    return is_of_marketing(standing(user))


def of_both_teams(user: Any) -> bool:
    """Tell whether the person is of either team."""
    return decides_on_leads(standing(user))


@require_safe
@member_required
def feedback_list(request: HttpRequest) -> HttpResponse:
    """Decisions with reason and rating, newest first, and what they add up to beside them."""
    user = person(request)
    people = ranked_people(user, standing(user))
    choices = feedback_choices(people)
    filters = FeedbackFilter(
        request.GET,
        queryset=selectors.listed_feedback(user),
        request=request,
        zone=lambda: choices.zone,
    )
    after = key_from(request.GET.get("after"), (datetime.fromisoformat, int))
    page, following = selectors.feedback_page(filters.qs, after=after)
    key = (following[0].isoformat(), following[1]) if following else None
    labels = selectors.reason_labels()
    context = {
        "page": page,
        "form": filters.form,
        "choices": choices,
        "decisions": Decision.choices,
        "acknowledged": ACKNOWLEDGED,
        "disputed": DISPUTED,
        "reasons": labels,
        "unread": sorted(filters.errors),
        "applied": _applied(filters, choices),
        "narrowed": bool(set(request.GET) - {"by", "after"}),
        "first_page": page_link(request) if after else "",
        "next_page": page_link(request, after=key_to(key)) if key else "",
        "may_acknowledge": of_marketing(user),
        "here": request.get_full_path(),
        **_figures(request, people, labels),
    }
    return render(request, "leads/feedback/list.html", context)


def _applied(filters: FeedbackFilter, choices: FeedbackChoices) -> list[tuple[Any, str, str]]:
    """Return the filters in force that stand behind "More": label, value in words, query key."""
    data = filters.form.cleaned_data if filters.form.is_valid() else {}
    named: dict[str, tuple[Any, dict[Any, Any]]] = {
        "persona": (_("Persona"), dict(choices.persona)),
        "source": (_("Source"), dict(choices.source)),
        "rep": (_("Rep"), dict(choices.rep)),
        "disputed": (_("Disputed"), dict(DISPUTED)),
    }
    found = [
        (label, str(names.get(data[key], f"#{data[key]}")), key)
        for key, (label, names) in named.items()
        if data.get(key)
    ]
    for key, label in (("decided_from", _("From")), ("decided_to", _("To"))):
        if data.get(key):
            found.append((label, f"{data[key]:%Y-%m-%d}", key))
    return found


def _figures(
    request: HttpRequest, people: set[int] | None, labels: dict[str, str]
) -> dict[str, Any]:
    """Return the figures beside the list: they follow who and when, not which rows are shown."""
    user = person(request)
    groups = [key for key in GROUPS if key != "rep" or people is None or people]
    by = request.GET.get("by", "")
    by = by if by in groups else "campaign"
    narrowed = FeedbackFilter(
        figures_query(request.GET), queryset=selectors.visible_feedback(user), request=request
    )
    rows = narrowed.qs
    data = narrowed.form.cleaned_data
    wanted = {key: data[key] for key in GROUPS if data.get(key)}
    pending = pending_decisions(user, by, wanted, people)
    grouped = rows.filter(given_by__in=people) if by == "rep" and people is not None else rows
    found = reasons(rows, labels)
    return {
        "by": by,
        "groups": [(key, BY[key], page_link(request, by=key)) for key in groups],
        "tallies": tallies(grouped, by, pending),
        "total": total(rows, pending),
        "pareto": [(one, page_link(request, reason=one.code)) for one in found],
        "most": max([one.n for one in found] + [1]),
    }


@require_POST
@requires(of_marketing)
def acknowledge_selected(request: HttpRequest) -> HttpResponse:
    """Acknowledge the ticked rows; those that somebody has acknowledged before stay as they are."""
    form = SelectedForm(request.POST)
    if not form.is_valid():
        toast(request, _("Select at least one feedback."), level=messages.WARNING)
        return HttpResponseRedirect(safe_return(request, "feedback"))
    user = person(request)
    visible = selectors.visible_feedback(user).filter(pk__in=form.cleaned_data["selected"])
    done = acknowledge(visible.values_list("pk", flat=True), actor=user, at=time_source.now())
    n = len(done)
    toast(request, ngettext("%(n)d feedback acknowledged.", "%(n)d feedbacks acknowledged.", n)
          % {"n": n})  # fmt: skip
    return HttpResponseRedirect(safe_return(request, "feedback"))


@require_POST
@requires(of_marketing)
def acknowledge_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Acknowledge one row: the row comes back as it is now, a row of Today goes."""
    user = person(request)
    feedback = selectors.one_feedback(user, pk)
    acknowledge([feedback.pk], actor=user, at=time_source.now())
    said = _("Feedback on %(name)s acknowledged.") % {"name": feedback.lead.contact.name}
    toast(request, said)
    if not getattr(request, "htmx", False):
        return HttpResponseRedirect(safe_return(request, "feedback"))
    if request.GET.get("row") == "today":
        return HttpResponse("")
    context = {
        "row": selectors.one_feedback(user, pk),
        "reasons": selectors.reason_labels(),
        "may_acknowledge": True,
    }
    return render(request, "leads/feedback/_row.html", context)


@require_safe
@member_required
def feedback_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One feedback with what was said about it."""
    return _detail(request, pk)


def _detail(request: HttpRequest, pk: int, **forms: Any) -> HttpResponse:
    user, at = person(request), time_source.now()
    story = selectors.story_of(user, pk)
    marketing = of_marketing(user)
    context = {
        "story": story,
        "row": story.feedback,
        "lead": story.feedback.lead,
        "reasons": selectors.reason_labels(),
        "may_acknowledge": marketing,
        "may_comment": of_both_teams(user),
        "may_dispute": marketing and story.may_be_disputed(at),
        "comment_form": CommentForm(),
        "argument_form": ArgumentForm(),
        **forms,
    }
    return render(request, "leads/feedback/detail.html", context, status=422 if forms else 200)


@require_POST
@requires(of_both_teams)
def comment_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a comment; wrong input comes back with what was typed."""
    user = person(request)
    feedback = selectors.one_feedback(user, pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _detail(request, pk, comment_form=form)
    comment([feedback], form.cleaned_data["text"], actor=user, at=time_source.now())
    toast(request, _("Comment added."))
    return redirect("feedback-detail", pk=pk)


@require_POST
@requires(of_marketing)
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """Contest a rejection; a refusal says why and changes nothing."""
    user = person(request)
    selectors.one_feedback(user, pk)
    form = ArgumentForm(request.POST)
    if not form.is_valid():
        return _detail(request, pk, argument_form=form)
    try:
        made = open_dispute(pk, form.cleaned_data["argument"], actor=user, at=time_source.now())
    except Refused as refused:
        toast(request, str(refused), level=messages.ERROR)
        return redirect("feedback-detail", pk=pk)
    toast(request, _("Dispute opened. Sales answers, then a facilitator rules."))
    return redirect("dispute-detail", pk=made.pk)


@require_safe
@member_required
def lead_feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said of this contact's leads, for whoever meets it next: a part of the lead page."""
    user = person(request)
    lead = visible_lead(user, pk)
    rows = selectors.feedback_of_contact(user, [lead.contact_id])
    context = {"lead": lead, "rows": rows, "reasons": selectors.reason_labels()}
    return render(request, "leads/feedback/_of_lead.html", context)


def safe_return(request: HttpRequest, url_name: str) -> str:
    """Return where the person came from, if it is an address of ours."""
    url = request.POST.get("next", "")
    return url if is_ours(url) else reverse(url_name)
