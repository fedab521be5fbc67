"""What the API of deals and campaigns takes and gives. Amounts are decimals as text: "1234.50"."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from leads.api.serializers import LONGEST_NOTE, Named, Person
from leads.enums import CampaignChannel, CustomerEventKind, Disposition, LifecycleStage
from leads.models.opportunities import DealState
from leads.money import CURRENCIES, RATE_PLACES
from leads.services.campaigns import LONGEST_NAME as LONGEST_CAMPAIGN
from leads.services.campaigns import LONGEST_NOTE as LONGEST_FOR_WHAT
from leads.services.deals.facts import LONGEST_NAME

LAST_ID = 2**63 - 1
LAST_VERSION = 2**31 - 1
ISO = sorted(CURRENCIES)


class Amount(serializers.DecimalField):
    """Money to the cent, never below zero."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, **kwargs)


def amount(**kwargs: Any) -> Amount:
    """Return a field for an amount that comes in."""
    return Amount(min_value=0, **kwargs)


def row_id(**kwargs: Any) -> serializers.IntegerField:
    """Return a field for the id of a row."""
    return serializers.IntegerField(min_value=1, max_value=LAST_ID, **kwargs)


class DealFields(serializers.Serializer[Any]):
    """A deal as it is told."""

    name = serializers.CharField(max_length=LONGEST_NAME, required=False, allow_blank=True)
    amount = amount(required=False, allow_null=True)
    currency = serializers.ChoiceField(choices=ISO, required=False)
    expected_close_on = serializers.DateField(required=False, allow_null=True)
    step = row_id(required=False, allow_null=True)
    product_line = row_id(required=False, allow_null=True)
    owner = row_id(required=False, allow_null=True)
    note = serializers.CharField(max_length=5_000, required=False, allow_blank=True)


class AddOpportunity(DealFields):
    """One more deal; currency is the organisation's unless told, owner and line the lead's."""


class ConvertLead(DealFields):
    """The first deal of a lead, and why a manager decides it."""

    reason_note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True)
    expected = serializers.ChoiceField(
        choices=LifecycleStage.choices, required=False,
        help_text="The stage that you saw; refused when it is another by now.",
    )  # fmt: skip


class ChangeOpportunity(DealFields):
    """What is to be different; the rest stays. With the `version` read, nobody is overwritten."""

    version = serializers.IntegerField(min_value=1, max_value=LAST_VERSION, required=False)


class StepOpportunity(serializers.Serializer[Any]):
    """The step to go to."""

    step = row_id()
    version = serializers.IntegerField(min_value=1, max_value=LAST_VERSION, required=False)


class WinOpportunity(serializers.Serializer[Any]):
    """A win. `rate`: the organisation's currency for one of the deal's, needed when they differ."""

    amount = amount(required=False, allow_null=True)
    rate = serializers.DecimalField(
        max_digits=18, decimal_places=RATE_PLACES, min_value=0, required=False, allow_null=True
    )
    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True)
    version = serializers.IntegerField(min_value=1, max_value=LAST_VERSION, required=False)


class LoseOpportunity(serializers.Serializer[Any]):
    """A loss, for a reason in use that loses; no `try_again_on` is never."""

    reason = serializers.CharField(max_length=60)
    competitor = row_id(required=False, allow_null=True)
    try_again_on = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True)
    version = serializers.IntegerField(min_value=1, max_value=LAST_VERSION, required=False)


class DealLead(serializers.Serializer[Any]):
    """The lead of a deal."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="contact.name")
    stage = serializers.ChoiceField(choices=LifecycleStage.choices)
    disposition = serializers.ChoiceField(choices=Disposition.choices)


class OpportunityOut(serializers.Serializer[Any]):
    """A deal. `rate` is kept with the close: the organisation's currency for one of the deal's."""

    id = serializers.IntegerField()
    lead = DealLead()
    is_first = serializers.BooleanField(help_text="Whether it is the conversion of its lead.")
    state = serializers.ChoiceField(choices=DealState.choices)
    name = serializers.CharField()
    amount = Amount(allow_null=True)
    currency = serializers.CharField()
    rate = serializers.DecimalField(max_digits=18, decimal_places=RATE_PLACES, allow_null=True)
    expected_close_on = serializers.DateField(allow_null=True)
    step = Named(allow_null=True)
    product_line = Named(allow_null=True)
    owner = Person(allow_null=True)
    reason = serializers.CharField()
    competitor = Named(allow_null=True)
    try_again_on = serializers.DateField(allow_null=True)
    note = serializers.CharField()
    version = serializers.IntegerField()
    opened_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class OpportunityPage(serializers.Serializer[Any]):
    """Deals by cursor."""

    next = serializers.CharField(allow_null=True, help_text="The `after` of the next page.")
    results = OpportunityOut(many=True)


class TellCustomerEvent(serializers.Serializer[Any]):
    """What happened after the sale, on a day that is not ahead."""

    kind = serializers.ChoiceField(choices=CustomerEventKind.choices)
    occurred_on = serializers.DateField()
    amount = amount(required=False, allow_null=True)
    currency = serializers.ChoiceField(choices=ISO, required=False)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class CustomerEventOut(serializers.Serializer[Any]):
    """What happened after the sale."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=CustomerEventKind.choices)
    occurred_on = serializers.DateField()
    amount = Amount(allow_null=True)
    currency = serializers.CharField()
    note = serializers.CharField()
    actor = Person(allow_null=True)
    recorded_at = serializers.DateTimeField()


class DealStepOut(serializers.Serializer[Any]):
    """A step of deals; `probability` is the chance to win there, a share from 0 to 1."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    position = serializers.IntegerField()
    probability = serializers.DecimalField(max_digits=4, decimal_places=3)
    is_active = serializers.BooleanField()
    open_deals = serializers.IntegerField()


class SaveCampaign(serializers.Serializer[Any]):
    """A campaign as it is planned."""

    name = serializers.CharField(max_length=LONGEST_CAMPAIGN)
    channel = serializers.ChoiceField(choices=CampaignChannel.choices)
    product_line = row_id(required=False, allow_null=True)
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)
    budget = amount(required=False, allow_null=True)
    currency = serializers.ChoiceField(choices=ISO, required=False)


class CampaignOut(serializers.Serializer[Any]):
    """A campaign with what it cost so far and how far its leads came."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    channel = serializers.ChoiceField(choices=CampaignChannel.choices)
    product_line = Named(allow_null=True)
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    budget = Amount(allow_null=True)
    currency = serializers.CharField()
    cost = Amount(allow_null=True)
    leads = serializers.IntegerField(source="lead_count")
    reached = serializers.DictField(child=serializers.IntegerField(), source="reached_counts")


class AddCost(serializers.Serializer[Any]):
    """What a campaign cost on a day, in its own currency."""

    spent_on = serializers.DateField()
    amount = amount()
    note = serializers.CharField(max_length=LONGEST_FOR_WHAT, required=False, allow_blank=True)


class CostOut(serializers.Serializer[Any]):
    """A cost of a campaign."""

    id = serializers.IntegerField()
    spent_on = serializers.DateField()
    amount = Amount()
    note = serializers.CharField()


class BoardColumnOut(serializers.Serializer[Any]):
    """The totals of one column; amounts by currency, never added."""

    stage = serializers.ChoiceField(choices=LifecycleStage.choices)
    count = serializers.IntegerField()
    oldest_since = serializers.DateTimeField(allow_null=True)
    amounts = serializers.DictField(child=Amount())


class BoardOut(serializers.Serializer[Any]):
    """The board's totals; `counted_at` is at most 60 s ago."""

    counted_at = serializers.DateTimeField()
    columns = BoardColumnOut(many=True)
