"""Exports, one person's data, erasure, how long data stay."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from leads.demo.out import load_out
from leads.services.exports import FAILED, READY
from leads.views.exports import may_export
from leads.views.person_data import may_keep_person_data
from smarketing import registry
from smarketing.registry import Command, DemoStep, NoticeKind, SettingsEntry

COMMANDS = (
    Command("export-list", _("Open my exports"), "export-list", 36, "download",
            _("files csv excel download"), allowed=may_export),
)  # fmt: skip
SETTINGS = (
    SettingsEntry(
        key="data-protection",
        label=_("Data protection"),
        summary=_("How long personal data stay, who was erased, who exported what"),
        icon="shield-lock",
        url_name="settings-data-protection",
        order=215,
        section=_("System"),
        allowed=may_keep_person_data,
    ),
)
NOTICE_KINDS = (
    NoticeKind(
        key=READY,
        label=_("A file that I exported is ready"),
        title=_("Your export is ready"),
        body=_("%(list)s: %(rows)s rows. The file is yours alone and expires."),
        icon="download",
        order=300,
    ),
    NoticeKind(
        key=FAILED,
        label=_("A file that I exported could not be written"),
        title=_("Your export could not be written"),
        body=_("%(list)s: export it again, or narrow the list."),
        icon="alert-triangle",
        order=310,
    ),
)


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
    for command in COMMANDS:
        registry.commands.register(command)
    for page in SETTINGS:
        registry.settings_pages.register(page)
    registry.demo_steps.register(DemoStep("out", 90, load_out))
    for kind in NOTICE_KINDS:
        registry.notice_kinds.register(kind)
