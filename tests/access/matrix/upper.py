"""Reports and reviews."""

from __future__ import annotations

from tests.access.matrix.answers import MEMBERS, Line

REPORTING = [
    Line("reports/", get=MEMBERS, post=MEMBERS),
    Line("reviews/", get=MEMBERS, post=MEMBERS),
]
