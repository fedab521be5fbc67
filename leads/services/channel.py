"""Field notes and campaign alerts: written, read and acknowledged; reps asked once a week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from accounts.services.notices import notify
from leads.enums import PostKind
from leads.models import Acknowledgement, Asset, Campaign, ChannelPost, Lead
from leads.rules import is_of_marketing, is_of_sales
from leads.selectors.channel import PROMPT, people_concerned, reps_to_ask
from leads.services.feedback import worded
from smarketing.errors import BadInput, NotAllowed

ALERT, NOTE = "campaign_alert", "field_note"
LONGEST = 4_000
LONGEST_AUDIENCE = 300
MOST_LINKED = 50
SHOWN = 120
OF_SALES = _("Field notes come from Sales.")
OF_MARKETING = _("Campaign alerts come from Marketing.")
NEEDS_WHEN = _("Say when it goes out.")
OVER = _("This moment has passed. An alert comes before what it announces.")


@dataclass(frozen=True, kw_only=True)
class NewPost:
    """What somebody wants to tell the other team; ids that do not exist are refused."""

    text: str
    campaign_id: int | None = None
    lead_ids: Sequence[int] = field(default_factory=tuple)
    asset_ids: Sequence[int] = field(default_factory=tuple)
    audience: str = ""
    goes_out_at: datetime | None = None
    what_to_say: str = ""


def write_note(post: NewPost, *, actor: User, at: datetime) -> ChannelPost:
    """Tell Marketing what was heard in the field; marketers find it in their inbox.

    Raises NotAllowed for people who do not speak for Sales, BadInput with the fields wrong.
    """
    if not is_of_sales(standing(actor)):
        raise NotAllowed(OF_SALES)
    return _write(PostKind.NOTE, post, actor, at)


def write_alert(post: NewPost, *, actor: User, at: datetime) -> ChannelPost:
    """Tell Sales what goes out, to whom, when and what to say; the reps concerned get a notice.

    Raises NotAllowed for people who do not speak for Marketing, BadInput with the fields that are
    wrong: an alert says when, and not afterwards.
    """
    if not is_of_marketing(standing(actor)):
        raise NotAllowed(OF_MARKETING)
    if post.goes_out_at is None:
        raise _wrong("goes_out_at", NEEDS_WHEN)
    if post.goes_out_at < at:
        raise _wrong("goes_out_at", OVER)
    return _write(PostKind.ALERT, post, actor, at)


def acknowledge_posts(
    post_ids: Iterable[int], *, actor: User, at: datetime
) -> list[Acknowledgement]:
    """Note that `actor` has read these posts; his own are left out, twice is once.

    Two statements, however many.
    """
    posts = ChannelPost.objects.filter(pk__in=set(post_ids)).exclude(author=actor)
    rows = [
        Acknowledgement(post_id=pk, user=actor, at=at) for pk in posts.values_list("pk", flat=True)
    ]
    Acknowledgement.objects.bulk_create(rows, ignore_conflicts=True)
    return rows


def ask_for_field_notes(at: datetime) -> int:
    """Ask the reps whose day it is "What did you hear this week?"; return how many were asked.

    Each is asked once an ISO week, from the first working hour of the weekday of the settings on,
    by his own calendar; not who is away, nor who has posted in that week already. The number of
    statements does not grow with the reps.
    """
    asked = 0
    for week, reps in reps_to_ask(at).items():
        url = reverse("channel-note")
        notify(reps, PROMPT, {}, at=at, url=url, dedupe_key=f"{PROMPT}:{week}")
        asked += len(reps)
    return asked


def _write(kind: PostKind, post: NewPost, actor: User, at: datetime) -> ChannelPost:
    text = worded(post.text, "text", LONGEST)
    _refuse_unknown(post, actor)
    with transaction.atomic():
        row = ChannelPost.objects.create(
            kind=kind,
            author=actor,
            text=text,
            audience=post.audience.strip()[:LONGEST_AUDIENCE],
            goes_out_at=post.goes_out_at,
            what_to_say=post.what_to_say.strip()[:LONGEST],
            campaign_id=post.campaign_id,
            posted_at=at,
        )
        row.leads.set(post.lead_ids)
        row.assets.set(post.asset_ids)
        told = people_concerned(row).exclude(pk=actor.pk)
        params = {"by": actor.name, "text": text[:SHOWN]}
        url = reverse("channel-post", args=[row.pk])
        notify(told, ALERT if kind is PostKind.ALERT else NOTE, params, at=at, url=url)
    return row


def _refuse_unknown(post: NewPost, actor: User) -> None:
    """Refuse ids of rows that are not there or that `actor` does not see, each by its field."""
    asked: dict[str, tuple[QuerySet[Any], set[Any]]] = {
        "leads": (Lead.objects.visible_to(actor, standing(actor)), set(post.lead_ids)),
        "assets": (Asset.objects.all(), set(post.asset_ids)),
        "campaign": (Campaign.objects.all(), {post.campaign_id} - {None}),
    }
    for name, (rows, ids) in asked.items():
        if len(ids) > MOST_LINKED:
            raise _wrong(name, _("At most %(n)d.") % {"n": MOST_LINKED})
        if ids and rows.filter(pk__in=ids).count() != len(ids):
            raise _wrong(name, _("There is none with this id."))


def _wrong(name: str, reason: Any) -> BadInput:
    return BadInput(reason, fields={name: [reason]})
