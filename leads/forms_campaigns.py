"""What people type about campaigns, their costs, and the lists of names."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.enums import CampaignChannel
from leads.forms_deals import NumberField, currency_choices, day_input
from leads.models import Campaign, ProductLine
from leads.services.campaigns import LONGEST_NAME, LONGEST_NOTE, CampaignFacts
from leads.services.naming import LONGEST, LONGEST_STEP


class CampaignForm(forms.Form):
    """A campaign as it is planned."""

    name = forms.CharField(max_length=LONGEST_NAME, label=_("Name"))
    channel = forms.ChoiceField(choices=CampaignChannel.choices, label=_("Channel"))
    product_line = forms.ModelChoiceField(
        ProductLine.objects.all(), required=False, label=_("Product line"),
        empty_label=_("Every product line"),
    )  # fmt: skip
    starts_on = forms.DateField(required=False, label=_("Starts"), widget=day_input())
    ends_on = forms.DateField(required=False, label=_("Ends"), widget=day_input())
    budget = NumberField(required=False, label=_("Budget"))
    currency = forms.ChoiceField(choices=currency_choices, label=_("Currency"))

    def facts(self) -> CampaignFacts:
        """Return what was typed, as a service takes it."""
        data = dict(self.cleaned_data)
        line = data.pop("product_line")
        return CampaignFacts(product_line_id=line.pk if line else None, **data)

    @staticmethod
    def initial_of(campaign: Campaign) -> dict[str, Any]:
        """Return the campaign as its form shows it."""
        return {name: getattr(campaign, name) for name in CampaignForm.base_fields}


class CostForm(forms.Form):
    """What a campaign cost on a day."""

    spent_on = forms.DateField(label=_("Day"), widget=day_input())
    amount = NumberField(label=_("Amount"))
    note = forms.CharField(required=False, max_length=LONGEST_NOTE, label=_("For what"))


class NameForm(forms.Form):
    """One name of a list."""

    name = forms.CharField(max_length=LONGEST, label=_("Name"))


class DealStepForm(forms.Form):
    """A step that deals go through."""

    name = forms.CharField(max_length=LONGEST_STEP, label=_("Name"))
    chance = forms.IntegerField(
        min_value=0, max_value=100, label=_("Chance to win (%)"),
        help_text=_("Weighs the amounts of open deals at this step."),
    )  # fmt: skip
    is_active = forms.BooleanField(
        required=False, initial=True, label=_("In use"),
        help_text=_("Deals that stand here stay; no other comes."),
    )  # fmt: skip

    @property
    def share(self) -> Decimal:
        """The chance as a share from 0 to 1."""
        return Decimal(self.cleaned_data["chance"]) / 100
