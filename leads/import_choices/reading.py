"""Rows as they stand in the file, turned into what a mapping reads. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from leads.cell_formats import ISO, as_number, read_date
from leads.enums import LifecycleStage
from leads.folding import fold
from leads.import_choices.answers import CLOSED_AT, CLOSES, DATED, ENDED, OUTCOME, Choices
from smarketing.errors import BadInput

STAGES = tuple(LifecycleStage)
MOST_KEPT = 50_000
SHOWN = 40
Problem = tuple[str, str, str]


class RowReader:
    """Turns the cells of a row into what the mapping reads, or says what is wrong with them.

    Made once for a file, for it remembers dates that it has read.
    """

    def __init__(self, heads: Sequence[str], choices: Choices) -> None:
        self._heads, self._choices = heads, choices
        self._zone = ZoneInfo(choices.zone)
        told = choices.fields.items()
        self._dates = [head for head, name in told if choices.is_date(name)]
        self._numbers = [(head, name) for head, name in told if choices.is_number(name)]
        self._stage = choices.column_of("stage")
        self._stages = {fold(value): outcome for value, outcome in choices.stages.items()}
        self._reached = _columns(choices, DATED)
        self._ended = _columns(choices, ENDED)
        self._closed = choices.column_of(CLOSED_AT)
        self._empty = frozenset(choices.empty)
        self._known: dict[str, str] = {}

    def read(self, cells: Sequence[str]) -> tuple[dict[str, str], list[Problem]]:
        """Return the row by column, and what is wrong as (column, code, message)."""
        row = dict(zip(self._heads, cells, strict=True))
        problems: list[Problem] = []
        for head in self._dates:
            self._read_date(row, head, problems)
        for head, name in self._numbers:
            self._read_number(row, head, name, problems)
        row[OUTCOME] = self._outcome(row, problems)
        return row, problems

    def day_of(self, iso: str) -> datetime:
        """Return the local time of what `read` made of a date."""
        return datetime.strptime(iso, ISO).astimezone(self._zone)

    def _plain(self, cell: str) -> str:
        text = cell.strip()
        return "" if text in self._empty else text

    def _read_date(self, row: dict[str, str], head: str, problems: list[Problem]) -> None:
        text = row[head] = self._plain(row[head])
        if not text:
            return
        known = self._known.get(text)
        if known is None:
            try:
                instant = read_date(text, self._choices.date_format, self._zone)
            except BadInput as error:
                problems.append((head, "bad_date", str(error)))
                return
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            known = self._known[text] = instant.strftime(ISO)
        row[head] = known

    def _read_number(
        self, row: dict[str, str], head: str, name: str, problems: list[Problem]
    ) -> None:
        text = row[head] = self._plain(row[head])
        if not text:
            return
        number = as_number(text, self._choices.decimal)
        if name == "amount" and (number is None or number.startswith("-")):
            told = _("“%(text)s” is not an amount.") if number is None else _(
                "“%(text)s” is less than nothing; an amount cannot be."
            )  # fmt: skip
            problems.append((head, "bad_amount", told % {"text": text[:SHOWN]}))
        elif number is None:
            told = _("“%(text)s” is not a number.")
            problems.append((head, "bad_number", told % {"text": text[:SHOWN]}))
        else:
            row[head] = number

    def _outcome(self, row: Mapping[str, str], problems: list[Problem]) -> str:
        reached = LifecycleStage.LEAD
        for head, name in self._reached:
            reached = DATED[name] if row[head] else reached
        outcome = self._told_outcome(row, problems)
        if outcome == "WON":
            return f"WON:{LifecycleStage.OPPORTUNITY}"
        if outcome in CLOSES:
            return f"{outcome}:{reached}"
        stage = max(LifecycleStage(outcome), reached, key=STAGES.index)
        return f"{stage}:{stage}"

    def _told_outcome(self, row: Mapping[str, str], problems: list[Problem]) -> str:
        """What the stage column says, else what a date of an end says, else what was chosen."""
        told = self._plain(row[self._stage]) if self._stage else ""
        if told:
            outcome = self._stages.get(fold(told), "")
            if not outcome:
                said = _("Nobody has said yet what the stage “%(text)s” means.")
                problems.append((self._stage or "", "unknown_stage", said % {"text": told[:SHOWN]}))
            return outcome or LifecycleStage.LEAD.value
        for head, name in self._ended:
            if row[head]:
                return ENDED[name]
        if self._closed and row[self._closed] and not self._stage:
            return "WON"
        return self._choices.outcome


def _columns(choices: Choices, names: Mapping[str, object]) -> list[tuple[str, str]]:
    found = [(choices.column_of(name), name) for name in names]
    return [(head, name) for head, name in found if head is not None]
