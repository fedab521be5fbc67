"""What the API of routing takes and gives."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from leads.api.handoff_serializers import Undo
from leads.api.serializers import LeadOut, Named, Person
from leads.enums import AssignmentCause, QueueKind
from leads.filters import LAST_ID
from leads.forms_routing import LONGEST_NOTE
from leads.services.routing_settings import MOST_CAPACITY, MOST_WEIGHT

MOST_LEADS = 1_000
MOST_PEOPLE = 1_000
WAYS = ("person", "pool", "queue")


class Identity(serializers.IntegerField):
    """The id of a row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LAST_ID, **kwargs)


class TakeLead(serializers.Serializer[Any]):
    """The version that you saw, if you want to be told of changes since."""

    expected_version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False)


class Destination(serializers.Serializer[Any]):
    """Exactly one of a person, a pool (its people take turns) and the queue."""

    person = Identity(required=False, help_text="A person's id.")
    pool = Identity(required=False, help_text="A pool's id: its people take turns.")
    queue = serializers.BooleanField(required=False, help_text="Back to the queue of its side.")
    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hold the body to one destination."""
        if sum(bool(attrs.get(way)) for way in WAYS) != 1:
            raise serializers.ValidationError(
                {"person": ["Give exactly one of `person`, `pool` and `queue`."]}
            )
        return attrs


class GiveLead(Destination):
    """To whom one lead goes."""

    expected_owner = Identity(
        required=False, allow_null=True,
        help_text="Whom you saw as its owner (null: nobody); another by now is refused.",
    )  # fmt: skip
    expected_version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False)


class ReassignLeads(Destination):
    """Leads by id, or all open ones of a person, and to whom they go."""

    leads = serializers.ListField(
        child=Identity(), required=False, min_length=1, max_length=MOST_LEADS
    )
    owner = Identity(required=False, help_text="Instead of `leads`: all open ones of this person.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hold the body to one destination and one way to name leads."""
        if ("leads" in attrs) == ("owner" in attrs):
            raise serializers.ValidationError({"leads": ["Give either `leads` or `owner`."]})
        return super().validate(attrs)


class AssignmentOut(serializers.Serializer[Any]):
    """That a lead came to a person or a queue, and why: `why` in stable codes."""

    id = serializers.IntegerField()
    owner = Person(allow_null=True)
    queue = serializers.ChoiceField(
        choices=QueueKind.choices, source="queue.kind", allow_null=True, default=None
    )
    from_owner = Person(allow_null=True)
    cause = serializers.ChoiceField(choices=AssignmentCause.choices)
    actor = Person(allow_null=True)
    note = serializers.CharField()
    why = serializers.JSONField()
    assigned_at = serializers.DateTimeField()
    voided_at = serializers.DateTimeField(allow_null=True)


class AssignedOut(serializers.Serializer[Any]):
    """The lead as it is now, and how to take it back."""

    lead = LeadOut()
    undo = Undo(allow_null=True)


class WentTo(serializers.Serializer[Any]):
    """Where one lead went: to a person, else into a queue."""

    lead = serializers.IntegerField(source="lead_id")
    owner = serializers.IntegerField(source="owner_id", allow_null=True)
    queue = serializers.IntegerField(source="queue_id", allow_null=True)


class RefusedOut(serializers.Serializer[Any]):
    """Why one of several leads was not given."""

    lead = serializers.IntegerField(source="lead_id")
    code = serializers.CharField()
    message = serializers.CharField()


class ReassignedOut(serializers.Serializer[Any]):
    """Which leads went where, which were refused, and how to take it back."""

    assigned = WentTo(many=True)
    refused = RefusedOut(many=True)
    undo = Undo(allow_null=True)


class SeatIn(serializers.Serializer[Any]):
    """A person's place in a pool."""

    person = Identity()
    weight = serializers.IntegerField(min_value=1, max_value=MOST_WEIGHT, default=1)
    capacity = serializers.IntegerField(
        min_value=0, max_value=MOST_CAPACITY, required=False, allow_null=True, default=None
    )


class PoolIn(serializers.Serializer[Any]):
    """A pool and who is in it."""

    name = serializers.CharField(max_length=100)
    in_working_hours = serializers.BooleanField(default=False)
    people = serializers.ListField(child=SeatIn(), max_length=MOST_PEOPLE)


class SeatOut(serializers.Serializer[Any]):
    """A person of a pool and how he stands now; `hindrance` is why he would be passed over."""

    person = serializers.IntegerField(source="user_id")
    name = serializers.CharField()
    weight = serializers.IntegerField()
    capacity = serializers.IntegerField(allow_null=True)
    load = serializers.IntegerField()
    hindrance = serializers.CharField(source="skip")


class PoolOut(serializers.Serializer[Any]):
    """A pool with its people."""

    id = serializers.IntegerField(source="pool.pk")
    name = serializers.CharField(source="pool.name")
    in_working_hours = serializers.BooleanField(source="pool.in_working_hours")
    people = SeatOut(many=True, source="members")


class RuleIn(serializers.Serializer[Any]):
    """A rule: all `conditions` (criteria) must be met; without any it takes every lead."""

    name = serializers.CharField(max_length=100)
    pool = Identity()
    conditions = serializers.ListField(child=serializers.DictField(), default=list)
    is_active = serializers.BooleanField(default=True)


class RuleOut(serializers.Serializer[Any]):
    """A rule in its place."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    position = serializers.IntegerField()
    pool = Named()
    conditions = serializers.JSONField()
    is_active = serializers.BooleanField()


class RehearsedOut(serializers.Serializer[Any]):
    """Who would get a lead if it were qualified now, and why."""

    lead = serializers.IntegerField(source="lead.pk")
    owner = Person(allow_null=True)
    cause = serializers.ChoiceField(choices=AssignmentCause.choices, source="answer.cause")
    why = serializers.JSONField(source="answer.to_json")
