"""Exports, one person's data, erasure, how long data stay."""

from __future__ import annotations

from tests.access.matrix.answers import API_NO, NO, SIDES, Line

SIDES_WRONG_LIST = "in   403      422      422 422  403         403           422"
SIDES_NO_FILE = "in      403      404      404 404  403         403           404"
API_NO_EXPORT = "401     403      404      404 404  404         404           404"
OUT = [
    Line("exports/", get=SIDES),
    Line("exports/new/", get=NO, post=SIDES_WRONG_LIST),
    Line("exports/<int:pk>/file/", get=SIDES_NO_FILE, path="exports/1/file/"),
]
KEEPERS = "in       403      403      403 200  403         200           200"
KEEPERS_WRONG = "in 403      403      403 422  403         422           422"
OUT += [
    Line("contacts/<int:pk>/data/", get=NO, post=KEEPERS, path="contacts/{contact}/data/"),
    Line(
        "contacts/<int:pk>/erase/",
        get=KEEPERS,
        post=KEEPERS_WRONG,
        path="contacts/{contact}/erase/",
    ),
]
API_OUT = [
    Line("api/v1/exports/", get=API_NO, post="401 403 415 415 415 415 415 415"),
    Line("api/v1/exports/<int:pk>/", get=API_NO_EXPORT, post=API_NO, path="api/v1/exports/1/"),
    Line(
        "api/v1/exports/<int:pk>/file/",
        get=API_NO_EXPORT,
        post=API_NO,
        path="api/v1/exports/1/file/",
    ),
]
