"""Notices as their recipient reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.enums import Channel
from accounts.models import Notice, NoticePreference, User
from accounts.wording import Words, words_of
from smarketing.registry import notice_kinds

# More than this is "99+": no bell needs an exact count of thousands.
MOST_COUNTED = 100


def inbox(user: User, *, at: datetime, unread_only: bool = False) -> QuerySet[Notice]:
    """Return the notices of `user` that show at `at`, newest first."""
    shown = Notice.objects.filter(recipient=user, in_inbox=True, created_at__lte=at)
    if unread_only:
        shown = shown.unread()
    return shown.order_by("-created_at", "-pk")


def inbox_page(
    user: User,
    *,
    at: datetime,
    unread_only: bool,
    after: tuple[datetime, int] | None,
    limit: int,
) -> tuple[list[tuple[Notice, Words]], tuple[datetime, int] | None]:
    """Return the next `limit` notices with their words, and the key to go on from."""
    rows = inbox(user, at=at, unread_only=unread_only)
    if after is not None:
        instant, pk = after
        rows = rows.filter(Q(created_at__lt=instant) | Q(created_at=instant, pk__lt=pk))
    found = list(rows[: limit + 1])
    more = len(found) > limit
    page = [(notice, words_of(notice)) for notice in found[:limit]]
    last = page[-1][0] if more else None
    return page, (last.created_at, last.pk) if last else None


def unread_count(user: User, *, at: datetime) -> int:
    """Return how many notices `user` has not read, at most `MOST_COUNTED`."""
    return inbox(user, at=at, unread_only=True).order_by()[:MOST_COUNTED].count()


@dataclass(frozen=True)
class PreferenceRow:
    """One kind of notice with its channels: (channel, label, taken)."""

    key: str
    label: Any
    icon: str
    choices: list[tuple[str, Any, bool]]


def preference_rows(user: User) -> list[PreferenceRow]:
    """Return every optional kind with what `user` takes of it, by choice or by default."""
    chosen = {
        (kind, channel): enabled
        for kind, channel, enabled in NoticePreference.objects.filter(user=user).values_list(
            "kind", "channel", "enabled"
        )
    }
    return [
        PreferenceRow(
            kind.key,
            kind.label,
            kind.icon,
            [
                (
                    channel.value,
                    channel.label,
                    chosen.get((kind.key, channel), channel != Channel.EMAIL or kind.by_email),
                )
                for channel in Channel
            ],
        )
        for kind in notice_kinds
        if kind.optional
    ]
