"""Settings: what each stage means, and the kinds of SQL with their playbooks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.refusals import attempt
from accounts.rules import standing
from accounts.views.access import member_required, person, requires
from accounts.views.answers import posted
from leads import rules
from leads.enums import LifecycleStage
from leads.forms_criteria import criteria_rows
from leads.forms_qualifying import DefinitionForm, SqlTypeForm, definition_initial
from leads.models import SqlType
from leads.selectors.definitions import history_of, latest_of, stage_cards
from leads.selectors.terms import lexicon
from leads.services import definitions as services
from leads.services.sql_types import save_sql_type
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import NotFound


def proposes(user: Any) -> bool:
    """Tell whether the person may propose versions."""
    return rules.proposes_versions(standing(user))


def puts_in_force(user: Any) -> bool:
    """Tell whether the person may put versions in force."""
    return rules.puts_versions_in_force(standing(user))


def rights(request: HttpRequest) -> dict[str, bool]:
    """Return what the reader may do with versions, for templates."""
    return {"proposes": proposes(request.user), "puts_in_force": puts_in_force(request.user)}


@require_safe
@member_required
def definitions(request: HttpRequest) -> HttpResponse:
    """Every stage: what makes a lead one, in plain words."""
    context = {"cards": stage_cards(lexicon()), **rights(request)}
    return render(request, "leads/qualifying/definitions.html", context)


@require_safe
@member_required
def definition_history(request: HttpRequest, stage: str) -> HttpResponse:
    """Every version of a stage, the newest first, each with what it changed."""
    known = _stage(stage)
    context = {"stage": known, "entries": history_of(known, lexicon()), **rights(request)}
    return render(request, "leads/qualifying/definition_history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(proposes)
def definition_new(request: HttpRequest, stage: str) -> HttpResponse:
    """Propose a new wording of a stage, beginning with the one in force."""
    known, data = _stage(stage), posted(request)
    latest = latest_of(known)
    form = DefinitionForm(data, initial=definition_initial(latest))
    rows = criteria_rows(
        data,
        prefix="criteria",
        terms=services.terms_of(known),
        lexicon=lexicon(),
        stored=latest.criteria if latest else [],
    )

    def propose() -> None:
        wording = form.wording(known, rows)
        services.propose_definition(wording, actor=person(request), at=time_source.now())

    if request.method == "POST" and _all_valid(form, rows) and attempt(form, propose):
        toast(request, _("Version proposed. A manager puts it in force."))
        return redirect("definition-history", stage=stage)
    status = 422 if request.method == "POST" else 200
    context = {"stage": known, "form": form, "rows": rows, "latest": latest}
    return render(request, "leads/qualifying/definition_new.html", context, status=status)


@require_POST
@requires(puts_in_force)
def definition_activate(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a proposed version in force at once."""
    now = time_source.now()
    changed = services.activate_definitions([pk], actor=person(request), at=now)
    toast(request, _("The definition is in force.") if changed else _("It is in force already."))
    return redirect("definitions")


@require_POST
@requires(proposes)
def definition_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a proposal back."""
    services.withdraw_definition(pk, actor=person(request), at=time_source.now())
    toast(request, _("Proposal withdrawn."))
    return redirect("definitions")


@require_safe
@member_required
def sql_types(request: HttpRequest) -> HttpResponse:
    """The kinds of SQL, each with its playbook."""
    context = {"types": SqlType.objects.order_by("-is_active", "name"), **rights(request)}
    return render(request, "leads/qualifying/sql_types.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(proposes)
def sql_type(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a kind of SQL, or change one."""
    known = get_object_or_404(SqlType, pk=pk) if pk else SqlType()
    form = SqlTypeForm(posted(request), instance=known)

    def save() -> None:
        save_sql_type(known, form.facts(), by=person(request))

    if form.is_bound and form.is_valid() and attempt(form, save):
        toast(request, _("Saved."))
        return redirect("sql-types")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "type": known if pk else None}
    return render(request, "leads/qualifying/sql_type.html", context, status=status)


def _all_valid(*forms: Any) -> bool:
    """Ask every form, so that all errors show at once."""
    valid = [form.is_valid() for form in forms]
    return all(valid)


def _stage(text: str) -> LifecycleStage:
    known = LifecycleStage._value2member_map_.get(text.upper())
    if not isinstance(known, LifecycleStage) or text != text.lower():
        raise NotFound("no such stage")
    return known
