"""What forms, tracked sites and proposed changes look like in JSON."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from leads.api.deals_serializers import LAST_VERSION, row_id
from leads.api.serializers import Named, Person
from leads.enums import ChangeState, FormKind
from leads.models import CaptureForm, TrackedSite
from leads.services.forms import LONGEST, LONGEST_LABEL, LONGEST_NAME, MOST_SITES
from leads.views.forms import address_of, snippet_of
from leads.views.sites import snippet_of as line_of

LONGEST_FIELD, LONGEST_ADDRESS, MOST_FIELDS = 80, 500, 140
LANGUAGES = [(code, name) for code, name in settings.LANGUAGES]


class AskedField(serializers.Serializer[Any]):
    """A field that a form asks; an own field is named as in criteria: `contact.attributes.year`."""

    name = serializers.CharField(max_length=LONGEST_FIELD)
    required = serializers.BooleanField(default=False)  # type: ignore[assignment]  # its own word


def no_labels() -> dict[str, str]:
    """Return no labels, anew each time."""
    return {}


class FormWords(serializers.Serializer[Any]):
    """What a form says in one language; the title is needed."""

    title = serializers.CharField(max_length=LONGEST["title"])
    intro = serializers.CharField(max_length=LONGEST["intro"], default="", allow_blank=True)
    button = serializers.CharField(max_length=LONGEST["button"], default="", allow_blank=True)
    consent = serializers.CharField(max_length=LONGEST["consent"], default="", allow_blank=True)
    thanks = serializers.CharField(max_length=LONGEST["thanks"], default="", allow_blank=True)
    labels = serializers.DictField(
        child=serializers.CharField(max_length=LONGEST_LABEL, allow_blank=True),
        default=no_labels,
        help_text="What fields are called in this language instead of their own names.",
    )


def no_rows() -> list[Any]:
    """Return an empty list, a new one each time."""
    return []


class FormIn(serializers.Serializer[Any]):
    """A form to build. The e-mail is always asked."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    kind = serializers.ChoiceField(choices=FormKind.choices, default=FormKind.WEB.value)
    fields = AskedField(many=True, default=no_rows, max_length=MOST_FIELDS)  # type: ignore[assignment,call-arg]  # the body's own word
    languages = serializers.ListField(
        child=serializers.ChoiceField(choices=LANGUAGES), min_length=1, max_length=len(LANGUAGES),
        help_text="The first one stands in where words are missing.",
    )  # fmt: skip
    texts = serializers.DictField(child=FormWords(), help_text="By language.")
    consent_required = serializers.BooleanField(default=False)
    redirect_url = serializers.URLField(max_length=LONGEST_ADDRESS, default="", allow_blank=True)
    allowed_origins = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_ADDRESS), default=no_rows,
        max_length=MOST_SITES, help_text="Sites that may show it: `https://www.example.com`.",
    )  # fmt: skip
    campaign = row_id(default=None, allow_null=True)
    source = row_id(default=None, allow_null=True)  # type: ignore[assignment]  # a field
    product_line = row_id(default=None, allow_null=True)
    is_open = serializers.BooleanField(default=True)


class FormChange(FormIn):
    """A form as it is to be from now on; its address stays."""

    version = serializers.IntegerField(
        min_value=1, max_value=LAST_VERSION, required=False,
        help_text="The version that you saw; refused (409) when somebody has changed it since.",
    )  # fmt: skip


class FormOut(serializers.Serializer[Any]):
    """A form and what it brought. `address` is for people outside, `line` goes into a page."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=FormKind.choices)
    fields = AskedField(many=True)  # type: ignore[assignment]  # see above
    languages = serializers.ListField(child=serializers.CharField())
    texts = serializers.DictField(child=FormWords())
    consent_required = serializers.BooleanField()
    consent_version = serializers.IntegerField()
    redirect_url = serializers.CharField()
    allowed_origins = serializers.ListField(child=serializers.CharField())
    campaign = Named(allow_null=True)
    source = Named(allow_null=True)  # type: ignore[assignment]  # see above
    product_line = Named(allow_null=True)
    is_open = serializers.BooleanField(source="is_active")
    address = serializers.SerializerMethodField()
    line = serializers.SerializerMethodField()
    sent = serializers.IntegerField()
    last_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()

    @extend_schema_field(serializers.URLField())
    def get_address(self, form: CaptureForm) -> str:
        """Where people outside find it."""
        return address_of(form)

    @extend_schema_field(serializers.CharField())
    def get_line(self, form: CaptureForm) -> str:
        """The line that puts it into a page of another site."""
        return snippet_of(form)


class WordingOut(serializers.Serializer[Any]):
    """The words of a consent as they were asked, by language."""

    version = serializers.IntegerField()
    words = serializers.DictField(child=serializers.CharField(allow_blank=True))
    created_at = serializers.DateTimeField()


class SubmissionOut(serializers.Serializer[Any]):
    """What one person sent. A lead that the caller may not see is null."""

    id = serializers.IntegerField()
    contact = serializers.IntegerField(source="contact_id")
    lead = serializers.IntegerField(source="seen_lead", allow_null=True)
    values = serializers.DictField(child=serializers.JSONField())
    utm = serializers.DictField(child=serializers.CharField())
    language = serializers.CharField()
    page = serializers.CharField()
    consented = serializers.BooleanField(allow_null=True)
    recorded_by = Person(allow_null=True)
    received_at = serializers.DateTimeField()


class SiteIn(serializers.Serializer[Any]):
    """A web site of ours whose visits are to be counted."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    origins = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_ADDRESS), min_length=1,
        max_length=MOST_SITES, help_text="Its addresses: `https://www.example.com`.",
    )  # fmt: skip
    asks_consent = serializers.BooleanField(
        default=True, help_text="Nothing is counted before the visitor agreed."
    )


class SiteOut(serializers.Serializer[Any]):
    """A tracked site; `line` goes into every page of it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    origins = serializers.ListField(child=serializers.CharField())
    asks_consent = serializers.BooleanField()
    in_use = serializers.BooleanField(source="is_active")
    line = serializers.SerializerMethodField()
    browsers = serializers.IntegerField()
    last_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()

    @extend_schema_field(serializers.CharField())
    def get_line(self, site: TrackedSite) -> str:
        """The line for its pages."""
        return line_of(site)


class ProposedChangeOut(serializers.Serializer[Any]):
    """A value that was told of a known person, beside the one that we have."""

    id = serializers.IntegerField()
    contact = serializers.IntegerField(source="contact_id")
    field = serializers.CharField()
    known = serializers.CharField()
    proposed = serializers.CharField()
    through = serializers.CharField()
    state = serializers.ChoiceField(choices=ChangeState.choices)
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = Person(allow_null=True)
