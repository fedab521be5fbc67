"""Users in the settings: the list, one person, invitations, leaving and coming back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import rules
from accounts.forms.people import (
    InviteForm,
    PeopleFilterForm,
    PersonForm,
    RolesForm,
    WorkingTimeForm,
)
from accounts.forms.refusals import attempt
from accounts.keyset import key_from, key_to
from accounts.models import User
from accounts.selectors import people as selectors
from accounts.services import invitations
from accounts.services import people as services
from accounts.services.roles import change_roles
from accounts.views.access import person, requires
from accounts.views.answers import form_page, list_page, page_link, posted
from shell.toasts import toast
from smarketing import time_source

PAGE = 50


@require_safe
@requires(rules.can_manage_people)
def people_list(request: HttpRequest) -> HttpResponse:
    """The people whose settings the reader may open, filtered by the query string."""
    reader = person(request)
    form = PeopleFilterForm(request.GET, teams=selectors.managed_teams(reader))
    form.is_valid()
    found, following = selectors.people_page(
        selectors.filter_people(selectors.managed_people(reader), form.cleaned_data),
        after=key_from(request.GET.get("after"), (str, int)),
        limit=PAGE,
    )
    context = {
        "people": found,
        "form": form,
        "filtered": any(form.cleaned_data.values()),
        "first_page": page_link(request) if "after" in request.GET else "",
        "next_page": page_link(request, after=key_to(following)) if following else "",
    }
    return list_page(request, "settings/users.html", "settings/_users.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(rules.can_manage_people)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody by mail, with roles."""
    reader = person(request)
    initial = {"language": selectors.the_organisation().language}
    form = InviteForm(posted(request), by=reader, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, lambda: _invite(form, reader))
    ):
        name = form.cleaned_data["name"]
        toast(request, _("%(name)s is invited. The link is on its way.") % {"name": name})
        return redirect("settings-users")
    return form_page(request, "settings/user_invite.html", form)


def _invite(form: InviteForm, by: User) -> None:
    facts = form.cleaned_data
    invitations.invite(
        email=facts["email"],
        name=facts["name"],
        language=facts["language"],
        roles=form.wanted,
        by=by,
        at=time_source.now(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(rules.can_manage_people)
def person_page(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person: who he is, what he holds, what he has open; a POST corrects name and address."""
    reader, shown = person(request), _managed(request, user_id)
    initial = {"name": shown.name, "email": shown.email}
    form = PersonForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        if attempt(form, lambda: services.change_person(shown, **facts, by=reader)):
            toast(request, _("Saved."))
            return redirect("settings-user", shown.pk)
        shown.refresh_from_db()
    roles = RolesForm(by=reader, person=shown)
    return _person_answer(request, shown, form=form, roles=roles, wrong=bool(form.errors))


@require_POST
@requires(rules.can_manage_people)
def person_roles(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give and take roles."""
    reader, shown = person(request), _managed(request, user_id)
    roles = RolesForm(request.POST, by=reader, person=shown)
    if roles.is_valid() and attempt(
        roles,
        lambda: change_roles(shown, roles.wanted, by=reader, at=time_source.now()),
    ):
        toast(request, _("Roles saved."))
        if selectors.managed_people(reader).filter(pk=shown.pk).exists():
            return redirect("settings-user", shown.pk)
        return redirect("settings-users")
    form = PersonForm(initial={"name": shown.name, "email": shown.email})
    return _person_answer(request, shown, form=form, roles=roles, wrong=True)


@require_POST
@requires(rules.can_manage_people)
def person_working_time(request: HttpRequest, user_id: int) -> HttpResponse:
    """Choose the calendar by which the person works."""
    reader, shown = person(request), _managed(request, user_id)
    hours = WorkingTimeForm(request.POST)
    if hours.is_valid():
        calendar = hours.cleaned_data["calendar"]
        services.change_working_time(shown, calendar, by=reader, at=time_source.now())
        toast(request, _("Working time saved."))
        return redirect("settings-user", shown.pk)
    form = PersonForm(initial={"name": shown.name, "email": shown.email})
    roles = RolesForm(by=reader, person=shown)
    return _person_answer(request, shown, form=form, roles=roles, hours=hours, wrong=True)


@require_POST
@requires(rules.can_manage_people)
def renew_invitation(request: HttpRequest, user_id: int) -> HttpResponse:
    """Send the link again; the old one dies."""
    shown = _managed(request, user_id)
    invitations.renew_invitation(shown, by=person(request), at=time_source.now())
    toast(request, _("A new link is on its way to %(email)s.") % {"email": shown.email})
    return redirect("settings-user", shown.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(rules.is_administrator)
def deactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show what the person would leave open; a POST closes the account."""
    shown = _managed(request, user_id)
    if request.method == "POST":
        left = services.deactivate(shown, by=person(request), at=time_source.now())
        words = _("%(name)s is deactivated and signed out.")
        if left:
            words += " " + _("The open work below waits for somebody else.")
        toast(request, words % {"name": shown.name})
        return redirect("settings-user", shown.pk)
    context = {"shown": shown, "open_work": selectors.open_work_of(shown)}
    return render(request, "settings/user_deactivate.html", context)


@require_POST
@requires(rules.is_administrator)
def reactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Open the account again."""
    shown = _managed(request, user_id)
    services.reactivate(shown, by=person(request))
    toast(request, _("%(name)s may sign in again.") % {"name": shown.name})
    return redirect("settings-user", shown.pk)


def _managed(request: HttpRequest, user_id: int) -> User:
    return get_object_or_404(selectors.managed_people(person(request)), pk=user_id)


def _person_answer(
    request: HttpRequest,
    shown: User,
    *,
    form: PersonForm,
    roles: RolesForm,
    hours: WorkingTimeForm | None = None,
    wrong: bool,
) -> HttpResponse:
    context = {
        "shown": shown,
        "form": form,
        "roles": roles,
        "hours": hours or WorkingTimeForm(initial={"calendar": shown.calendar_id}),
        "may_set_hours": rules.can_set_working_time_of(request.user, shown),
        "may_correct": rules.is_administrator(request.user),
        "open_work": selectors.open_work_of(shown),
        "absences": shown.absences.select_related("deputy").order_by("-last_on")[:5],
        "headed": shown.headed_teams.all(),
    }
    return render(request, "settings/user.html", context, status=422 if wrong else 200)
