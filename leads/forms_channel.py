"""What people tell the other team."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.models import Asset, Campaign, Lead
from leads.services import channel
from leads.services.channel import NewPost

MOST_ASSETS = 100


class NoteForm(forms.Form):
    """A field note: what was heard, and of whom."""

    text = forms.CharField(
        max_length=channel.LONGEST, widget=forms.Textarea(attrs={"rows": 4}),
        label=_("What did you hear?"),
        help_text=_("What buyers ask, object, compare; in a few sentences."),
    )  # fmt: skip
    campaign = forms.ModelChoiceField(
        Campaign.objects.all(), required=False, label=_("Campaign"), empty_label=_("None")
    )
    leads = forms.TypedMultipleChoiceField(
        coerce=int, required=False, label=_("Leads"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, candidates: Iterable[Lead] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["leads"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101  # declared above
        field.choices = [(lead.pk, lead_label(lead)) for lead in candidates]

    def post(self) -> NewPost:
        """Return what is to be told."""
        data = self.cleaned_data
        return NewPost(
            text=data["text"],
            campaign_id=data["campaign"].pk if data["campaign"] else None,
            lead_ids=tuple(data["leads"]),
        )


class AlertForm(NoteForm):
    """A campaign alert: what goes out, to whom, when, what to say, with which assets."""

    audience = forms.CharField(
        max_length=channel.LONGEST_AUDIENCE, required=False, label=_("To whom"),
        help_text=_("For example: plant managers in Italy who asked for a check-up."),
    )  # fmt: skip
    goes_out_at = forms.DateTimeField(
        label=_("When"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    what_to_say = forms.CharField(
        max_length=channel.LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        label=_("What to say"), help_text=_("To those who call or answer because of it."),
    )  # fmt: skip
    assets = forms.ModelMultipleChoiceField(
        Asset.objects.filter(is_active=True), required=False, label=_("Assets to use"),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    field_order = ("text", "campaign", "audience", "goes_out_at", "what_to_say", "assets", "leads")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What goes out")
        self.fields["text"].help_text = _("The message in short, so that nobody is surprised.")
        self.fields["leads"].help_text = _(
            "Only the reps of these leads are told; none: every rep."
        )

    def post(self) -> NewPost:
        """Return what is to be told."""
        data = self.cleaned_data
        return NewPost(
            text=data["text"],
            campaign_id=data["campaign"].pk if data["campaign"] else None,
            lead_ids=tuple(data["leads"]),
            asset_ids=tuple(asset.pk for asset in data["assets"]),
            audience=data["audience"],
            goes_out_at=data["goes_out_at"],
            what_to_say=data["what_to_say"],
        )


def lead_label(lead: Lead) -> str:
    """What a lead is called in a choice: the person, and where he works."""
    company = lead.contact.company
    return f"{lead.contact.name} · {company}" if company else lead.contact.name
