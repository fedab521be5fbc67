"""Taking back what a changed calendar moved."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.rules import can_edit_calendar, can_manage_people
from accounts.views.access import person, requires
from shell.toasts import toast
from sla.models import Recalculation
from sla.services.recalculating import undo_recalculation
from smarketing import time_source
from smarketing.errors import NotAllowed, Refused


@require_POST
@requires(can_manage_people)
def recalculation_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Put due instants back as they were before a calendar changed; the calendar stays."""
    row = get_object_or_404(Recalculation.objects.select_related("calendar"), pk=pk)
    if not can_edit_calendar(person(request), row.calendar):
        raise NotAllowed(_("Others work by this calendar too; an administrator changes it."))
    try:
        count = undo_recalculation(pk, actor=person(request), at=time_source.now())
    except Refused as refusal:
        toast(request, refusal.message, level=messages.ERROR)
    else:
        words = ngettext(
            "%(n)d clock is due again when it was. The calendar stays as saved.",
            "%(n)d clocks are due again when they were. The calendar stays as saved.",
            count,
        )
        toast(request, words % {"n": count})
    return redirect("settings-calendar", pk=row.calendar_id)
