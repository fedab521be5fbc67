"""Personas and the queue of leads to qualify, by REST."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import once_by_key
from accounts.api.permissions import has_scope
from accounts.enums import Scope
from accounts.rules import standing
from leads import rules
from leads.api.bodies import UseIn, chosen, read
from leads.api.qualifying_serializers import (
    CommentIn,
    CommentOut,
    PersonaDetailOut,
    PersonaIn,
    PersonaOut,
    PersonaVersionIn,
    PersonaVersionOut,
    QueuedOut,
)
from leads.api.refusals import caller
from leads.api.views import NOT_FOUND, REFUSED, WRONG
from leads.criteria_words import tell_checked
from leads.enums import PersonaKind
from leads.models import Persona, PersonaVersion
from leads.selectors.personas import persona, persona_cards
from leads.selectors.qualifying import FILTERS, MOST, Checks, queue_leads
from leads.selectors.terms import lexicon
from leads.services import personas
from smarketing import time_source
from smarketing.errors import NotAllowed

READ = [has_scope(read=Scope.LEADS_READ, write=Scope.LEADS_WRITE)]
WRITE = [has_scope(read=Scope.LEADS_WRITE)]
TEXTS = ("description", "goals", "pains", "opening_line")
LISTS = ("criteria", "exclusions", "journey", "sources")


class PersonaList(generics.GenericAPIView[Persona]):
    """Personas and ideal companies."""

    permission_classes = READ
    serializer_class = PersonaOut
    pagination_class = None

    @extend_schema(
        operation_id="personas_list",
        summary="List personas",
        responses={200: PersonaOut(many=True), **WRONG},
    )
    def get(self, request: Request) -> Response:
        """Every persona, those in use first, with how many open leads fit it best."""
        return Response(PersonaOut(persona_cards(request.user, lexicon()), many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="personas_create",
        summary="Begin a persona",
        request=PersonaIn,
        responses={201: PersonaVersionOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Begin a persona with its first version, a draft."""
        given = PersonaIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        row = personas.create_persona(
            data["name"],
            PersonaKind(data["kind"]),
            _portrait(data),
            actor=caller(request),
            at=time_source.now(),
        )
        return Response(PersonaVersionOut(row).data, status=status.HTTP_201_CREATED)


class PersonaDetail(generics.GenericAPIView[Persona]):
    """One persona."""

    permission_classes = READ
    serializer_class = PersonaDetailOut

    @extend_schema(
        operation_id="personas_retrieve",
        summary="Read a persona",
        responses={200: PersonaDetailOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """The persona with all its versions and what both teams say."""
        return Response(PersonaDetailOut(persona(pk)).data)


class PersonaVersions(APIView):
    """Versions of one persona."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="personas_versions_create",
        summary="Propose a version of a persona",
        request=PersonaVersionIn,
        responses={201: PersonaVersionOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Add a version as a draft; a manager puts it in force."""
        given = PersonaVersionIn(data=request.data)
        given.is_valid(raise_exception=True)
        portrait = _portrait(given.validated_data)
        row = personas.propose_persona(
            persona(pk), portrait, actor=caller(request), at=time_source.now()
        )
        return Response(PersonaVersionOut(row).data, status=status.HTTP_201_CREATED)


class PersonaActivate(APIView):
    """One version of a persona."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="personas_versions_activate",
        summary="Put a version of a persona in force",
        request=None,
        responses={200: PersonaVersionOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Put the version in force; open leads are judged anew in the background."""
        personas.activate_personas([pk], actor=caller(request), at=time_source.now())
        row = PersonaVersion.objects.select_related("created_by").get(pk=pk)
        return Response(PersonaVersionOut(row).data)


class PersonaWithdraw(APIView):
    """A proposed version of a persona."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="personas_versions_withdraw",
        summary="Withdraw a proposed version of a persona",
        request=None,
        responses={200: PersonaVersionOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Take a proposal back; 409 `not_a_proposal` for what is or was in force."""
        personas.withdraw_persona(pk, actor=caller(request), at=time_source.now())
        row = PersonaVersion.objects.select_related("created_by").get(pk=pk)
        return Response(PersonaVersionOut(row).data)


class PersonaUse(generics.GenericAPIView[Persona]):
    """Whether a persona is in use."""

    permission_classes = WRITE
    serializer_class = UseIn

    @once_by_key
    @extend_schema(
        operation_id="personas_use",
        summary="Take a persona out of use, or back",
        request=UseIn,
        responses={200: PersonaDetailOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """One out of use fits nobody; open leads are judged anew in the background."""
        in_use = read(UseIn, request)["in_use"]
        personas.use_persona(pk, active=in_use, actor=caller(request), at=time_source.now())
        return Response(PersonaDetailOut(persona(pk)).data)


class PersonaComments(APIView):
    """What both teams say of a persona."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="personas_comment",
        summary="Comment on a persona",
        request=CommentIn,
        responses={201: CommentOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Post a comment."""
        given = CommentIn(data=request.data)
        given.is_valid(raise_exception=True)
        text = given.validated_data["text"]
        row = personas.comment_on_persona(
            persona(pk), text, author=caller(request), at=time_source.now()
        )
        return Response(CommentOut(row).data, status=status.HTTP_201_CREATED)


class QualifyQueue(APIView):
    """Leads to qualify."""

    permission_classes = READ

    @extend_schema(
        operation_id="leads_to_qualify",
        summary="List leads to qualify",
        parameters=[
            OpenApiParameter("show", str, enum=FILTERS, description="Which part of the queue."),
        ],
        responses={
            200: OpenApiResponse(QueuedOut(many=True), description="At most 50, as on the page."),
            **WRONG,
        },
    )
    def get(self, request: Request) -> Response:
        """The next 50 of the queue, proposed ones first, each with its checked criteria."""
        if not rules.qualifies_leads(standing(request.user)):
            raise NotAllowed(_("The queue is for marketers and managers."))
        rows = queue_leads(request.user, chosen(request, "show", FILTERS, FILTERS[0]))[:MOST]
        checks = Checks(rows, time_source.now())
        words = lexicon()
        queued = [
            {"row": checks.row(lead), "criteria": [tell_checked(c, words) for c in checks.of(lead)]}
            for lead in rows
        ]
        return Response(QueuedOut(queued, many=True).data)


def _portrait(data: dict[str, Any]) -> personas.Portrait:
    return personas.Portrait(**{name: data[name] for name in (*TEXTS, *LISTS)})
