"""The pages of the Leads area, as a strip under their titles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.rules import holds, is_member


@dataclass(frozen=True)
class Tab:
    """One page of the area; `prefix` is the path under which its pages lie."""

    label: Any
    icon: str
    url_name: str
    prefix: str
    roles: tuple[Role, ...] = ()

    def is_for(self, user: Any) -> bool:
        """Tell whether the page is of use to the person."""
        return holds(user, *self.roles) if self.roles else is_member(user)


TABS = (
    Tab(_("All leads"), "users", "lead-list", "/leads/"),
    Tab(_("Board"), "layout-kanban", "lead-board", "/leads/board/"),
    Tab(_("Inbox"), "inbox", "lead-inbox", "/leads/inbox/", (Role.REP, Role.MANAGER)),
    Tab(_("Qualify"), "checklist", "lead-qualify", "/leads/qualify/",
        (Role.MARKETER, Role.MANAGER)),
    Tab(_("Import"), "upload", "lead-imports", "/leads/import/",
        (Role.MARKETER, Role.MANAGER, Role.ADMINISTRATOR)),
    Tab(_("Opportunities"), "coins", "opportunity-list", "/opportunities/"),
    Tab(_("Contacts"), "address-book", "contact-list", "/contacts/"),
    Tab(_("Companies"), "building", "company-list", "/companies/"),
    Tab(_("Campaigns"), "flag", "campaign-list", "/campaigns/"),
    Tab(_("Forms"), "list-check", "form-list", "/forms/"),
    Tab(_("Personas"), "target", "persona-list", "/personas/"),
    Tab(_("Assets"), "file-text", "asset-list", "/assets/"),
)  # fmt: skip


@dataclass(frozen=True)
class ShownTab:
    """A tab as one person on one page sees it."""

    tab: Tab
    url: str
    is_current: bool


def tabs_for(user: Any, path: str) -> list[ShownTab]:
    """Return the strip for `user` on the page at `path`."""
    return strip_of(TABS, user, path)


def strip_of(tabs: Sequence[Tab], user: Any, path: str) -> list[ShownTab]:
    """Return those of `tabs` that are there and for `user`; the longest prefix is current."""
    shown = [(tab, _url(tab)) for tab in tabs if tab.is_for(user)]
    inside = [tab for tab, url in shown if url and path.startswith(tab.prefix)]
    current = max(inside, key=lambda tab: len(tab.prefix), default=None)
    return [ShownTab(tab, url, tab is current) for tab, url in shown if url]


def _url(tab: Tab) -> str:
    try:
        return reverse(tab.url_name)
    except NoReverseMatch:
        return ""
