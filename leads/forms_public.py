"""A form as people outside fill it in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from leads.attributes import LONGEST_VALUE, Unreadable, read_value
from leads.capture_fields import FIELDS, UTM, browser_of, own_key, page_of, utm_of
from leads.enums import AttributeKind
from leads.form_stamp import Stamp
from leads.models import CaptureForm, CustomAttribute
from leads.services.submitting import Sent

# A field that no person sees: programs fill in whatever they find.
TRAP = "website"
CARRIED = (*UTM, "page", "v")
STALE = _("Please look at it once more and send it again.")
CONSENT_NEEDED = _("We need your consent to go on.")


class OwnField(forms.Field):
    """A field of the organisation's own: read as it is kept, asked by what fits its type."""

    def __init__(self, attribute: CustomAttribute, *, required: bool) -> None:
        self.attribute = attribute
        super().__init__(label=attribute.label, required=required, widget=_widget_of(attribute))

    def to_python(self, value: Any) -> Any:
        """Return the value as it is kept, None for nothing."""
        try:
            return read_value(AttributeKind(self.attribute.kind), self.attribute.choices, value)
        except Unreadable as why:
            raise ValidationError(why.args[0]) from None


class PublicForm(forms.Form):
    """What a visitor types; `form` says which fields there are, `own` which of them are the
    organisation's, by name."""

    use_required_attribute = True

    def __init__(
        self,
        *args: Any,
        form: CaptureForm,
        language: str,
        own: Mapping[str, CustomAttribute],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{"auto_id": "f-%s", **kwargs})
        self.form, self.language = form, language
        told = form.texts.get(language, {})
        for one in form.fields:
            name = one["name"]
            if name in FIELDS:
                self.fields[name] = _field(name, required=one["required"])
            elif name in own:
                self.fields[name] = OwnField(own[name], required=one["required"])
            if name in self.fields and name in told.get("labels", {}):
                self.fields[name].label = told["labels"][name]
        words = told.get("consent", "")
        if words:
            self.fields["consent"] = forms.BooleanField(
                required=form.consent_required,
                label=words,
                error_messages={"required": CONSENT_NEEDED},
            )

    def sent(self, stamp: Stamp) -> Sent:
        """Return what was typed, and what came along unseen."""
        asked = (name for name in self.fields if name in FIELDS or own_key(name))
        answered = {name: self.cleaned_data[name] for name in asked}
        return Sent(
            nonce=stamp.nonce,
            language=self.language,
            values={name: value for name, value in answered.items() if value not in ("", None)},
            utm=utm_of(self.data),
            page=page_of(self.data.get("page")),
            consented=self.cleaned_data.get("consent"),
            consent=stamp.consent,
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


def _widget_of(attribute: CustomAttribute) -> forms.Widget:
    kind = AttributeKind(attribute.kind)
    if kind is AttributeKind.FLAG:
        return forms.Select(choices=[("", "–"), ("yes", _("Yes")), ("no", _("No"))])
    if kind is AttributeKind.CHOICE:
        return forms.Select(choices=[("", "–"), *((one, one) for one in attribute.choices)])
    kinds = {AttributeKind.DATE: {"type": "date"}, AttributeKind.NUMBER: {"inputmode": "decimal"}}
    attrs = {"autocomplete": "off", "maxlength": str(LONGEST_VALUE), **kinds.get(kind, {})}
    return forms.TextInput(attrs=attrs)
