"""The goal calculator."""

from __future__ import annotations

from tests.access.matrix.answers import Line

CALCULATOR: list[Line] = []
API_CALCULATOR: list[Line] = []
