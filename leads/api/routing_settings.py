"""`/api/v1/routing/`: pools and rules as managers and administrators set them, a rehearsal."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from accounts.api.permissions import has_scope
from accounts.enums import Scope
from accounts.models import User
from accounts.rules import standing
from leads.api.bodies import UP, MoveIn, UseIn, read
from leads.api.refusals import caller
from leads.api.routing import unknown
from leads.api.routing_serializers import PoolIn, PoolOut, RehearsedOut, RuleIn, RuleOut
from leads.api.views import NOT_FOUND, REFUSED, WRITE, WRONG
from leads.models import Lead, RoutingPool, RoutingRule
from leads.rules import manages_routing
from leads.selectors.routing import pool_cards, rehearse_routing
from leads.services import routing_settings as services
from leads.services.routing_settings import Place
from smarketing import time_source
from smarketing.errors import NotAllowed, NotFound

READ_ONLY = [has_scope(read=Scope.LEADS_READ)]
WRITE_ONLY = [has_scope(read=Scope.LEADS_WRITE)]
REMOVED = OpenApiResponse(description="Removed.")


def keeper(request: Request) -> User:
    """Return who asks; raises NotAllowed for whoever does not set pools and rules."""
    user = caller(request)
    if not manages_routing(standing(user)):
        raise NotAllowed(_("Pools and rules are for managers and administrators."))
    return user


def pool_of(pk: int) -> RoutingPool:
    """Return a pool; raises NotFound."""
    pool = RoutingPool.objects.filter(pk=pk).first()
    if pool is None:
        raise NotFound(_("There is no such pool."))
    return pool


def rule_of(pk: int) -> RoutingRule:
    """Return a rule with its pool; raises NotFound."""
    rule = RoutingRule.objects.select_related("pool").filter(pk=pk).first()
    if rule is None:
        raise NotFound(_("There is no such rule."))
    return rule


class PoolList(generics.GenericAPIView[RoutingPool]):
    """Pools."""

    permission_classes = WRITE
    serializer_class = PoolIn

    @extend_schema(
        operation_id="routing_pools_list",
        summary="List pools",
        responses={200: PoolOut(many=True), **WRONG},
    )
    def get(self, request: Request) -> Response:
        """Every pool with its people and how each stands now."""
        keeper(request)
        return Response(PoolOut(pool_cards(time_source.now()), many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="routing_pools_create",
        summary="Create a pool",
        request=PoolIn,
        responses={201: PoolOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Make a pool of people who take turns by weight."""
        user, data = keeper(request), read(PoolIn, request)
        card = _saved(RoutingPool(), data, user)
        return Response(card, status=status.HTTP_201_CREATED)


class PoolChange(generics.GenericAPIView[RoutingPool]):
    """Changes of a pool."""

    permission_classes = WRITE_ONLY
    serializer_class = PoolIn

    @once_by_key
    @extend_schema(
        operation_id="routing_pools_change",
        summary="Change a pool",
        request=PoolIn,
        responses={200: PoolOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say anew what it is called and who is in it; whoever stays keeps his turn."""
        user, pool = keeper(request), pool_of(pk)
        return Response(_saved(pool, read(PoolIn, request), user))


def _saved(pool: RoutingPool, data: dict[str, Any], user: User) -> dict[str, Any]:
    """Store the pool and return it as the API tells it."""
    ids = {seat["person"] for seat in data["people"]}
    if User.objects.filter(pk__in=ids).count() < len(ids):
        raise unknown("people")
    places = [Place(one["person"], one["weight"], one["capacity"]) for one in data["people"]]
    facts = {name: data[name] for name in ("name", "in_working_hours")}
    stored = services.save_pool(pool, places=places, by=user, **facts)
    card = next(one for one in pool_cards(time_source.now()) if one.pool.pk == stored.pk)
    return dict(PoolOut(card).data)


class PoolRemove(generics.GenericAPIView[RoutingPool]):
    """Removal of a pool."""

    permission_classes = WRITE_ONLY
    serializer_class = PoolOut

    @once_by_key
    @extend_schema(
        operation_id="routing_pools_remove",
        summary="Remove a pool",
        request=None,
        responses={204: REMOVED, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Remove a pool; 409 `pool_in_use` names the rules that lead to it."""
        user = keeper(request)
        services.remove_pool(pool_of(pk), by=user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RuleList(generics.GenericAPIView[RoutingRule]):
    """Rules."""

    permission_classes = WRITE
    serializer_class = RuleIn

    @extend_schema(
        operation_id="routing_rules_list",
        summary="List rules",
        responses={200: RuleOut(many=True), **WRONG},
    )
    def get(self, request: Request) -> Response:
        """The rules in the order in which they are asked."""
        keeper(request)
        return Response(RuleOut(RoutingRule.objects.select_related("pool"), many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="routing_rules_create",
        summary="Create a rule",
        request=RuleIn,
        responses={201: RuleOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Add a rule; it is asked last."""
        user, data = keeper(request), read(RuleIn, request)
        rule = services.save_rule(RoutingRule(), by=user, **_facts(data))
        return Response(RuleOut(rule).data, status=status.HTTP_201_CREATED)


class RuleChange(generics.GenericAPIView[RoutingRule]):
    """Changes of a rule."""

    permission_classes = WRITE_ONLY
    serializer_class = RuleIn

    @once_by_key
    @extend_schema(
        operation_id="routing_rules_change",
        summary="Change a rule",
        request=RuleIn,
        responses={200: RuleOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say anew what it asks and where it leads; it keeps its place."""
        user, rule = keeper(request), rule_of(pk)
        facts = _facts(read(RuleIn, request))
        return Response(RuleOut(services.save_rule(rule, by=user, **facts)).data)


def _facts(data: dict[str, Any]) -> dict[str, Any]:
    """Return what the service takes; raises BadInput (`pool`) for a pool that is not there."""
    pool = RoutingPool.objects.filter(pk=data["pool"]).first()
    if pool is None:
        raise unknown("pool")
    return {"pool": pool, **{name: data[name] for name in ("name", "conditions", "is_active")}}


class RuleUse(generics.GenericAPIView[RoutingRule]):
    """Whether a rule is asked."""

    permission_classes = WRITE_ONLY
    serializer_class = UseIn

    @once_by_key
    @extend_schema(
        operation_id="routing_rules_use",
        summary="Take a rule out of use, or back",
        request=UseIn,
        responses={200: RuleOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """A rule out of use keeps its place and is asked nothing."""
        user, rule = keeper(request), rule_of(pk)
        services.use_rule(rule, in_use=read(UseIn, request)["in_use"], by=user)
        return Response(RuleOut(rule).data)


class RuleMove(generics.GenericAPIView[RoutingRule]):
    """The place of a rule."""

    permission_classes = WRITE_ONLY
    serializer_class = MoveIn

    @once_by_key
    @extend_schema(
        operation_id="routing_rules_move",
        summary="Ask a rule earlier, or later",
        request=MoveIn,
        responses={200: RuleOut(many=True), **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Move the rule one place; the answer is the whole list in its new order."""
        user, rule = keeper(request), rule_of(pk)
        services.move_rule(rule.pk, up=read(MoveIn, request)["to"] == UP, by=user)
        return Response(RuleOut(RoutingRule.objects.select_related("pool"), many=True).data)


class RuleRemove(generics.GenericAPIView[RoutingRule]):
    """Removal of a rule."""

    permission_classes = WRITE_ONLY
    serializer_class = RuleOut

    @once_by_key
    @extend_schema(
        operation_id="routing_rules_remove",
        summary="Remove a rule",
        request=None,
        responses={204: REMOVED, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Remove a rule; assignments that it made keep its name."""
        user = keeper(request)
        services.remove_rule(rule_of(pk), by=user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Rehearsal(generics.GenericAPIView[Lead]):
    """A rehearsal of routing."""

    permission_classes = READ_ONLY
    serializer_class = RehearsedOut

    @extend_schema(
        operation_id="routing_rehearsal",
        summary="Rehearse routing",
        responses={200: RehearsedOut(many=True), **WRONG},
    )
    def get(self, request: Request) -> Response:
        """Who would get the twenty newest leads if they were qualified now; nothing is written."""
        user = keeper(request)
        return Response(RehearsedOut(rehearse_routing(user, at=time_source.now()), many=True).data)
