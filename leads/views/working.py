"""What a person does on a lead day by day: log, plan, snooze, look back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.refusals import attempt
from accounts.models import User
from accounts.selectors.calendars import business_time_of_person
from accounts.views.access import person, requires
from leads.cadence import Done, Suggestion, suggest_next_step
from leads.enums import ActivityKind, Direction, NextStepKind
from leads.forms_working import MINUTES, LogForm, MoveStepForm, SnoozeForm, StepForm
from leads.models import Activity, Lead
from leads.selectors.details import visible_lead
from leads.selectors.house import funnel_settings
from leads.services.activities import NewActivity, log_activities, withdraw_activity
from leads.services.next_steps import (
    add_next_step,
    drop_next_step,
    finish_next_step,
    move_next_step,
)
from leads.services.snoozes import snooze_leads, unsnooze_leads
from leads.views.details import may_decide
from leads.views.returning import safe_return_to
from leads.working_words import LOGGED
from shell.times import moment
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import DomainError, NotAllowed, NotFound


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def lead_log(request: HttpRequest, pk: int) -> HttpResponse:
    """Log an activity; the lead page then suggests what follows."""
    user = person(request)
    lead = visible_lead(user, pk)
    form = LogForm(request.POST if request.method == "POST" else None, initial=request.GET.dict())
    logged: list[Activity] = []
    if form.is_bound and form.is_valid() and attempt(form, lambda: _log(form, lead, user, logged)):
        return _after_logging(request, logged[0], user)
    context = {"lead": lead, "contact": lead.contact.canonical, "form": form}
    return render(request, "leads/working/log.html", context, status=422 if form.is_bound else 200)


def _log(form: LogForm, lead: Lead, user: User, logged: list[Activity]) -> None:
    data = form.cleaned_data
    new = NewActivity(
        lead_id=lead.pk,
        kind=ActivityKind(data["kind"]),
        direction=Direction(data["direction"] or Direction.OUTBOUND),
        connected=data["connected"],
        text=data["text"],
        occurred_at=data["occurred_at"],
    )
    logged.extend(log_activities([new], actor=user, at=time_source.now()))


def _after_logging(request: HttpRequest, row: Activity, user: User) -> HttpResponse:
    """Say it is logged, with the way back, and carry the suggestion to the page."""
    undo = reverse("activity-withdraw", args=[row.pk])
    toast(request, LOGGED[ActivityKind(row.kind)], undo_url=undo)
    back = safe_return_to(request, "lead-detail", row.lead_id)
    follows = suggestion_after(row, user)
    if follows is None:
        return redirect(back)
    query = {"suggest": follows.why.value}
    if follows.due_at is not None and follows.kind is not None:
        due_at = max(follows.due_at, row.logged_at)
        query |= {"step": follows.kind.value, "due": timezone.localtime(due_at).strftime(MINUTES)}
    return redirect(f"{back}{'&' if '?' in back else '?'}{urlencode(query)}#next-step")


def suggestion_after(row: Activity, user: User) -> Suggestion | None:
    """Return what follows an activity, by the person's working time; five statements."""
    done = Done(ActivityKind(row.kind), Direction(row.direction), row.connected, row.occurred_at)
    return suggest_next_step(
        done,
        attempts=row.lead.attempts,
        most=funnel_settings().attempts_before_no_contact,
        working_time=business_time_of_person(user),
    )


@require_POST
@requires(may_decide)
def activity_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back an own entry of today."""
    user = person(request)
    lead = _lead_of(user, Activity.objects.filter(pk=pk))
    try:
        withdraw_activity(pk, actor=user, at=time_source.now())
    except (NotFound, NotAllowed):
        raise
    except DomainError as refused:
        toast(request, str(refused), level=messages.ERROR)
    else:
        toast(request, _("The entry is taken back."))
    return redirect(safe_return_to(request, "lead-detail", lead.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def step_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a next step on the lead."""
    user = person(request)
    lead = visible_lead(user, pk)
    form = StepForm(request.POST if request.method == "POST" else None, initial=request.GET.dict())

    def add() -> None:
        data = form.cleaned_data
        kind, at = NextStepKind(data["kind"]), time_source.now()
        add_next_step(lead, kind, data["due_at"], actor=user, at=at, text=data["text"])

    if form.is_bound and form.is_valid() and attempt(form, add):
        when = moment(form.cleaned_data["due_at"], time_source.now(), "plain", inside=True).text
        toast(request, _("Next step set: %(when)s.") % {"when": when})
        return redirect(safe_return_to(request, "lead-detail", pk))
    context = {"lead": lead, "contact": lead.contact.canonical, "form": form}
    return render(request, "leads/working/step.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires(may_decide)
def step_settle(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do, drop or move a next step."""
    user, at = person(request), time_source.now()
    lead = _lead_of(user, Lead.objects.filter(next_steps=pk).values("pk"), "pk")
    verbs = {"done": finish_next_step, "drop": drop_next_step}
    try:
        if verb == "move":
            said = _move(request, pk, user, at)
        else:
            verbs[verb](pk, actor=user, at=at)
            said = _("Done.") if verb == "done" else _("The next step is dropped.")
    except (NotFound, NotAllowed):
        raise
    except DomainError as refused:
        toast(request, str(refused), level=messages.ERROR)
    else:
        toast(request, said)
    return redirect(safe_return_to(request, "lead-detail", lead.pk))


def _move(request: HttpRequest, pk: int, user: User, at: datetime) -> str:
    form = MoveStepForm(request.POST)
    if not form.is_valid():
        raise DomainError(_("Choose a time."))
    step = move_next_step(pk, form.cleaned_data["due_at"], actor=user, at=at)
    when = moment(step.due_at, at, "plain", inside=True).text
    return _("Next step set: %(when)s.") % {"when": when}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def lead_snooze(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide the lead from the reader's inbox for a while."""
    user = person(request)
    lead = visible_lead(user, pk)
    form = SnoozeForm(request.POST if request.method == "POST" else None)

    def snooze() -> None:
        data = form.cleaned_data
        snooze_leads([lead], data["until"], actor=user, at=time_source.now(), reason=data["reason"])

    if form.is_bound and form.is_valid() and attempt(form, snooze):
        when = moment(form.cleaned_data["until"], time_source.now(), "plain", inside=True).text
        said = _("%(name)s is hidden until %(when)s. Its time runs on.")
        names = {"name": lead.contact.canonical.name, "when": when}
        toast(request, said % names, undo_url=reverse("lead-unsnooze", args=[pk]))
        return redirect(safe_return_to(request, "lead-inbox"))
    context = {"lead": lead, "contact": lead.contact.canonical, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "leads/working/snooze.html", context, status=status)


@require_POST
@requires(may_decide)
def lead_unsnooze(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the lead in the reader's inbox again."""
    user = person(request)
    lead = visible_lead(user, pk)
    unsnooze_leads([lead], actor=user)
    toast(request, _("%(name)s is in your inbox again.") % {"name": lead.contact.canonical.name})
    return redirect(safe_return_to(request, "lead-inbox"))


def _lead_of(user: User, rows: Any, column: str = "lead_id") -> Lead:
    """Return the lead of a row, as far as the person sees it."""
    found = rows.values_list(column, flat=True).first()
    if found is None:
        raise NotFound("no such entry")
    return visible_lead(user, found)
