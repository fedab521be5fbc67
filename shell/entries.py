"""The lines of the command menu that every page has: areas, settings pages, commands."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from shell.areas import areas_for
from smarketing.registry import commands, settings_pages

Line = dict[str, str]


def command_entries(user: Any) -> list[Line]:
    """Return what `user` may go to and do, as the menu's script reads it."""
    lines = [*_areas(user), *_settings(user), *_commands(user)]
    seen: set[tuple[str, str]] = set()
    return [
        line
        for line in lines
        if (key := (line["url"], line["label"])) not in seen and not seen.add(key)  # type: ignore[func-returns-value]
    ]


def _areas(user: Any) -> list[Line]:
    return [
        _line(_("Go to"), area.label, area.url, area.icon, keys=area.shortcut)
        for area in areas_for(user, "")
    ]


def _settings(user: Any) -> list[Line]:
    lines = []
    for page in settings_pages.for_user(user):
        url = _url(page.url_name)
        if url:
            words = f"{_('Settings')} {page.summary}"
            lines.append(_line(_("Go to"), str(page.label), url, page.icon, keywords=words))
    return lines


def _commands(user: Any) -> list[Line]:
    lines = []
    for command in commands.for_user(user):
        url = _url(command.url_name)
        if url:
            lines.append(
                _line(
                    _("Do"), str(command.label), url, command.icon,
                    keywords=str(command.keywords), keys=command.shortcut,
                )
            )  # fmt: skip
    return lines


def _line(
    group: str, label: str, url: str, icon: str, *, keywords: str = "", keys: str = ""
) -> Line:
    return {"group": group, "label": label, "url": url, "icon": icon, "keywords": keywords,
            "keys": keys}  # fmt: skip


def _url(name: str) -> str:
    """The address of a page that is there; an area may be registered before its pages are."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
