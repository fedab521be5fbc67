"""Contacts, companies, merges, saved views."""

from __future__ import annotations

from tests.access.matrix.answers import (
    API_NO,
    API_NOT_JSON,
    API_READ,
    MEMBERS,
    MEMBERS_WRONG,
    NO,
    SIDES,
    SIDES_DO,
    SIDES_WRONG,
    Line,
)

SIDES_NONE = "in       403      404      404 404  403         403           404"
SIDES_REFUSED = "in    403      409      409 409  403         403           409"
API_SIDES = " 401      403      200      200 200  403         403           200"
API_SIDES_NONE = "401  403      404      404 404  403         403           404"
API_SIDES_BODY = "401  403      415      415 415  403         403           415"
RECORDS = [
    Line("contacts/", get=MEMBERS),
    Line("contacts/new/", get=SIDES, post=SIDES_WRONG),
    Line("contacts/duplicates/", get=SIDES),
    Line("contacts/<int:pk>/", get=MEMBERS, path="contacts/{contact}/"),
    Line("contacts/<int:pk>/edit/", get=SIDES, post=SIDES_WRONG, path="contacts/{contact}/edit/"),
    Line(  # without the other one there is nothing to compare
        "contacts/<int:pk>/merge/",
        get=SIDES_NONE,
        post=SIDES_NONE,
        path="contacts/{contact}/merge/",
    ),
    Line(
        "contacts/<int:pk>/not/<int:other>/",
        get=NO,
        post=SIDES_DO,
        path="contacts/{contact}/not/{other_contact}/",
    ),
    Line("companies/", get=MEMBERS),
    Line("companies/new/", get=SIDES, post=SIDES_WRONG),
    Line("companies/<int:pk>/", get=MEMBERS, path="companies/{company}/"),
    Line("companies/<int:pk>/edit/", get=SIDES, post=SIDES_WRONG, path="companies/{company}/edit/"),
    Line(  # two people: their contacts are merged instead
        "leads/<int:pk>/merge/<int:other>/",
        get=SIDES,
        post=SIDES_REFUSED,
        path="leads/{lead}/merge/{other_lead}/",
    ),
    Line("leads/<int:pk>/row/", get=SIDES, post=SIDES_WRONG, path="leads/{lead}/row/"),
    Line("leads/<int:pk>/edit/", get=SIDES, post=SIDES_WRONG, path="leads/{lead}/edit/"),
    Line("merges/<int:pk>/undo/", get=NO, post=SIDES_DO, path="merges/{merge}/undo/"),
    Line("views/new/", get=NO, post=MEMBERS_WRONG),
    Line(
        "views/<int:pk>/",
        get="in      403      404      200 404  404         404           404",
        post="in     403      404      422 404  404         404           404",
        path="views/{view}/",
    ),
    Line(
        "views/<int:pk>/delete/",
        get=NO,
        post="in     403      404      302 404  404         404           404",
        path="views/{view}/delete/",
    ),
]
API_RECORDS = [
    Line("api/v1/contacts/", get=API_READ, post=API_NOT_JSON),
    Line("api/v1/contacts/duplicates/", get=API_SIDES, post=API_NO),
    Line("api/v1/contacts/<int:pk>/", get=API_READ, post=API_NO, path="api/v1/contacts/{contact}/"),
    Line(
        "api/v1/contacts/<int:pk>/edit/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/contacts/{contact}/edit/",
    ),
    Line(
        "api/v1/contacts/<int:pk>/merge/",
        get=API_SIDES_NONE,
        post=API_SIDES_BODY,
        path="api/v1/contacts/{contact}/merge/",
    ),
    Line(
        "api/v1/contacts/<int:pk>/not-duplicate/",
        get=API_NO,
        post=API_SIDES_BODY,
        path="api/v1/contacts/{contact}/not-duplicate/",
    ),
    Line("api/v1/companies/", get=API_READ, post=API_NOT_JSON),
    Line(
        "api/v1/companies/<int:pk>/", get=API_READ, post=API_NO, path="api/v1/companies/{company}/"
    ),
    Line(
        "api/v1/companies/<int:pk>/edit/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/companies/{company}/edit/",
    ),
    Line(
        "api/v1/leads/<int:pk>/edit/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/leads/{lead}/edit/",
    ),
    Line(
        "api/v1/leads/<int:pk>/merge/",
        get=API_NO,
        post=API_SIDES_BODY,
        path="api/v1/leads/{lead}/merge/",
    ),
    Line(
        "api/v1/merges/<int:pk>/undo/",
        get=API_NO,
        post=API_SIDES,
        path="api/v1/merges/{merge}/undo/",
    ),
    Line("api/v1/views/", get=API_READ, post=API_NOT_JSON),
    Line(
        "api/v1/views/<int:pk>/edit/",
        get=API_NO,
        post=API_NOT_JSON,
        path="api/v1/views/{view}/edit/",
    ),
    Line(
        "api/v1/views/<int:pk>/delete/",
        get=API_NO,
        post="401    403      404      204 404  404         404           404",
        path="api/v1/views/{view}/delete/",
    ),
]
