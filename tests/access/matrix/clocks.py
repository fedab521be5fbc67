"""Clocks as people see them."""

from __future__ import annotations

from tests.access.matrix.answers import Line

CLOCKS: list[Line] = []
API_CLOCKS: list[Line] = []
