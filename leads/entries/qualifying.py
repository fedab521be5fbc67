"""Definitions, personas, the qualify queue."""

from django.utils.translation import gettext_lazy as _

from accounts.rules import is_member
from smarketing import registry
from smarketing.registry import SettingsEntry

FUNNEL = _("Funnel")
SETTINGS = (
    SettingsEntry(
        key="definitions",
        label=_("Stage definitions"),
        summary=_("What makes a lead an MQL, SAL, SQL, and who answers for it"),
        icon="checklist",
        url_name="definitions",
        order=200,
        section=FUNNEL,
        allowed=is_member,
    ),
    SettingsEntry(
        key="sql-types",
        label=_("Types of SQL"),
        summary=_("Kinds of sales-qualified leads, each with its playbook"),
        icon="note",
        url_name="sql-types",
        order=210,
        section=FUNNEL,
        allowed=is_member,
    ),
)


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
    for page in SETTINGS:
        registry.settings_pages.register(page)
