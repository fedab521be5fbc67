"""The pages of the frame: who sees what, at which cost, under which policy."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from shell import finding, today
from shell.today import greeting
from smarketing.registry import Point, SearchHit, SearchSource, TodayPanel
from tests.conftest import AT

Count = Callable[[int], AbstractContextManager[Any]]
# Signed in: session, person, standing (memberships, teams).
FRAME = 4
POLICY = {
    "default-src 'none'",
    "script-src 'self'",  # a nonce is added only where a page asks for one; none of the frame does
    "style-src 'self'",
    "style-src-elem 'self'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


@pytest.fixture
def signed_in(client: Client, administrator: User) -> Client:
    client.force_login(administrator)
    return client


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> Point[SearchSource]:
    """A search that asks one source, which finds as many as it is asked for."""
    point: Point[SearchSource] = Point("search_sources")
    monkeypatch.setattr(finding, "search_sources", point)

    def find(user: Any, query: str, limit: int) -> list[SearchHit]:
        hit = SearchHit(f"{query} found", "Acme", "/x/", "user")
        return [hit] * limit if query != "none" else []

    point.register(SearchSource("people", "People", 1, find))
    point.register(SearchSource("secret", "Secret", 2, find, allowed=lambda _user: False))
    return point


@pytest.fixture
def panels(monkeypatch: pytest.MonkeyPatch) -> Point[TodayPanel]:
    point: Point[TodayPanel] = Point("today_panels")
    monkeypatch.setattr(today, "today_panels", point)
    return point


def panel(key: str, side: str, order: int = 1) -> TodayPanel:
    return TodayPanel(key, key.title(), "errors/404.html", lambda u, at: {}, order, side=side)


@pytest.mark.parametrize("path", ["/", "/search/", "/accounts/2fa/", "/nowhere/"])
def test_every_page_has_the_strict_policy(path: str, signed_in: Client) -> None:
    policy = signed_in.get(path)["Content-Security-Policy"]
    assert {part.strip() for part in policy.split(";")} == POLICY


@pytest.mark.django_db
def test_the_sign_in_page_has_it_too(client: Client) -> None:
    policy = client.get("/accounts/login/")["Content-Security-Policy"]
    assert {part.strip() for part in policy.split(";")} == POLICY


def test_the_frame_speaks_the_language_and_wears_the_theme_of_the_person(
    signed_in: Client, administrator: User
) -> None:
    User.objects.filter(pk=administrator.pk).update(language="it", theme="dark")
    page = signed_in.get("/").content.decode()
    assert '<html lang="it" data-theme="dark"' in page
    assert 'data-bs-theme="dark"' in page


def test_the_system_decides_until_the_person_does(signed_in: Client) -> None:
    page = signed_in.get("/").content.decode()
    assert '<html lang="en" data-theme="system"' in page
    assert "data-bs-theme" not in page


def test_single_keys_can_be_switched_off(signed_in: Client, administrator: User) -> None:
    assert "<body data-single-keys>" in signed_in.get("/").content.decode()
    User.objects.filter(pk=administrator.pk).update(single_key_shortcuts=False)
    page = signed_in.get("/").content.decode()
    assert "<body data-single-keys>" not in page
    assert "Single-key shortcuts are switched off" in page


@pytest.mark.parametrize("path", ["/", "/search/", "/commands/", "/gallery/"])
@pytest.mark.django_db
def test_visitors_are_sent_to_sign_in(path: str, client: Client) -> None:
    assert client.get(path)["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("path", ["/", "/search/", "/commands/"])
def test_reading_pages_take_no_posts(path: str, signed_in: Client) -> None:
    assert signed_in.post(path).status_code == 405


def test_browsers_find_the_icon(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"] == "/static/img/favicon.svg"


def test_the_gallery_is_for_developing_only(signed_in: Client, settings: Any) -> None:
    settings.DEBUG = False
    assert signed_in.get("/gallery/").status_code == 404
    settings.DEBUG = True
    assert "stat · hero" in signed_in.get("/gallery/").content.decode()


def test_today_without_a_role_says_what_to_do(client: Client, newcomer: User) -> None:
    client.force_login(newcomer)
    page = client.get("/").content.decode()
    assert "You have no role here yet" in page
    assert "Nothing waits for you" not in page


def test_today_with_a_role_and_nothing_to_do_shows_the_rooms(
    signed_in: Client, panels: Point[TodayPanel]
) -> None:
    page = signed_in.get("/").content.decode()
    assert "Nothing waits for you" in page
    assert '<a class="btn" href="/leads/">' in page


def test_both_teams_face_each_other(panels: Point[TodayPanel], administrator: User) -> None:
    for key, side in [("s", "sales"), ("x", "shared"), ("m", "marketing")]:
        panels.register(panel(key, side))
    found = today.panels_for(administrator, AT)
    assert found.facing is True
    assert [d.panel.key for d in found.marketing + found.shared + found.sales] == ["m", "x", "s"]


def test_one_side_alone_stands_in_its_order(panels: Point[TodayPanel], administrator: User) -> None:
    panels.register(panel("later", "sales", 2))
    panels.register(panel("sooner", "shared", 1))
    found = today.panels_for(administrator, AT)
    assert found.facing is False
    assert [drawn.panel.key for drawn in found.all] == ["sooner", "later"]


def test_panels_are_drawn_with_their_title(signed_in: Client, panels: Point[TodayPanel]) -> None:
    panels.register(panel("one", "shared"))
    assert "There is no such page" in signed_in.get("/").content.decode()


@pytest.mark.parametrize(
    ("hour", "words"), [(5, "Good morning"), (11, "Good afternoon"), (17, "Good evening")]
)
def test_the_greeting_knows_the_hour_there(hour: int, words: str, administrator: User) -> None:
    with timezone.override(ZoneInfo("Europe/Rome")):  # an hour ahead of UTC in March
        assert greeting(administrator, AT.replace(hour=hour)) == f"{words}, Fabio"


def test_search_asks_only_what_the_person_may_see(
    signed_in: Client, sources: Point[SearchSource]
) -> None:
    response = signed_in.get("/search/?q=acme", headers={"Accept": "application/json"})
    assert response.json() == {
        "hits": [
            {"group": "People", "label": "acme found", "detail": "Acme", "url": "/x/",
             "icon": "user"}
        ] * 6
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "What are you looking for?"),
        ("a", "What are you looking for?"),
        ("none", "Nothing found for “none”"),
        ("acme", "acme found"),
        ("<b>x", "&lt;b&gt;x found"),
    ],
)
def test_the_search_page_answers_in_words(
    query: str, words: str, signed_in: Client, sources: Point[SearchSource]
) -> None:
    assert words in signed_in.get("/search/", {"q": query}).content.decode()


def test_cost_of_the_command_menu(signed_in: Client, django_assert_num_queries: Count) -> None:
    with django_assert_num_queries(FRAME):
        signed_in.get("/commands/")


def test_cost_of_the_search_page_does_not_grow_with_what_it_finds(
    signed_in: Client, sources: Point[SearchSource], django_assert_num_queries: Count
) -> None:
    for query in ("none", "acme"):
        with django_assert_num_queries(FRAME):
            signed_in.get("/search/", {"q": query})


def test_cost_of_today_without_panels(
    signed_in: Client, panels: Point[TodayPanel], django_assert_num_queries: Count
) -> None:
    with django_assert_num_queries(FRAME):
        signed_in.get("/")


@pytest.mark.parametrize("query", ["%00%00%00", "ali%00ce", "x" * 5_000])
def test_the_search_stands_any_question(client: Client, administrator: User, query: str) -> None:
    client.force_login(administrator)
    assert client.get(f"/search/?q={query}").status_code == 200
