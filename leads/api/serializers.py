"""What the API takes and gives: input named after its verb, output with every field listed."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from leads.enums import Disposition, LifecycleStage, Origin, QueueKind
from leads.forms import CLOSINGS
from leads.lifecycle import OPENINGS
from leads.models import Lead
from leads.selectors.mailing import may_mail, stages_of_marketing
from leads.services.contacts import LONGEST

LONGEST_NAME = 100
LONGEST_NOTE = 2_000
CLOSING_DISPOSITIONS = [(value.value, label) for value, label in CLOSINGS]
LATER_STAGES = LifecycleStage.choices[1:]
OPENING_STAGES = [(stage.value, stage.label) for stage in OPENINGS]


class Named(serializers.Serializer[Any]):
    """Something by id and name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class Person(serializers.Serializer[Any]):
    """A person of ours."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()


class ContactOut(serializers.Serializer[Any]):
    """The person outside."""

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


class MarketingMail(serializers.BooleanField):
    """Whether Marketing may write to the person of a lead; one statement for a whole answer."""

    def get_attribute(self, instance: Lead) -> bool:
        """Judge the lead by the messaging rules, read once for everything that is answered."""
        root: Any = self.root
        if not hasattr(root, "stages_of_marketing"):
            root.stages_of_marketing = stages_of_marketing()
        return may_mail(instance, root.stages_of_marketing)


class LeadOut(serializers.Serializer[Any]):
    """A lead: one pass of a contact through the funnel. Instants are null while unknown."""

    id = serializers.IntegerField()
    stage = serializers.ChoiceField(choices=LifecycleStage.choices)
    disposition = serializers.ChoiceField(choices=Disposition.choices)
    origin = serializers.ChoiceField(choices=Origin.choices)
    returning = serializers.BooleanField()
    score = serializers.IntegerField()
    contact = ContactOut()
    owner = Person(allow_null=True)
    source = Named(allow_null=True)  # type: ignore[assignment]  # a field, not Field.source
    campaign = Named(allow_null=True)
    product_line = Named(allow_null=True)
    lead_at = serializers.DateTimeField(allow_null=True)
    mql_at = serializers.DateTimeField(allow_null=True)
    sal_at = serializers.DateTimeField(allow_null=True)
    sql_at = serializers.DateTimeField(allow_null=True)
    opportunity_at = serializers.DateTimeField(allow_null=True)
    customer_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    queue = serializers.ChoiceField(
        source="queue.kind", choices=QueueKind.choices, allow_null=True,
        help_text="Who holds it while no person does.",
    )  # fmt: skip
    returned_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when it waits to be fixed."
    )
    nurture_until = serializers.DateTimeField(
        allow_null=True, help_text="When a recycled lead comes back."
    )
    marketing_mail_allowed = MarketingMail(
        help_text="False once the person objects, and at the stages of open and won leads at which "
        "the agreement lets Sales or nobody write; without an agreement from SAL to OPPORTUNITY."
    )
    version = serializers.IntegerField(help_text="Grows with every change.")


class ExternalId(serializers.Serializer[Any]):
    """The id of the contact in another system."""

    system = serializers.RegexField(
        r"^[a-z0-9][a-z0-9_-]{0,49}$",
        help_text="The other system, in small letters: `crm`, `web-shop`.",
    )
    id = serializers.CharField(max_length=LONGEST["external_id"])


class CreateLead(serializers.Serializer[Any]):
    """A capture. The contact is found by e-mail, else by external id; one of both is needed."""

    email = serializers.EmailField(max_length=LONGEST["email"], required=False)
    external_id = ExternalId(required=False)
    given_name = serializers.CharField(
        max_length=LONGEST["given_name"], required=False, allow_blank=True
    )
    family_name = serializers.CharField(
        max_length=LONGEST["family_name"], required=False, allow_blank=True
    )
    company = serializers.CharField(
        max_length=LONGEST["company"], required=False, allow_blank=True,
        help_text="Found by the e-mail's domain, else by this name.",
    )  # fmt: skip
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
    stage = serializers.ChoiceField(
        choices=OPENING_STAGES, default=LifecycleStage.LEAD.value,
        help_text="Marketing begins at LEAD or MQL, Sales its own leads at SAL or SQL.",
    )  # fmt: skip
    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True)


class MoveLead(serializers.Serializer[Any]):
    """A move to a later stage, or a close with its reason; one of both."""

    to_stage = serializers.ChoiceField(choices=LATER_STAGES, required=False)
    disposition = serializers.ChoiceField(choices=CLOSING_DISPOSITIONS, required=False)
    reason = serializers.CharField(
        max_length=60, required=False,
        help_text="A code of `GET /api/v1/reasons/`; needed with a disposition.",
    )  # fmt: skip
    note = serializers.CharField(
        max_length=LONGEST_NOTE, required=False, allow_blank=True,
        help_text="Needed with the reason `other` and from managers.",
    )  # fmt: skip
    expected = serializers.ChoiceField(
        choices=LifecycleStage.choices, required=False,
        help_text="The stage that you saw; the move is refused when it is another by now.",
    )  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for exactly one of a stage and a disposition."""
        if ("to_stage" in attrs) == ("disposition" in attrs):
            raise serializers.ValidationError(
                {"to_stage": ["Give either a stage to move to or a disposition to close with."]}
            )
        return attrs


class Error(serializers.Serializer[Any]):
    """Why a request was not done: a stable code, a sentence, and reasons by field."""

    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(  # type: ignore[assignment]  # the body's own word
        child=serializers.JSONField()
    )
