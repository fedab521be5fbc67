"""Files on their way in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from leads.demo.imports import load_imports
from leads.views.imports import brings_in
from smarketing import registry
from smarketing.registry import Command, DemoStep

COMMANDS = (
    Command("lead-import", _("Import a file"), "lead-imports", 35, "upload",
            _("csv excel bring in upload fair list"), allowed=brings_in),
)  # fmt: skip


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
    for command in COMMANDS:
        registry.commands.register(command)
    registry.demo_steps.register(DemoStep("imports", 85, load_imports))
