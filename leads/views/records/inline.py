"""A row of the list of leads, edited where it stands; and what a lead is about, on its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.views.access import person, requires
from leads.assigning import Seen, Target
from leads.columns import chosen_columns
from leads.enums import LifecycleStage
from leads.forms_records import LeadForm
from leads.models import Lead
from leads.moving import Move, MovesRefused
from leads.selectors.details import visible_lead
from leads.selectors.giving import choice_for, side_of
from leads.selectors.lists import listed_leads, with_columns
from leads.services.assigning import assign_leads
from leads.services.editing import edit_lead
from leads.services.moves import move_leads
from leads.views.details import may_decide, options_for
from leads.views.records.editing import Correction, correct
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import NotFound
from smarketing.registry import list_columns

KEEP = ""


class RowForm(forms.Form):
    """The next stage and the next owner of one lead; empty leaves it as it is."""

    stage = forms.ChoiceField(required=False)
    owner = forms.ChoiceField(required=False)
    note = forms.CharField(required=False, max_length=2_000)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, lead: Lead, at: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": f"row{lead.pk}"})
        options = options_for(user, lead)
        later = [one for one in [options.primary, *options.later] if one is not None]
        without = {lead.owner_id} if lead.owner_id else set()
        people = choice_for(user, {side_of(lead)}, at=at, without=without).people
        stages: list[tuple[str, Any]] = [(KEEP, lead.get_stage_display())]
        owner = lead.owner.name if lead.owner else _("Nobody yet")
        self._offer("stage", stages + [(one.stage.value, one.stage.label) for one in later])
        self._offer("owner", [(KEEP, owner), *((str(p.user.pk), p.user.name) for p in people)])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = choices


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def lead_row(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a lead or give it away from its row in the list, through the gate and the assigner."""
    user, at = person(request), time_source.now()
    lead = _row(request, user, pk)
    if "cancel" in request.GET:
        return _shown(request, lead)
    data = request.POST if request.method == "POST" else None
    form = RowForm(data, user=user, lead=lead, at=at, initial={"version": lead.version})
    refusal = ""
    if form.is_valid():
        try:
            _apply(form, lead, user, at)
        except MovesRefused as refused:
            refusal = str(refused)
        else:
            toast(request, _("%(name)s is changed.") % {"name": lead.contact.canonical.name})
            if not getattr(request, "htmx", False):
                return redirect("lead-detail", pk=pk)
            return _shown(request, _row(request, user, pk))
    context = {
        "lead": lead,
        "form": form,
        "refusal": refusal,
        "span": 3 + len(chosen_columns(request)),
        "inline": getattr(request, "htmx", False),
    }
    template = "_row_form" if context["inline"] else "row"
    status = 422 if form.is_bound else 200
    return render(request, f"leads/records/{template}.html", context, status=status)


def _apply(form: RowForm, lead: Lead, user: User, at: Any) -> None:
    """Both or none: the stage by the gate, then the owner by the assigner."""
    data = form.cleaned_data
    with transaction.atomic():
        if data["stage"]:
            move = Move(
                lead_id=lead.pk,
                to_stage=LifecycleStage(data["stage"]),
                note=data["note"],
                actor=user,
                expected_version=data["version"],
            )
            move_leads([move], at=at)
        if data["owner"]:
            taker = User.objects.get(pk=int(data["owner"]))
            seen = {} if data["stage"] else {lead.pk: Seen(owner_id=lead.owner_id)}
            target = Target(person=taker)
            assign_leads([lead.pk], target, by=user, at=at, note=data["note"], seen=seen)


def _row(request: HttpRequest, user: User, pk: int) -> Lead:
    shown = {column.key for column in chosen_columns(request)}
    rows = with_columns(listed_leads(user), [c for c in list_columns if c.key in shown])
    lead: Lead | None = rows.filter(pk=pk).first()
    if lead is None:
        raise NotFound("no such lead")
    return lead


def _shown(request: HttpRequest, lead: Lead) -> HttpResponse:
    columns = chosen_columns(request)
    shown = {column.key for column in columns}
    context = {
        "lead": lead,
        "columns": columns,
        "extra_columns": [c for c in list_columns if c.key in shown],
        "may_decide": True,
    }
    return render(request, "leads/_row.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def lead_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what a lead is about; a second saver is told who was first."""
    user = person(request)
    lead = visible_lead(user, pk)

    def save(changes: Mapping[str, Any], version: int, actor: User) -> Lead:
        return edit_lead(pk, changes, version=version, actor=actor, at=time_source.now())

    def shown() -> Mapping[str, Any]:
        fresh = visible_lead(user, pk)
        return {"lead": fresh, "contact": fresh.contact.canonical, "may_decide": True}

    return correct(
        request,
        Correction(
            row=lead,
            form=LeadForm,
            initial=LeadForm.initial_of,
            save=save,
            title=_("Edit lead"),
            back=reverse("lead-detail", args=[pk]),
            card="leads/records/_lead_facts.html",
            context=shown,
        ),
    )
