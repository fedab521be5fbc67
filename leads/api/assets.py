"""The library of assets by REST, and sending one to a lead."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import once_by_key
from leads.api.bodies import chosen
from leads.api.qualifying import READ, WRITE
from leads.api.refusals import caller
from leads.api.serializers import Named, Person
from leads.api.views import NOT_FOUND, REFUSED, WRONG
from leads.enums import ActivityKind, AssetKind
from leads.filters import LAST_ID
from leads.models import Asset, AssetSend, Campaign, Persona, ProductLine
from leads.selectors import assets as selectors
from leads.selectors.details import visible_lead
from leads.services.assets import LONGEST_NOTE, AssetFacts, NewSend, save_asset, send_assets
from leads.views.assets import link_to, wanted_of
from smarketing import time_source
from smarketing.errors import BadInput

LONGEST_TEXT = 20_000
RETIRED = ("yes",)
PLAIN = ("name", "kind", "description", "url", "body", "internal_only", "is_active")
SENT_AS = [ActivityKind.EMAIL.value, ActivityKind.MESSAGE.value]


class FitOut(serializers.Serializer[Any]):
    """A persona, and the step of its journey ("" is every step)."""

    persona = serializers.IntegerField(source="persona_id", min_value=1, max_value=LAST_ID)
    step = serializers.CharField(max_length=50, allow_blank=True, default="")


class AssetOut(serializers.Serializer[Any]):
    """An asset with how often it was sent and really opened."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=AssetKind.choices)
    description = serializers.CharField()
    url = serializers.CharField()
    body = serializers.CharField()
    internal_only = serializers.BooleanField()
    is_active = serializers.BooleanField()
    product_line = Named(allow_null=True)
    campaign = Named(allow_null=True)
    fits = FitOut(many=True, source="fits.all")
    sent = serializers.IntegerField()
    openings = serializers.IntegerField(source="opened")
    created_at = serializers.DateTimeField()


class AssetIn(serializers.Serializer[Any]):
    """An asset: an address, or a text of our own."""

    name = serializers.CharField(max_length=150)
    kind = serializers.ChoiceField(choices=AssetKind.choices)
    description = serializers.CharField(required=False, allow_blank=True, max_length=2_000)
    url = serializers.URLField(required=False, allow_blank=True, max_length=500)
    body = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    internal_only = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)
    product_line = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=LAST_ID
    )
    campaign = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=LAST_ID
    )
    fits = FitOut(many=True, required=False)


class SendIn(serializers.Serializer[Any]):
    """An asset for a lead; `logged_as` also logs the e-mail or message that carries the link."""

    lead = serializers.IntegerField(min_value=1, max_value=LAST_ID)
    note = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NOTE)
    logged_as = serializers.ChoiceField(choices=SENT_AS, required=False)


class SendOut(serializers.Serializer[Any]):
    """What was sent: `link` is for the lead alone."""

    id = serializers.IntegerField()
    asset = serializers.IntegerField(source="asset_id")
    lead = serializers.IntegerField(source="lead_id")
    sender = Person()
    note = serializers.CharField()
    link = serializers.SerializerMethodField()
    sent_at = serializers.DateTimeField()
    openings = serializers.IntegerField()
    first_opened_at = serializers.DateTimeField(allow_null=True)
    last_opened_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(serializers.URLField())
    def get_link(self, send: AssetSend) -> str:
        """The address of the page that the lead opens, on the host that was asked."""
        return link_to(self.context["request"], send.token)


class AssetList(APIView):
    """The library."""

    permission_classes = READ

    @extend_schema(
        operation_id="assets_list",
        summary="List assets",
        parameters=[
            OpenApiParameter("q", str, description="Words of name or purpose."),
            OpenApiParameter("kind", str, enum=AssetKind.values),
            OpenApiParameter("persona", int, description="Id of a persona that it suits."),
            OpenApiParameter("product_line", int, description="Id of a product line."),
            OpenApiParameter("retired", str, enum=list(RETIRED), description="Retired ones, too."),
        ],
        responses={200: AssetOut(many=True), **WRONG},
    )
    def get(self, request: Request) -> Response:
        """At most 500, by name, with the filters of the page."""
        chosen(request, "kind", AssetKind.values)
        chosen(request, "retired", RETIRED)
        rows = selectors.filtered(
            selectors.library(caller(request)), wanted_of(request.query_params)
        )
        return Response(AssetOut(rows[: selectors.MOST_ASSETS], many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="assets_create",
        summary="Add an asset",
        request=AssetIn,
        responses={201: AssetOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Add an asset to the library, which Marketing keeps."""
        given = AssetIn(data=request.data)
        given.is_valid(raise_exception=True)
        user = caller(request)
        asset = save_asset(_facts(given.validated_data, {}), actor=user, at=time_source.now())
        data = AssetOut(selectors.one_asset(user, asset.pk)).data
        return Response(data, status=status.HTTP_201_CREATED)


class AssetDetail(APIView):
    """One asset."""

    permission_classes = READ

    @extend_schema(
        operation_id="assets_retrieve",
        summary="Read an asset",
        responses={200: AssetOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """The asset as it is now."""
        return Response(AssetOut(selectors.one_asset(caller(request), pk)).data)

    @once_by_key
    @extend_schema(
        operation_id="assets_update",
        summary="Change an asset",
        request=AssetIn(partial=True),
        responses={200: AssetOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Change what is given; the rest stays."""
        user = caller(request)
        asset = selectors.one_asset(user, pk)
        given = AssetIn(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        facts = _facts(given.validated_data, _known(asset))
        save_asset(facts, asset=asset, actor=user, at=time_source.now())
        return Response(AssetOut(selectors.one_asset(user, pk)).data)


class AssetSendView(APIView):
    """Sends."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="assets_send",
        summary="Send an asset to a lead",
        request=SendIn,
        responses={201: SendOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Make a link with a token of its own; real openings become touches."""
        user = caller(request)
        asset = selectors.one_asset(user, pk)
        given = SendIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        kind = ActivityKind(data["logged_as"]) if "logged_as" in data else None
        new = NewSend(
            lead=visible_lead(user, data["lead"]),
            asset=asset,
            note=data.get("note", ""),
            logged_as=kind,
        )
        (send,) = send_assets([new], actor=user, at=time_source.now())
        told = SendOut(send, context={"request": request})
        return Response(told.data, status=status.HTTP_201_CREATED)


def _known(asset: Asset) -> dict[str, Any]:
    plain = {name: getattr(asset, name) for name in PLAIN}
    fits = [{"persona_id": fit.persona_id, "step": fit.step} for fit in asset.fits.all()]
    ids = {"product_line": asset.product_line_id, "campaign": asset.campaign_id}
    return {**plain, **ids, "fits": fits}


def _facts(given: dict[str, Any], known: dict[str, Any]) -> AssetFacts:
    """Put what is given over what is known; refuse ids of rows that are not there."""
    data = {**known, **given}
    fits = [(fit["persona_id"], fit["step"]) for fit in data.get("fits", ())]
    asked: dict[str, tuple[Any, set[Any]]] = {
        "product_line": (ProductLine, {data.get("product_line")} - {None}),
        "campaign": (Campaign, {data.get("campaign")} - {None}),
        "fits": (Persona, {persona for persona, _step in fits}),
    }
    for name, (model, ids) in asked.items():
        if ids and model._default_manager.filter(pk__in=ids).count() != len(ids):
            raise BadInput(
                _("Some ids are not known."), fields={name: [_("There is none with this id.")]}
            )
    plain = {name: data[name] for name in PLAIN if name in data}
    return AssetFacts(
        **{**plain, "kind": AssetKind(data["kind"])},
        product_line_id=data.get("product_line"),
        campaign_id=data.get("campaign"),
        fits=fits,
    )
