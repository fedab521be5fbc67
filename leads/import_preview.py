"""The first rows of a file as they would come in, with what is wrong with them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from leads.file_rows import FileRow
from leads.import_choices import OUTCOME, Choices, RowReader, mapping_of
from leads.import_words import OUTCOME_LABELS, kind_in_words
from leads.mapping import ReadRow, read_mapping
from leads.mapping import RowReader as MappedReader
from leads.mapping.offered import OwnField
from smarketing.errors import BadInput

FIRST = 5
TROUBLED = 5
SHOWN = 200
IsUnknown = Callable[[str, str], bool]
Trouble = tuple[str, str, str]


@dataclass(frozen=True)
class ShownCell:
    """A cell as it would be read; `raw` where the file says it otherwise."""

    head: str
    text: str
    raw: str = ""
    is_wrong: bool = False


@dataclass(frozen=True)
class ShownRow:
    """A real row, as it would be read."""

    number: int
    outcome: str
    cells: list[ShownCell]
    problems: list[str]


@dataclass(frozen=True)
class Preview:
    """The first rows, further ones with problems, and how many of those looked at are well."""

    heads: list[tuple[str, str]]
    first: list[ShownRow]
    troubled: list[ShownRow]
    rows: int
    wrong: int
    kinds: list[tuple[str, str, int]]

    @property
    def well(self) -> int:
        """Rows that have no problem."""
        return self.rows - self.wrong


class Previewer:
    """Reads rows as an import would, but for what only the database knows."""

    def __init__(
        self,
        heads: Sequence[str],
        choices: Choices,
        *,
        own: Iterable[OwnField],
        is_unknown: IsUnknown,
    ) -> None:
        self._heads, self._choices, self._is_unknown = heads, choices, is_unknown
        self._reader = RowReader(heads, choices)
        self._told = [head for head in heads if choices.fields.get(head) not in ("", "stage", None)]
        self._mapped: MappedReader | None = None
        with suppress(BadInput):  # it makes no sense yet; the page says so when it is to be checked
            self._mapped = MappedReader(read_mapping(mapping_of(choices)), own)

    def look(self, rows: Iterable[FileRow], label_of: Callable[[str], str]) -> Preview:
        """Return what becomes of `rows`; `label_of` names a field."""
        first: list[ShownRow] = []
        troubled: list[ShownRow] = []
        kinds: Counter[tuple[str, str]] = Counter()
        number = wrong = 0
        for number, row in enumerate(rows, start=1):
            cells, troubles = self._read(row)
            wrong += bool(troubles)
            kinds.update({(column, code) for column, code, _message in troubles})
            if number <= FIRST:
                first.append(self._shown(row, cells, troubles))
            elif troubles and len(troubled) < TROUBLED:
                troubled.append(self._shown(row, cells, troubles))
        heads = [(head, label_of(self._choices.fields[head])) for head in self._told]
        told = [(column, kind_in_words(code), n) for (column, code), n in kinds.most_common()]
        return Preview(heads, first, troubled, number, wrong, told)

    def _read(self, row: FileRow) -> tuple[dict[str, str], list[Trouble]]:
        flaws = [(self._heads[int(place)] if place else "", code, message)
                 for place, code, message in row.flaws]  # fmt: skip
        cells, problems = self._reader.read(row.cells)
        troubles = [*flaws, *problems]
        if self._mapped is not None and not troubles:
            read = self._mapped.read(row.number, cells)
            troubles = self._unknown(read) if isinstance(read, ReadRow) else [
                (one.column, one.code, one.message) for one in read
            ]  # fmt: skip
        return cells, troubles

    def _unknown(self, read: ReadRow) -> list[Trouble]:
        """Names that the row says and that nobody knows."""
        return [
            (self._choices.column_of(name) or "", f"unknown_{name}",
             _("“%(text)s” is not known here.") % {"text": text[:80]})
            for name, text in read.values.items()
            if self._is_unknown(name, text)
        ]  # fmt: skip

    def _shown(
        self, row: FileRow, cells: Mapping[str, str], troubles: Sequence[Trouble]
    ) -> ShownRow:
        wrong = {column for column, _code, _message in troubles}
        raw = dict(zip(self._heads, row.cells, strict=True))
        shown = [self._cell(head, cells[head], raw[head].strip(), head in wrong)
                 for head in self._told]  # fmt: skip
        told = [message if not column or message.startswith(column) else f"{column}: {message}"
                for column, _code, message in troubles]  # fmt: skip
        outcome = OUTCOME_LABELS[cells[OUTCOME].partition(":")[0]]
        return ShownRow(row.number, str(outcome), shown, told)

    def _cell(self, head: str, text: str, raw: str, is_wrong: bool) -> ShownCell:
        name, known = self._choices.fields[head], self._choices.values
        if is_wrong or not text:
            return ShownCell(head, raw[:SHOWN], "", is_wrong)
        if self._choices.is_date(name):
            read = _day(self._reader.day_of(text))
        else:
            read = known.get(name, {}).get(text.strip(), text.strip())
            read = "" if read in self._choices.empty else read
        return ShownCell(head, read[:SHOWN], raw[:SHOWN] if read != raw else "")


def _day(local: datetime) -> str:
    return f"{local:%d %b %Y %H:%M}" if local.hour or local.minute else f"{local:%d %b %Y}"
