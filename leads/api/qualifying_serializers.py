"""What definitions, personas and the queue look like in JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from leads.api.serializers import LeadOut, Person
from leads.criteria import CriterionKind
from leads.enums import LifecycleStage, PersonaKind, Responsible, VersionState
from leads.models import Persona, PersonaComment
from leads.services.personas import LONGEST_COMMENT, LONGEST_NAME
from leads.services.sql_types import LONGEST_NAME as LONGEST_TYPE_NAME

LONG = 5_000
MOST_STAY = 999
ANY_VALUE = {
    "description": "What to compare with: text, number, true or false, a list for `in`, the id of "
    "a persona, a kind of touch; none where nothing is compared.",
    "nullable": True,
}


@extend_schema_field(ANY_VALUE)
class AnyValue(serializers.JSONField):
    """A value of the type that its criterion asks for."""


CRITERION_KINDS = [(kind.value, kind.value) for kind in CriterionKind]


class CriterionOut(serializers.Serializer[Any]):
    """A criterion as it is kept."""

    kind = serializers.ChoiceField(choices=CRITERION_KINDS)
    field = serializers.CharField(required=False)
    value = AnyValue(required=False)
    days = serializers.IntegerField(required=False)
    label = serializers.CharField(required=False)  # type: ignore[assignment]  # a field, not Field.label
    key = serializers.CharField(required=False)
    required = serializers.BooleanField(required=False)  # type: ignore[assignment]  # a field, too


class CriterionIn(CriterionOut):
    """A criterion as it is sent; what kind needs what, the answer to a wrong one says."""

    field = serializers.CharField(required=False, max_length=200)
    days = serializers.IntegerField(required=False, min_value=1, max_value=3650)
    label = serializers.CharField(required=False, max_length=200)
    key = serializers.CharField(required=False, max_length=200)


class StepJson(serializers.Serializer[Any]):
    """A step of a buyer's journey; without a key it gets one from its name."""

    key = serializers.CharField(required=False, max_length=50)
    name = serializers.CharField(max_length=100)
    questions = serializers.ListField(
        child=serializers.CharField(max_length=500), required=False, max_length=30
    )


class DefinitionOut(serializers.Serializer[Any]):
    """One version of what a stage means."""

    id = serializers.IntegerField()
    stage = serializers.ChoiceField(choices=LifecycleStage.choices)
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=VersionState.choices)
    prose = serializers.CharField()
    criteria = CriterionOut(many=True)
    responsible = serializers.ChoiceField(choices=Responsible.choices)
    exit_rule = serializers.CharField()
    longest_stay_days = serializers.IntegerField(allow_null=True, help_text="Business days.")
    created_by = Person(allow_null=True)
    created_at = serializers.DateTimeField()
    in_force_from = serializers.DateTimeField(allow_null=True)
    superseded_at = serializers.DateTimeField(allow_null=True)


class DefinitionIn(serializers.Serializer[Any]):
    """A new wording of a stage."""

    stage = serializers.ChoiceField(choices=LifecycleStage.choices)
    prose = serializers.CharField(max_length=LONG)
    responsible = serializers.ChoiceField(choices=Responsible.choices)
    criteria = CriterionIn(many=True, required=False, default=list)
    exit_rule = serializers.CharField(max_length=LONG, required=False, allow_blank=True, default="")
    longest_stay_days = serializers.IntegerField(
        min_value=1, max_value=MOST_STAY, required=False, allow_null=True, default=None
    )


class SqlTypeOut(serializers.Serializer[Any]):
    """A type of SQL; its playbook has one step a line."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField()
    playbook = serializers.CharField()
    is_active = serializers.BooleanField()


class SqlTypeIn(serializers.Serializer[Any]):
    """A type of SQL as it is sent."""

    name = serializers.CharField(max_length=LONGEST_TYPE_NAME)
    description = serializers.CharField(
        max_length=LONG, required=False, allow_blank=True, default="", help_text="When it applies."
    )
    playbook = serializers.CharField(
        max_length=LONG, required=False, allow_blank=True, default="", help_text="One step a line."
    )
    is_active = serializers.BooleanField(default=True)


class PersonaVersionOut(serializers.Serializer[Any]):
    """One version of a persona."""

    id = serializers.IntegerField()
    persona = serializers.IntegerField(source="persona_id")
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=VersionState.choices)
    description = serializers.CharField()
    goals = serializers.CharField()
    pains = serializers.CharField()
    opening_line = serializers.CharField()
    criteria = CriterionOut(many=True)
    exclusions = CriterionOut(many=True)
    journey = StepJson(many=True)
    sources = serializers.ListField(child=serializers.CharField())
    created_by = Person(allow_null=True)
    created_at = serializers.DateTimeField()
    in_force_from = serializers.DateTimeField(allow_null=True)
    superseded_at = serializers.DateTimeField(allow_null=True)


class PersonaVersionIn(serializers.Serializer[Any]):
    """What a new version of a persona says."""

    description = serializers.CharField(
        max_length=LONG, required=False, allow_blank=True, default=""
    )
    goals = serializers.CharField(max_length=LONG, required=False, allow_blank=True, default="")
    pains = serializers.CharField(max_length=LONG, required=False, allow_blank=True, default="")
    opening_line = serializers.CharField(
        max_length=LONG, required=False, allow_blank=True, default=""
    )
    criteria = CriterionIn(many=True, required=False, default=list)
    exclusions = CriterionIn(many=True, required=False, default=list)
    journey = StepJson(many=True, required=False, default=list)
    sources = serializers.ListField(
        child=serializers.CharField(max_length=500), required=False, default=list, max_length=30
    )


class PersonaIn(PersonaVersionIn):
    """A new persona with its first version."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    kind = serializers.ChoiceField(choices=PersonaKind.choices)


class PersonaOut(serializers.Serializer[Any]):
    """A persona in the list."""

    id = serializers.IntegerField(source="persona.pk")
    name = serializers.CharField(source="persona.name")
    kind = serializers.ChoiceField(source="persona.kind", choices=PersonaKind.choices)
    is_active = serializers.BooleanField(source="persona.is_active")
    fitting = serializers.IntegerField(help_text="Open leads that it fits best.")
    in_force = PersonaVersionOut(allow_null=True)


class CommentOut(serializers.Serializer[Any]):
    """What somebody says of a persona."""

    id = serializers.IntegerField()
    author = Person()
    text = serializers.CharField()
    written_at = serializers.DateTimeField()


class CommentIn(serializers.Serializer[Any]):
    """A comment."""

    text = serializers.CharField(max_length=LONGEST_COMMENT)


class PersonaDetailOut(serializers.Serializer[Any]):
    """A persona with its versions, the newest first, and its comments."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=PersonaKind.choices)
    is_active = serializers.BooleanField()
    versions = serializers.SerializerMethodField()
    comments = serializers.SerializerMethodField()

    @extend_schema_field(PersonaVersionOut(many=True))
    def get_versions(self, row: Persona) -> Any:
        """Every version, the newest first."""
        versions = row.versions.select_related("created_by").order_by("-version")
        return PersonaVersionOut(versions, many=True).data

    @extend_schema_field(CommentOut(many=True))
    def get_comments(self, row: Persona) -> Any:
        """At most 200 comments, the newest first."""
        comments = PersonaComment.objects.filter(persona=row).select_related("author")
        return CommentOut(comments.order_by("-written_at", "-id")[:200], many=True).data


class CheckedOut(serializers.Serializer[Any]):
    """A checked criterion, in words."""

    words = serializers.CharField()
    value = serializers.CharField()
    state = serializers.ChoiceField(choices=["met", "missed", "open"])
    required = serializers.BooleanField()  # type: ignore[assignment]  # a field, not Field.required
    key = serializers.CharField(help_text="Of a question: what to answer it by; else empty.")


class QueuedOut(serializers.Serializer[Any]):
    """A lead that waits to be qualified, and what its facts meet."""

    lead = LeadOut(source="row.lead")
    is_ready = serializers.BooleanField(
        source="row.is_ready", help_text="Whether nothing required is missing."
    )
    all_met = serializers.BooleanField(source="row.all_met")
    proposed_at = serializers.DateTimeField(source="row.lead.proposed_at", allow_null=True)
    criteria = CheckedOut(many=True)
