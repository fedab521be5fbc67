"""Agreements in force for tests, with the commitments that a test is about."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sla.enums import AgreementState, CommitmentKind, Side
from sla.models import Agreement, Commitment, EscalationLevel, ScoreBand
from tests.conftest import AT

SINCE = AT - timedelta(days=30)
HASH = "0" * 64


def promise(
    kind: CommitmentKind = CommitmentKind.TIME_TO_DECIDE,
    *,
    side: Side = Side.SALES,
    minutes: int | None = 240,
    **fields: Any,
) -> dict[str, Any]:
    """What one commitment says; four business hours unless said otherwise."""
    return {"kind": kind, "side": side, "target_minutes": minutes, **fields}


def in_force(*promises: dict[str, Any], since: datetime = SINCE, number: int = 1) -> Agreement:
    """An agreement of these promises in force; an earlier one is superseded."""
    agreement = Agreement.objects.create(number=number, created_at=since)
    for said in promises:
        bands, levels = said.pop("bands", {}), said.pop("levels", ())
        row = Commitment.objects.create(agreement=agreement, **said)
        for score_from, minutes in bands.items():
            ScoreBand.objects.create(commitment=row, score_from=score_from, target_minutes=minutes)
        for share, told in levels:
            EscalationLevel.objects.create(commitment=row, share=Decimal(share), **told)
    Agreement.objects.filter(state=AgreementState.IN_FORCE).update(
        state=AgreementState.SUPERSEDED, superseded_at=since
    )
    Agreement.objects.filter(pk=agreement.pk).update(
        state=AgreementState.IN_FORCE, in_force_from=since, text_hash=HASH
    )
    agreement.refresh_from_db()
    return agreement
