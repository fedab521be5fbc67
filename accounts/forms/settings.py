"""Forms of the organisation, teams, absences, the own profile, tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Scope
from accounts.forms.calendars import zone_choices
from accounts.models import Absence, Organisation, Team, User

CURRENCIES = [
    ("EUR", "EUR – €"),
    ("USD", "USD – $"),
    ("GBP", "GBP – £"),
    ("CHF", "CHF"),
    ("SEK", "SEK – kr"),
    ("NOK", "NOK – kr"),
    ("DKK", "DKK – kr"),
    ("PLN", "PLN – zł"),
    ("CZK", "CZK – Kč"),
    ("HUF", "HUF – Ft"),
    ("RON", "RON – lei"),
    ("CAD", "CAD – $"),
    ("AUD", "AUD – $"),
    ("JPY", "JPY – ¥"),
    ("BRL", "BRL – R$"),
    ("MXN", "MXN – $"),
]
TOKEN_LIVES = [(30, _("30 days")), (90, _("90 days")), (180, _("180 days")), (365, _("One year"))]

# Only the type checker knows forms by their models.
if TYPE_CHECKING:
    OrganisationModelForm = forms.ModelForm[Organisation]
    TeamModelForm = forms.ModelForm[Team]
    UserModelForm = forms.ModelForm[User]
else:
    OrganisationModelForm = TeamModelForm = UserModelForm = forms.ModelForm


class DateInput(forms.DateInput):
    """The browser's own date picker, which speaks ISO and shows the reader's form."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class OrganisationForm(OrganisationModelForm):
    """The house: name, zone, currency, language, working time, who sees what."""

    zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Borders of days, months and quarters lie in this zone for every viewer."),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES)

    class Meta:
        model = Organisation
        fields = ["name", "zone", "currency", "language", "calendar", "reps_see_own_team_only"]
        labels = {"language": _("Language of new people")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = zone_choices()  # type: ignore[attr-defined]
        known = {code for code, _label in CURRENCIES}
        if self.instance.currency not in known:
            own = (self.instance.currency, self.instance.currency)
            self.fields["currency"].choices = [own, *CURRENCIES]  # type: ignore[attr-defined]


class TeamForm(TeamModelForm):
    """A team; the service decides what is legal."""

    class Meta:
        model = Team
        fields = ["name", "parent", "kind", "head", "calendar"]
        help_texts = {
            "parent": _("Empty: a root team. Marketing and Sales have one root each."),
            "kind": _("A sub-team is of its parent's side."),
            "head": _("Manages the team and all below it, and gets the manager role in it."),
        }

    def __init__(self, *args: Any, parents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].required = False
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]
        self.fields["head"].queryset = joined_people(self.instance.head_id)  # type: ignore[attr-defined]

    def fix_place(self) -> None:
        """Where the team stands and who heads it is not the reader's to choose."""
        for name in ("parent", "kind", "head"):
            self.fields[name].disabled = True
        parent = self.instance.parent_id
        chosen = Team.objects.filter(pk__in=[parent] if parent else [])
        self.fields["parent"].queryset = chosen  # type: ignore[attr-defined]

    def require_parent(self) -> None:
        """Only administrators make root teams."""
        self.fields["parent"].required = True
        self.fields["kind"].disabled = True

    def clean_kind(self) -> str:
        """A sub-team needs no side of its own."""
        kind: str = self.cleaned_data.get("kind") or ""
        if not kind and not self.cleaned_data.get("parent"):
            raise forms.ValidationError(_("Choose a side."))
        return kind

    def _post_clean(self) -> None:
        """Leave the instance alone: the service checks and saves, under its lock."""


def joined_people(also: int | None = None) -> Any:
    """Return active people who have joined, and the one who is chosen already."""
    active = Q(is_active=True, joined_at__isnull=False)
    return User.objects.filter(active | Q(pk__in=[also] if also else []))


class AbsenceForm(forms.Form):
    """When somebody is away, and who stands in."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Person"), empty_label=None)
    first_on = forms.DateField(label=_("First day away"), widget=DateInput())
    last_on = forms.DateField(
        label=_("Last day away"), widget=DateInput(), help_text=_("This day included.")
    )
    deputy = forms.ModelChoiceField(
        User.objects.none(), label=_("Deputy"), required=False, empty_label=_("Nobody")
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(
        self, *args: Any, people: Any, absence: Absence | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
        chosen = absence.deputy_id if absence else None
        self.fields["deputy"].queryset = joined_people(chosen)  # type: ignore[attr-defined]
        if absence is not None:
            self.fields["user"].disabled = True


class ProfileForm(UserModelForm):
    """How the product meets its reader."""

    zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Times are shown in this zone."))

    class Meta:
        model = User
        fields = [
            "name", "language", "zone", "theme", "number_form", "first_day", "single_key_shortcuts",
        ]  # fmt: skip
        help_texts = {
            "single_key_shortcuts": _("Keys such as j, k, a, r act without Ctrl. Press ? for all."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = zone_choices()  # type: ignore[attr-defined]


class TokenForm(forms.Form):
    """A new key to the API."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("What it is for: you will know it by this.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("May"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(label=_("Works for"), choices=TOKEN_LIVES, coerce=int, initial=90)
