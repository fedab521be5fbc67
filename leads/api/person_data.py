"""`/api/v1/contacts/{id}/…`: what a person agreed to, what is known of him, his erasure."""

from __future__ import annotations

import json
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from accounts.api.permissions import has_scope
from accounts.enums import Scope
from accounts.rules import standing
from leads.api.refusals import caller
from leads.api.serializers import Person
from leads.api.views import NOT_FOUND, REFUSED, WRONG
from leads.enums import ConsentPurpose
from leads.enums.out import ExportFormat
from leads.forms_out import LONGEST_VERSION, LONGEST_WORDS, MOST_HOURS, MOST_MONTHS
from leads.models import Contact, RetentionSettings
from leads.rules import keeps_person_data
from leads.selectors.canonical import contact_ids_of
from leads.selectors.consents import consent_history
from leads.selectors.contacts import visible_contact
from leads.selectors.retention import retention_settings
from leads.services.erasing import LONGEST_REASON, erase_person
from leads.services.objecting import LONGEST_HOW, agree_to_marketing, object_to_marketing
from leads.services.person_data import export_person
from leads.services.retention import save_retention
from smarketing import time_source
from smarketing.errors import NotAllowed

READ = [has_scope(read=Scope.LEADS_READ)]
WRITE = [has_scope(read=Scope.LEADS_WRITE)]
READ_WRITE = [has_scope(read=Scope.LEADS_READ, write=Scope.LEADS_WRITE)]


class ConsentOut(serializers.Serializer[Any]):
    """One yes or no, and the words that it was said to."""

    purpose = serializers.ChoiceField(choices=ConsentPurpose.choices)
    given = serializers.BooleanField()
    text = serializers.CharField()
    text_version = serializers.CharField()
    at = serializers.DateTimeField()
    through = serializers.CharField()
    recorded_by = Person(allow_null=True)


class ConsentsOut(serializers.Serializer[Any]):
    """Whether Marketing may write, and everything that the person said, newest first."""

    no_marketing_since = serializers.DateTimeField(allow_null=True)
    consents = ConsentOut(many=True)


class ObjectIn(serializers.Serializer[Any]):
    """An objection."""

    how = serializers.CharField(max_length=LONGEST_HOW, help_text="How the person told you.")


class AgreeIn(serializers.Serializer[Any]):
    """An agreement."""

    words = serializers.CharField(max_length=LONGEST_WORDS, help_text="As the person saw them.")
    version = serializers.CharField(max_length=LONGEST_VERSION, default="", allow_blank=True)
    how = serializers.CharField(max_length=LONGEST_HOW, help_text="How the person told you.")


class EraseIn(serializers.Serializer[Any]):
    """An erasure."""

    reason = serializers.CharField(max_length=LONGEST_REASON)


class ErasureOut(serializers.Serializer[Any]):
    """That a person was erased."""

    contact = serializers.IntegerField(source="contact_id")
    at = serializers.DateTimeField()
    reason = serializers.CharField()
    rows_touched = serializers.IntegerField()


class RetentionIO(serializers.Serializer[Any]):
    """How long personal data stay; null keeps without end."""

    idle_months = serializers.IntegerField(
        min_value=1, max_value=MOST_MONTHS, allow_null=True,
        help_text="A person without an open lead, a purchase or a trace for so long is erased.",
    )  # fmt: skip
    notice_months = serializers.IntegerField(min_value=1, max_value=MOST_MONTHS, allow_null=True)
    export_hours = serializers.IntegerField(min_value=1, max_value=MOST_HOURS)


def _consents(contact: Contact) -> Response:
    history = consent_history(contact, contact_ids_of(contact.pk))
    told = {"no_marketing_since": contact.no_marketing_since, "consents": history.rows}
    return Response(ConsentsOut(told).data)


class ContactConsents(generics.GenericAPIView[Contact]):
    """What a person agreed to."""

    permission_classes = READ
    serializer_class = ConsentsOut

    @extend_schema(
        operation_id="contacts_consents",
        summary="Read what a person agreed to",
        responses={200: ConsentsOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Every yes and no of the person, the newest 50."""
        return _consents(visible_contact(caller(request), pk))


class ContactObject(generics.GenericAPIView[Contact]):
    """Objections."""

    permission_classes = WRITE
    serializer_class = ObjectIn

    @once_by_key
    @extend_schema(
        operation_id="contacts_object",
        summary="Note that a person wants no marketing",
        request=ObjectIn,
        responses={200: ConsentsOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """It holds at once: `marketing_mail_allowed` is false, nurturing ends."""
        user = caller(request)
        visible_contact(user, pk)
        given = ObjectIn(data=request.data)
        given.is_valid(raise_exception=True)
        how = given.validated_data["how"]
        return _consents(object_to_marketing(pk, how=how, actor=user, at=time_source.now()))


class ContactAgree(generics.GenericAPIView[Contact]):
    """Agreements."""

    permission_classes = WRITE
    serializer_class = AgreeIn

    @once_by_key
    @extend_schema(
        operation_id="contacts_agree",
        summary="Note that a person agrees to marketing",
        request=AgreeIn,
        responses={200: ConsentsOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """It takes an objection back; recycled leads are nurtured again."""
        user = caller(request)
        visible_contact(user, pk)
        given = AgreeIn(data=request.data)
        given.is_valid(raise_exception=True)
        row = agree_to_marketing(pk, **given.validated_data, actor=user, at=time_source.now())
        return _consents(row)


class ContactData(generics.GenericAPIView[Contact]):
    """What is known of a person."""

    permission_classes = READ
    serializer_class = ConsentsOut

    @extend_schema(
        operation_id="contacts_data",
        summary="Hand out everything known of a person",
        responses={200: OpenApiTypes.OBJECT, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Every table with rows of the person, by name; that you took it is written down."""
        user = caller(request)
        visible_contact(user, pk)
        _export, data = export_person(user, pk, ExportFormat.JSON, at=time_source.now())
        return Response(json.loads(data))


class ContactErase(generics.GenericAPIView[Contact]):
    """Erasures."""

    permission_classes = WRITE
    serializer_class = EraseIn

    @once_by_key
    @extend_schema(
        operation_id="contacts_erase",
        summary="Erase a person",
        request=EraseIn,
        responses={200: ErasureOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Nothing brings the person back; figures stay, and nothing takes the person in again."""
        user = caller(request)
        visible_contact(user, pk)
        given = EraseIn(data=request.data)
        given.is_valid(raise_exception=True)
        reason = given.validated_data["reason"]
        row = erase_person(pk, actor=user, reason=reason, at=time_source.now())
        return Response(ErasureOut(row).data)


class Retention(generics.GenericAPIView[RetentionSettings]):
    """How long personal data stay."""

    permission_classes = READ_WRITE
    serializer_class = RetentionIO

    @extend_schema(
        operation_id="retention_retrieve",
        summary="Read how long personal data stay",
        responses={200: RetentionIO, **WRONG},
    )
    def get(self, request: Request) -> Response:
        """The settings in force."""
        if not keeps_person_data(standing(caller(request))):
            raise NotAllowed("Your role does not include how long data stay.")
        return Response(RetentionIO(retention_settings()).data)

    @once_by_key
    @extend_schema(
        operation_id="retention_change",
        summary="Set how long personal data stay",
        request=RetentionIO,
        responses={200: RetentionIO, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """What is due goes in the following night."""
        given = RetentionIO(data=request.data)
        given.is_valid(raise_exception=True)
        settings = save_retention(RetentionSettings(**given.validated_data), actor=caller(request))
        return Response(RetentionIO(settings).data, status=status.HTTP_200_OK)
