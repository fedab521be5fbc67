"""The start of the settings, the organisation, the teams."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import rules
from accounts.forms.refusals import attempt
from accounts.forms.settings import OrganisationForm, TeamForm
from accounts.models import Team, User
from accounts.selectors import people as selectors
from accounts.services import teams as services
from accounts.views.access import person, requires, signed_in
from accounts.views.answers import form_page, posted
from shell.toasts import toast
from smarketing.registry import settings_pages


@require_safe
@signed_in
def settings_index(request: HttpRequest) -> HttpResponse:
    """All settings that the reader may open, by section."""
    sections: dict[str, list[object]] = {}
    for entry in settings_pages.for_user(request.user):
        sections.setdefault(str(entry.section), []).append(entry)
    return render(request, "settings/index.html", {"sections": sections})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(rules.is_administrator)
def organisation(request: HttpRequest) -> HttpResponse:
    """The organisation's own settings."""
    form = OrganisationForm(posted(request), instance=selectors.the_organisation())
    if request.method == "POST" and form.is_valid():
        form.save()
        toast(request, _("Saved."))
        return redirect("settings-organisation")
    return form_page(request, "settings/organisation.html", form)


@require_safe
@requires(rules.can_manage_people)
def teams(request: HttpRequest) -> HttpResponse:
    """The tree of teams."""
    rows = selectors.team_tree(selectors.teams_with_counts(person(request)))
    may_create = rules.can_manage_people(request.user)
    return render(request, "settings/teams.html", {"rows": rows, "may_create": may_create})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(rules.can_manage_people)
def team_new(request: HttpRequest) -> HttpResponse:
    """Make a team."""
    reader = person(request)
    form = _form(request, Team(), reader)

    def create() -> None:
        services.create_team(**form.cleaned_data, by=reader)

    if request.method == "POST" and form.is_valid() and attempt(form, create):
        toast(request, _("Team %(name)s created.") % {"name": form.cleaned_data["name"]})
        return redirect("settings-teams")
    return form_page(request, "settings/team.html", form, team=None, may_place=True)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(rules.can_manage_people)
def team_page(request: HttpRequest, team_id: int) -> HttpResponse:
    """Change a team."""
    reader = person(request)
    team = get_object_or_404(selectors.managed_teams(reader), pk=team_id)
    form = _form(request, team, reader)

    def change() -> None:
        services.change_team(team, **form.cleaned_data, by=reader)

    if request.method == "POST" and form.is_valid() and attempt(form, change):
        toast(request, _("Saved."))
        return redirect("settings-teams")
    may_place = rules.can_place_team(reader, team.parent_id)
    people = selectors.people_of(team)
    return form_page(
        request, "settings/team.html", form, team=team, may_place=may_place, people=people
    )


@require_POST
@requires(rules.can_manage_people)
def team_remove(request: HttpRequest, team_id: int) -> HttpResponse:
    """Remove a team that nothing refers to."""
    reader = person(request)
    team = get_object_or_404(selectors.managed_teams(reader), pk=team_id)
    services.remove_team(team, by=reader)
    toast(request, _("Team %(name)s removed.") % {"name": team.name})
    return redirect("settings-teams")


def _form(request: HttpRequest, team: Team, reader: User) -> TeamForm:
    """The form with the parents that `reader` may choose; what he may not change is fixed."""
    form = TeamForm(posted(request), instance=team, parents=selectors.managed_teams(reader))
    if team.pk and not rules.can_place_team(reader, team.parent_id):
        form.fix_place()
    elif not rules.is_administrator(reader):
        form.require_parent()
    return form
