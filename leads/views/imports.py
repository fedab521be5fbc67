"""Bring a file in: upload, map, check, run, report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.keyset import key_from, key_to
from accounts.rules import standing
from accounts.views.access import person, requires
from leads import rules
from leads.enums.imports import ImportPhase, ImportState
from leads.file_rows import check_limits
from leads.import_words import kind_in_words
from leads.models import LeadImport
from leads.selectors import imports as seen
from leads.selectors.import_pages import Key, page_of_files
from leads.services.imports import receiving, steering, undoing
from leads.sniffing import MOST_BYTES, MOST_COLUMNS, MOST_ROWS
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import BadInput, NotFound, Refused

PIECE = 65_536
RAW = "application/octet-stream"


def brings_in(user: Any) -> bool:
    """Tell whether the person may bring files in."""
    return rules.imports_history(standing(user))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(brings_in)
def imports(request: HttpRequest) -> HttpResponse:
    """The imports so far; a posted file begins another."""
    if request.method != "POST":
        return _list(request)
    raw = request.content_type == RAW
    try:
        name, pieces = _posted_file(request)
        by, at = person(request), time_source.now()
        one = receiving.receive_file(pieces, name=name, actor=by, at=at)
    except BadInput as refusal:
        if raw:
            return JsonResponse({"error": str(refusal)}, status=422)
        return _list(request, error=str(refusal), status=422)
    url = reverse("lead-import-mapping", args=[one.pk])
    return JsonResponse({"url": url}, status=201) if raw else redirect(url)


def _posted_file(request: HttpRequest) -> tuple[str, Iterator[bytes]]:
    """Return name and pieces of the file: as the body itself, else as a field of a form."""
    if request.content_type == RAW:
        kind = "XLSX" if request.headers.get("X-File-Name", "").endswith(".xlsx") else "CSV"
        check_limits(kind, int(request.headers.get("Content-Length") or 1), 0)
        name = unquote(request.headers.get("X-File-Name", ""))
        return name, iter(lambda: request.read(PIECE), b"")
    file = request.FILES.get("file")
    if file is None or isinstance(file, list):
        raise BadInput(_("Choose a file."))
    return file.name or "", file.chunks(PIECE)


def _list(request: HttpRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    after = request.GET.get("after", "")
    known = key_from(after, (datetime.fromisoformat, int))
    if after and known is None:
        raise NotFound(_("This place in the list is not known."))
    rows, last = page_of_files((known[0], known[1]) if known else None)
    context = {
        "imports": rows,
        "first_page": reverse("lead-imports") if known else "",
        "next_page": _following(last),
        "error": error,
        "most_csv": MOST_ROWS["CSV"],
        "most_xlsx": MOST_ROWS["XLSX"],
        "most_columns": MOST_COLUMNS,
        "most_bytes": MOST_BYTES["CSV"],
        "most_mb": MOST_BYTES["CSV"] // 1_000_000,
    }
    return render(request, "leads/imports/list.html", context, status=status)


def _following(last: Key | None) -> str:
    key = key_to((last[0].isoformat(), last[1])) if last else ""
    return f"?{urlencode({'after': key})}" if key else ""


@require_safe
@requires(brings_in)
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: what is to be decided, how far it is, what came of it."""
    one = seen.the_import(pk)
    if one.state == ImportState.UPLOADED:
        return redirect("lead-import-mapping", pk=pk)
    return render(request, "leads/imports/page.html", _facts(one))


@require_safe
@requires(brings_in)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes; it asks again while a job is at it."""
    return render(request, "leads/imports/_progress.html", _facts(seen.the_import(pk)))


def _facts(one: LeadImport) -> dict[str, Any]:
    told = seen.progress_of(one)
    told_of = ImportPhase.RUN if one.state in seen.AFTER_RUN else ImportPhase.CHECK
    counts = seen.counts_of(one, told_of)
    return {
        "one": one,
        "progress": told,
        "counts": counts,
        "is_moving": seen.is_moving(one),
        "problems": [] if seen.is_moving(one) else seen.problems_of(one, told_of),
        "kinds": [] if seen.is_moving(one) else _kinds(one, told_of),
        "most_problems": seen.SHOWN,
        "is_check": told_of == ImportPhase.CHECK,
    }


def _kinds(one: LeadImport, phase: ImportPhase) -> list[tuple[str, str, int]]:
    told = seen.kinds_of_problems(one, phase)
    return [(column, kind_in_words(code), n) for column, code, n in told]


def _verb(act: Callable[[HttpRequest, int], str]) -> Callable[..., HttpResponseBase]:
    """Make a posted verb of an import: done, or refused in words; back to its page either way."""

    @require_POST
    @requires(brings_in)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        try:
            toast(request, act(request, pk))
        except Refused as refusal:
            toast(request, str(refusal), level=messages.ERROR)
        return redirect("lead-import-page", pk=pk)

    view.__doc__ = act.__doc__
    return view


def _run(request: HttpRequest, pk: int) -> str:
    """Bring the checked rows in."""
    steering.run_import(pk, actor=person(request), at=time_source.now())
    return _("The rows are coming in. You can leave this page.")


def _pause(request: HttpRequest, pk: int) -> str:
    """Pause the run."""
    steering.pause_import(pk, actor=person(request))
    return _("Paused.")


def _resume(request: HttpRequest, pk: int) -> str:
    """Go on with the run."""
    steering.resume_import(pk, actor=person(request))
    return _("It goes on.")


def _stop(request: HttpRequest, pk: int) -> str:
    """Stop and keep what is in."""
    steering.stop_import(pk, actor=person(request), at=time_source.now())
    return _("Stopped.")


run, pause, resume = _verb(_run), _verb(_pause), _verb(_resume)
stop = _verb(_stop)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(brings_in)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """What taking the import out again would do; posted, it is done in the background."""
    try:
        if request.method == "POST":
            undoing.undo_import(pk, actor=person(request), at=time_source.now())
            toast(request, _("The rows are being taken out. You can leave this page."))
            return redirect("lead-import-page", pk=pk)
        preview = undoing.preview_undo(pk, actor=person(request))
    except Refused as refusal:
        toast(request, str(refusal), level=messages.ERROR)
        return redirect("lead-import-page", pk=pk)
    context = {
        "one": seen.the_import(pk),
        "preview": preview,
        "kept": seen.leads_named(preview.kept),
    }
    return render(request, "leads/imports/undo.html", context)


@require_POST
@requires(brings_in)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a file that never ran."""
    try:
        steering.discard_import(pk, actor=person(request))
    except Refused as refusal:
        toast(request, str(refusal), level=messages.ERROR)
        return redirect("lead-import-page", pk=pk)
    toast(request, _("The file is discarded."))
    return redirect("lead-imports")


@require_safe
@requires(brings_in)
def rejects(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The refused rows as CSV, each with its reason; corrected, they can be uploaded again."""
    one = seen.the_import(pk)
    response = StreamingHttpResponse(seen.rejected_rows(one), content_type="text/csv")
    stem = "".join(c if c.isalnum() and c.isascii() else "-" for c in one.name.rpartition(".")[0])
    response["Content-Disposition"] = f'attachment; filename="{stem or "file"}-refused.csv"'
    return response
