"""Navigation, settings list and command menu show what the person may open, nothing else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from shell import areas, entries, settings_list
from shell.areas import areas_for, go_shortcuts
from shell.entries import command_entries
from shell.settings_list import sections_for
from smarketing.registry import Command, NavigationEntry, Point, SettingsEntry

HEAD = SimpleNamespace(is_authenticated=True, is_active=True, head=True)
REP = SimpleNamespace(is_authenticated=True, is_active=True, head=False)


def only_heads(user: Any) -> bool:
    return user.head


@pytest.fixture(autouse=True)
def points(monkeypatch: pytest.MonkeyPatch) -> None:
    """Registries of their own, so that the tests know all that is in them."""
    navigation: Point[NavigationEntry] = Point("navigation")
    navigation.register(NavigationEntry("today", "Today", "sun", "today", 0))
    navigation.register(
        NavigationEntry("search", "Search", "search", "search", 10, prefixes=("/find/",))
    )
    navigation.register(NavigationEntry("secrets", "Secrets", "lock", "commands", 20, only_heads))
    navigation.register(NavigationEntry("later", "Later", "clock", "not-there-yet", 30))
    pages: Point[SettingsEntry] = Point("settings_pages")
    pages.register(SettingsEntry("own", "Own", "Yours", "user", "mfa_index", 1, "You"))
    pages.register(
        SettingsEntry("find", "Find", "Ours", "search", "search", 2, "House", only_heads)
    )
    lines: Point[Command] = Point("commands")
    lines.register(Command("add", "Add a lead", "gallery", 1, "plus", "new", "n", only_heads))
    lines.register(Command("soon", "Soon", "not-there-yet", 2))
    monkeypatch.setattr(areas, "navigation", navigation)
    monkeypatch.setattr(settings_list, "settings_pages", pages)
    monkeypatch.setattr(entries, "settings_pages", pages)
    monkeypatch.setattr(entries, "commands", lines)


def test_only_what_is_allowed_and_there() -> None:
    assert [area.key for area in areas_for(HEAD, "/")] == ["today", "search", "secrets"]
    assert [area.key for area in areas_for(REP, "/")] == ["today", "search"]


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", ["today"]),
        ("/search/", ["search"]),
        ("/search/deeper/", ["search"]),
        ("/find/x/", ["search"]),
        ("/elsewhere/", []),
    ],
)
def test_the_area_that_holds_the_page_is_marked(path: str, current: list[str]) -> None:
    assert [area.key for area in areas_for(HEAD, path) if area.current] == current


def test_shortcuts_are_free_letters_and_the_same_for_everyone() -> None:
    assert go_shortcuts() == {"today": "g t", "search": "g s", "secrets": "g e", "later": "g l"}
    assert [area.shortcut for area in areas_for(REP, "/")] == ["g t", "g s"]
    assert areas_for(REP, "/")[0].shortcut_keys == ["g", "t"]


def test_settings_pages_by_section_with_the_present_one_marked() -> None:
    sections = sections_for(HEAD, "/accounts/2fa/webauthn/")
    assert [(s.label, [(p.label, p.current) for p in s.pages]) for s in sections] == [
        ("You", [("Own", True)]),
        ("House", [("Find", False)]),
    ]
    assert [s.label for s in sections_for(REP, "/")] == ["You"]


def test_every_page_of_ones_own_sign_in_lies_under_the_page_that_lists_them() -> None:
    (section,) = sections_for(REP, "/accounts/password/change/")
    assert section.pages[0].current is True


def test_the_command_menu_goes_and_does() -> None:
    found = [(e["group"], e["label"], e["url"], e["keys"]) for e in command_entries(HEAD)]
    assert found == [
        ("Go to", "Today", "/", "g t"),
        ("Go to", "Search", "/search/", "g s"),
        ("Go to", "Secrets", "/commands/", "g e"),
        ("Go to", "Own", "/accounts/2fa/", ""),
        ("Go to", "Find", "/search/", ""),
        ("Do", "Add a lead", "/gallery/", "n"),
    ]
    assert [e["label"] for e in command_entries(REP)] == ["Today", "Search", "Own"]
