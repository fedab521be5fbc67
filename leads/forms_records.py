"""What people correct on contacts, companies and leads; a second saver keeps what he typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from leads.models import Campaign, Company, Contact, Lead, Persona, ProductLine, Source
from leads.services.contacts import LONGEST

NOT_KNOWN = _("Not known")
NOBODY = _("Nobody")
MOST_EMPLOYEES = 2_000_000_000


class VersionedForm(forms.Form):
    """A form that carries the version and the values that the person saw.

    Only what he changed is written. When somebody wrote first, `against` gives the form anew: his
    own values stand, the others are as they are now, and `theirs` says where the two differ.
    """

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    columns: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theirs: dict[str, Any] = {}
        for name, field in self.fields.items():
            field.show_hidden_initial = name != "version"

    @property
    def seen_values(self) -> SafeString:
        """The hidden inputs that hold what the person saw."""
        seen = [self[name] for name in self.fields if name != "version"]
        return format_html_join("", "{}", ((one.as_hidden(only_initial=True),) for one in seen))

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields to draw."""
        return [self[name] for name in self.fields if name != "version"]

    def changes(self) -> dict[str, Any]:
        """Return what the person changed, by column."""
        data = self.cleaned_data
        return {self.column(name): _plain(data[name]) for name in self.changed_data if name in data}

    def column(self, name: str) -> str:
        """Return the column that a field writes."""
        return self.columns.get(name, name)

    def against(self, initial: Mapping[str, Any]) -> VersionedForm:
        """Return the form anew over the row as it is now (`initial`), keeping what was typed."""
        fresh = type(self)(initial=dict(initial))
        data = self.data.copy() if isinstance(self.data, QueryDict) else QueryDict(mutable=True)
        mine = set(self.changed_data)
        for bound in fresh.shown:
            now = bound.value()
            text = "" if now is None else str(now)
            seen = self.data.get(self[bound.name].html_initial_name, "")
            if bound.name not in mine:
                data[bound.html_name] = text
            if text != seen:
                fresh.theirs[bound.name] = _told(fresh.fields[bound.name], now)
            data[bound.html_initial_name] = text
        data["version"] = str(initial["version"])
        again = type(self)(data, initial=dict(initial))
        again.theirs = fresh.theirs
        return again

    def compared(self) -> list[tuple[forms.BoundField, Any]]:
        """Return each field that somebody else changed, and what it holds now."""
        return [(self[name], value) for name, value in self.theirs.items()]


def _plain(value: Any) -> Any:
    return getattr(value, "pk", value)


def _told(field: forms.Field, value: Any) -> str:
    """Return a value as people read it: a choice by its word."""
    if isinstance(field, forms.ModelChoiceField) and value and field.queryset is not None:
        return str(field.queryset.filter(pk=value).first() or "–")
    return "–" if value in (None, "") else str(value)


def _text(name: str, label: Any, **kwargs: Any) -> forms.CharField:
    return forms.CharField(required=False, max_length=LONGEST[name], label=label, **kwargs)


class ContactForm(VersionedForm):
    """What is known of a person. The company is told by name."""

    email = forms.EmailField(required=False, max_length=LONGEST["email"], label=_("E-mail"))
    given_name = _text("given_name", _("Given name"))
    family_name = _text("family_name", _("Family name"))
    company = _text("company", _("Company"), help_text=_("A new name makes a new company."))
    job_title = _text("job_title", _("Job title"))
    phone = _text("phone", _("Phone"))
    city = _text("city", _("City"))
    country = _text("country", _("Country"))

    @staticmethod
    def initial_of(contact: Contact) -> dict[str, Any]:
        """Return what the form shows of a contact."""
        names = ("given_name", "family_name", "job_title", "phone", "city", "country", "version")
        shown = {name: getattr(contact, name) for name in names}
        company = contact.company.name if contact.company else ""
        return {**shown, "email": contact.email or "", "company": company}


class NewContactForm(forms.Form):
    """A person without a lead."""

    email = forms.EmailField(max_length=LONGEST["email"], label=_("E-mail"))
    given_name = _text("given_name", _("Given name"))
    family_name = _text("family_name", _("Family name"))
    company = _text("company", _("Company"), help_text=_("Empty: found by the e-mail's domain."))
    job_title = _text("job_title", _("Job title"))
    phone = _text("phone", _("Phone"))
    city = _text("city", _("City"))
    country = _text("country", _("Country"))


def owners() -> Any:
    """Return the active people who may own records."""
    held = Membership.objects.filter(user=OuterRef("pk"), role__in=("REP", "MARKETER", "MANAGER"))
    return User.objects.filter(Exists(held), is_active=True).order_by("name", "id")


class CompanyForm(VersionedForm):
    """What is known of a company."""

    columns = {"owner": "owner_id"}

    name = forms.CharField(max_length=200, label=_("Name"))
    domain = forms.CharField(
        required=False, max_length=253, label=_("E-mail domain"),
        help_text=_("New contacts with an address there belong to this company."),
    )  # fmt: skip
    sector = forms.CharField(required=False, max_length=100, label=_("Sector"))
    country = forms.CharField(required=False, max_length=100, label=_("Country"))
    employees = forms.IntegerField(
        required=False, min_value=0, max_value=MOST_EMPLOYEES, label=_("Employees")
    )
    owner = forms.ModelChoiceField(
        User.objects.none(), required=False, label=_("Owner"), empty_label=NOBODY,
        help_text=_("New leads of this company go to its owner first."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # declared above
        field.queryset = owners()

    @staticmethod
    def initial_of(company: Company) -> dict[str, Any]:
        """Return what the form shows of a company."""
        names = ("name", "sector", "country", "employees", "version")
        shown = {name: getattr(company, name) for name in names}
        return {**shown, "domain": company.domain or "", "owner": company.owner_id}


class LeadForm(VersionedForm):
    """What a lead is about and where it came from."""

    columns = {
        "product_line": "product_line_id",
        "source": "source_id",
        "campaign": "campaign_id",
        "persona": "persona_id",
    }

    product_line = forms.ModelChoiceField(
        ProductLine.objects.all(), required=False, label=_("Product line"), empty_label=NOT_KNOWN
    )
    source = forms.ModelChoiceField(
        Source.objects.all(), required=False, label=_("Source"), empty_label=NOT_KNOWN
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.all(), required=False, label=_("Campaign"), empty_label=_("None")
    )
    persona = forms.ModelChoiceField(
        Persona.objects.all(), required=False, label=_("Persona"), empty_label=NOT_KNOWN
    )

    @staticmethod
    def initial_of(lead: Lead) -> dict[str, Any]:
        """Return what the form shows of a lead."""
        pointers = {name: getattr(lead, column) for name, column in LeadForm.columns.items()}
        return {**pointers, "version": lead.version}
