"""A form as people outside fill it in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.capture_fields import FIELDS, UTM, browser_of, page_of, utm_of
from leads.form_stamp import Stamp
from leads.models import CaptureForm
from leads.services.submitting import Sent

# A field that no person sees: programs fill in whatever they find.
TRAP = "website"
CARRIED = (*UTM, "page", "v")
STALE = _("Please look at it once more and send it again.")
CONSENT_NEEDED = _("We need your consent to go on.")


class PublicForm(forms.Form):
    """What a visitor types; `form` says which fields there are."""

    use_required_attribute = True

    def __init__(self, *args: Any, form: CaptureForm, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "f-%s", **kwargs})
        self.form, self.language = form, language
        for one in form.fields:
            if one["name"] in FIELDS:
                self.fields[one["name"]] = _field(one["name"], required=one["required"])
        words = form.texts.get(language, {}).get("consent", "")
        if words:
            self.fields["consent"] = forms.BooleanField(
                required=form.consent_required,
                label=words,
                error_messages={"required": CONSENT_NEEDED},
            )

    def sent(self, stamp: Stamp) -> Sent:
        """Return what was typed, and what came along unseen."""
        answered = {name: self.cleaned_data[name] for name in self.fields if name in FIELDS}
        return Sent(
            nonce=stamp.nonce,
            language=self.language,
            values={name: value for name, value in answered.items() if value},
            utm=utm_of(self.data),
            page=page_of(self.data.get("page")),
            consented=self.cleaned_data.get("consent"),
            browser=browser_of(self.data.get("v")),
        )

    def hidden(self) -> dict[str, str]:
        """Return what goes along unseen, read anew from what was asked."""
        told = self.data if self.is_bound else self.initial
        page = page_of(told.get("page"))
        browser = browser_of(told.get("v"))
        more = {"page": page, "v": browser}
        return {**utm_of(told), **{name: value for name, value in more.items() if value}}


def _field(name: str, *, required: bool) -> forms.Field:
    asked = FIELDS[name]
    attrs = {"autocomplete": asked.autocomplete}
    if asked.kind == "email":
        widget: forms.Widget = forms.EmailInput(attrs=attrs)
        return forms.EmailField(
            label=asked.label, max_length=asked.longest, required=True, widget=widget
        )
    if asked.kind == "long":
        widget = forms.Textarea(attrs={**attrs, "rows": 4})
    else:
        widget = forms.TextInput(attrs={**attrs, "type": asked.kind})
    return forms.CharField(
        label=asked.label, max_length=asked.longest, required=required, widget=widget
    )
