"""Sign-in pages: all in the house's look, none left as it was shipped."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import allauth
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.template.loader import get_template
from django.test import Client, RequestFactory

from tests.factories import PASSWORD, UserFactory

SHIPPED = Path(allauth.__file__).parent / "templates"
FOLDERS = ["account", "mfa", "socialaccount", "usersessions"]
NAMES = sorted(
    str(page.relative_to(SHIPPED))
    for folder in FOLDERS
    for page in (SHIPPED / folder).rglob("*.html")
    if "snippets" not in page.parts
)
OURS = Path(__file__).parents[2] / "templates"
# Abstract templates that only pass a layout on; the layouts are ours.
PASSED_ON = {name for name in NAMES if Path(name).name.startswith("base")}
LAYOUTS = ['<div class="entrance">', '<div class="settings">']


def context() -> dict[str, Any]:
    """Enough for every shipped template to be drawn."""
    key = SimpleNamespace(pk=1, wrap=SimpleNamespace(is_passwordless=True), created_at=None)
    return {
        "authenticator": key,
        "authenticators": [],
        "js_data": {},
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "request_login_code_url": "/",
        "redirect_to": "/",
        "trust_from": datetime(2026, 3, 3, tzinfo=UTC),
        "trust_until": datetime(2026, 3, 17, tzinfo=UTC),
        "user": AnonymousUser(),
    }


def test_the_list_of_shipped_templates_is_there() -> None:
    assert len(NAMES) > 45


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_template_is_drawn_in_our_layout(name: str, rf: RequestFactory) -> None:
    request = rf.get("/accounts/x/")
    request.user = AnonymousUser()
    request.session = {}  # type: ignore[assignment]  # messages only want a mapping
    page = get_template(name).render(context(), request)
    assert "/static/css/tokens.css" in page
    assert [layout for layout in LAYOUTS if layout in page] != []


def test_every_page_is_worded_by_us() -> None:
    left = [name for name in NAMES if not (OURS / name).is_file()]
    assert set(left) - PASSED_ON == set()


@pytest.mark.django_db
def test_a_visitor_is_sent_to_sign_in_and_back(client: Client) -> None:
    response = client.get("/search/?q=acme")
    assert (response.status_code, response["Location"]) == (
        302, "/accounts/login/?next=/search/%3Fq%3Dacme",
    )  # fmt: skip


@pytest.mark.django_db
def test_sign_in_offers_passkeys_and_no_sign_up(client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert 'id="passkey_login"' in page
    assert "Forgot your password?" in page
    assert "/accounts/signup/" not in page


@pytest.mark.django_db
def test_signing_up_is_closed(client: Client) -> None:
    page = client.get("/accounts/signup/").content.decode()
    assert "People join by invitation" in page


@pytest.mark.django_db
def test_one_signs_in_by_password_and_lands_on_today(client: Client) -> None:
    UserFactory(email="alice@acme.test", name="Alice Rossi", password=PASSWORD)
    response = client.post("/accounts/login/", {"login": "Alice@acme.test", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")


@pytest.mark.django_db
def test_a_wrong_password_says_so_and_signs_nobody_in(client: Client) -> None:
    UserFactory(email="alice@acme.test", password=PASSWORD)
    response = client.post("/accounts/login/", {"login": "alice@acme.test", "password": "wrong"})
    assert 'role="alert"' in response.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_too_many_tries_end_in_a_page_that_says_so(client: Client) -> None:
    cache.clear()
    UserFactory(email="alice@acme.test", password=PASSWORD)
    wrong = {"login": "alice@acme.test", "password": "wrong"}
    pages = [client.post("/accounts/login/", wrong).content.decode() for _try in range(6)]
    cache.clear()
    assert ["Too many failed login attempts" in page for page in pages] == [False] * 5 + [True]


OWN_PAGES = [
    "/accounts/2fa/",
    "/accounts/2fa/webauthn/",
    "/accounts/password/change/",
    "/accounts/sessions/",
    "/accounts/3rdparty/",
    "/accounts/logout/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", OWN_PAGES)
def test_ones_own_pages_open(path: str, client: Client) -> None:
    client.force_login(UserFactory(email="alice@acme.test", password=PASSWORD))
    response = client.get(path)
    assert response.status_code == 200
    assert [layout for layout in LAYOUTS if layout in response.content.decode()] != []
