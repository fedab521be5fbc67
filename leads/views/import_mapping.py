"""The mapping page: columns to fields, seen on the file's own rows before anything is done."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views.access import person, requires
from leads.file_rows import FileRow, file_rows
from leads.forms_imports import chosen, constant_fields
from leads.import_choices import Choices, with_words
from leads.import_preview import Previewer
from leads.mapping import offered
from leads.mapping_page import MappingPage
from leads.models import LeadImport
from leads.selectors import imports as seen
from leads.selectors.import_names import known_names, own_fields
from leads.services.imports import receiving, steering
from leads.sniffing import DELIMITERS, ENCODINGS
from leads.views.imports import brings_in
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import BadInput, Refused

ENCODING_WORDS = {
    "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16 LE", "utf-16-be": "UTF-16 BE",
    "cp1252": "Windows-1252", "latin-1": "Latin-1",
}  # fmt: skip
DELIMITER_WORDS = {
    ",": _lazy("comma ,"),
    ";": _lazy("semicolon ;"),
    "\t": _lazy("tab"),
    "|": _lazy("bar |"),
}
AHEAD = receiving.AHEAD


@require_http_methods(["GET", "HEAD", "POST"])
@requires(brings_in)
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """Columns to fields; each change shows the first rows anew, "Check file" goes on."""
    one = seen.the_import(pk)
    if one.state not in steering.MAPPABLE:
        return redirect("lead-import-page", pk=pk)
    if not receiving.path_of(one).is_file():
        toast(request, _("The file is no longer here. Upload it again."), level=messages.ERROR)
        return redirect("lead-imports")
    desk = Desk(one)
    if request.method != "POST":
        return desk.page(request, saved=seen.saved_mapping(one))
    if "guess" in request.POST:
        desk.choices = Choices.of(receiving.guessed(one))
        return desk.page(request)
    desk.choices = chosen(request.POST, one.columns, desk.fields, desk.choices)
    return desk.check(request) if "check" in request.POST else desk.page(request)


class Desk:
    """What lies before a person who maps a file: its first rows, the fields, his choices."""

    def __init__(self, one: LeadImport) -> None:
        self.one = one
        self.own = own_fields()
        self.fields = offered(self.own)
        self.choices = Choices.of(one.choices)
        rows = file_rows(receiving.path_of(one), one.kind, one.encoding, one.delimiter)
        self._rows: list[FileRow] = list(islice(rows, 1, AHEAD + 1))

    def check(self, request: HttpRequest) -> HttpResponse:
        """Keep the choices and check the file by them; on a refusal the page says why."""
        by, at = person(request), time_source.now()
        try:
            steering.check_file(self.one.pk, self._whole(), actor=by, at=at)
        except BadInput as refusal:
            return self.page(request, error=str(refusal), status=422)
        return redirect("lead-import-page", pk=self.one.pk)

    def page(
        self, request: HttpRequest, *, error: str = "", status: int = 200, saved: Any = None
    ) -> HttpResponse:
        """The page for the present choices."""
        choices, cells = self._whole(), self._cells()
        codes = {*choices.fields.values(), *(one.code for one in constant_fields(self.fields))}
        names = known_names(sorted(codes))
        page = MappingPage(self.one, choices, cells, self.fields, names)
        previewer = Previewer(
            self.one.columns, choices, own=self.own, is_unknown=names.is_unknown
        )  # fmt: skip
        context = {
            "one": self.one,
            "page": page,
            "choices": choices,
            "preview": previewer.look(self._rows, page.label_of),
            "names": names.names,
            "error": error,
            "saved": saved,
            "encodings": list(ENCODING_WORDS.items()),
            "delimiters": list(DELIMITER_WORDS.items()),
        }
        return render(request, "leads/imports/mapping.html", context, status=status)

    def _whole(self) -> Choices:
        """The choices, with a guess for every word that they say nothing of."""
        return with_words(self.choices, self.one.columns, self._cells())

    def _cells(self) -> list[list[str]]:
        """The first rows, and after a check a row for each word that came further down."""
        rows = [row.cells for row in self._rows]
        head = self.choices.column_of("stage")
        if self.one.total is None or head not in self.one.columns:
            return rows
        place = self.one.columns.index(head)
        known = {row[place].strip() for row in rows}
        blank = [""] * len(self.one.columns)
        further = [word for word in seen.words_in(self.one, place) if word not in known]
        return rows + [[*blank[:place], word, *blank[place + 1 :]] for word in further]


@require_POST
@requires(brings_in)
def reread(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the file with another encoding or delimiter."""
    encoding, delimiter = request.POST.get("encoding", ""), request.POST.get("delimiter", "")
    try:
        if encoding not in ENCODINGS or delimiter not in DELIMITERS:
            raise BadInput(_("Choose an encoding and a delimiter."))
        receiving.read_otherwise(
            pk, encoding=encoding, delimiter=delimiter, actor=person(request), at=time_source.now()
        )
    except (BadInput, Refused) as refusal:
        toast(request, str(refusal), level=messages.ERROR)
    return redirect("lead-import-mapping", pk=pk)
