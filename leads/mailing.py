"""Whether Marketing may write to a person: by what is agreed on for the stage of the lead. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from leads.enums import Disposition, LifecycleStage

# While nothing is agreed on, Sales speaks alone from the acceptance to the close.
UNLESS_AGREED = frozenset({LifecycleStage.LEAD, LifecycleStage.MQL, LifecycleStage.CUSTOMER})
# A lead that is closed otherwise is nobody's work, and the person Marketing's again.
BY_STAGE = frozenset({Disposition.OPEN, Disposition.WON})


def marketing_stages(agreed: Mapping[str, bool]) -> frozenset[str]:
    """Return the stages in which Marketing writes; `agreed` says so where something is agreed."""
    return frozenset(
        stage.value for stage in LifecycleStage if agreed.get(stage, stage in UNLESS_AGREED)
    )


def mail_allowed(stage: str, disposition: str, *, objects: bool, stages: frozenset[str]) -> bool:
    """Tell whether Marketing may write: never to who `objects`; for open and won leads by stage."""
    if objects:
        return False
    return disposition not in BY_STAGE or stage in stages
