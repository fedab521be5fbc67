"""`/api/v1/contacts/`, `/api/v1/companies/`: lists, records, corrections."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from accounts.api.permissions import has_scope
from accounts.enums import Scope
from leads.api.pagination import RecordPagination
from leads.api.records_serializers import (
    CompanyRecordOut,
    ContactRecordOut,
    CreateCompany,
    CreateContact,
    EditCompany,
    EditContact,
    EditLead,
)
from leads.api.refusals import caller
from leads.api.serializers import LeadOut
from leads.api.views import NO_PLACE, NOT_FOUND, REFUSED, WRONG
from leads.forms_records import owners
from leads.models import Campaign, Company, Contact, Lead, Persona, ProductLine, Source
from leads.record_filters import CompanyFilter, ContactFilter
from leads.selectors.companies import listed_companies, visible_company
from leads.selectors.contacts import listed_contacts, visible_contact
from leads.selectors.details import visible_lead
from leads.services.contacts import ContactFacts
from leads.services.editing import edit_company, edit_contact, edit_lead
from leads.services.recording import create_company, create_contact
from smarketing import time_source
from smarketing.errors import BadInput

READ_WRITE = [has_scope(read=Scope.LEADS_READ, write=Scope.LEADS_WRITE)]
UNKNOWN = _("There is none of this id.")
POINTERS: dict[str, Callable[[], QuerySet[Any]]] = {
    "owner": owners,
    "product_line": ProductLine.objects.all,
    "source": Source.objects.all,
    "campaign": Campaign.objects.all,
    "persona": Persona.objects.all,
}


def by_column(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given fields by column, pointers checked; raise BadInput for an unknown id."""
    values: dict[str, Any] = {}
    for name, value in data.items():
        if name == "version":
            continue
        if name in POINTERS and value is not None and not POINTERS[name]().filter(pk=value):
            raise BadInput(_("An id is not known."), fields={name: [UNKNOWN]})
        values[f"{name}_id" if name in POINTERS else name] = value
    return values


class ContactList(generics.GenericAPIView[Contact]):
    """Contacts."""

    permission_classes = READ_WRITE
    serializer_class = ContactRecordOut
    filter_backends = [DjangoFilterBackend]
    filterset_class = ContactFilter
    pagination_class = RecordPagination

    def get_queryset(self) -> QuerySet[Contact]:
        """Return the contacts that the caller may see."""
        return listed_contacts(self.request.user)

    @extend_schema(
        operation_id="contacts_list",
        summary="List contacts",
        responses={200: ContactRecordOut(many=True), **WRONG, 404: NO_PLACE, 422: REFUSED[422]},
    )
    def get(self, request: Request) -> Response:
        """The contacts that you may see, by name, with the filters of the page."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(ContactRecordOut(page, many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="contacts_create",
        summary="Create a contact",
        request=CreateContact,
        responses={201: ContactRecordOut, **WRONG, **REFUSED},
        filters=False,
    )
    def post(self, request: Request) -> Response:
        """Make a prospect; one who is known already is refused and named."""
        given = CreateContact(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        outside = data.pop("external_id", None) or {}
        facts = ContactFacts(
            captured_through="api",
            system=outside.get("system", ""),
            external_id=outside.get("id", ""),
            **data,
        )
        user = caller(request)
        made = create_contact(facts, actor=user, at=time_source.now())
        row = ContactRecordOut(visible_contact(user, made.pk))
        return Response(row.data, status=status.HTTP_201_CREATED)


class ContactDetail(generics.GenericAPIView[Contact]):
    """One contact."""

    permission_classes = READ_WRITE
    serializer_class = ContactRecordOut

    @extend_schema(
        operation_id="contacts_retrieve",
        summary="Read a contact",
        responses={200: ContactRecordOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """The contact as it is now; `merged_into` names who stands for it, if anybody does."""
        return Response(ContactRecordOut(visible_contact(caller(request), pk)).data)


class ContactEdit(generics.GenericAPIView[Contact]):
    """Corrections of a contact."""

    permission_classes = [has_scope(read=Scope.LEADS_WRITE)]
    serializer_class = EditContact

    @once_by_key
    @extend_schema(
        operation_id="contacts_edit",
        summary="Correct a contact",
        request=EditContact,
        responses={200: ContactRecordOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Write the fields named; refused when somebody has changed the contact since."""
        user = caller(request)
        visible_contact(user, pk)
        given = EditContact(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        values = by_column(data)
        at = time_source.now()
        edit_contact(pk, values, version=data["version"], actor=user, at=at)
        return Response(ContactRecordOut(visible_contact(user, pk)).data)


class CompanyList(generics.GenericAPIView[Company]):
    """Companies."""

    permission_classes = READ_WRITE
    serializer_class = CompanyRecordOut
    filter_backends = [DjangoFilterBackend]
    filterset_class = CompanyFilter
    pagination_class = RecordPagination

    def get_queryset(self) -> QuerySet[Company]:
        """Return the companies that the caller may see."""
        return listed_companies(self.request.user)

    @extend_schema(
        operation_id="companies_list",
        summary="List companies",
        responses={200: CompanyRecordOut(many=True), **WRONG, 404: NO_PLACE, 422: REFUSED[422]},
    )
    def get(self, request: Request) -> Response:
        """The companies, by name, with the filters of the page."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(CompanyRecordOut(page, many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="companies_create",
        summary="Create a company",
        request=CreateCompany,
        responses={201: CompanyRecordOut, **WRONG, **REFUSED},
        filters=False,
    )
    def post(self, request: Request) -> Response:
        """Make a company before anybody there is known."""
        given = CreateCompany(data=request.data)
        given.is_valid(raise_exception=True)
        values = by_column(given.validated_data)
        made = create_company(values, actor=caller(request), at=time_source.now())
        return Response(CompanyRecordOut(made).data, status=status.HTTP_201_CREATED)


class CompanyDetail(generics.GenericAPIView[Company]):
    """One company."""

    permission_classes = READ_WRITE
    serializer_class = CompanyRecordOut

    @extend_schema(
        operation_id="companies_retrieve",
        summary="Read a company",
        responses={200: CompanyRecordOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """The company as it is now."""
        return Response(CompanyRecordOut(visible_company(caller(request), pk)).data)


class CompanyEdit(generics.GenericAPIView[Company]):
    """Corrections of a company."""

    permission_classes = [has_scope(read=Scope.LEADS_WRITE)]
    serializer_class = EditCompany

    @once_by_key
    @extend_schema(
        operation_id="companies_edit",
        summary="Correct a company",
        request=EditCompany,
        responses={200: CompanyRecordOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Write the fields named; refused when somebody has changed the company since."""
        user = caller(request)
        visible_company(user, pk)
        given = EditCompany(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        at = time_source.now()
        edit_company(pk, by_column(data), version=data["version"], actor=user, at=at)
        return Response(CompanyRecordOut(visible_company(user, pk)).data)


class LeadEdit(generics.GenericAPIView[Lead]):
    """Corrections of a lead."""

    permission_classes = [has_scope(read=Scope.LEADS_WRITE)]
    serializer_class = EditLead

    @once_by_key
    @extend_schema(
        operation_id="leads_edit",
        summary="Correct what a lead is about",
        request=EditLead,
        responses={200: LeadOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Write the fields named; refused when somebody has changed the lead since."""
        user = caller(request)
        visible_lead(user, pk)
        given = EditLead(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        at = time_source.now()
        edit_lead(pk, by_column(data), version=data["version"], actor=user, at=at)
        return Response(LeadOut(visible_lead(user, pk)).data)
