"""`/api/v1/`: taking and giving leads, who had them and why."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from accounts.api.permissions import has_scope
from accounts.enums import Scope
from accounts.models import User
from accounts.rules import standing
from leads.api.bodies import read
from leads.api.refusals import as_right, caller
from leads.api.routing_serializers import (
    AssignedOut,
    AssignmentOut,
    GiveLead,
    ReassignedOut,
    ReassignLeads,
    TakeLead,
)
from leads.api.views import NOT_FOUND, REFUSED, WRONG
from leads.assigning import Seen, Target
from leads.models import Lead, RoutingPool
from leads.moving import MovesRefused
from leads.selectors.details import sees_lead, visible_lead
from leads.selectors.routing import assignments_of
from leads.services.assigning import Assigned, assign_leads, take_leads
from leads.services.undoing import undoable_until
from smarketing import time_source
from smarketing.errors import BadInput

WRITE_ONLY = [has_scope(read=Scope.LEADS_WRITE)]
READ_ONLY = [has_scope(read=Scope.LEADS_READ)]
MOST = 1_000


def target_of(data: dict[str, Any]) -> Target:
    """Return where leads are to go; raises BadInput at the field for what is not there."""
    person = User.objects.filter(pk=data["person"]).first() if data.get("person") else None
    if data.get("person") and person is None:
        raise unknown("person")
    if data.get("pool") and not RoutingPool.objects.filter(pk=data["pool"]).exists():
        raise unknown("pool")
    return Target(person=person, pool_id=data.get("pool"))


def unknown(field: str) -> BadInput:
    """Return how an id of nothing is refused at its field."""
    return BadInput(
        _("Something named is not there."), fields={field: [_("There is none of this id.")]}
    )


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
