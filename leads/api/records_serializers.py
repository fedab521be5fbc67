"""What the API takes and gives of contacts, companies, merges and saved views."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.enums import Role
from leads.api.serializers import ExternalId, Named, Person
from leads.enums import ViewReach
from leads.services.contacts import LONGEST
from leads.services.saved_views import LONGEST_NAME, LONGEST_QUERY

CHOICES = [("winner", "The value of the contact that stays"), ("loser", "The other value")]
MOST_ID = 2**63 - 1


def _text(name: str) -> serializers.CharField:
    return serializers.CharField(max_length=LONGEST[name], required=False, allow_blank=True)


class ContactRecordOut(serializers.Serializer[Any]):
    """A person outside. `version` goes back with a correction."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField(allow_null=True)
    given_name = serializers.CharField()
    family_name = serializers.CharField()
    phone = serializers.CharField()
    job_title = serializers.CharField()
    country = serializers.CharField()
    city = serializers.CharField()
    company = Named(allow_null=True)
    captured_through = serializers.CharField()
    system_of_record = serializers.CharField()
    attributes = serializers.JSONField()
    merged_into = serializers.IntegerField(source="merged_into_id", allow_null=True)
    first_mql_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class CompanyRecordOut(serializers.Serializer[Any]):
    """A company. `version` goes back with a correction."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    domain = serializers.CharField(allow_null=True)
    sector = serializers.CharField()
    country = serializers.CharField()
    employees = serializers.IntegerField(allow_null=True)
    owner = Person(allow_null=True)
    attributes = serializers.JSONField()
    created_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class CreateContact(serializers.Serializer[Any]):
    """A person without a lead; an e-mail or an external id is needed."""

    email = serializers.EmailField(max_length=LONGEST["email"], required=False)
    external_id = ExternalId(required=False)
    given_name = _text("given_name")
    family_name = _text("family_name")
    company = _text("company")
    job_title = _text("job_title")
    phone = _text("phone")
    country = _text("country")
    city = _text("city")


class Version(serializers.Serializer[Any]):
    """The version that the caller saw."""

    version = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1,
        help_text="The version that you saw; refused (409) when somebody has changed it since.",
    )  # fmt: skip


class EditContact(Version):
    """The fields to correct; what is not named stays."""

    email = serializers.EmailField(
        max_length=LONGEST["email"], required=False, allow_null=True, allow_blank=True
    )
    given_name = _text("given_name")
    family_name = _text("family_name")
    company = serializers.CharField(
        max_length=LONGEST["company"], required=False, allow_blank=True,
        help_text="By name; an unknown one is made.",
    )  # fmt: skip
    job_title = _text("job_title")
    phone = _text("phone")
    country = _text("country")
    city = _text("city")


class CreateCompany(serializers.Serializer[Any]):
    """A company before anybody there is known."""

    name = serializers.CharField(max_length=200)
    domain = serializers.CharField(max_length=253, required=False, allow_blank=True)
    sector = serializers.CharField(max_length=100, required=False, allow_blank=True)
    country = serializers.CharField(max_length=100, required=False, allow_blank=True)
    employees = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, allow_null=True
    )
    owner = serializers.IntegerField(
        min_value=1, max_value=MOST_ID, required=False, allow_null=True,
        help_text="The id of a person.",
    )  # fmt: skip


class EditCompany(CreateCompany, Version):
    """The fields to correct; what is not named stays."""

    name = serializers.CharField(max_length=200, required=False)


class EditLead(Version):
    """What a lead is about, by id; null takes it away."""

    product_line = serializers.IntegerField(
        min_value=1, max_value=MOST_ID, required=False, allow_null=True
    )
    source = serializers.IntegerField(  # type: ignore[assignment]  # a field, not Field.source
        min_value=1, max_value=MOST_ID, required=False, allow_null=True
    )
    campaign = serializers.IntegerField(
        min_value=1, max_value=MOST_ID, required=False, allow_null=True
    )
    persona = serializers.IntegerField(
        min_value=1, max_value=MOST_ID, required=False, allow_null=True
    )


class MergeInto(serializers.Serializer[Any]):
    """The other one, which is merged into this, and what wins where both know something else."""

    loser = serializers.IntegerField(min_value=1, max_value=MOST_ID)
    choices = serializers.DictField(
        child=serializers.ChoiceField(choices=CHOICES), required=False,
        help_text="By field: `winner` or `loser`; `winner` unless told.",
    )  # fmt: skip


class FieldOut(serializers.Serializer[Any]):
    """One field of a preview."""

    field = serializers.CharField(source="field.name")
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not Field.label
    winner = serializers.CharField()
    loser = serializers.CharField()
    outcome = serializers.ChoiceField(
        choices=["same", "kept", "filled", "conflict"], source="field.outcome.value"
    )
    chosen = serializers.ChoiceField(choices=["winner", "loser"], source="field.chosen")


class PreviewOut(serializers.Serializer[Any]):
    """What a merge would do; `closing` are the leads that would close as merged."""

    winner = ContactRecordOut()
    loser = ContactRecordOut()
    fields = FieldOut(many=True)  # type: ignore[assignment]  # a field, not Serializer.fields
    closing = serializers.ListField(child=serializers.IntegerField())


class MergeOut(serializers.Serializer[Any]):
    """A merge; until 30 days after `merged_at` it can be undone."""

    id = serializers.IntegerField()
    winner = serializers.IntegerField(source="winner_id", allow_null=True)
    loser = serializers.IntegerField(source="loser_id", allow_null=True)
    winner_lead = serializers.IntegerField(source="winner_lead_id", allow_null=True)
    loser_lead = serializers.IntegerField(source="loser_lead_id", allow_null=True)
    merged_at = serializers.DateTimeField()
    undone_at = serializers.DateTimeField(allow_null=True)


class DuplicateOut(serializers.Serializer[Any]):
    """Two contacts that may be one person, and what speaks for it."""

    one = ContactRecordOut()
    two = ContactRecordOut()
    why = serializers.ListField(child=serializers.ChoiceField(choices=["name", "phone", "mailbox"]))


class DuplicatePageOut(serializers.Serializer[Any]):
    """Pairs among some of the newest contacts; `before` is where to look on, null at the end."""

    before = serializers.IntegerField(allow_null=True)
    results = DuplicateOut(many=True, source="pairs")


class NotDuplicateIn(serializers.Serializer[Any]):
    """The other contact, who is somebody else."""

    other = serializers.IntegerField(min_value=1, max_value=MOST_ID)


class SavedViewOut(serializers.Serializer[Any]):
    """A view of the list of leads: `query` is what comes after the question mark."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    query = serializers.CharField()
    reach = serializers.ChoiceField(choices=ViewReach.choices)
    default_for = serializers.CharField()


class SaveView(serializers.Serializer[Any]):
    """A view to keep."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    query = serializers.CharField(max_length=LONGEST_QUERY, required=False, allow_blank=True)
    reach = serializers.ChoiceField(choices=ViewReach.choices, default=ViewReach.PRIVATE.value)
    team = serializers.IntegerField(
        min_value=1, max_value=MOST_ID, required=False, allow_null=True,
        help_text="Whose it is with the reach `TEAM`.",
    )  # fmt: skip
    default_for = serializers.ChoiceField(
        choices=Role.choices, required=False, allow_blank=True,
        help_text="The role for which it opens first; with the reach `ALL` only.",
    )  # fmt: skip
