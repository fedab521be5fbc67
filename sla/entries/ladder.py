"""The ladder: who is told of what is late, and when; what an undo or an erasure must know."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sla.selectors.touched import leads_with_clocks
from sla.services.erasing import blank_pauses
from sla.services.rerouting import REROUTED
from sla.services.telling import DIGEST, DUE_SOON, LATE
from smarketing.registry import (
    ErasureStep,
    NoticeKind,
    UntouchedVeto,
    erasure_steps,
    notice_kinds,
    untouched_vetoes,
)

NOTICE_KINDS = (
    NoticeKind(
        key=DUE_SOON,
        label=_("Something promised is nearly due"),
        title=_("Nearly due: %(name)s"),
        body=_("%(promise)s runs out soon. Act on the lead now to keep the promise."),
        icon="clock",
        order=310,
    ),
    NoticeKind(
        key=LATE,
        label=_("Something promised is late"),
        title=_("Late: %(name)s"),
        body=_("%(promise)s has run out. Act on the lead, or give it to somebody who can."),
        icon="alert-triangle",
        order=320,
    ),
    NoticeKind(
        key=DIGEST,
        label=_("Many promises are late or nearly due"),
        title=_("%(late)s late, %(soon)s nearly due"),
        body=_("The most urgent: %(names)s."),
        icon="clock",
        order=330,
    ),
    NoticeKind(
        key=REROUTED,
        label=_("A late lead of mine goes to somebody else"),
        title=_("%(name)s went to %(owner)s"),
        body=_("A promise was late, so the lead was given to somebody who is free."),
        icon="arrows-exchange",
        order=340,
    ),
)


def register() -> None:
    """Register everything; doing it again changes nothing."""
    for kind in NOTICE_KINDS:
        notice_kinds.register(kind)
    untouched_vetoes.register(UntouchedVeto("clocks", 100, leads_with_clocks))
    erasure_steps.register(ErasureStep("pauses", 100, blank_pauses))
