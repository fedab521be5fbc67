"""`/api/v1/`: merges, likely duplicates, saved views."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from accounts.api.permissions import has_scope
from accounts.enums import Scope
from accounts.rules import standing
from leads.api.records_serializers import (
    MOST_ID,
    DuplicatePageOut,
    MergeInto,
    MergeOut,
    NotDuplicateIn,
    PreviewOut,
    SavedViewOut,
    SaveView,
)
from leads.api.refusals import as_right, caller
from leads.api.views import NOT_FOUND, REFUSED, WRONG
from leads.enums import ViewReach
from leads.models import Contact, Lead, Merge, SavedView
from leads.moving import MovesRefused
from leads.rules import decides_on_leads
from leads.selectors.contacts import visible_contact
from leads.selectors.details import visible_lead
from leads.selectors.duplicates import likely_duplicates
from leads.selectors.lists import filter_choices
from leads.selectors.merging import preview_contacts
from leads.services.editing import NOT_YOURS
from leads.services.merging import merge_contacts, merge_leads
from leads.services.recording import say_not_duplicate
from leads.services.saved_views import ViewFacts, change_view, delete_view, save_view
from leads.services.unmerging import undo_merge
from smarketing import time_source
from smarketing.errors import NotAllowed

READ = [has_scope(read=Scope.LEADS_READ)]
WRITE = [has_scope(read=Scope.LEADS_WRITE)]
READ_WRITE = [has_scope(read=Scope.LEADS_READ, write=Scope.LEADS_WRITE)]
LOSER = OpenApiParameter("loser", int, required=True, description="The contact merged into it.")
BEFORE = OpenApiParameter("before", int, description="The `before` of the page before.")


def _may_merge(request: Request) -> Any:
    user = caller(request)
    if not decides_on_leads(standing(user)):
        raise NotAllowed(NOT_YOURS)
    return user


def _number(text: str | None) -> int | None:
    short = text is not None and text.isdecimal() and len(text) < len(str(MOST_ID))
    return int(text or 0) if short else None


class ContactMerge(generics.GenericAPIView[Contact]):
    """Merges of contacts."""

    permission_classes = READ_WRITE
    serializer_class = MergeInto

    @extend_schema(
        operation_id="contacts_merge_preview",
        summary="Preview a merge",
        parameters=[LOSER],
        responses={200: PreviewOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """What merging `loser` into this contact would do, field by field."""
        user = _may_merge(request)
        winner = visible_contact(user, pk)
        loser = visible_contact(user, _number(request.query_params.get("loser")) or 0)
        found = preview_contacts(winner, loser)
        closing = [lead.pk for lead in found.closing]
        shown = {"winner": winner, "loser": loser, "fields": found.fields, "closing": closing}
        return Response(PreviewOut(shown).data)

    @once_by_key
    @extend_schema(
        operation_id="contacts_merge",
        summary="Merge a contact into this one",
        request=MergeInto,
        responses={201: MergeOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Make one person of two; no history moves, and 30 days long it can be undone."""
        user = _may_merge(request)
        given = MergeInto(data=request.data)
        given.is_valid(raise_exception=True)
        loser = visible_contact(user, given.validated_data["loser"])
        winner, choices = visible_contact(user, pk), given.validated_data.get("choices")
        try:
            merge = merge_contacts(
                winner.pk, loser.pk, actor=user, at=time_source.now(), choices=choices
            )
        except MovesRefused as refused:
            raise as_right(refused) from refused
        return Response(MergeOut(merge).data, status=status.HTTP_201_CREATED)


class LeadMerge(generics.GenericAPIView[Lead]):
    """Merges of leads."""

    permission_classes = WRITE
    serializer_class = MergeInto

    @once_by_key
    @extend_schema(
        operation_id="leads_merge",
        summary="Merge another open lead of the person into this one",
        request=MergeInto,
        responses={201: MergeOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Make one cycle of two; the other closes as merged, and 30 days long it can be undone."""
        user = _may_merge(request)
        given = MergeInto(data=request.data)
        given.is_valid(raise_exception=True)
        loser = visible_lead(user, given.validated_data["loser"])
        winner, choices = visible_lead(user, pk), given.validated_data.get("choices")
        try:
            merge = merge_leads(
                winner.pk, loser.pk, actor=user, at=time_source.now(), choices=choices
            )
        except MovesRefused as refused:
            raise as_right(refused) from refused
        return Response(MergeOut(merge).data, status=status.HTTP_201_CREATED)


class MergeUndo(generics.GenericAPIView[Merge]):
    """Merges taken back."""

    permission_classes = WRITE
    serializer_class = MergeOut

    @once_by_key
    @extend_schema(
        operation_id="merges_undo",
        summary="Undo a merge",
        request=None,
        responses={200: MergeOut, **WRONG, **NOT_FOUND, 409: REFUSED[409]},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Restore both as they were; refused after 30 days, twice, or when the winner went on."""
        return Response(
            MergeOut(undo_merge(pk, actor=_may_merge(request), at=time_source.now())).data
        )


class DuplicateList(generics.GenericAPIView[Contact]):
    """Likely duplicates."""

    permission_classes = READ
    serializer_class = DuplicatePageOut

    @extend_schema(
        operation_id="contacts_duplicates",
        summary="List likely duplicates",
        parameters=[BEFORE],
        responses={200: DuplicatePageOut, **WRONG},
    )
    def get(self, request: Request) -> Response:
        """Pairs that share name and company, a telephone, or a mailbox name and company."""
        before = _number(request.query_params.get("before"))
        return Response(
            DuplicatePageOut(likely_duplicates(_may_merge(request), before=before)).data
        )


class ContactNotDuplicate(generics.GenericAPIView[Contact]):
    """Contacts that are two people."""

    permission_classes = WRITE
    serializer_class = NotDuplicateIn

    @once_by_key
    @extend_schema(
        operation_id="contacts_not_duplicate",
        summary="Say that two contacts are two people",
        request=NotDuplicateIn,
        responses={204: None, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """They are not proposed again; saying it twice changes nothing."""
        user = _may_merge(request)
        given = NotDuplicateIn(data=request.data)
        given.is_valid(raise_exception=True)
        one = visible_contact(user, pk)
        two = visible_contact(user, given.validated_data["other"])
        say_not_duplicate(one.pk, two.pk, actor=user, at=time_source.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class SavedViewList(generics.GenericAPIView[SavedView]):
    """Saved views."""

    permission_classes = READ_WRITE
    serializer_class = SavedViewOut
    pagination_class = None

    @extend_schema(
        operation_id="views_list",
        summary="List saved views",
        responses={200: SavedViewOut(many=True), **WRONG},
    )
    def get(self, request: Request) -> Response:
        """Your own views of the list of leads, your teams' and those for everyone."""
        return Response(SavedViewOut(filter_choices(caller(request)).views, many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="views_create",
        summary="Save a view",
        request=SaveView,
        responses={201: SavedViewOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Keep the filters of a list under a name."""
        facts = _facts(request)
        view = save_view(facts, actor=caller(request), at=time_source.now())
        return Response(SavedViewOut(view).data, status=status.HTTP_201_CREATED)


class SavedViewEdit(generics.GenericAPIView[SavedView]):
    """One saved view."""

    permission_classes = WRITE
    serializer_class = SaveView

    @once_by_key
    @extend_schema(
        operation_id="views_edit",
        summary="Change a saved view",
        request=SaveView,
        responses={200: SavedViewOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Rename it, share it, or let it hold other filters."""
        view = change_view(pk, _facts(request), actor=caller(request))
        return Response(SavedViewOut(view).data)


class SavedViewDelete(generics.GenericAPIView[SavedView]):
    """Saved views that nobody needs any more."""

    permission_classes = WRITE
    serializer_class = SaveView

    @once_by_key
    @extend_schema(
        operation_id="views_delete",
        summary="Delete a saved view",
        request=None,
        responses={204: None, **WRONG, **NOT_FOUND},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Delete the view; the leads in it stay what they are."""
        delete_view(pk, actor=caller(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _facts(request: Request) -> ViewFacts:
    given = SaveView(data=request.data)
    given.is_valid(raise_exception=True)
    data = given.validated_data
    return ViewFacts(
        name=data["name"],
        query=data.get("query", ""),
        reach=ViewReach(data["reach"]),
        team_id=data.get("team"),
        default_for=data.get("default_for", ""),
    )
