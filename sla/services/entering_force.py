"""The version that both sides signed comes into force on its day and supersedes the one before.

It is in force from the instant at which this is done, so that every clock is judged by the version
that was really in force when it started.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import Organisation
from leads.enums import LifecycleStage, VersionState
from leads.services.definitions import activate_definitions
from leads.services.mailing import set_marketing_stages
from leads.services.personas import activate_personas
from sla.enums import AgreementState, Writer
from sla.models import Agreement

MARKETING_WRITES = frozenset({Writer.MARKETING, Writer.BOTH})


def bring_into_force(*, at: datetime) -> Agreement | None:
    """Bring the signed version into force if its day has come; return it, or None.

    The one before is superseded at the same instant; its clocks run on under it. The definitions
    and personas agreed on come into force too, as far as they were not replaced since, and its
    messaging rules govern marketing mail. Twice is once, in parallel too.
    """
    with transaction.atomic():
        rows = Agreement.objects.select_for_update().filter(
            state__in=[AgreementState.SIGNED, AgreementState.IN_FORCE]
        )
        held = {row.state: row for row in rows.order_by("pk")}
        signed = held.get(AgreementState.SIGNED)
        if signed is None or not _has_come(signed, at):
            return None
        if (before := held.get(AgreementState.IN_FORCE)) is not None:
            before.state, before.superseded_at = AgreementState.SUPERSEDED, at
            before.save(update_fields=["state", "superseded_at"])
        signed.state, signed.in_force_from = AgreementState.IN_FORCE, at
        signed.save(update_fields=["state", "in_force_from"])
        _bring_words(signed, at)
        set_marketing_stages(
            {
                LifecycleStage(rule.stage): rule.writer in MARKETING_WRITES
                for rule in signed.messaging.all()
            }
        )
    return signed


def _has_come(version: Agreement, at: datetime) -> bool:
    if version.wanted_from is None:
        return True
    zone = Organisation.objects.values_list("zone", flat=True).get()
    return at.astimezone(ZoneInfo(zone)).date() >= version.wanted_from


def _bring_words(version: Agreement, at: datetime) -> None:
    """Put the agreed drafts in force; what is, or was replaced meanwhile, stays as it is."""
    drafts = {"definition__state": VersionState.DRAFT}
    definitions = version.definitions.filter(**drafts).values_list("definition", flat=True)
    if ids := list(definitions):
        activate_definitions(ids, actor=None, at=at)
    waiting = version.personas.filter(persona_version__state=VersionState.DRAFT)
    if ids := list(waiting.values_list("persona_version", flat=True)):
        activate_personas(ids, actor=None, at=at)
