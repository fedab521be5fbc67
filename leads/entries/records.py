"""Contacts, companies, merges, saved views."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.rules import is_member, standing
from leads.demo.records import load_records
from leads.rules import decides_on_leads
from leads.selectors.finding import find_companies, find_contacts
from smarketing import registry
from smarketing.registry import Command, DemoStep, SearchSource


def _decides(user: object) -> bool:
    return decides_on_leads(standing(user))


SOURCES = (
    SearchSource("contacts", _("Contacts"), 20, find_contacts, is_member),
    SearchSource("companies", _("Companies"), 30, find_companies, is_member),
)
COMMANDS = (
    Command("contact-list", _("Contacts"), "contact-list", 30, "address-book",
            _("people prospects"), allowed=is_member),
    Command("company-list", _("Companies"), "company-list", 31, "building",
            _("accounts organisations"), allowed=is_member),
    Command("contact-new", _("Create a contact"), "contact-new", 32, "plus", _("prospect person"),
            allowed=_decides),
    Command("contact-duplicates", _("Find duplicates"), "contact-duplicates", 33, "copy",
            _("merge double twice"), allowed=_decides),
)  # fmt: skip


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
    for source in SOURCES:
        registry.search_sources.register(source)
    for command in COMMANDS:
        registry.commands.register(command)
    registry.demo_steps.register(DemoStep("records", 90, load_records))
