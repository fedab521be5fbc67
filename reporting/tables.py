"""Figures as plain tables, for files."""

from __future__ import annotations

from decimal import Decimal

from leads.sheets import Cell
from reporting.figures import Figures, Value, plain


def table_of(figures: Figures) -> list[list[Cell]]:
    """Return the head and the rows, values unrounded: cents as numbers, shares from 0 to 1."""
    head: list[Cell] = [str(figures.head), *(str(column.label) for column in figures.columns)]
    return [head, *([str(row.label), *map(_cell, row.values)] for row in figures.rows)]


def _cell(value: Value) -> Cell:
    found = plain(value)
    return Decimal(str(found)) if isinstance(found, float) else found
