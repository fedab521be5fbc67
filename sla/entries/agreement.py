"""The agreement in navigation, notices and the demo."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.rules import is_member
from sla.demo import load_agreement
from sla.services.signing import PROPOSED
from smarketing import registry
from smarketing.registry import DemoStep, NavigationEntry, NoticeKind

AGREEMENT = NavigationEntry(
    key="agreement",
    label=_("Agreement"),
    icon="file-certificate",
    url_name="agreement",
    order=30,
    allowed=is_member,
    prefixes=("/agreement/", "/sla/"),
)
NOTICES = (
    NoticeKind(
        PROPOSED, _("An agreement waits for your signature"),
        _("Version %(number)s of the agreement waits for your signature"),
        _("%(by)s proposed it. Read it, then sign."), "file-certificate", 300, optional=False,
    ),
)  # fmt: skip


def register() -> None:
    """Register everything; doing it again changes nothing."""
    registry.navigation.register(AGREEMENT)
    for kind in NOTICES:
        registry.notice_kinds.register(kind)
    # Before the leads, whose clocks start under the version in force.
    registry.demo_steps.register(DemoStep("agreement", 15, load_agreement))
