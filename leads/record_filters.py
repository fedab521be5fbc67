"""The filters of the lists of contacts and companies: the same for the pages and for the API."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from leads.enums import Disposition
from leads.filters import LONGEST_TEXT, IdFilter, OwnerFilter
from leads.models import Company, Contact, Lead
from leads.search import MOST_MATCHES, AnyOf, companies_matching, contacts_matching

HAS_LEAD = [
    ("none", _("Prospects: no lead yet")),
    ("open", _("With an open lead")),
    ("won", _("Customers")),
]
HAS_OWNER = [("me", _("Mine")), ("nobody", _("Nobody’s"))]


def leads_of_person(**conditions: Any) -> Q:
    """Contacts whose person has a lead like this, on whichever of its rows."""
    rows = Lead.objects.filter(**conditions)
    own = Exists(rows.filter(contact_id=OuterRef("pk")))
    merged = Contact.objects.filter(merged_into__isnull=False)
    told = merged.filter(Exists(rows.filter(contact_id=OuterRef("pk"))))
    return Q(own) | Q(AnyOf("id", told.order_by().values("merged_into_id")))


class ContactFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter is untyped
    """What the list of contacts can be narrowed to."""

    q = filters.CharFilter(
        method="by_text", max_length=LONGEST_TEXT,
        label=_("Words that name, e-mail, phone or company begin with"),
    )  # fmt: skip
    lead = filters.ChoiceFilter(choices=HAS_LEAD, method="by_lead", label=_("Leads"))
    company = IdFilter(field_name="company_id", label=_("Company"))
    country = filters.CharFilter(
        field_name="country", lookup_expr="exact", max_length=100, label=_("Country")
    )

    class Meta:
        model = Contact
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Contact], name: str, value: str) -> QuerySet[Contact]:
        """Look among the first 10 000 matches, as the list of leads does."""
        found = contacts_matching(value).order_by().values("id")[:MOST_MATCHES]
        return rows.filter(AnyOf("id", found))

    def by_lead(self, rows: QuerySet[Contact], name: str, value: str) -> QuerySet[Contact]:
        if value == "none":
            return rows.exclude(leads_of_person())
        found = Disposition.OPEN if value == "open" else Disposition.WON
        return rows.filter(leads_of_person(disposition=found))


class CompanyFilter(filters.FilterSet):  # type: ignore[misc]
    """What the list of companies can be narrowed to."""

    q = filters.CharFilter(
        method="by_text", max_length=LONGEST_TEXT, label=_("Words that name or domain begin with")
    )
    owner = OwnerFilter(method="by_owner", label=_("Owner: `me`, `nobody` or the id of a person"))
    sector = filters.CharFilter(
        field_name="sector", lookup_expr="exact", max_length=100, label=_("Sector")
    )
    country = filters.CharFilter(
        field_name="country", lookup_expr="exact", max_length=100, label=_("Country")
    )

    class Meta:
        model = Company
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Company], name: str, value: str) -> QuerySet[Company]:
        found = companies_matching(value).order_by().values("id")[:MOST_MATCHES]
        return rows.filter(AnyOf("id", found))

    def by_owner(self, rows: QuerySet[Company], name: str, value: str | int) -> QuerySet[Company]:
        if value == "nobody":
            return rows.filter(owner__isnull=True)
        return rows.filter(owner_id=self.request.user.pk if value == "me" else int(value))
