"""Period commitments and corrective actions."""

from __future__ import annotations

from tests.access.matrix.answers import Line

PERIODS: list[Line] = []
API_PERIODS: list[Line] = []
