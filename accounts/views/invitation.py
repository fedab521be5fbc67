"""Accepting an invitation: the link of the mail, a name, a password, and in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms.people import AcceptForm
from accounts.forms.refusals import attempt
from accounts.models import User
from accounts.selectors.people import the_organisation
from accounts.services.invitations import accept_invitation, invited_person
from accounts.views.answers import posted
from accounts.views.sign_in import sign_in
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import NotFound


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, user_id: int, secret: str) -> HttpResponse:
    """Ask for name and password; then the person is in."""
    try:
        invited = invited_person(user_id, secret, at=time_source.now())
    except NotFound:
        # One answer for wrong, old, used and renewed links: it tells nobody who is invited.
        return render(request, "accounts/invitation_gone.html", status=410)
    with translation.override(invited.language):
        return _accept(request, invited, secret)


def _accept(request: HttpRequest, invited: User, secret: str) -> HttpResponse:
    form = AcceptForm(posted(request), initial={"name": invited.name})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        done = attempt(
            form,
            lambda: accept_invitation(invited.pk, secret, **facts, at=time_source.now()),
        )
        if done:
            sign_in(request, User.objects.get(pk=invited.pk))
            toast(request, _("Welcome, %(name)s.") % {"name": facts["name"]})
            return redirect("today")
    context = {"form": form, "invited": invited, "organisation": the_organisation()}
    status = 422 if form.errors else 200
    return render(request, "accounts/invitation.html", context, status=status)
