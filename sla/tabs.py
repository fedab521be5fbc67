"""The pages of the agreement's area, as a strip under their titles."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from leads.tabs import ShownTab, Tab, strip_of

TABS = (
    Tab(_("Agreement"), "file-certificate", "agreement", "/agreement/"),
    Tab(_("Commitments"), "target-arrow", "sla", "/sla/"),
    Tab(_("Clocks"), "clock", "clock-list", "/sla/clocks/"),
    Tab(_("Corrective actions"), "list-check", "corrective-actions", "/sla/actions/"),
    Tab(_("Goal calculator"), "coins", "calculator", "/sla/calculator/"),
)


def sla_tabs_for(user: Any, path: str) -> list[ShownTab]:
    """Return the strip for `user` on the page at `path`; pages that are not there are left out."""
    return strip_of(TABS, user, path)
