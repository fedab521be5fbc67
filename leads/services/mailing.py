"""Messaging rules reach the leads: for the floors above, which know what both teams agreed on."""

from __future__ import annotations

from collections.abc import Mapping

from leads.enums import LifecycleStage
from leads.models import StageMail


def set_marketing_stages(writes: Mapping[LifecycleStage, bool]) -> None:
    """Keep from now on whether Marketing writes at each of the given stages; one statement."""
    StageMail.objects.bulk_create(
        [StageMail(stage=stage, marketing_writes=may) for stage, may in writes.items()],
        update_conflicts=True,
        unique_fields=["stage"],
        update_fields=["marketing_writes"],
    )
