"""The list of settings pages beside each of them, as one person sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch, reverse

from smarketing.registry import settings_pages


@dataclass(frozen=True)
class Page:
    """A settings page in the list."""

    label: str
    icon: str
    url: str
    current: bool


@dataclass(frozen=True)
class Section:
    """Settings pages under one heading."""

    label: str
    pages: list[Page] = field(default_factory=list)


def sections_for(user: Any, path: str) -> list[Section]:
    """Return the settings pages that `user` may open, by section, sections by their first page."""
    entries = [(entry, _url(entry.url_name)) for entry in settings_pages.for_user(user)]
    inside = [url for _entry, url in entries if url and path.startswith(url)]
    current = max(inside, key=len, default=_own_sign_in(path))
    sections: dict[str, Section] = {}
    for entry, url in entries:
        if not url:
            continue
        label = str(entry.section)
        section = sections.setdefault(label, Section(label))
        section.pages.append(Page(str(entry.label), entry.icon, url, url == current))
    return list(sections.values())


def _url(name: str) -> str:
    """A page may be registered before it is there."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _own_sign_in(path: str) -> str:
    """Every page about how one signs in lies under the page that lists them."""
    root = reverse("account_login").removesuffix("login/")
    return reverse("mfa_index") if path.startswith(root) else ""
