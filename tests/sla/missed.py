"""A version that was in force, with one commitment that was missed."""

from __future__ import annotations

from datetime import datetime, timedelta

from leads.enums import LifecycleStage
from sla.enums import AgreementState, CommitmentKind, PeriodKind, Side
from sla.models import Agreement, Commitment, CorrectiveAction

NUMBER = 900


def missed_of_sales(at: datetime) -> CorrectiveAction:
    """Sales promised SQLs a month and missed; nobody has decided what is done about it."""
    agreement = Agreement.objects.create(number=NUMBER, created_at=at)
    row = Commitment.objects.create(
        agreement=agreement, kind=CommitmentKind.VOLUME, side=Side.SALES, period=PeriodKind.MONTH,
        target=10, stage=LifecycleStage.SQL,
    )  # fmt: skip
    Agreement.objects.filter(pk=agreement.pk).update(
        state=AgreementState.SUPERSEDED, in_force_from=at - timedelta(days=400),
        superseded_at=at, text_hash="0" * 64,
    )  # fmt: skip
    return CorrectiveAction.objects.create(
        commitment=row, missed_on=(at - timedelta(days=60)).date().replace(day=1), side=row.side,
        opened_at=at,
    )  # fmt: skip
