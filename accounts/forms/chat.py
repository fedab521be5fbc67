"""The form of a new chat channel."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.chat_services import LONGEST_ADDRESS


class ChannelForm(forms.Form):
    """A name, and the address that the chat service gave out."""

    name = forms.CharField(label=_("Name"), max_length=100)
    address = forms.CharField(
        label=_("Webhook address"),
        max_length=LONGEST_ADDRESS,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}
        ),
        help_text=_("Of Slack, Teams (Workflows), Google Chat or Discord. It is kept secret."),
    )
