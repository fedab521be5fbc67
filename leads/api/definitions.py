"""What each stage means, and the types of SQL with their playbooks, by REST."""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import once_by_key
from leads.api.bodies import UseIn, read
from leads.api.qualifying import READ, WRITE
from leads.api.qualifying_serializers import DefinitionIn, DefinitionOut, SqlTypeIn, SqlTypeOut
from leads.api.refusals import caller
from leads.api.views import NOT_FOUND, REFUSED, WRONG
from leads.enums import LifecycleStage, Responsible
from leads.models import SqlType, StageDefinition
from leads.services import definitions
from leads.services.sql_types import TypeFacts, save_sql_type, use_sql_type
from smarketing import time_source
from smarketing.errors import NotFound


class DefinitionList(generics.GenericAPIView[StageDefinition]):
    """Versions of what each stage means."""

    permission_classes = READ
    serializer_class = DefinitionOut
    pagination_class = None

    @extend_schema(
        operation_id="definitions_list",
        summary="List stage definitions",
        responses={200: DefinitionOut(many=True), **WRONG},
    )
    def get(self, request: Request) -> Response:
        """Every version of every stage, the newest of each first."""
        rows = StageDefinition.objects.select_related("created_by").order_by("stage", "-version")
        return Response(DefinitionOut(rows, many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="definitions_create",
        summary="Propose a stage definition",
        request=DefinitionIn,
        responses={201: DefinitionOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Add a version as a draft; a manager puts it in force."""
        given = DefinitionIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        wording = definitions.Wording(
            stage=LifecycleStage(data["stage"]),
            prose=data["prose"],
            responsible=Responsible(data["responsible"]),
            criteria=data["criteria"],
            exit_rule=data["exit_rule"],
            longest_stay_days=data["longest_stay_days"],
        )
        now = time_source.now()
        row = definitions.propose_definition(wording, actor=caller(request), at=now)
        return Response(DefinitionOut(row).data, status=status.HTTP_201_CREATED)


class DefinitionActivate(APIView):
    """One version of a definition."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="definitions_activate",
        summary="Put a stage definition in force",
        request=None,
        responses={200: DefinitionOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Put the version in force and retire the one before; for managers."""
        definitions.activate_definitions([pk], actor=caller(request), at=time_source.now())
        row = StageDefinition.objects.select_related("created_by").get(pk=pk)
        return Response(DefinitionOut(row).data)


class DefinitionWithdraw(APIView):
    """A proposed version of a definition."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="definitions_withdraw",
        summary="Withdraw a proposed stage definition",
        request=None,
        responses={200: DefinitionOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Take a proposal back; 409 `not_a_proposal` for what is or was in force."""
        definitions.withdraw_definition(pk, actor=caller(request), at=time_source.now())
        row = StageDefinition.objects.select_related("created_by").get(pk=pk)
        return Response(DefinitionOut(row).data)


class SqlTypeList(generics.GenericAPIView[SqlType]):
    """Types of SQL."""

    permission_classes = READ
    serializer_class = SqlTypeOut
    pagination_class = None

    @extend_schema(
        operation_id="sql_types_list",
        summary="List types of SQL",
        responses={200: SqlTypeOut(many=True), **WRONG},
    )
    def get(self, request: Request) -> Response:
        """Every type with its playbook, those in use first."""
        rows = SqlType.objects.order_by("-is_active", "name")
        return Response(SqlTypeOut(rows, many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="sql_types_create",
        summary="Add a type of SQL",
        request=SqlTypeIn,
        responses={201: SqlTypeOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Add a type of SQL with its playbook; for marketers and managers."""
        facts = TypeFacts(**read(SqlTypeIn, request))
        row = save_sql_type(SqlType(), facts, by=caller(request))
        return Response(SqlTypeOut(row).data, status=status.HTTP_201_CREATED)


class SqlTypeChange(generics.GenericAPIView[SqlType]):
    """Changes of a type of SQL."""

    permission_classes = WRITE
    serializer_class = SqlTypeIn

    @once_by_key
    @extend_schema(
        operation_id="sql_types_change",
        summary="Change a type of SQL",
        request=SqlTypeIn,
        responses={200: SqlTypeOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say anew what it is called, when it applies and what a rep does, one step a line."""
        row = type_of(pk)
        facts = TypeFacts(**read(SqlTypeIn, request))
        return Response(SqlTypeOut(save_sql_type(row, facts, by=caller(request))).data)


class SqlTypeUse(generics.GenericAPIView[SqlType]):
    """Whether a type of SQL can be chosen."""

    permission_classes = WRITE
    serializer_class = UseIn

    @once_by_key
    @extend_schema(
        operation_id="sql_types_use",
        summary="Take a type of SQL out of use, or back",
        request=UseIn,
        responses={200: SqlTypeOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Leads keep the type they have; no other lead gets one out of use."""
        row, in_use = type_of(pk), read(UseIn, request)["in_use"]
        return Response(SqlTypeOut(use_sql_type(row, in_use=in_use, by=caller(request))).data)


def type_of(pk: int) -> SqlType:
    """Return a type of SQL; raises NotFound."""
    row = SqlType.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such type."))
    return row
