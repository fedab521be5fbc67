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
# Those who answer for what is known of people: managers and administrators.
KEEPERS = "in       403      403      403 200  403         200           200"
KEEPERS_WRONG = "in 403      403      403 422  403         422           422"
# Those who may be told by a person what he agrees to: they, and who works with leads.
HEARERS = "in       403      200      200 200  403         200           200"
HEARERS_WRONG = "in 403      422      422 422  403         422           422"
OUT += [
    Line("contacts/<int:pk>/data/", get=NO, post=KEEPERS, path="contacts/{contact}/data/"),
    Line(
        "contacts/<int:pk>/erase/",
        get=KEEPERS,
        post=KEEPERS_WRONG,
        path="contacts/{contact}/erase/",
    ),
    Line(
        "contacts/<int:pk>/object/",
        get=HEARERS,
        post=HEARERS_WRONG,
        path="contacts/{contact}/object/",
    ),
    Line(
        "contacts/<int:pk>/agree/",
        get=HEARERS,
        post=HEARERS_WRONG,
        path="contacts/{contact}/agree/",
    ),
    Line("settings/data-protection/", get=KEEPERS, post=KEEPERS_WRONG),
    Line("settings/exports/", get=KEEPERS),
]
API_READS = "401        403      200      200 200  200         200           200"
API_KEEPERS = "401      403      403      403 200  403         200           200"
API_WRITES = "401       403      415      415 415  415         415           415"
API_OUT = [
    Line("api/v1/exports/", get=API_NO, post="401 403 415 415 415 415 415 415"),
    Line("api/v1/exports/<int:pk>/", get=API_NO_EXPORT, post=API_NO, path="api/v1/exports/1/"),
    Line(
        "api/v1/exports/<int:pk>/file/",
        get=API_NO_EXPORT,
        post=API_NO,
        path="api/v1/exports/1/file/",
    ),
    Line(
        "api/v1/contacts/<int:pk>/consents/",
        get=API_READS,
        post=API_NO,
        path="api/v1/contacts/{contact}/consents/",
    ),
    Line(
        "api/v1/contacts/<int:pk>/data/",
        get=API_KEEPERS,
        post=API_NO,
        path="api/v1/contacts/{contact}/data/",
    ),
    *(
        Line(
            f"api/v1/contacts/<int:pk>/{verb}/",
            get=API_NO,
            post=API_WRITES,
            path=f"api/v1/contacts/{{contact}}/{verb}/",
        )
        for verb in ("object", "agree", "erase")
    ),
    Line("api/v1/retention/", get=API_KEEPERS, post=API_WRITES),
]
