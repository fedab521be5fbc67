"""What agreements, commitments and corrective actions look like in JSON."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from rest_framework import serializers

from leads.api.serializers import Person
from sla.enums import (
    ActionState,
    AgreementState,
    CommitmentKind,
    Metric,
    Pace,
    PeriodKind,
    SectionKey,
    Side,
)
from sla.services.corrective_actions import LONGEST
from sla.services.writing import LONGEST_COMMENT

PLACES = Decimal("0.0001")
UNIT = "In the commitment's unit: a count, money in cents, a share from 0 to 1."


class SignatureOut(serializers.Serializer[Any]):
    """Who signed for a side, when, and over which hash."""

    side = serializers.ChoiceField(choices=Side.choices)
    signer = Person()
    as_deputy = serializers.SerializerMethodField()
    signed_at = serializers.DateTimeField()
    text_hash = serializers.CharField()

    def get_as_deputy(self, row: Any) -> bool:
        """Tell whether a named deputy signed for the head."""
        return row.as_deputy_of_id is not None


class AgreementOut(serializers.Serializer[Any]):
    """A version that was at least proposed. Both heads sign it in the browser alone: signing asks
    them to prove once more who they are, which no token can."""

    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=AgreementState.choices)
    based_on = serializers.IntegerField(source="based_on.number", default=None, allow_null=True)
    change_note = serializers.CharField()
    text_hash = serializers.CharField(help_text="SHA-256 of the canonical text.")
    proposed_at = serializers.DateTimeField(allow_null=True)
    wanted_from = serializers.DateField(allow_null=True)
    in_force_from = serializers.DateTimeField(allow_null=True)
    superseded_at = serializers.DateTimeField(allow_null=True)
    signatures = SignatureOut(source="signatures.all", many=True)


class SectionOut(serializers.Serializer[Any]):
    """The words of one part."""

    key = serializers.ChoiceField(choices=SectionKey.choices)
    text = serializers.CharField()


class AgreementTextOut(serializers.Serializer[Any]):
    """What was signed: `canonical` is the JSON text whose SHA-256 is `text_hash`."""

    number = serializers.IntegerField()
    text_hash = serializers.CharField()
    sections = SectionOut(many=True)
    canonical = serializers.CharField()


class ProposeIn(serializers.Serializer[Any]):
    """What changes, and why."""

    change_note = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_COMMENT
    )


def _decimal(value: Fraction | Decimal | None) -> Decimal | None:
    if value is None:
        return None
    exact = Fraction(value)
    return (Decimal(exact.numerator) / exact.denominator).quantize(PLACES)


def _figure(note: str = UNIT) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=None, decimal_places=4, allow_null=True, help_text=note
    )


class CommitmentOut(serializers.Serializer[Any]):
    """A commitment and how it stands in the period asked for.

    Of a promised time, the figure is the share of its clocks that were kept.
    """

    id = serializers.IntegerField()
    lineage = serializers.UUIDField(help_text="The same in all versions of a promise.")
    agreement = serializers.IntegerField(help_text="Number of the version that judges the period.")
    side = serializers.ChoiceField(choices=Side.choices)
    kind = serializers.ChoiceField(choices=CommitmentKind.choices)
    metric = serializers.ChoiceField(choices=Metric.choices, allow_blank=True)
    what = serializers.CharField()
    period = serializers.ChoiceField(choices=PeriodKind.choices)
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    status = serializers.ChoiceField(choices=Pace.choices, allow_null=True)
    target = _figure()
    actual = _figure()
    numerator = _figure("Of rates, what was counted.")
    denominator = _figure("Of rates, out of how many.")
    expected = _figure("By now, of what is counted.")
    forecast = _figure("At the end of the period, of what is counted.")
    closed = serializers.BooleanField(help_text="The period is closed and its figure frozen.")
    correction = _figure("What facts after the close added.")
    ended_at = serializers.DateTimeField(allow_null=True, help_text="Ended early, by both heads.")


def told_commitment(one: Any, what: str, period: PeriodKind) -> dict[str, Any]:
    """Return a standing as `CommitmentOut` tells it."""
    row, now = one.commitment, one.now
    verdict = now.verdict
    return {
        "id": row.pk, "lineage": row.lineage, "agreement": row.agreement.number, "side": row.side,
        "kind": row.kind, "metric": row.metric, "what": what, "period": period,
        "first_on": now.period.first_on, "last_on": now.period.last_on,
        "status": verdict.status if verdict else None,
        "target": now.target, "actual": _decimal(now.actual),
        "numerator": _decimal(now.tally.numerator), "denominator": _decimal(now.tally.denominator),
        "expected": _decimal(verdict.expected if verdict else None),
        "forecast": _decimal(verdict.forecast if verdict else None),
        "closed": now.is_closed, "correction": _decimal(now.correction), "ended_at": row.ended_at,
    }  # fmt: skip


class CorrectiveActionOut(serializers.Serializer[Any]):
    """What is done about a missed commitment, and what it brought."""

    id = serializers.IntegerField()
    commitment = serializers.IntegerField(source="commitment_id")
    side = serializers.ChoiceField(choices=Side.choices)
    state = serializers.ChoiceField(choices=ActionState.choices)
    missed_on = serializers.DateField(help_text="First day of the period that was missed.")
    opened_at = serializers.DateTimeField()
    what = serializers.CharField()
    owner = Person(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    expected = _figure()
    after_one = _figure("One period later. " + UNIT)
    after_two = _figure("Two periods later. " + UNIT)
    decided_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    closing_note = serializers.CharField()


class DecideIn(serializers.Serializer[Any]):
    """What is done, by whom, until when, and what it should bring."""

    what = serializers.CharField(max_length=LONGEST)
    owner = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="Id of a person.")
    due_on = serializers.DateField()
    expected = serializers.DecimalField(
        max_digits=18, decimal_places=4, min_value=Decimal(0), required=False, allow_null=True,
        help_text=UNIT,
    )  # fmt: skip


class EndActionIn(serializers.Serializer[Any]):
    """How it went, or why nothing is done."""

    closing_note = serializers.CharField(max_length=LONGEST)
