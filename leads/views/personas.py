"""Personas: whom we sell to, agreed by both teams."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.refusals import attempt
from accounts.views.access import member_required, person, requires
from accounts.views.answers import posted
from leads import forms_qualifying as forms
from leads.enums import PersonaKind
from leads.forms_criteria import criteria_rows
from leads.models import Persona, PersonaVersion
from leads.personas import KINDS_OF_PERSONAS
from leads.selectors import personas as selectors
from leads.selectors.terms import lexicon, terms
from leads.services import personas as services
from leads.views.definitions import proposes, puts_in_force, rights
from shell.toasts import toast
from smarketing import time_source


@require_safe
@member_required
def persona_list(request: HttpRequest) -> HttpResponse:
    """Every persona and ideal company, with how many open leads fit."""
    cards = selectors.persona_cards(request.user, lexicon())
    context = {"cards": cards, **rights(request)}
    return render(request, "leads/qualifying/personas.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def persona_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One persona; a POST is a comment."""
    user, data = person(request), posted(request)
    row = selectors.persona(pk)
    form = forms.CommentForm(data)

    def comment() -> None:
        text = form.cleaned_data["text"]
        services.comment_on_persona(row, text, author=user, at=time_source.now())

    if request.method == "POST" and form.is_valid() and attempt(form, comment):
        toast(request, _("Comment posted."))
        return redirect("persona-detail", pk=pk)
    page = selectors.persona_page(user, pk, lexicon())
    context = {
        "page": page,
        "persona": page.persona,
        "form": form,
        "leads_url": f"{reverse('lead-list')}?persona={pk}",
        **rights(request),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "leads/qualifying/persona.html", context, status=status)


@require_safe
@member_required
def persona_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version of a persona, each with what it changed."""
    row = selectors.persona(pk)
    entries = selectors.persona_history(row, lexicon())
    context = {"persona": row, "entries": entries, **rights(request)}
    return render(request, "leads/qualifying/persona_history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(proposes)
def persona_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Begin a persona, or propose a new version of one."""
    row = selectors.persona(pk) if pk else None
    latest = selectors.latest_version(row) if row else None
    written = _Written(request, row, latest)
    if request.method == "POST" and written.is_valid() and attempt(written.form, written.keep):
        toast(request, _("Version proposed. A manager puts it in force."))
        return redirect("persona-detail", pk=written.kept.persona_id)
    status = 422 if request.method == "POST" else 200
    context = {
        "persona": row,
        "form": written.form,
        "criteria": written.criteria,
        "exclusions": written.exclusions,
        "journey": written.journey,
    }
    return render(request, "leads/qualifying/persona_edit.html", context, status=status)


class _Written:
    """The form of a persona with its rows of criteria, exclusions and steps."""

    kept: PersonaVersion

    def __init__(
        self, request: HttpRequest, row: Persona | None, latest: PersonaVersion | None
    ) -> None:
        self.request, self.row = request, row
        data = posted(request)
        rows: dict[str, Any] = {"terms": terms(KINDS_OF_PERSONAS), "lexicon": lexicon()}
        self.form = forms.PersonaForm(
            data, initial=forms.persona_initial(latest), is_new=row is None
        )
        self.criteria = criteria_rows(
            data, prefix="criteria", stored=latest.criteria if latest else [], **rows
        )
        self.exclusions = criteria_rows(
            data, prefix="exclusions", stored=latest.exclusions if latest else [], **rows
        )
        self.journey = forms.journey_rows(data, latest)

    def is_valid(self) -> bool:
        """Ask every part, so that all errors show at once."""
        parts = (self.form, self.criteria, self.exclusions, self.journey)
        valid = [part.is_valid() for part in parts]
        return all(valid)

    def keep(self) -> None:
        """Enter the service."""
        portrait = self.form.portrait(self.criteria, self.exclusions, self.journey)
        by: dict[str, Any] = {"actor": person(self.request), "at": time_source.now()}
        if self.row is not None:
            self.kept = services.propose_persona(self.row, portrait, **by)
            return
        data = self.form.cleaned_data
        self.kept = services.create_persona(data["name"], PersonaKind(data["kind"]), portrait, **by)


@require_POST
@requires(puts_in_force)
def persona_activate(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a proposed version in force; open leads are judged anew in the background."""
    changed = services.activate_personas([pk], actor=person(request), at=time_source.now())
    toast(request, _("The persona is in force.") if changed else _("It is in force already."))
    return redirect("persona-list")


@require_POST
@requires(proposes)
def persona_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a proposal back."""
    row = services.withdraw_persona(pk, actor=person(request), at=time_source.now())
    toast(request, _("Proposal withdrawn."))
    return redirect("persona-detail", pk=row.persona_id)


@require_POST
@requires(puts_in_force)
def persona_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a persona out of use, or back into it."""
    active = request.POST.get("active") == "yes"
    services.use_persona(pk, active=active, actor=person(request), at=time_source.now())
    toast(request, _("The persona is in use.") if active else _("The persona is out of use."))
    return redirect("persona-detail", pk=pk)
