"""What people type about assets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.enums import ActivityKind, AssetKind
from leads.models import Asset, Campaign, Persona, ProductLine
from leads.selectors.assets import step_names
from leads.services.assets import LONGEST_NOTE, AssetFacts

LONGEST_TEXT = 20_000
EVERY_STEP = ""


class AssetForm(forms.Form):
    """An asset: a page elsewhere, or text of our own."""

    name = forms.CharField(max_length=150, label=_("Name"))
    kind = forms.ChoiceField(choices=AssetKind.choices, label=_("Kind"))
    description = forms.CharField(
        required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}),
        label=_("What it is for"), help_text=_("Which question of the buyer it answers."),
    )  # fmt: skip
    url = forms.URLField(
        required=False, max_length=500, assume_scheme="https", label=_("Address"),
        help_text=_("A page or a file on a site of yours."),
    )  # fmt: skip
    body = forms.CharField(
        required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 10}),
        label=_("Text"), help_text=_("Instead of an address: what the page of the link says."),
    )  # fmt: skip
    product_line = forms.ModelChoiceField(
        ProductLine.objects.all(), required=False, label=_("Product line"), empty_label=_("Any")
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.all(), required=False, label=_("Campaign"), empty_label=_("None")
    )
    fits = forms.MultipleChoiceField(
        required=False, label=_("Suits"), widget=forms.CheckboxSelectMultiple
    )
    internal_only = forms.BooleanField(
        required=False, label=_("For our own people only"),
        help_text=_("A battle card can be read here and never sent."),
    )  # fmt: skip
    is_active = forms.BooleanField(
        required=False, initial=True, label=_("In use"),
        help_text=_("What is no longer in use cannot be sent; old links still open."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["fits"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  # declared above
        field.choices = _fit_choices()

    def facts(self) -> AssetFacts:
        """Return what the asset is to be."""
        data = self.cleaned_data
        pairs = (value.split(":", 1) for value in data["fits"])
        return AssetFacts(
            name=data["name"],
            kind=AssetKind(data["kind"]),
            description=data["description"],
            url=data["url"],
            body=data["body"],
            internal_only=data["internal_only"],
            product_line_id=data["product_line"].pk if data["product_line"] else None,
            campaign_id=data["campaign"].pk if data["campaign"] else None,
            is_active=data["is_active"],
            fits=[(int(persona), step) for persona, step in pairs],
        )


def initial_of(asset: Asset) -> dict[str, Any]:
    """Return the values with which the form of an asset begins."""
    plain = ("name", "kind", "description", "url", "body", "internal_only", "is_active")
    return {
        **{name: getattr(asset, name) for name in plain},
        "product_line": asset.product_line_id,
        "campaign": asset.campaign_id,
        "fits": [f"{fit.persona_id}:{fit.step}" for fit in asset.fits.all()],
    }


def _fit_choices() -> list[tuple[str, str]]:
    """Every persona in use as a whole, then each step of its journey."""
    steps = step_names()
    choices = []
    for persona in Persona.objects.filter(is_active=True):
        whole = _("%(persona)s: every step") % {"persona": persona.name}
        choices.append((f"{persona.pk}:{EVERY_STEP}", str(whole)))
        choices += [
            (f"{pk}:{step}", f"{persona.name}: {name}")
            for (pk, step), name in steps.items()
            if pk == persona.pk
        ]
    return choices


class SendForm(forms.Form):
    """An asset for a lead, and how the link gets there."""

    asset = forms.ChoiceField(label=_("Asset"))
    note = forms.CharField(
        required=False, max_length=LONGEST_NOTE, label=_("Note for ourselves"),
        help_text=_("Why this one; it stays in the timeline."),
    )  # fmt: skip
    logged_as = forms.ChoiceField(
        required=False, label=_("Log it as"), widget=forms.RadioSelect,
        choices=[
            ("", _("Nothing: only make the link")),
            (ActivityKind.EMAIL.value, _("E-mail that I send now")),
            (ActivityKind.MESSAGE.value, _("Message that I send now")),
        ],
    )  # fmt: skip

    def __init__(self, *args: Any, assets: list[Asset], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["asset"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [(str(asset.pk), asset_label(asset)) for asset in assets]


def asset_label(asset: Asset) -> str:
    """What an asset is called in a choice: name and kind; a mark for what suits the persona."""
    kind = AssetKind(asset.kind).label
    return f"★ {asset.name} ({kind})" if getattr(asset, "suits", 0) else f"{asset.name} ({kind})"
