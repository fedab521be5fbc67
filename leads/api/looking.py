"""`/api/v1/`: the timeline of a lead, its packet, and the inbox."""

from __future__ import annotations

from typing import Any, cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import has_scope
from accounts.enums import Scope
from accounts.models import User
from leads.api.bodies import chosen
from leads.api.views import NOT_FOUND, WRONG
from leads.api.working_serializers import InboxOut, PacketOut, TimelineOut
from leads.models import Lead
from leads.selectors.details import visible_lead
from leads.selectors.inbox import SHOWS, inbox_of
from leads.selectors.packet import Packet, packet_of
from leads.selectors.timeline import PAGE, timeline_page
from leads.selectors.timeline_branches import CHIPS
from leads.telling import tell_events
from smarketing import time_source

READ = [has_scope(read=Scope.LEADS_READ)]
KINDS = OpenApiParameter(
    "kind", str, enum=list(CHIPS), many=True, description="What to show; several may be named."
)
AFTER = OpenApiParameter("after", str, description="The `next` of the page before.")
SIZE = OpenApiParameter("size", int, description=f"Rows a page: {PAGE} unless told, at most 100.")
SHOW = OpenApiParameter("show", str, enum=list(SHOWS), description="The part; `mine` unless told.")


class LeadTimeline(generics.GenericAPIView[Lead]):
    """What happened to a lead."""

    permission_classes = READ
    serializer_class = TimelineOut

    @extend_schema(
        operation_id="leads_timeline",
        summary="Read the timeline",
        parameters=[KINDS, AFTER, SIZE],
        responses={200: TimelineOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Everything that happened to the lead, newest first, by cursor."""
        lead = visible_lead(cast(User, request.user), pk)
        asked = request.query_params
        size = asked.get("size", "")
        page = timeline_page(
            lead,
            kinds=[one for one in asked.getlist("kind") if one in CHIPS],
            after=asked.get("after"),
            size=int(size) if size.isdecimal() and len(size) <= len("100") else PAGE,
        )
        told = {"next": page.next or None, "results": tell_events(page.events)}
        return Response(TimelineOut(told).data)


class LeadPacket(generics.GenericAPIView[Lead]):
    """The handoff packet of a lead."""

    permission_classes = READ
    serializer_class = PacketOut

    @extend_schema(
        operation_id="leads_packet",
        summary="Read the handoff packet",
        responses={200: PacketOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """What whoever meets the lead should know: why now, persona, touches, earlier cycles."""
        user = cast(User, request.user)
        return Response(PacketOut(packed(packet_of(user, visible_lead(user, pk)))).data)


def packed(packet: Packet) -> dict[str, Any]:
    """Return a packet as it is sent."""
    beside = packet.relatives
    return {
        "lead": packet.lead,
        "why": packet.why,
        "persona": packet.lead.persona.name if packet.lead.persona else None,
        "opening_line": packet.opening_line,
        "touches": packet.touches,
        "seen": packet.seen,
        "sent": packet.sent,
        "notes": packet.notes,
        "earlier_cycles": beside.earlier,
        "company_leads": beside.colleagues,
        "company_open": beside.open_count,
        "company_customers": beside.won_count,
    }


class Inbox(generics.GenericAPIView[Lead]):
    """The handoff inbox."""

    permission_classes = READ
    serializer_class = InboxOut

    @extend_schema(
        operation_id="inbox",
        summary="Read your inbox",
        parameters=[SHOW],
        responses={200: InboxOut, **WRONG},
    )
    def get(self, request: Request) -> Response:
        """The MQLs that wait for your decision, the fifty most urgent first."""
        show = chosen(request, "show", list(SHOWS))
        found = inbox_of(cast(User, request.user), show=show, at=time_source.now())
        return Response(InboxOut({"counts": found.counts, "results": found.leads}).data)
