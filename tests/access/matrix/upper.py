"""Reports and reviews."""

from __future__ import annotations

from tests.access.matrix.answers import API_NO, API_READ, MEMBERS, NO, Line

REPORTING = [
    Line("reports/", get=MEMBERS, post=NO),
    Line("reports/<slug:key>/", get=MEMBERS, post=NO, path="reports/funnel/"),
    Line("reports/<slug:key>/csv/", get=MEMBERS, post=NO, path="reports/funnel/csv/"),
    Line("reports/<slug:key>/xlsx/", get=MEMBERS, post=NO, path="reports/funnel/xlsx/"),
    Line("reviews/", get=MEMBERS, post=NO),
]
API_REPORTING = [
    Line(
        "api/v1/reports/<slug:panel>/",
        get=API_READ,
        post=API_NO,
        path="api/v1/reports/funnel/",
    ),
]
