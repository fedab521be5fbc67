"""What Marketing types about a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from leads.capture_fields import EMAIL, FIELDS
from leads.enums import FormKind
from leads.folding import fold
from leads.models import Campaign, CaptureForm, CustomAttribute, ProductLine, Source
from leads.services.forms import LONGEST, LONGEST_NAME, NOT_ASKED, FormFacts

OFF, OPTIONAL, REQUIRED = "off", "optional", "required"
ASKING = [(OFF, _("Not asked")), (OPTIONAL, _("Optional")), (REQUIRED, _("Required"))]
PARTS: dict[str, tuple[Any, int, Any]] = {
    "title": (_("Title"), 0, _("Needed in each language that you chose.")),
    "intro": (_("Introduction"), 2, ""),
    "consent": (_("Consent"), 3, _("What the person agrees to. Empty: nothing is asked.")),
    "button": (_("Button"), 0, _("Empty: “Send request”.")),
    "thanks": (_("Thank you"), 2, _("What is said afterwards.")),
}
LONGEST_LABELS = 6_000
NO_COLON = _("“%(line)s” is not a field, a colon and its label.")
CREDITED = ("campaign", "source", "product_line")
PLAIN = ("version", "name", "kind", "languages", "consent_required", "redirect_url", "is_active")
ASKED_FIRST = {"given_name": OPTIONAL, "family_name": REQUIRED, "company": OPTIONAL}


class AskField(forms.ChoiceField):
    """Whether something is asked; what is not told is not asked."""

    def clean(self, value: Any) -> Any:
        return super().clean(value or OFF)


class LabelsField(forms.CharField):
    """What fields are called in one language, a line each: `Phone: Mobile number`.

    `called` is what each field is called otherwise, by name.
    """

    def __init__(self, called: Mapping[str, Any]) -> None:
        self._called = called
        super().__init__(
            required=False, max_length=LONGEST_LABELS, label=_("Labels"),
            widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
            help_text=_("One a line, where a field is to be called otherwise, for example "
                        "“Phone: Mobile number”."),
        )  # fmt: skip

    def prepare_value(self, value: Any) -> Any:
        """Write labels by name as lines."""
        if not isinstance(value, Mapping):
            return value
        named = [(called, value[name]) for name, called in self._called.items() if name in value]
        return "\n".join(f"{called}: {label}" for called, label in named)

    def clean(self, value: Any) -> dict[str, str]:
        """Return labels by name; raise ValidationError for a line that names no field."""
        names = {fold(str(label)): name for name, label in self._called.items()}
        found: dict[str, str] = {}
        for line in filter(str.strip, super().clean(value).splitlines()):
            called, colon, _rest = line.partition(":")
            if not colon:
                raise ValidationError(NO_COLON % {"line": line[:80]})
            # A field of ours may have a colon in its name.
            cuts = [place for place, letter in enumerate(line) if letter == ":"]
            place = next((cut for cut in cuts if fold(line[:cut].strip()) in names), None)
            if place is None:
                raise ValidationError(NOT_ASKED % {"name": called.strip()[:80]})
            found[names[fold(line[:place].strip())]] = line[place + 1 :].strip()
        return found


class BuilderForm(forms.Form):
    """A form to build: what it asks, what it says in each language, what it credits."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        max_length=LONGEST_NAME, label=_("Name"), help_text=_("For us; nobody outside sees it.")
    )
    kind = forms.ChoiceField(choices=FormKind.choices, label=_("Where it is filled in"))
    languages = forms.MultipleChoiceField(
        choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple, label=_("Languages"),
        help_text=_("The first one stands in where words are missing."),
    )  # fmt: skip
    consent_required = forms.BooleanField(
        required=False, label=_("Consent is required"),
        help_text=_("Nobody can send the form without it."),
    )  # fmt: skip
    redirect_url = forms.URLField(
        required=False, max_length=500, assume_scheme="https", label=_("Page afterwards"),
        help_text=_("Instead of the thank-you."),
    )  # fmt: skip
    allowed_origins = forms.CharField(
        required=False, max_length=6_000, widget=forms.Textarea(attrs={"rows": 3}),
        label=_("Sites that may show it"),
        help_text=_("One a line, for example https://www.example.com. Empty: its own page only."),
    )  # fmt: skip
    campaign = forms.ModelChoiceField(
        Campaign.objects.all(), required=False, label=_("Campaign"), empty_label=_("None")
    )
    source = forms.ModelChoiceField(
        Source.objects.all(), required=False, label=_("Source"), empty_label=_("None")
    )
    product_line = forms.ModelChoiceField(
        ProductLine.objects.all(), required=False, label=_("Product line"), empty_label=_("Any")
    )
    is_active = forms.BooleanField(
        required=False, initial=True, label=_("Open"),
        help_text=_("A closed form says so and takes nothing."),
    )  # fmt: skip

    def __init__(self, *args: Any, own: Mapping[str, CustomAttribute], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own = own
        asked: dict[str, Any] = {name: one for name, one in FIELDS.items() if name != EMAIL}
        for name, one in {**asked, **own}.items():
            start = ASKED_FIRST.get(name, OFF)
            self.fields[f"ask_{name}"] = AskField(choices=ASKING, label=one.label, initial=start)
        for language, _label in settings.LANGUAGES:
            for part, (label, rows, hint) in PARTS.items():
                widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
                self.fields[f"{language}_{part}"] = forms.CharField(
                    required=False, max_length=LONGEST[part], widget=widget, label=label,
                    help_text=hint,
                )  # fmt: skip
            self.fields[f"{language}_labels"] = LabelsField(self._called)

    @property
    def _called(self) -> dict[str, Any]:
        """What each field is called here."""
        named = {name: one.label for name, one in FIELDS.items()}
        return {**named, **{name: one.label for name, one in self._own.items()}}

    @property
    def questions(self) -> list[BoundField]:
        """Which fields are asked."""
        return [self[f"ask_{name}"] for name in FIELDS if name != EMAIL]

    @property
    def own_questions(self) -> list[BoundField]:
        """Which of the organisation's own fields are asked."""
        return [self[f"ask_{name}"] for name in self._own]

    @property
    def sections(self) -> Iterable[tuple[str, Any, bool, list[BoundField]]]:
        """The words of each language; those in use, or wrong, stand open."""
        used = self["languages"].value() or []
        for code, label in settings.LANGUAGES:
            fields = [self[f"{code}_{part}"] for part in (*PARTS, "labels")]
            yield code, label, code in used or any(field.errors for field in fields), fields

    def facts(self) -> FormFacts:
        """Return what was typed, as a service takes it."""
        data = self.cleaned_data
        asked = {
            name: data[f"ask_{name}"] == REQUIRED
            for name in (*FIELDS, *self._own)
            if name != EMAIL and data[f"ask_{name}"] != OFF
        }
        texts = {
            code: {part: data[f"{code}_{part}"] for part in (*PARTS, "labels")}
            for code in data["languages"]
        }
        keys = {name: data[name].pk if data[name] else None for name in CREDITED}
        return FormFacts(
            name=data["name"],
            kind=FormKind(data["kind"]),
            asked=asked,
            languages=data["languages"],
            texts=texts,
            consent_required=data["consent_required"],
            redirect_url=data["redirect_url"],
            allowed_origins=data["allowed_origins"].splitlines(),
            is_active=data["is_active"],
            **{f"{name}_id": pk for name, pk in keys.items()},
        )


def initial_of(form: CaptureForm) -> dict[str, Any]:
    """Return a form as its builder shows it."""
    asked = {one["name"]: REQUIRED if one["required"] else OPTIONAL for one in form.fields}
    return {
        **{name: getattr(form, name) for name in PLAIN},
        **{f"ask_{name}": asked.get(name, OFF) for name in {**dict.fromkeys(FIELDS), **asked}},
        **{
            f"{code}_{part}": text
            for code, words in form.texts.items()
            for part, text in words.items()
        },
        **{name: getattr(form, f"{name}_id") for name in CREDITED},
        "allowed_origins": "\n".join(form.allowed_origins),
    }
