"""The way back within the window: the toast's Undo posts here."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.views.access import member_required, person
from leads.services.undoing import Undone, undo
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import NotFound, Refused


@require_POST
@member_required
def lead_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what this person has just done; too late or too much changed is told."""
    try:
        undone = undo(pk, actor=person(request), at=time_source.now())
    except (Refused, NotFound) as refused:
        toast(request, str(refused), level=messages.ERROR)
    else:
        toast(request, _told(undone), level=messages.INFO)
    return HttpResponseRedirect(_back(request))


def _told(undone: Undone) -> str:
    """Say what is as it was."""
    if len(undone.leads) == 1:
        (lead,) = undone.leads
        names = {"name": lead.contact.name, "stage": lead.get_stage_display()}
        return _("Undone: %(name)s is at %(stage)s again.") % names
    n = len(undone.leads)
    return ngettext(
        "Undone: %(n)d lead is as it was.", "Undone: %(n)d leads are as they were.", n
    ) % {"n": n}


def _back(request: HttpRequest) -> str:
    """Return the page of ours that the person looks at."""
    came_from = request.headers.get("Referer", "")
    hosts = {request.get_host()}
    if came_from and url_has_allowed_host_and_scheme(came_from, hosts, request.is_secure()):
        parts = urlsplit(came_from)
        if parts.path != reverse("lead-bulk"):
            return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return reverse("lead-list")
