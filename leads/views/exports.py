"""Exports: a list as a file, at once or when it is written; the files of one's own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import standing
from accounts.views.access import person, requires
from leads.enums.out import ExportedList, ExportFormat, ExportState
from leads.filters import organisation_zone
from leads.forms_out import ExportForm
from leads.models import ExportFile
from leads.rules import exports_lists
from leads.services.exports import begin_export, bytes_of, open_file, sent_csv, sent_xlsx
from leads.views.lists import PLACE, with_defaults
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import BadInput

MOST_SHOWN = 50
TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.JSON: "application/json",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LISTS = {
    ExportedList.LEADS: "lead-list",
    ExportedList.CONTACTS: "contact-list",
    ExportedList.COMPANIES: "company-list",
}


def may_export(user: Any) -> bool:
    """Tell whether the person may take lists out as files."""
    return exports_lists(standing(user))


@require_POST
@requires(may_export)
def export_new(request: HttpRequest) -> HttpResponseBase:
    """Export the list at the address given: a short one is the answer, a long one is written."""
    form = ExportForm(request.POST)
    if not form.is_valid():
        fields = {name: list(why) for name, why in form.errors.items()}
        raise BadInput(_("There is no such list or kind of file."), fields=fields)
    of_list = ExportedList(form.cleaned_data["of_list"])
    query = _address(of_list, form.cleaned_data["query"])
    at = time_source.now()
    try:
        export = begin_export(person(request), form.asked(query, get_language() or "en"), at=at)
    except BadInput as wrong:
        toast(request, wrong, level=messages.ERROR)
        return redirect(f"{reverse(LISTS[of_list])}?{query}")
    if export.state == ExportState.SENT:
        return sent(export)
    toast(request, _("The file is being written. You get a notice when it is ready."))
    return redirect("export-list")


def _address(of_list: ExportedList, query: str) -> str:
    """Return the address of a list without the place in it, its defaults spelled out."""
    asked = QueryDict(query, mutable=True)
    for key in (*PLACE, "columns", "view"):
        asked.pop(key, None)
    return with_defaults(asked).urlencode() if of_list == ExportedList.LEADS else asked.urlencode()


def sent(export: ExportFile) -> HttpResponseBase:
    """Return a short export as a file that is read while it is sent."""
    at = export.created_at
    if export.file_format == ExportFormat.XLSX:
        return with_headers(FileResponse(sent_xlsx(export, at=at)), export)
    return with_headers(StreamingHttpResponse(sent_csv(export, at=at)), export)


def with_headers(response: HttpResponseBase, export: ExportFile) -> HttpResponseBase:
    """Name the file in `response`, which no cache keeps."""
    day = export.created_at.astimezone(organisation_zone())
    kind = ExportFormat(export.file_format)
    name = f"{export.of_list.lower()}-{day:%Y-%m-%d-%H%M}.{kind.value.lower()}"
    response["Content-Type"] = TYPES[kind]
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@requires(may_export)
def export_list(request: HttpRequest) -> HttpResponse:
    """The files that this person took out, and those that wait for him."""
    rows = ExportFile.objects.filter(owner=person(request)).order_by("-created_at", "-id")
    exports = list(rows[:MOST_SHOWN])
    waiting = any(export.state == ExportState.WAITING for export in exports)
    context = {"exports": exports, "waiting": waiting}
    return render(request, "leads/out/exports.html", context)


@require_safe
@requires(may_export)
def export_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A finished file, for its owner alone, until it expires."""
    export = open_file(person(request), pk, at=time_source.now())
    response = StreamingHttpResponse(bytes_of(export))
    response["Content-Length"] = str(export.size)
    return with_headers(response, export)
