"""Period commitments, their pace and what is done about those that were missed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sla.services.corrective_actions import DECIDED
from smarketing import registry
from smarketing.registry import NoticeKind

NOTICE_KINDS = (
    NoticeKind(
        DECIDED, _("A corrective action is given to you"),
        _("%(by)s gave you a corrective action"), "%(what)s", "list-check", 330,
    ),
)  # fmt: skip


def register() -> None:
    """Register everything; doing it again changes nothing."""
    for kind in NOTICE_KINDS:
        registry.notice_kinds.register(kind)
