"""What the API of daily work takes and gives."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from leads.api.serializers import LeadOut, Person
from leads.enums import ActivityKind, Direction, LifecycleStage, NextStepKind
from leads.services.activities import LONGEST_TEXT
from leads.services.next_steps import LONGEST_TEXT as LONGEST_STEP

CHECK_STATES = [("met", "Met"), ("missed", "Missed"), ("open", "To be answered")]


class LogActivity(serializers.Serializer[Any]):
    """An activity. Without `occurred_at` it happened now; it never lies ahead."""

    kind = serializers.ChoiceField(choices=ActivityKind.choices)
    direction = serializers.ChoiceField(choices=Direction.choices, default=Direction.OUTBOUND.value)
    connected = serializers.BooleanField(
        required=False, allow_null=True, default=None,
        help_text="Of calls and meetings: whether the person was reached.",
    )  # fmt: skip
    text = serializers.CharField(
        max_length=LONGEST_TEXT, required=False, allow_blank=True, help_text="A note needs one."
    )
    occurred_at = serializers.DateTimeField(required=False)


class ActivityOut(serializers.Serializer[Any]):
    """An activity as it is kept; `is_attempt` tells a human try to reach the person."""

    id = serializers.IntegerField()
    lead_id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ActivityKind.choices)
    direction = serializers.ChoiceField(choices=Direction.choices)
    connected = serializers.BooleanField(allow_null=True)
    is_automatic = serializers.BooleanField()
    is_attempt = serializers.BooleanField()
    text = serializers.CharField()
    actor = Person(allow_null=True)
    occurred_at = serializers.DateTimeField()
    logged_at = serializers.DateTimeField()


class AddNextStep(serializers.Serializer[Any]):
    """A next step of yours; `due_at` lies ahead."""

    kind = serializers.ChoiceField(choices=NextStepKind.choices)
    due_at = serializers.DateTimeField()
    text = serializers.CharField(max_length=LONGEST_STEP, required=False, allow_blank=True)


class MoveNextStep(serializers.Serializer[Any]):
    """The other time of a next step."""

    due_at = serializers.DateTimeField()


class NextStepOut(serializers.Serializer[Any]):
    """A next step; waiting while both `done_at` and `dropped_at` are null."""

    id = serializers.IntegerField()
    lead_id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=NextStepKind.choices)
    text = serializers.CharField()
    owner = Person()
    due_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    dropped_at = serializers.DateTimeField(allow_null=True)


class SnoozeLead(serializers.Serializer[Any]):
    """Until when the lead leaves your inbox, and why; at most 90 days."""

    until = serializers.DateTimeField()
    reason = serializers.CharField(max_length=LONGEST_STEP)


class EventOut(serializers.Serializer[Any]):
    """One event of the timeline: its kind and id, when, who, and what it says."""

    kind = serializers.CharField()
    id = serializers.IntegerField(source="pk")
    at = serializers.DateTimeField()
    who = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    facts = serializers.ListField(child=serializers.CharField())
    undone = serializers.BooleanField()


class TimelineOut(serializers.Serializer[Any]):
    """A page of the timeline, the newest first; `next` is null on the last."""

    next = serializers.CharField(allow_null=True, help_text="The `after` of the next page.")
    results = EventOut(many=True)


class CheckedCriterion(serializers.Serializer[Any]):
    """A criterion as it was checked at the handoff."""

    words = serializers.CharField()
    value = serializers.CharField()
    state = serializers.ChoiceField(choices=CHECK_STATES)


class WhyOut(serializers.Serializer[Any]):
    """Why Marketing handed the lead over: the evidence of that moment."""

    at = serializers.DateTimeField(allow_null=True)
    who = serializers.CharField()
    score = serializers.IntegerField(allow_null=True)
    note = serializers.CharField()
    criteria = CheckedCriterion(many=True)
    tipped_by = EventOut(allow_null=True)


class RelativeOut(serializers.Serializer[Any]):
    """A lead beside this one, and why it ended if it did."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    stage = serializers.ChoiceField(choices=LifecycleStage.choices)
    disposition = serializers.CharField()
    began_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    owner = serializers.CharField()
    reason = serializers.CharField()
    note = serializers.CharField()


class PacketOut(serializers.Serializer[Any]):
    """The handoff packet: nothing in it is made up."""

    lead = LeadOut()
    why = WhyOut()
    persona = serializers.CharField(allow_null=True)
    opening_line = serializers.CharField()
    touches = EventOut(many=True)
    seen = EventOut(many=True)
    sent = EventOut(many=True)
    notes = EventOut(many=True)
    earlier_cycles = RelativeOut(many=True)
    company_leads = RelativeOut(many=True)
    company_open = serializers.IntegerField()
    company_customers = serializers.IntegerField()


class InboxRow(LeadOut):
    """A lead that waits for a decision, with what makes it urgent."""

    next_due_at = serializers.DateTimeField(allow_null=True)
    next_risk_at = serializers.DateTimeField(allow_null=True)
    snoozed_until = serializers.DateTimeField(allow_null=True)


class InboxOut(serializers.Serializer[Any]):
    """The inbox: how many rows each part holds, and the fifty most urgent of the one asked."""

    counts = serializers.DictField(child=serializers.IntegerField())
    results = InboxRow(many=True)
