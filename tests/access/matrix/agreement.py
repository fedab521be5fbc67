"""The agreement and how its next version comes to be."""

from __future__ import annotations

from tests.access.matrix.answers import MEMBERS, Line

AGREEMENT: list[Line] = [Line("agreement/", get=MEMBERS, post=MEMBERS)]
API_AGREEMENT: list[Line] = []
