"""A file arrives: streamed to the private folder under a name of ours, looked at on the way."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import standing
from leads.enums.imports import ImportState
from leads.file_rows import check_limits, check_workbook, file_rows
from leads.import_choices import REFUSED_HEAD, Choices, guess
from leads.models import ImportChunk, ImportRow, LeadImport, SavedMapping
from leads.rules import imports_history
from leads.selectors.import_names import offered_own
from leads.selectors.organisation import house_zone
from leads.services.imports.ledger import locked
from leads.sniffing import HEAD, Sniffer, fingerprint, heads_of, sniff_delimiter
from smarketing.errors import BadInput, NotAllowed, Refused

SAMPLE = 20
AHEAD = 1_000
LONGEST_SHOWN = 200
FOLDER = "imports"


def folder() -> Path:
    """Return the folder of uploads; nobody but the product reads it."""
    path = Path(settings.PRIVATE_ROOT) / FOLDER
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def path_of(one: LeadImport) -> Path:
    """Return where the file of an import lies."""
    return folder() / one.stored


def require_right(actor: User) -> None:
    """Raise NotAllowed for a person without the right `import_history`."""
    if not imports_history(standing(actor)):
        raise NotAllowed(_("Your role does not include bringing in files."))


def receive_file(
    pieces: Iterable[bytes], *, name: str, actor: User, at: datetime
) -> LeadImport:  # fmt: skip
    """Keep the file that comes in `pieces`; return the import that waits for its mapping.

    Raises NotAllowed without the right, BadInput with the reason for a file that is too large or
    cannot be read; then nothing of it is kept.
    """
    require_right(actor)
    stored = secrets.token_hex(20)
    path = folder() / stored
    try:
        sniffer = _write(path, pieces)
        check_limits(sniffer.kind, sniffer.size, sniffer.longest_line)
        if sniffer.kind == "XLSX":
            check_workbook(path)
        one = LeadImport(
            name=Path(name.replace("\\", "/")).name.replace("\x00", "")[:200] or stored,
            stored=stored,
            kind=sniffer.kind,
            size=sniffer.size,
            encoding="" if sniffer.kind == "XLSX" else sniffer.encoding,
            created_by=actor,
            created_at=at,
        )
        _look(one, path, sniffer.head)
        one.choices = _first_choices(one)
        one.save()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return one


def _write(path: Path, pieces: Iterable[bytes]) -> Sniffer:
    """Write the file as it comes; stop as soon as it is too large."""
    sniffer = Sniffer()
    with path.open("xb") as file:
        path.chmod(0o600)
        for piece in pieces:
            sniffer.feed(piece)
            check_limits(sniffer.kind, max(sniffer.size, 1), sniffer.longest_line)
            file.write(piece)
    return sniffer


def _look(one: LeadImport, path: Path, head: bytes) -> None:
    """Read the heads and the first rows."""
    if one.kind == "CSV" and not one.delimiter:
        one.delimiter = sniff_delimiter(head[:HEAD].decode(one.encoding, "replace"))
    rows = file_rows(path, one.kind, one.encoding, one.delimiter)
    header = next(rows, None)
    if header is None:
        raise BadInput(_("The file is empty."))
    one.columns = heads_of(header.cells)
    kept = [head for head in one.columns if head != REFUSED_HEAD]
    one.fingerprint = fingerprint(kept)
    one.sample = [[cell[:LONGEST_SHOWN] for cell in row.cells] for row in islice(rows, SAMPLE)]
    if not one.sample:
        raise BadInput(_("The file has a header and no row."))


def rows_ahead(one: LeadImport) -> list[list[str]]:
    """Return the first thousand rows of the file, from which values and formats are known."""
    rows = file_rows(path_of(one), one.kind, one.encoding, one.delimiter)
    return [row.cells for row in islice(rows, 1, AHEAD + 1)]


def _first_choices(one: LeadImport) -> dict[str, object]:
    """Return what was chosen for the last file with these heads, else a guess."""
    saved = SavedMapping.objects.filter(fingerprint=one.fingerprint).first()
    if saved is not None:
        return Choices.of(saved.choices).for_heads(one.columns).stored()
    return guessed(one)


def guessed(one: LeadImport) -> dict[str, object]:
    """Return what heads and first rows of the file make likely."""
    own = offered_own()
    return guess(one.columns, rows_ahead(one), zone=house_zone(), own=own).stored()


@transaction.atomic
def read_otherwise(
    pk: int, *, encoding: str, delimiter: str, actor: User, at: datetime
) -> LeadImport:
    """Read a CSV file with another encoding or delimiter; the mapping begins anew.

    Raises Refused once it runs, BadInput when it cannot be read so.
    """
    require_right(actor)
    one = locked(pk)
    if one.kind != "CSV" or one.state not in (ImportState.UPLOADED, ImportState.CHECKED):
        raise Refused(_("This file can no longer be read otherwise."), code="too_late")
    one.encoding, one.delimiter, one.total = encoding, delimiter, None
    _look(one, path_of(one), b"")
    one.choices, one.state = _first_choices(one), ImportState.UPLOADED
    ImportRow.objects.filter(lead_import=one).delete()
    ImportChunk.objects.filter(lead_import=one).delete()
    one.save()
    return one
