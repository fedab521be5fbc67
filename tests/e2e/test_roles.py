"""Each role signs in and opens every entry of its navigation, in both themes and widths."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.e2e.conftest import check_page

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

ROLES = [
    "marketer",
    "rep",
    "manager_marketing",
    "manager_sales",
    "facilitator",
    "administrator",
]
AREAS = [
    "/",
    "/leads/",
    "/agreement/",
    "/feedback/",
    "/reports/",
    "/reviews/",
    "/channel/",
    "/settings/",
]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_signs_in_and_opens_every_entry(
    role: str,
    request: pytest.FixtureRequest,
    sign_in: Callable[[User], Page],
    live_server: LiveServer,
) -> None:
    user: User = request.getfixturevalue(role)
    page = sign_in(user)
    entries = page.get_by_role("navigation", name="Areas").get_by_role("list").get_by_role("link")
    addresses = [str(entry.get_attribute("href")) for entry in entries.all()]
    assert addresses == AREAS

    for address in AREAS:
        answer = page.goto(live_server.url + address)
        assert answer is not None
        assert answer.status == 200
        assert page.get_by_role("heading", level=1).count() == 1
        check_page(page)
