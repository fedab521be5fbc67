"""What feedback and disputes look like in JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from leads.api.serializers import Named, Person
from leads.enums import Decision, Ruling
from leads.models import Feedback
from leads.selectors.feedback import dispute_of
from leads.services import disputes, feedback

STATES = ["", *Ruling.values]


class LeadName(serializers.Serializer[Any]):
    """The lead that was decided on."""

    id = serializers.IntegerField()
    contact = Named()
    campaign = Named(allow_null=True)
    persona = Named(allow_null=True)
    source = Named(allow_null=True)  # type: ignore[assignment]  # a field, not Field.source


class DisputeState(serializers.Serializer[Any]):
    """The dispute of a rejection in short; `ruling` is empty while it waits."""

    id = serializers.IntegerField()
    ruling = serializers.ChoiceField(choices=STATES)


class FeedbackOut(serializers.Serializer[Any]):
    """What Sales said of an MQL.

    `counts_as` is what the acceptance rate reads; null for a return and after an overturning.
    """

    id = serializers.IntegerField()
    lead = LeadName()
    decision = serializers.ChoiceField(choices=Decision.choices)
    counts_as = serializers.ChoiceField(choices=Decision.choices, allow_null=True)
    reason = serializers.CharField()
    fit_rating = serializers.IntegerField(allow_null=True)
    text = serializers.CharField()
    given_by = Person(allow_null=True)
    decided_at = serializers.DateTimeField()
    acknowledged_by = Person(allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    dispute = serializers.SerializerMethodField()

    @extend_schema_field(DisputeState(allow_null=True))
    def get_dispute(self, row: Feedback) -> Any:
        """Return the dispute in short, None where there is none."""
        dispute = dispute_of(row)
        return None if dispute is None else DisputeState(dispute).data


class FeedbackIds(serializers.Serializer[Any]):
    """Feedback to be acknowledged."""

    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        min_length=1,
        max_length=500,
    )


class Acknowledged(serializers.Serializer[Any]):
    """Which of them were not acknowledged before."""

    acknowledged = serializers.ListField(child=serializers.IntegerField())


class FeedbackCommentIn(serializers.Serializer[Any]):
    """A comment of either team."""

    text = serializers.CharField(max_length=feedback.LONGEST_COMMENT)


class FeedbackCommentOut(serializers.Serializer[Any]):
    """A comment of either team."""

    id = serializers.IntegerField()
    author = Person()
    text = serializers.CharField()
    written_at = serializers.DateTimeField()


class DisputeIn(serializers.Serializer[Any]):
    """Why Marketing contests the rejection."""

    argument = serializers.CharField(max_length=disputes.LONGEST)


class AnswerIn(serializers.Serializer[Any]):
    """What Sales says to it."""

    answer = serializers.CharField(max_length=disputes.LONGEST)


class RulingIn(serializers.Serializer[Any]):
    """How a facilitator rules, and why."""

    ruling = serializers.ChoiceField(choices=Ruling.choices)
    note = serializers.CharField(max_length=disputes.LONGEST)


class DisputeOut(serializers.Serializer[Any]):
    """A dispute with both sides; `ruling` is empty while it waits."""

    id = serializers.IntegerField()
    feedback = serializers.IntegerField(source="feedback_id")
    lead = serializers.IntegerField(source="feedback.lead_id")
    opened_by = Person()
    argument = serializers.CharField()
    opened_at = serializers.DateTimeField()
    answered_by = Person(allow_null=True)
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
    ruling = serializers.ChoiceField(choices=STATES)
    ruled_by = Person(allow_null=True)
    ruling_note = serializers.CharField()
    ruled_at = serializers.DateTimeField(allow_null=True)
