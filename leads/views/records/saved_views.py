"""Saved views of the lists: keep, rename, share, delete."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views.access import member_required, person
from leads.enums import ViewReach
from leads.forms_views import ViewForm
from leads.models import SavedView
from leads.services.saved_views import (
    change_view,
    delete_view,
    own_view,
    save_view,
)
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import BadInput, NotAllowed


@require_POST
@member_required
def view_new(request: HttpRequest) -> HttpResponse:
    """Keep the list as it stands under a name."""
    user = person(request)
    form = ViewForm(request.POST, user=user)
    if form.is_valid():
        try:
            view = save_view(form.facts(), actor=user, at=time_source.now())
        except (BadInput, NotAllowed) as wrong:
            form.add_error("name", str(wrong))
        else:
            toast(request, _("The view “%(name)s” is kept.") % {"name": view.name})
            return HttpResponseRedirect(address_of(view))
    context = {"form": form, "here": reverse("saved-view-new")}
    return render(request, "leads/records/view.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def view_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a view, share it, or let it hold other filters."""
    user = person(request)
    view = own_view(pk, user)
    data = request.POST if request.method == "POST" else None
    form = ViewForm(data, user=user, initial=_initial(view))
    if form.is_valid():
        try:
            view = change_view(pk, form.facts(), actor=user)
        except (BadInput, NotAllowed) as wrong:
            form.add_error("name", str(wrong))
        else:
            toast(request, _("The view “%(name)s” is kept.") % {"name": view.name})
            return HttpResponseRedirect(address_of(view))
    context = {"form": form, "view": view, "here": request.path}
    status = 422 if form.is_bound else 200
    return render(request, "leads/records/view.html", context, status=status)


def _initial(view: SavedView) -> dict[str, Any]:
    reach = f"TEAM:{view.team_id}" if view.reach == ViewReach.TEAM else view.reach
    named = {"name": view.name, "query": view.query, "default_for": view.default_for}
    return {**named, "reach": reach}


@require_POST
@member_required
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a view; the leads in it stay what they are."""
    delete_view(pk, actor=person(request))
    toast(request, _("The view is deleted."), level=messages.INFO)
    return HttpResponseRedirect(f"{reverse('lead-list')}?view=0")


def address_of(view: SavedView) -> str:
    """Return where a view is looked at."""
    query = f"{view.query}&" if view.query else ""
    return f"{reverse(view.url_name)}?{query}view={view.pk}"
