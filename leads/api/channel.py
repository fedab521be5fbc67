"""The channel by REST: what both teams tell each other."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import once_by_key
from leads.api.keyset import AFTER, page_response, paged, place_of
from leads.api.qualifying import READ, WRITE
from leads.api.refusals import caller
from leads.api.serializers import Named, Person
from leads.api.views import NO_PLACE, NOT_FOUND, REFUSED, WRONG
from leads.enums import PostKind
from leads.filters import LAST_ID
from leads.selectors import channel as selectors
from leads.services import channel
from leads.services.channel import NewPost, acknowledge_posts, write_alert, write_note
from smarketing import time_source
from smarketing.errors import BadInput


class ReaderOut(serializers.Serializer[Any]):
    """Who has read a post, and when."""

    user = Person()
    at = serializers.DateTimeField()


class PostOut(serializers.Serializer[Any]):
    """A post with who has acknowledged it and who, of those whom it concerns, has not."""

    id = serializers.IntegerField(source="post.pk")
    kind = serializers.ChoiceField(choices=PostKind.choices, source="post.kind")
    author = Person(source="post.author")
    text = serializers.CharField(source="post.text")
    audience = serializers.CharField(source="post.audience")
    goes_out_at = serializers.DateTimeField(source="post.goes_out_at", allow_null=True)
    what_to_say = serializers.CharField(source="post.what_to_say")
    campaign = Named(source="post.campaign", allow_null=True)
    leads = serializers.SerializerMethodField()
    assets = Named(source="post.assets.all", many=True)
    posted_at = serializers.DateTimeField(source="post.posted_at")
    acknowledged = ReaderOut(source="read", many=True)
    waiting = Person(many=True)

    def get_leads(self, told: selectors.Told) -> list[int]:
        """Return the ids of the leads that the caller sees."""
        return [lead.pk for lead in told.leads]


class PostIn(serializers.Serializer[Any]):
    """What to tell the other team; the fields of an alert are left empty in a field note."""

    kind = serializers.ChoiceField(choices=PostKind.choices)
    text = serializers.CharField(max_length=channel.LONGEST)
    campaign = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=LAST_ID
    )
    leads = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LAST_ID),
        required=False, max_length=channel.MOST_LINKED,
    )  # fmt: skip
    assets = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LAST_ID),
        required=False, max_length=channel.MOST_LINKED,
    )  # fmt: skip
    audience = serializers.CharField(
        required=False, allow_blank=True, max_length=channel.LONGEST_AUDIENCE
    )
    goes_out_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Needed in an alert."
    )
    what_to_say = serializers.CharField(
        required=False, allow_blank=True, max_length=channel.LONGEST
    )


class PostList(APIView):
    """Posts of the channel."""

    permission_classes = READ

    @extend_schema(
        operation_id="channel_list",
        summary="List posts of the channel",
        parameters=[
            OpenApiParameter("kind", str, enum=PostKind.values, description="Default: both."),
            OpenApiParameter("campaign", int, description="Id of a campaign."),
            OpenApiParameter("unread", bool, description="Only what you have not acknowledged."),
            AFTER,
        ],
        responses={200: paged("PostPage", PostOut), **WRONG, 404: NO_PLACE, 422: REFUSED[422]},
    )
    def get(self, request: Request) -> Response:
        """Field notes or alerts, newest first, 20 a page."""
        query, user = request.query_params, caller(request)
        kind = query.get("kind", "")
        if kind and kind not in PostKind.values:
            raise BadInput(_("Choose a kind."), fields={"kind": [f"One of {', '.join(PostKind)}."]})
        campaign = _id(query.get("campaign", ""))
        rows = selectors.posts(PostKind(kind) if kind else None, campaign=campaign)
        if query.get("unread") in ("true", "1"):
            rows = selectors.unread_by(rows, user)
        page, following = selectors.posts_page(rows, after=place_of(request))
        data = PostOut(selectors.told(user, page), many=True).data
        return page_response(request, data, following)

    @once_by_key
    @extend_schema(
        operation_id="channel_post",
        summary="Write a field note or a campaign alert",
        request=PostIn,
        responses={201: PostOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Notes come from Sales, alerts from Marketing."""
        given = PostIn(data=request.data)
        given.is_valid(raise_exception=True)
        data, user, at = given.validated_data, caller(request), time_source.now()
        post = NewPost(
            text=data["text"],
            campaign_id=data.get("campaign"),
            lead_ids=tuple(data.get("leads", ())),
            asset_ids=tuple(data.get("assets", ())),
            audience=data.get("audience", ""),
            goes_out_at=data.get("goes_out_at"),
            what_to_say=data.get("what_to_say", ""),
        )
        write = write_note if data["kind"] == PostKind.NOTE else write_alert
        row = write(post, actor=user, at=at)
        told = selectors.one_post(user, row.pk)
        return Response(PostOut(told).data, status=status.HTTP_201_CREATED)


class PostDetail(APIView):
    """One post."""

    permission_classes = READ

    @extend_schema(
        operation_id="channel_retrieve",
        summary="Read a post of the channel",
        responses={200: PostOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """The post, with who has read it and who has not."""
        return Response(PostOut(selectors.one_post(caller(request), pk)).data)


class PostAcknowledge(APIView):
    """Acknowledgements."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="channel_acknowledge",
        summary="Acknowledge a post",
        request=None,
        responses={200: PostOut, **WRONG, **NOT_FOUND},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say that you have read it; twice is once."""
        user = caller(request)
        selectors.one_post(user, pk)
        acknowledge_posts([pk], actor=user, at=time_source.now())
        return Response(PostOut(selectors.one_post(user, pk)).data)


def _id(text: str) -> int | None:
    """Read an id; raise BadInput for what is none."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:20]) <= LAST_ID):
        raise BadInput(_("The request cannot be read."), fields={"campaign": [_("An id.")]})
    return int(text)
