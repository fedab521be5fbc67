"""The same new people from all doors at once: each is one person, and nobody waits in a ring."""

from __future__ import annotations

from functools import partial

import pytest
from django.core.cache import cache

from leads.mapping import read_mapping
from leads.models import Company, Contact, Lead, Source, Touch
from leads.services.importing import import_history
from tests.conftest import AT
from tests.leads.api.conftest import caller
from tests.leads.capture.made import a_form, send
from tests.leads.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
EMAILS = [f"p{n}@acme.example" for n in range(6)]
MAPPING = read_mapping(
    {
        "columns": {"mail": "email", "from": "source"},
        "stages": [{"column": "state", "in": [""], "steps": [{"stage": "LEAD", "at": "created"}]}],
    }
)


def test_twenty_from_form_api_and_file_at_once(marketer):
    cache.clear()
    form = a_form(marketer)

    def post(email: str) -> object:
        return send(form, {"email": email, "family_name": "Rossi"}).status_code

    def capture(emails: list[str]) -> object:
        told = [{"kind": "WEBINAR", "email": email, "source": "News"} for email in emails]
        return caller(marketer).post("/api/v1/capture/", {"captures": told}).status_code

    def bring_in(emails: list[str]) -> object:
        cells = {"state": "", "created": "2026-03-01", "from": "News"}
        rows = [{"mail": email, **cells} for email in emails]
        return import_history(rows, MAPPING, actor=None, at=AT).refused

    told = at_once(
        *[partial(post, email) for email in EMAILS],
        *[partial(capture, EMAILS), partial(capture, EMAILS[::-1])] * 4,
        *[partial(bring_in, EMAILS), partial(bring_in, EMAILS[::-1])] * 3,
    )
    assert told == [202] * 6 + [200] * 8 + [0] * 6
    assert (Contact.objects.count(), Lead.objects.count(), Company.objects.count()) == (6, 6, 1)
    assert (Touch.objects.count(), Source.objects.filter(key="news").count()) == (6 + 8 * 6, 1)
