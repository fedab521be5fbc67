"""The areas of the navigation bar, as one person on one page sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from smarketing.registry import NavigationEntry, everyone, navigation


@dataclass(frozen=True)
class Area:
    """An area in the bar: where it leads, whether the page lies in it, its key sequence."""

    key: str
    label: str
    icon: str
    url: str
    current: bool
    shortcut: str
    # Open to everybody, with or without a role.
    common: bool

    @property
    def shortcut_keys(self) -> list[str]:
        """The keys to press, one after the other."""
        return self.shortcut.split()


def areas_for(user: Any, path: str) -> list[Area]:
    """Return the areas that `user` may open, the one that holds `path` marked as current."""
    shortcuts = go_shortcuts()
    entries = [(entry, _url(entry)) for entry in navigation.for_user(user)]
    open_ones = [(entry, url) for entry, url in entries if url is not None]
    current = _current([(entry.key, url, entry.prefixes) for entry, url in open_ones], path)
    return [
        Area(
            key=entry.key,
            label=str(entry.label),
            icon=entry.icon,
            url=url,
            current=entry.key == current,
            shortcut=shortcuts.get(entry.key, ""),
            common=entry.allowed is everyone,
        )
        for entry, url in open_ones
    ]


def go_shortcuts() -> dict[str, str]:
    """Give each area "g" and the first letter of its key that no area before it has taken."""
    taken: set[str] = set()
    shortcuts = {}
    for entry in navigation:
        letter = next((c for c in entry.key if c.isalpha() and c not in taken), "")
        if letter:
            taken.add(letter)
            shortcuts[entry.key] = f"g {letter}"
    return shortcuts


def _url(entry: NavigationEntry) -> str | None:
    """An area whose page is not there yet is not shown."""
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return None


def _current(areas: list[tuple[str, str, tuple[str, ...]]], path: str) -> str:
    """The area with the longest address (or prefix) that `path` begins with; "/" only itself."""
    best, length = "", 0
    for key, url, prefixes in areas:
        for start in (url, *prefixes):
            inside = path == start if start == "/" else path.startswith(start)
            if inside and len(start) > length:
                best, length = key, len(start)
    return best
