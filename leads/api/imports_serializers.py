"""What the API reads and tells of imports."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from leads.cell_formats import DATE_FORMATS, DECIMALS
from leads.enums.imports import FileKind, ImportPhase, ImportState
from leads.import_choices import OUTCOMES
from leads.mapping import OutOfOrder, Policy
from leads.models import LeadImport
from leads.selectors import imports as seen

LONGEST = 1_000
MOST = 1_000


def _words(**more: Any) -> serializers.DictField:
    child = serializers.CharField(max_length=LONGEST, allow_blank=True)
    return serializers.DictField(child=child, required=False, **more)


def _one_of(values: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=[(one, one) for one in values], required=False)


class CheckIn(serializers.Serializer[Any]):
    """How a file is to be read; as on the mapping page."""

    fields_ = _words(help_text="Column to field; an empty field leaves the column out.")
    systems = _words(help_text="Column to the system whose ids it holds.")
    constants = _words(help_text="Field to what every row says alike.")
    policies = serializers.DictField(
        child=serializers.ChoiceField(choices=[(one.value, one.value) for one in Policy]),
        required=False,
        help_text="Field to what happens to a known value.",
    )
    stages = serializers.DictField(
        child=serializers.ChoiceField(choices=[(one, one) for one in OUTCOMES]),
        required=False,
        help_text="Word of the stage column to what it means.",
    )
    values = serializers.DictField(
        child=serializers.DictField(
            child=serializers.CharField(max_length=LONGEST, allow_blank=True)
        ),
        required=False,
        help_text="Column to what its words stand for.",
    )
    empty = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, max_length=MOST,
        help_text="Words that mean nothing.",
    )  # fmt: skip
    outcome = _one_of(OUTCOMES)
    out_of_order = _one_of(one.value for one in OutOfOrder)
    hand_over = serializers.BooleanField(required=False)
    date_format = _one_of(DATE_FORMATS)
    decimal = _one_of(DECIMALS)
    zone = serializers.CharField(max_length=100, required=False)

    def get_fields(self) -> dict[str, Any]:
        """Return the fields; one of them has a name that a serializer keeps for itself."""
        found = dict(super().get_fields())
        return {"fields": found.pop("fields_"), **found}

    def validate_zone(self, name: str) -> str:
        """Refuse a zone that there is not."""
        if name not in available_timezones():
            raise serializers.ValidationError("No such time zone.")
        return name

    def validate_empty(self, words: list[str]) -> tuple[str, ...]:
        """Return the words as they are kept."""
        return tuple(words)


class StopIn(serializers.Serializer[Any]):
    """What becomes of the rows that are in."""

    rows = serializers.ChoiceField(choices=[("keep", "keep"), ("undo", "undo")])


class CountsOut(serializers.Serializer[Any]):
    """Rows by what became of them."""

    rows = serializers.IntegerField()
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()


class ProgressOut(serializers.Serializer[Any]):
    """How far it is in what it does now, in rows."""

    phase = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField(allow_null=True)


class ProblemOut(serializers.Serializer[Any]):
    """What is wrong with a row; the header is row 1."""

    row = serializers.IntegerField()
    verdict = serializers.CharField()
    column = serializers.CharField(allow_blank=True)
    code = serializers.CharField()
    message = serializers.CharField()


class ImportRowOut(serializers.ModelSerializer[LeadImport]):
    """An import in a list."""

    kind = serializers.ChoiceField(choices=FileKind.choices)
    state = serializers.ChoiceField(choices=ImportState.choices)

    class Meta:
        model = LeadImport
        fields = ["id", "name", "kind", "size", "state", "total", "created_by", "created_at",
                  "started_at", "finished_at", "undone_by", "undone_at"]  # fmt: skip


class ImportOut(ImportRowOut):
    """An import: its file, its mapping, how far it is, and the first hundred problems."""

    mapping = serializers.DictField(source="choices", child=serializers.JSONField())
    columns = serializers.ListField(child=serializers.CharField(allow_blank=True))
    checked = serializers.SerializerMethodField()
    brought_in = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()
    problems = serializers.SerializerMethodField()

    class Meta(ImportRowOut.Meta):
        fields = [*ImportRowOut.Meta.fields, "failure", "columns", "mapping", "checked",
                  "brought_in", "progress", "problems"]  # fmt: skip

    @extend_schema_field(CountsOut)
    def get_checked(self, one: LeadImport) -> Any:
        """Rows as the dry run found them."""
        return CountsOut(seen.counts_of(one, ImportPhase.CHECK)).data

    @extend_schema_field(CountsOut)
    def get_brought_in(self, one: LeadImport) -> Any:
        """Rows as they came in."""
        return CountsOut(seen.counts_of(one, ImportPhase.RUN)).data

    @extend_schema_field(ProgressOut)
    def get_progress(self, one: LeadImport) -> Any:
        """How far it is."""
        return ProgressOut(seen.progress_of(one)).data

    @extend_schema_field(ProblemOut(many=True))
    def get_problems(self, one: LeadImport) -> Any:
        """The first problems of the run, or of the check."""
        run = one.state in seen.AFTER_RUN
        phase = ImportPhase.RUN if run else ImportPhase.CHECK
        return ProblemOut(seen.problems_of(one, phase), many=True).data


class UndoOut(serializers.Serializer[Any]):
    """What an undo would do now; `kept` names the first leads that stay."""

    removed = serializers.IntegerField()
    stay = serializers.IntegerField()
    contacts = serializers.IntegerField(help_text="People who came with it, at most so many go.")
    restored = serializers.IntegerField(help_text="Records known before that it changed.")
    kept = serializers.ListField(child=serializers.IntegerField())
