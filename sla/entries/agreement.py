"""The agreement in navigation, notices, Today and the demo."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.rules import is_member, standing
from sla.demo import load_agreement, load_agreement_in_force, load_next_draft
from sla.enums import AgreementState
from sla.models import Agreement
from sla.renewal import renewal_of
from sla.rules import writes_agreement
from sla.selectors.versions import on_its_way
from sla.services.ending import AGREED, ASKED
from sla.services.renewing import RENEWAL
from sla.services.signing import PROPOSED
from smarketing import registry
from smarketing.registry import DemoStep, NavigationEntry, NoticeKind, TodayPanel

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
    NoticeKind(
        RENEWAL, _("The agreement is to be looked at again"),
        _("Look at the agreement again: does version %(number)s still hold?"),
        _("Confirm it, or begin the next version."), "calendar", 310,
    ),
    NoticeKind(
        ASKED, _("The other team asks to end a commitment"),
        _("%(by)s asks to end a commitment: %(what)s"),
        _("It ends when you agree. Read why."), "file-certificate", 320, optional=False,
    ),
    NoticeKind(
        AGREED, _("The end of a commitment is agreed"),
        _("%(by)s agreed to the end of a commitment: %(what)s"),
        _("No clock starts by it from then on."), "file-certificate", 330,
    ),
)  # fmt: skip


def _writes(user: Any) -> bool:
    return writes_agreement(standing(user))


def _renewal(user: Any, at: datetime) -> dict[str, Any]:
    """Return the look that is near or overdue, and what waits for signatures."""
    version = Agreement.objects.filter(state=AgreementState.IN_FORCE).first()
    renewal = renewal_of(version, at) if version is not None else None
    near = renewal if renewal is not None and renewal.is_near else None
    return {"renewal": near, "version": version, "waiting": on_its_way()}


PANEL = TodayPanel(
    "agreement", _("Agreement"), "sla/today/agreement.html", _renewal, 35, _writes, "shared"
)


def register() -> None:
    """Register everything; doing it again changes nothing."""
    registry.navigation.register(AGREEMENT)
    registry.today_panels.register(PANEL)
    for kind in NOTICES:
        registry.notice_kinds.register(kind)
    # Before the leads, whose clocks start under the version in force.
    registry.demo_steps.register(DemoStep("agreement", 12, load_agreement))
    registry.demo_steps.register(DemoStep("agreement-in-force", 15, load_agreement_in_force))
    registry.demo_steps.register(DemoStep("agreement-draft", 95, load_next_draft))
