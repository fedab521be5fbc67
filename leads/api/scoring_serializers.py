"""What scores, touches and own fields look like in JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from leads.api.qualifying_serializers import CriterionIn, CriterionOut
from leads.api.serializers import Named
from leads.enums import (
    AttributeKind,
    AttributeSubject,
    MqlMaking,
    RunState,
    ScoreCounting,
    ScoreKind,
    TouchKind,
)
from leads.scoring import MOST_POINTS
from leads.services.score_rules import LARGEST_SCORE, LONGEST_NAME

MOST_TOUCHES = 1_000
LARGEST_ID = 2**63 - 1
SMALL = 32_767


class ScoreRuleOut(serializers.Serializer[Any]):
    """A rule: a criterion for fit, a touch and how it counts for engagement."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ScoreKind.choices)
    name = serializers.CharField()
    points = serializers.IntegerField()
    criterion = CriterionOut(allow_null=True)
    touch_kind = serializers.CharField(allow_blank=True)
    half_life_days = serializers.IntegerField(allow_null=True)
    cap = serializers.IntegerField(allow_null=True)
    counting = serializers.ChoiceField(choices=ScoreCounting.choices)
    per_period = serializers.IntegerField(allow_null=True)
    period_days = serializers.IntegerField(allow_null=True)
    in_use = serializers.BooleanField(source="is_active")


class ScoreRuleIn(serializers.Serializer[Any]):
    """A rule as it is sent; fit needs a criterion, engagement a kind of touch."""

    kind = serializers.ChoiceField(choices=ScoreKind.choices, help_text="Stays what it was.")
    name = serializers.CharField(max_length=LONGEST_NAME)
    points = serializers.IntegerField(min_value=-MOST_POINTS, max_value=MOST_POINTS)
    criterion = CriterionIn(required=False, allow_null=True)
    touch_kind = serializers.ChoiceField(choices=TouchKind.choices, required=False)
    half_life_days = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=SMALL,
        help_text="Null: never fades.",
    )
    cap = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=SMALL, help_text="Null: no limit."
    )
    counting = serializers.ChoiceField(choices=ScoreCounting.choices, default=ScoreCounting.EACH)
    per_period = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=SMALL
    )
    period_days = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=SMALL
    )


class ThresholdsIn(serializers.Serializer[Any]):
    """When a score proposes a lead, when it no longer does, and what follows."""

    enter = serializers.IntegerField(min_value=-LARGEST_SCORE, max_value=LARGEST_SCORE)
    leave = serializers.IntegerField(min_value=-LARGEST_SCORE, max_value=LARGEST_SCORE)
    making = serializers.ChoiceField(choices=MqlMaking.choices)


class ThresholdsOut(serializers.Serializer[Any]):
    """The thresholds in force."""

    enter = serializers.IntegerField(source="mql_enter_score")
    leave = serializers.IntegerField(source="mql_leave_score")
    making = serializers.ChoiceField(choices=MqlMaking.choices, source="mql_making")


class ScorePreviewIn(serializers.Serializer[Any]):
    """A change to look at before it is made: a rule, new thresholds, or both."""

    rule = ScoreRuleIn(required=False)
    rule_id = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, help_text="The rule that `rule` changes."
    )
    thresholds = ThresholdsIn(required=False)


class ScoreExampleOut(serializers.Serializer[Any]):
    """One lead before and after."""

    lead = serializers.IntegerField(source="lead.pk")
    name = serializers.CharField(source="lead.contact.name")
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    was_proposed = serializers.BooleanField()
    is_proposed = serializers.BooleanField()


class ScorePreviewOut(serializers.Serializer[Any]):
    """What a change would do to today's open leads at LEAD."""

    total = serializers.IntegerField()
    computed = serializers.IntegerField(help_text="Fewer than `total`: the counts are estimates.")
    up = serializers.IntegerField(help_text="Leads that would be proposed and are not.")
    down = serializers.IntegerField(help_text="Proposals that would end.")
    changed = serializers.IntegerField()
    before = serializers.ListField(
        child=serializers.IntegerField(), help_text="Leads below 0, by tens from 0, from 100 on."
    )
    after = serializers.ListField(child=serializers.IntegerField())
    examples = ScoreExampleOut(many=True)


class ScoreRunOut(serializers.Serializer[Any]):
    """A recalculation in the background."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=RunState.choices)
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    asked_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class ScorePartOut(serializers.Serializer[Any]):
    """One part of a score; without a rule it is what the lead brought along."""

    points = serializers.IntegerField(source="part.points")
    rule = Named(allow_null=True)
    words = serializers.CharField(allow_blank=True)
    counted = serializers.IntegerField(source="part.counted")
    last_at = serializers.DateTimeField(source="part.raw_at", allow_null=True)
    gone_at = serializers.DateTimeField(allow_null=True, help_text="When it rounds to nothing.")


class LedgerOut(serializers.Serializer[Any]):
    """A score and the parts that sum to it."""

    score = serializers.IntegerField()
    proposed_at = serializers.DateTimeField(allow_null=True)
    parts = ScorePartOut(many=True)


class TouchIn(serializers.Serializer[Any]):
    """One marketing interaction."""

    kind = serializers.ChoiceField(choices=TouchKind.choices)
    occurred_at = serializers.DateTimeField(
        required=False, help_text="Now, where it is not told; never in the future."
    )
    campaign = serializers.CharField(max_length=200, required=False, help_text="Its name.")
    source = serializers.CharField(  # type: ignore[assignment]  # a field, not Field.source
        max_length=100, required=False, help_text="Its name."
    )
    detail = serializers.CharField(max_length=300, required=False)
    url = serializers.CharField(max_length=500, required=False)
    utm_source = serializers.CharField(max_length=150, required=False)
    utm_medium = serializers.CharField(max_length=150, required=False)
    utm_campaign = serializers.CharField(max_length=150, required=False)
    utm_term = serializers.CharField(max_length=150, required=False)
    utm_content = serializers.CharField(max_length=150, required=False)
    outside_id = serializers.CharField(
        max_length=100, required=False,
        help_text="Your name of the event; told again with the same instant it is known already.",
    )  # fmt: skip


class TouchesIn(serializers.Serializer[Any]):
    """Touches of one contact."""

    touches = TouchIn(  # type: ignore[call-arg]  # the list's own bounds
        many=True, min_length=1, max_length=MOST_TOUCHES
    )


class TouchOut(serializers.Serializer[Any]):
    """A touch as it is kept."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=TouchKind.choices)
    occurred_at = serializers.DateTimeField()
    campaign = Named(allow_null=True)
    source = Named(allow_null=True)  # type: ignore[assignment]  # see above
    detail = serializers.CharField()
    url = serializers.CharField()
    outside_id = serializers.CharField()


@extend_schema_field({"description": "Text, number, true or false, an ISO date; null empties it."})
class OwnValueField(serializers.JSONField):
    """A value of the type of its field."""


class AttributeOut(serializers.Serializer[Any]):
    """A field of the organisation's own."""

    id = serializers.IntegerField()
    subject = serializers.ChoiceField(choices=AttributeSubject.choices)
    key = serializers.CharField()
    name = serializers.CharField(source="label")
    kind = serializers.ChoiceField(choices=AttributeKind.choices)
    choices = serializers.ListField(child=serializers.CharField())
    in_use = serializers.BooleanField(source="is_active")


class AttributeChangeIn(serializers.Serializer[Any]):
    """A new name, new choices."""

    name = serializers.CharField(max_length=100)
    choices = serializers.ListField(
        child=serializers.CharField(max_length=500), required=False, max_length=100
    )


class AttributeIn(AttributeChangeIn):
    """A field to define; what it is on and its type stay for ever."""

    subject = serializers.ChoiceField(choices=AttributeSubject.choices)
    kind = serializers.ChoiceField(choices=AttributeKind.choices)


class OwnValuesIn(serializers.Serializer[Any]):
    """Values to write, by key; those not named stay."""

    version = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, help_text="Of the row as you read it."
    )
    values = serializers.DictField(child=OwnValueField(allow_null=True))


class OwnValuesOut(serializers.Serializer[Any]):
    """The values of a row, by key."""

    version = serializers.IntegerField()
    values = serializers.DictField(child=OwnValueField(allow_null=True))
