"""The edge: cookies nobody could store, secrets that no log and no history keeps."""

from __future__ import annotations

import json
import logging

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import Team, User
from accounts.services.invitations import invitation_link, invite
from accounts.services.roles import Held
from smarketing import logs, time_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def gina(manager_sales: User, sales: Team) -> User:
    roles = [Held("REP", sales.pk)]
    at = time_source.now()
    return invite(email="gina@acme.test", name="Gina", roles=roles, by=manager_sales, at=at)


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/api/v1/leads/"])
def test_a_cookie_with_nul_is_refused(path: str) -> None:
    nul = r'sessionid="\000\000\000\000\000\000\000\000a"'
    answer = Client(raise_request_exception=False, headers={"cookie": nul}).get(path)
    assert answer.status_code == 400


def test_the_history_keeps_no_secret_of_an_invitation(client: Client, gina: User) -> None:
    path = invitation_link(gina, time_source.now()).removeprefix(settings.BASE_URL)
    answer = client.post(path, {"name": "Gina Sala", "password": "a long pass phrase"})
    assert answer.status_code == 302
    event = User.pgh_event_model.objects.filter(pgh_obj=gina, joined_at__isnull=True).latest("pk")
    assert event.pgh_context.metadata["url"] == f"/invitation/{gina.pk}/…/"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /invitation/7/0a1b2c/?a=1", "GET /invitation/7/…/?a=1"),
        ('"GET /invitation/7/0a1b2c HTTP/1.1" 301', '"GET /invitation/7/… HTTP/1.1" 301'),
        ("/accounts/password/reset/key/9-c0-ffee/", "/accounts/password/reset/key/…/"),
        ("/leads/7/", "/leads/7/"),
    ],
)
def test_no_line_of_the_log_keeps_a_secret(said: str, kept: str) -> None:
    configured = logs.configure("INFO", as_json=True)["formatters"]["structured"]
    formatter = configured.pop("()")(**configured)
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "Gone: %s", (said,), None)
    assert json.loads(formatter.format(record))["event"] == f"Gone: {kept}"
