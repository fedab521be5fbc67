"""`/api/v1/`: taking and giving leads, who had them and why; pools, rules, a rehearsal."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from accounts.api.permissions import has_scope
from accounts.enums import Scope
from accounts.models import User
from accounts.rules import standing
from leads.api.refusals import as_right, caller
from leads.api.routing_serializers import (
    AssignedOut,
    AssignmentOut,
    GiveLead,
    PoolIn,
    PoolOut,
    ReassignedOut,
    ReassignLeads,
    RehearsedOut,
    RuleIn,
    RuleOut,
    TakeLead,
)
from leads.api.views import NOT_FOUND, REFUSED, WRITE, WRONG
from leads.assigning import Seen, Target
from leads.models import Lead, RoutingPool, RoutingRule
from leads.moving import MovesRefused
from leads.rules import manages_routing
from leads.selectors.details import sees_lead, visible_lead
from leads.selectors.routing import assignments_of, pool_cards, rehearse_routing
from leads.services.assigning import Assigned, assign_leads, take_leads
from leads.services.routing_settings import Place, save_pool, save_rule
from leads.services.undoing import undoable_until
from smarketing import time_source
from smarketing.errors import BadInput, NotAllowed

WRITE_ONLY = [has_scope(read=Scope.LEADS_WRITE)]
READ_ONLY = [has_scope(read=Scope.LEADS_READ)]
MOST = 1_000


def read(serializer: Any, request: Request) -> dict[str, Any]:
    """Return the body as `serializer` reads it."""
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def target_of(data: dict[str, Any]) -> Target:
    """Return where leads are to go; raises BadInput at the field for what is not there."""
    person = User.objects.filter(pk=data["person"]).first() if data.get("person") else None
    if data.get("person") and person is None:
        raise _unknown("person")
    if data.get("pool") and not RoutingPool.objects.filter(pk=data["pool"]).exists():
        raise _unknown("pool")
    return Target(person=person, pool_id=data.get("pool"))


def _unknown(field: str) -> BadInput:
    return BadInput("Something named is not there.", fields={field: ["There is none of this id."]})


def way_back(done: Assigned, at: Any) -> dict[str, Any] | None:
    """Return how the caller takes it back."""
    return {"id": done.action.pk, "until": undoable_until(at)} if done.action is not None else None


class LeadTake(generics.GenericAPIView[Lead]):
    """Taking one lead."""

    permission_classes = WRITE_ONLY
    serializer_class = TakeLead

    @once_by_key
    @extend_schema(
        operation_id="leads_take",
        summary="Take a lead",
        request=TakeLead,
        responses={200: AssignedOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Take a lead that waits for your side; 409 `taken_meanwhile` says who was first."""
        user, data, at = caller(request), read(TakeLead, request), time_source.now()
        visible_lead(user, pk)
        seen = {pk: Seen(version=data.get("expected_version"))}
        try:
            done = take_leads([pk], by=user, at=at, seen=seen)
        except MovesRefused as refused:
            raise as_right(refused) from refused
        return _assigned(user, pk, done, at)


class LeadGive(generics.GenericAPIView[Lead]):
    """Giving one lead."""

    permission_classes = WRITE_ONLY
    serializer_class = GiveLead

    @once_by_key
    @extend_schema(
        operation_id="leads_give",
        summary="Give a lead to somebody",
        request=GiveLead,
        responses={200: AssignedOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Give a lead to a person, to the people of a pool by turns, or back to its queue."""
        user, data, at = caller(request), read(GiveLead, request), time_source.now()
        lead = visible_lead(user, pk)
        saw = data.get("expected_owner", lead.owner_id)
        seen = {pk: Seen(owner_id=saw, version=data.get("expected_version"))}
        note = data.get("note", "")
        try:
            done = assign_leads([pk], target_of(data), by=user, at=at, note=note, seen=seen)
        except MovesRefused as refused:
            raise as_right(refused) from refused
        return _assigned(user, pk, done, at)


def _assigned(user: User, pk: int, done: Assigned, at: Any) -> Response:
    (lead,) = done.leads  # it may have left what the caller sees
    lead = visible_lead(user, pk) if sees_lead(user, lead) else lead
    return Response(AssignedOut({"lead": lead, "undo": way_back(done, at)}).data)


class LeadsReassign(generics.GenericAPIView[Lead]):
    """Giving several leads."""

    permission_classes = WRITE_ONLY
    serializer_class = ReassignLeads

    @once_by_key
    @extend_schema(
        operation_id="leads_reassign",
        summary="Reassign leads",
        request=ReassignLeads,
        responses={200: ReassignedOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Give several leads, or all that a person has; each refused one says why."""
        user, data, at = caller(request), read(ReassignLeads, request), time_source.now()
        rows = Lead.objects.visible_to(user, standing(user))
        named = {"pk__in": data["leads"]} if "leads" in data else {"owner": data["owner"]}
        rows = rows.filter(**named) if "leads" in data else rows.open().filter(**named)
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[:MOST])
        seen = {pk: Seen(owner_id=data["owner"]) for pk in ids} if "owner" in data else {}
        note, target = data.get("note", ""), target_of(data)
        done = assign_leads(ids, target, by=user, at=at, note=note, seen=seen, apply_rest=True)
        told = {"assigned": done.assignments, "refused": done.refusals, "undo": way_back(done, at)}
        return Response(ReassignedOut(told).data)


class LeadAssignments(generics.GenericAPIView[Lead]):
    """Who had a lead."""

    permission_classes = READ_ONLY
    serializer_class = AssignmentOut

    @extend_schema(
        operation_id="leads_assignments",
        summary="Read who had the lead, and why",
        responses={200: AssignmentOut(many=True), **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """The last fifty changes of hands, the newest first; undone ones carry `voided_at`."""
        rows = [one.row for one in assignments_of(visible_lead(caller(request), pk))]
        return Response(AssignmentOut(rows, many=True).data)


def _hold(user: User) -> None:
    if not manages_routing(standing(user)):
        raise NotAllowed("Pools and rules are for managers and administrators.")


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
        _hold(caller(request))
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
        user, data = caller(request), read(PoolIn, request)
        _hold(user)
        ids = {seat["person"] for seat in data["people"]}
        if User.objects.filter(pk__in=ids).count() < len(ids):
            raise _unknown("people")
        places = [Place(one["person"], one["weight"], one["capacity"]) for one in data["people"]]
        pool = save_pool(
            RoutingPool(),
            name=data["name"],
            in_working_hours=data["in_working_hours"],
            places=places,
            by=user,
        )
        card = next(one for one in pool_cards(time_source.now()) if one.pool.pk == pool.pk)
        return Response(PoolOut(card).data, status=status.HTTP_201_CREATED)


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
        _hold(caller(request))
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
        user, data = caller(request), read(RuleIn, request)
        _hold(user)
        pool = RoutingPool.objects.filter(pk=data["pool"]).first()
        if pool is None:
            raise _unknown("pool")
        facts = {name: data[name] for name in ("name", "conditions", "is_active")}
        rule = save_rule(RoutingRule(), pool=pool, by=user, **facts)
        return Response(RuleOut(rule).data, status=status.HTTP_201_CREATED)


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
        user = caller(request)
        _hold(user)
        return Response(RehearsedOut(rehearse_routing(user, at=time_source.now()), many=True).data)
