"""What a capture looks like in JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from leads.api.serializers import LONGEST_NAME, ExternalId
from leads.enums import ConsentPurpose, TouchKind
from leads.services.capturing import MOST, Verdict
from leads.services.contacts import LONGEST

LONGEST_TEXT = 10_000


class ConsentIn(serializers.Serializer[Any]):
    """What the person agreed to, in which words."""

    given = serializers.BooleanField()
    purpose = serializers.ChoiceField(
        choices=ConsentPurpose.choices, default=ConsentPurpose.MARKETING.value
    )
    text = serializers.CharField(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    text_version = serializers.CharField(max_length=50, required=False, allow_blank=True)


class CaptureIn(serializers.Serializer[Any]):
    """A person met outside, and how. Found by e-mail, else by external id; one is needed."""

    kind = serializers.ChoiceField(choices=TouchKind.choices, help_text="How the person met us.")
    key = serializers.CharField(
        max_length=100, required=False,
        help_text="Your name of this capture; sent again within 90 days it does nothing again.",
    )  # fmt: skip
    email = serializers.EmailField(max_length=LONGEST["email"], required=False)
    external_id = ExternalId(required=False)
    given_name = serializers.CharField(
        max_length=LONGEST["given_name"], required=False, allow_blank=True
    )
    family_name = serializers.CharField(
        max_length=LONGEST["family_name"], required=False, allow_blank=True
    )
    company = serializers.CharField(max_length=LONGEST["company"], required=False, allow_blank=True)
    job_title = serializers.CharField(
        max_length=LONGEST["job_title"], required=False, allow_blank=True
    )
    phone = serializers.CharField(max_length=LONGEST["phone"], required=False, allow_blank=True)
    country = serializers.CharField(max_length=LONGEST["country"], required=False, allow_blank=True)
    city = serializers.CharField(max_length=LONGEST["city"], required=False, allow_blank=True)
    source = serializers.CharField(  # type: ignore[assignment]  # a field, not Field.source
        max_length=LONGEST_NAME, required=False, allow_blank=True,
        help_text="By name; an unknown one is created.",
    )  # fmt: skip
    campaign = serializers.CharField(
        max_length=150, required=False, allow_blank=True, help_text="By name; must be known."
    )
    product_line = serializers.CharField(
        max_length=LONGEST_NAME, required=False, allow_blank=True,
        help_text="By name; must be known.",
    )  # fmt: skip
    occurred_at = serializers.DateTimeField(
        required=False, help_text="Now, where it is not told; never in the future."
    )
    detail = serializers.CharField(max_length=300, required=False, allow_blank=True)
    url = serializers.CharField(max_length=500, required=False, allow_blank=True)
    utm_source = serializers.CharField(max_length=150, required=False, allow_blank=True)
    utm_medium = serializers.CharField(max_length=150, required=False, allow_blank=True)
    utm_campaign = serializers.CharField(max_length=150, required=False, allow_blank=True)
    utm_term = serializers.CharField(max_length=150, required=False, allow_blank=True)
    utm_content = serializers.CharField(max_length=150, required=False, allow_blank=True)
    consent = ConsentIn(required=False)


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": True,
        "description": "A capture as it is sent alone (`CaptureInRequest`). What cannot be read is "
        "refused in its own result and leaves the others alone.",
    }
)
class AnyCapture(serializers.DictField):
    """A capture that is read apart from the others of its list."""


class CaptureBatchIn(serializers.Serializer[Any]):
    """Up to 500 captures, each with a result of its own."""

    captures = serializers.ListField(child=AnyCapture(), min_length=1, max_length=MOST)


class CaptureOut(serializers.Serializer[Any]):
    """What became of one capture. A lead that the caller may not see is null."""

    verdict = serializers.ChoiceField(choices=Verdict.choices)
    contact = serializers.IntegerField(allow_null=True)
    lead = serializers.IntegerField(allow_null=True)
    again = serializers.BooleanField(help_text="Its key was used for it before; nothing was done.")


class RefusedCapture(serializers.Serializer[Any]):
    """Why one capture of a list was refused."""

    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(  # type: ignore[assignment]  # the body's own word
        child=serializers.JSONField()
    )


class CaptureResult(CaptureOut):
    """What became of one capture of a list."""

    problem = RefusedCapture(allow_null=True)


class CaptureBatchOut(serializers.Serializer[Any]):
    """One result for each capture, in the same order."""

    results = CaptureResult(many=True)
