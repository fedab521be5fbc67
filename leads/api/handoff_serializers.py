"""What the verbs of the handoff take and give."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from leads.api.serializers import CLOSING_DISPOSITIONS, LONGEST_NOTE, LeadOut
from leads.enums import CloseReason, Disposition, ReasonOutcome
from leads.filters import LAST_ID
from leads.models import Competitor

LONGEST_CODE = 60
MOST_ANSWERS = 100


class Noted(serializers.Serializer[Any]):
    """A decision with words."""

    note = serializers.CharField(
        max_length=LONGEST_NOTE, required=False, allow_blank=True,
        help_text="Needed from managers, and with reasons that ask for one.",
    )  # fmt: skip


class Rated(Noted):
    """A decision with words and, if Sales will, the fit."""

    fit_rating = serializers.IntegerField(
        min_value=1, max_value=5, required=False, allow_null=True, help_text="The fit, 1 to 5."
    )


class QualifyLead(Noted):
    """Answers to the questions of the MQL definition, by their keys."""

    answers = serializers.DictField(child=serializers.BooleanField(), required=False)

    def validate_answers(self, answers: dict[str, bool]) -> dict[str, bool]:
        """Hold the answers to what a definition could ask."""
        if len(answers) > MOST_ANSWERS or any(len(k) > LONGEST_CODE for k in answers):
            raise serializers.ValidationError(_("More answers than a definition asks for."))
        return answers


class NurtureLead(Noted):
    """Until when; empty: the usual wait."""

    until = serializers.DateTimeField(required=False, allow_null=True)
    reason = serializers.CharField(max_length=LONGEST_CODE, default=CloseReason.NOT_NOW.value)


class AcceptLead(Rated):
    """An acceptance."""


class CloseLead(Noted):
    """A close with its coded reason."""

    reason = serializers.CharField(
        max_length=LONGEST_CODE, help_text="A code of `GET /api/v1/reasons/`."
    )


class RecycleLead(CloseLead):
    """A close until a date; empty: the usual wait."""

    until = serializers.DateTimeField(required=False, allow_null=True)


class LoseLead(CloseLead):
    """A close in favour of a competitor, as far as known."""

    competitor = serializers.IntegerField(
        min_value=1, max_value=LAST_ID, required=False, allow_null=True
    )

    def validate_competitor(self, pk: int | None) -> int | None:
        """Refuse one that is not known."""
        return known_competitor(pk)


class RejectLead(Rated):
    """A rejection: a coded reason, and what that reason asks beside it."""

    reason = serializers.CharField(
        max_length=LONGEST_CODE, help_text="A code of `GET /api/v1/reasons/`."
    )
    until = serializers.DateTimeField(
        required=False, allow_null=True, help_text="When a recycled lead comes back."
    )
    competitor = serializers.IntegerField(
        min_value=1, max_value=LAST_ID, required=False, allow_null=True,
        help_text="Who sold instead.",
    )  # fmt: skip
    disposition = serializers.ChoiceField(
        choices=CLOSING_DISPOSITIONS, required=False, allow_null=True,
        help_text="How it ends, where the reason leaves it to you.",
    )  # fmt: skip
    duplicate_of = serializers.IntegerField(
        min_value=1, max_value=LAST_ID, required=False, allow_null=True,
        help_text="The open lead that stays; empty: the contact's only other one.",
    )  # fmt: skip

    def validate_competitor(self, pk: int | None) -> int | None:
        """Refuse one that is not known."""
        return known_competitor(pk)


class FinishRework(Noted):
    """A lead that was fixed."""


class RateLead(serializers.Serializer[Any]):
    """The fit, 1 to 5."""

    fit_rating = serializers.IntegerField(min_value=1, max_value=5)


class Undo(serializers.Serializer[Any]):
    """The way back: `POST /api/v1/leads/undo/{id}/` until the instant, included."""

    id = serializers.IntegerField()
    until = serializers.DateTimeField()


class DecidedOut(serializers.Serializer[Any]):
    """The lead as it is now, and how to take the decision back."""

    lead = LeadOut()
    undo = Undo(allow_null=True)


class UndoneOut(serializers.Serializer[Any]):
    """The leads that are as they were."""

    leads = serializers.ListField(child=serializers.IntegerField())


class ReasonOut(serializers.Serializer[Any]):
    """A coded reason: what follows from it, and the ways to close that it belongs to."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not Field.label
    outcome = serializers.ChoiceField(choices=ReasonOutcome.choices)
    dispositions = serializers.ListField(child=serializers.ChoiceField(choices=Disposition.choices))
    key = serializers.IntegerField(allow_null=True)
    note_needed = serializers.BooleanField()


def known_competitor(pk: int | None) -> int | None:
    """Return `pk`; raise ValidationError when there is no such competitor."""
    if pk is not None and not Competitor.objects.filter(pk=pk).exists():
        raise serializers.ValidationError(_("There is no such competitor."))
    return pk
