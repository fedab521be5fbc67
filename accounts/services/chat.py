"""Chat channels of teams: added, tried, switched off, and written to.

A post is a row, written in the transaction of what it tells and sent later by the background: a
chat that is down holds nothing up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.chat_services import service_at
from accounts.models import ChatChannel, ChatPost, Organisation, Team, User
from accounts.sealing import seal
from jobs.doorbell import ring
from smarketing.errors import BadInput, Refused

DELIVER = "accounts.deliver_due_chat"
LONGEST_TITLE = 200
MOST_CHANNELS = 20


@dataclass(frozen=True)
class Post:
    """What one channel is told; the same key reaches a channel once."""

    channel_id: int
    dedupe_key: str
    title: str
    body: str = ""
    url: str = ""
    is_test: bool = False


def add_channel(team: Team, *, name: str, address: str, by: User, at: datetime) -> ChatChannel:
    """Let a team be told in the channel whose address a chat service gave out.

    The address is stored sealed. Raises BadInput, with a reason per field, and stores nothing.
    """
    service = service_at(address.strip(), loopback=settings.CHAT_LOOPBACK)
    if service is None:
        reason = _("This is no webhook address of Slack, Teams, Google Chat or Discord.")
        raise BadInput(_("The channel was not added."), fields={"address": [reason]})
    if ChatChannel.objects.filter(team=team).count() >= MOST_CHANNELS:
        reason = _("A team has at most %(n)d channels.") % {"n": MOST_CHANNELS}
        raise BadInput(_("The channel was not added."), fields={"name": [reason]})
    try:
        with transaction.atomic():
            return ChatChannel.objects.create(
                team=team,
                name=name.strip(),
                service=service,
                sealed_address=seal(address.strip()),
                added_by=by,
                added_at=at,
            )
    except IntegrityError:
        taken = {"name": [_("Another channel of this team has this name.")]}
        raise BadInput(_("The channel was not added."), fields=taken) from None


def switch_channel(channel: ChatChannel, *, is_on: bool) -> None:
    """Use a channel, or leave it alone: what still waits for it is dropped."""
    with transaction.atomic():
        channel.is_on = is_on
        channel.save(update_fields=["is_on"])
        if not is_on:
            channel.posts.filter(sent_at__isnull=True, given_up_at__isnull=True).delete()


def remove_channel(channel: ChatChannel) -> None:
    """Forget a channel with its address and its posts."""
    channel.delete()


def send_test(channel: ChatChannel, *, by: User, at: datetime) -> None:
    """Write a test to a channel; raises Refused while it is switched off."""
    if not channel.is_on:
        raise Refused(_("Switch the channel on first."), code="channel_off")
    with override(Organisation.objects.get().language):
        post = Post(
            channel_id=channel.pk,
            dedupe_key=f"test:{at.isoformat()}",
            title=_("A test from %(site)s") % {"site": settings.SITE_NAME},
            body=_("%(name)s asked whether messages arrive here. They do.") % {"name": by.name},
            is_test=True,
        )
    write_posts([post], at=at)


def write_posts(posts: Iterable[Post], *, at: datetime) -> None:
    """Write posts, those that their key says are there already left out; one statement.

    They leave after the transaction. Channels must be in use.
    """
    rows = [
        ChatPost(
            channel_id=post.channel_id,
            dedupe_key=post.dedupe_key,
            title=post.title[:LONGEST_TITLE],
            body=post.body,
            url=post.url,
            is_test=post.is_test,
            written_at=at,
            due_at=at,
        )
        for post in posts
    ]
    if rows:
        ChatPost.objects.bulk_create(rows, ignore_conflicts=True)
        ring(DELIVER)
