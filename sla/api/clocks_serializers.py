"""What clocks look like in JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from leads.api.serializers import Person
from sla.enums import TIMED, ClockState, Outcome, Side

KINDS = [(kind.value, kind.label) for kind in sorted(TIMED)]


class ClockOut(serializers.Serializer[Any]):
    """A clock as it stands at the instant of the answer.

    `target_minutes` and `held_minutes` are business time; `lateness_minutes` too, null while it
    runs. One of `target_minutes` and `target_days` is null.
    """

    id = serializers.IntegerField(source="clock.pk")
    lead = serializers.IntegerField(source="clock.lead_id")
    commitment = serializers.IntegerField(source="clock.commitment_id")
    kind = serializers.ChoiceField(source="clock.commitment.kind", choices=KINDS)
    side = serializers.ChoiceField(source="clock.commitment.side", choices=Side.choices)
    state = serializers.ChoiceField(choices=ClockState.choices)
    outcome = serializers.ChoiceField(
        source="clock.outcome", choices=Outcome.choices, allow_null=True
    )
    owner = Person(source="clock.owner", allow_null=True)
    queue = serializers.IntegerField(source="clock.queue_id", allow_null=True)
    started_at = serializers.DateTimeField(source="clock.started_at")
    risk_at = serializers.DateTimeField(source="clock.risk_at")
    due_at = serializers.DateTimeField(source="clock.due_at")
    paused_until = serializers.SerializerMethodField()
    stopped_at = serializers.DateTimeField(source="clock.stopped_at", allow_null=True)
    target_minutes = serializers.SerializerMethodField()
    target_days = serializers.IntegerField(source="clock.target_days", allow_null=True)
    held_minutes = serializers.SerializerMethodField()
    lateness_minutes = serializers.SerializerMethodField()

    def get_paused_until(self, one: Any) -> str | None:
        """Return until when it is held, None when it is not."""
        held = one.state is ClockState.PAUSED
        return one.clock.paused_until.isoformat() if held else None

    def get_target_minutes(self, one: Any) -> int | None:
        """Return the target in business minutes, None where it is told in days."""
        return _minutes(one.clock.target)

    def get_held_minutes(self, one: Any) -> int | None:
        """Return the business minutes held, those still to come of a pause included."""
        return _minutes(one.clock.held)

    def get_lateness_minutes(self, one: Any) -> int | None:
        """Return the business minutes from due to stop."""
        return _minutes(one.clock.lateness)


def _minutes(span: Any) -> int | None:
    return None if span is None else int(span.total_seconds()) // 60


class PauseIn(serializers.Serializer[Any]):
    """Why a clock is held, and until when."""

    reason = serializers.CharField(max_length=200)
    until = serializers.DateTimeField()
