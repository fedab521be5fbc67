"""What cells say of the organisation's own fields, read as each field's kind. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from typing import Any

from leads.attributes import Unreadable, read_value
from leads.enums import AttributeKind
from leads.mapping.cells import Amounts, Dates, read_yes_or_no
from leads.mapping.offered import OwnField, own_code
from leads.mapping.shape import Mapping, own_field
from leads.row_results import RowProblem
from smarketing.errors import BadInput

Values = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class OwnCell:
    """An own field that the file tells, and the column where it does."""

    name: str
    column: str
    subject: str
    key: str
    kind: AttributeKind
    choices: tuple[str, ...]


class OwnCells:
    """The own fields that a mapping names, of those in use; the others are passed over."""

    def __init__(
        self, mapping: Mapping, own: Iterable[OwnField], dates: Dates, amounts: Amounts
    ) -> None:
        self._dates, self._amounts, self._zone = dates, amounts, mapping.zone
        known = {own_code(one.subject, one.key): one for one in own}
        told = {*mapping.columns.values(), *mapping.constants}
        self._cells = [
            OwnCell(
                name,
                mapping.column_of(name) or name,
                one.subject,
                one.key,
                AttributeKind(one.kind),
                tuple(one.choices),
            )
            for name, one in known.items()
            if name in told
        ]

    def __bool__(self) -> bool:
        return bool(self._cells)

    def read(self, values: AnyMapping[str, str], problems: list[RowProblem]) -> Values:
        """Return what the cells say by subject and key; what cannot be read is a problem."""
        found: Values = {}
        for cell in self._cells:
            text = values.get(cell.name)
            if not text:
                continue
            try:
                found.setdefault(cell.subject, {})[cell.key] = self._value(cell, text)
            except (Unreadable, BadInput) as error:
                problems.append(RowProblem(cell.column, "bad_value", str(error.args[0])))
        return found

    def _value(self, cell: OwnCell, text: str) -> Any:
        """Dates, numbers and flags are written as everywhere in the file."""
        if cell.kind is AttributeKind.DATE:
            return self._dates.read(text).astimezone(self._zone).date().isoformat()
        if cell.kind is AttributeKind.FLAG:
            return read_yes_or_no(text)
        if cell.kind is AttributeKind.NUMBER:
            sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
            return read_value(cell.kind, (), f"{sign}{self._amounts.digits(digits)}")
        return read_value(cell.kind, cell.choices, text)


def unknown_own(mapping: Mapping, own: Iterable[OwnField]) -> list[str]:
    """Return the own fields that a mapping names and that are not in use."""
    known = {own_code(one.subject, one.key) for one in own}
    told = dict.fromkeys([*mapping.columns.values(), *mapping.constants])
    return [name for name in told if own_field(name) and name not in known]
