"""Chat channels as their settings show them."""

from __future__ import annotations

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from accounts.models import ChatChannel, ChatPost, Team

WAITING = Q(posts__sent_at__isnull=True, posts__given_up_at__isnull=True)


def chat_channels_of(team: Team) -> QuerySet[ChatChannel]:
    """Return the channels of a team by name, each with what last came of its posts; one statement.

    `trouble` is why the newest post that has failed so far was not taken; empty once one arrived.
    """
    newest = ChatPost.objects.filter(channel=OuterRef("pk"), attempts__gt=0).order_by("-pk")
    return (
        ChatChannel.objects.filter(team=team)
        .annotate(
            last_sent_at=Max("posts__sent_at"),
            failed_at=Max("posts__given_up_at"),
            waiting=Count("posts", filter=WAITING),
            trouble=Subquery(newest.values("last_error")[:1]),
        )
        .select_related("added_by")
        .order_by("name")
    )
