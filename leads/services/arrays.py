"""Columns of values for a statement that writes many rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime


def as_array(values: Iterable[datetime | int | None]) -> str:
    """Return numbers or instants as one text that PostgreSQL reads as an array.

    A list would do as well, at twice the price: each of its values is told and read by itself.
    """
    return "{" + ",".join(["NULL" if one is None else f'"{one}"' for one in values]) + "}"
