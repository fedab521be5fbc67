"""Forms for tests, and how a visitor sends them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from leads.form_stamp import write_stamp
from leads.models import CaptureForm, Contact, Lead, Submission, Touch
from leads.services.forms import FormFacts, save_form
from smarketing import time_source
from tests.conftest import AT

TEXTS = {"en": {"title": "Talk to us", "consent": "You may write to me.", "thanks": "Merci."}}
ANNA = {"email": "anna@acme.example", "family_name": "Rossi"}


def a_form(marketer: User, name: str = "Contact us", **facts: Any) -> CaptureForm:
    """A form that asks for the family name, the phone, the company, and a message."""
    asked = {"family_name": True, "phone": False, "company": False, "message": False}
    told = {"asked": asked, "texts": TEXTS, **facts}
    return save_form(None, FormFacts(name=name, **told), actor=marketer, at=AT)


def stamp_of(form: CaptureForm, seconds: float = 10) -> str:
    """The stamp of a page that was shown `seconds` ago."""
    return write_stamp(form.token, at=time_source.now() - timedelta(seconds=seconds))


def send(form: CaptureForm, values: dict[str, str] | None = None, **options: Any) -> HttpResponse:
    """Send a form as a visitor does: no session, no token of ours."""
    headers = options.pop("headers", {})
    stamp = options.pop("stamp", None) or stamp_of(form)
    query = options.pop("query", "")
    client = options.pop("client", None) or Client(enforce_csrf_checks=True)
    data = {"stamp": stamp, **(ANNA if values is None else values), **options}
    return client.post(f"/f/{form.token}/{query}", data, headers=headers)


def written() -> tuple[int, int, int, int]:
    """How many contacts, leads, touches and submissions there are."""
    models = (Contact, Lead, Touch, Submission)
    return tuple(model.objects.count() for model in models)  # type: ignore[return-value]
