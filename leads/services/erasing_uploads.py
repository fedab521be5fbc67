"""What an erasure takes out of imports: staged rows, samples, problems told, files as uploaded."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from leads.enums.imports import ImportState
from leads.models import ImportChunk, ImportRow, LeadImport
from leads.services.imports.receiving import folder, path_of
from leads.services.sweeping import GONE

# A shorter id stands in cells that mean something else.
TELLING_ID = 4
PIECE = 1 << 20
# States in which the file may still be read.
UNREAD = (ImportState.UPLOADED, ImportState.CHECKING)


def scrub_uploads(emails: Sequence[str], ids: Sequence[str]) -> int:
    """Take people out of every import, known by their e-mails and ids in other systems; return the
    rows touched.

    Their staged rows and what was said of them go. A file in which one of them stands is removed
    when the transaction is over; an import that had not read it yet ends, and says why.
    """
    words = [*emails, *(one for one in ids if len(one) >= TELLING_ID)]
    if not words:
        return 0
    rows = _staged(words)
    touched = _unsay(rows) + _shorten_samples(words)
    ImportRow.objects.filter(pk__in=[pk for pk, _import, _number in rows]).delete()
    _remove_files({lead_import for _pk, lead_import, _number in rows}, words)
    return touched + len(rows)


def _staged(words: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return (id, import, number) of the staged rows with one of `words`; an id is a whole cell."""
    told = ImportRow.objects.alias(told=Cast("cells", TextField()))
    rows = told.filter(_holds(words)).order_by("id")
    return list(rows.values_list("id", "lead_import_id", "number"))


def _holds(words: Iterable[str]) -> Q:
    holds = Q()
    for word in words:
        written = json.dumps(word, ensure_ascii=False)
        holds |= Q(told__icontains=word if "@" in word else written)
    return holds


def _unsay(rows: Sequence[tuple[int, int, int]]) -> int:
    """Blank what the ledgers say about rows: their problems quote them."""
    numbers: dict[int, set[int]] = {}
    for _pk, lead_import, number in rows:
        numbers.setdefault(lead_import, set()).add(number)
    changed = []
    chunks = ImportChunk.objects.filter(lead_import__in=numbers).exclude(problems=[])
    for chunk in chunks.only("lead_import_id", "problems"):
        of_him = numbers[chunk.lead_import_id]
        if any(one["row"] in of_him for one in chunk.problems):
            chunk.problems = [
                {**one, "message": GONE} if one["row"] in of_him else one for one in chunk.problems
            ]
            changed.append(chunk)
    return ImportChunk.objects.bulk_update(changed, ["problems"])


def _shorten_samples(words: Sequence[str]) -> int:
    """Take the rows of people out of what the mapping page shows."""
    lowered = [word.lower() for word in words]
    told = LeadImport.objects.alias(told=Cast("sample", TextField())).filter(_holds(words))
    changed = []
    for one in told.only("sample"):
        one.sample = [row for row in one.sample if not _is_about(row, lowered)]
        changed.append(one)
    return LeadImport.objects.bulk_update(changed, ["sample"])


def _is_about(row: Sequence[str], words: Sequence[str]) -> bool:
    cells = [cell.strip().lower() for cell in row]
    return any(word in cells or ("@" in word and word in " ".join(cells)) for word in words)


def _remove_files(holding: set[int], words: Sequence[str]) -> None:
    """Remove the files of imports known to hold them, and those not read yet that do."""
    rows = LeadImport.objects.select_for_update(of=("self",)).exclude(stored="").order_by("id")
    asked = rows.filter(Q(pk__in=holding) | Q(state__in=UNREAD, total__isnull=True))
    for one in asked.defer("sample", "choices", "mapping"):
        if one.pk in holding or stands_in(path_of(one), one.encoding, words):
            _remove(one)


def _remove(one: LeadImport) -> None:
    path = path_of(one)
    one.stored = ""
    if one.total is None and one.state in UNREAD:
        one.state = ImportState.FAILED
        one.failure = _("The file held a person who was erased. Take the row out, upload it again.")
    one.save(update_fields=["stored", "state", "failure"])
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def stands_in(path: Path, encoding: str, words: Iterable[str]) -> bool:
    """Tell whether a file holds one of `words`, read piece by piece; without an `encoding` it is a
    workbook, whose parts are looked through."""
    lowered = [word.lower() for word in words]
    if not path.is_file() or path == folder():
        return False
    try:
        if encoding:
            with path.open(encoding=encoding, errors="replace") as text:
                return _in_pieces(iter(lambda: text.read(PIECE), ""), lowered)
        with zipfile.ZipFile(path) as packed:
            return any(_in_part(packed, name, lowered) for name in packed.namelist())
    except (OSError, zipfile.BadZipFile, LookupError):
        return True  # what cannot be looked through is not kept


def _in_part(packed: zipfile.ZipFile, name: str, words: Sequence[str]) -> bool:
    if not name.endswith(".xml"):
        return False
    with packed.open(name) as part:
        pieces = iter(lambda: part.read(PIECE).decode("utf-8", "replace"), "")
        return _in_pieces(pieces, words)


def _in_pieces(pieces: Iterable[str], words: Sequence[str]) -> bool:
    """Tell whether a word stands in the text, across the edges of its pieces too."""
    longest = max(map(len, words))
    kept = ""
    for piece in pieces:
        text = kept + piece.lower()
        if any(word in text for word in words):
            return True
        kept = text[-longest:]
    return False
