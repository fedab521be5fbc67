"""What both teams say to a version that waits for its signatures."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views.access import member_required, person
from shell.toasts import toast
from sla.forms_agreement import VersionCommentForm
from sla.selectors import versions
from sla.services import writing
from smarketing import time_source
from smarketing.errors import BadInput, Refused


@require_POST
@member_required
def version_comment(request: HttpRequest, number: int) -> HttpResponse:
    """Say something to a clause of a proposed version."""
    version, form = versions.version_numbered(number), VersionCommentForm(request.POST)
    if not form.is_valid():
        toast(request, _("Write something first."), level=messages.ERROR)
        return redirect("agreement-version", number=number)
    try:
        section, text = form.said()
        writing.comment(version, section, text, author=person(request), at=time_source.now())
        toast(request, _("Comment added."))
    except (Refused, BadInput) as refusal:
        toast(request, refusal.message, level=messages.ERROR)
    return redirect("agreement-version", number=number)


@require_POST
@member_required
def version_settle(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Mark a comment as dealt with."""
    version = versions.version_numbered(number)
    try:
        writing.settle_comment(version, pk, actor=person(request), at=time_source.now())
    except Refused as refusal:
        toast(request, refusal.message, level=messages.ERROR)
    return redirect("agreement-version", number=number)
