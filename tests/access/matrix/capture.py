"""Forms, what they bring, visits; captures of outside sources."""

from __future__ import annotations

from tests.access.matrix.answers import API_NO, Line

CAPTURE: list[Line] = []
API_CAPTURE = [
    Line(
        "api/v1/capture/",
        get=API_NO,
        post="401    403      415      415 415  403         403           415",
    ),
]
