"""Notices: rows first, in the transaction of what they tell; each channel delivers them later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.enums import Channel
from accounts.enums import Telling as When
from accounts.models import Notice, NoticeDelivery, NoticePreference, User
from jobs.doorbell import ring
from smarketing.errors import BadInput
from smarketing.registry import NoticeKind, notice_kinds

DELIVER = "accounts.deliver_due_notices"
OUTSIDE_CHANNELS = (Channel.EMAIL,)


def notify(
    recipients: Iterable[User],
    kind: str,
    params: Mapping[str, Any],
    *,
    at: datetime,
    url: str = "",
    dedupe_key: str = "",
    due_at: datetime | None = None,
) -> None:
    """Tell `recipients` something of the registered `kind`, by the channels each has chosen.

    `url` is a path of ours. The same `dedupe_key` reaches a person once, however often and from
    however many workers it is told. With `due_at` nothing shows or leaves before that instant, and
    until then `withdraw` takes it back. People without an account in use are left out. Costs four
    statements, whatever the number of recipients.
    """
    people = {person.pk: person for person in recipients}
    tellings = [Telling(person, params, url, dedupe_key) for person in people.values()]
    notify_each(tellings, kind, at=at, due_at=due_at)


@dataclass(frozen=True)
class Telling:
    """What one recipient is told, when each is told his own; see `notify`."""

    recipient: User
    params: Mapping[str, Any]
    url: str = ""
    dedupe_key: str = ""


def notify_each(
    tellings: Iterable[Telling], kind: str, *, at: datetime, due_at: datetime | None = None
) -> None:
    """Tell each recipient his own words, of one kind and at one instant, as `notify` does.

    Give all a `dedupe_key` or none. Costs four statements, whatever the number of tellings.
    """
    known = notice_kinds[kind]
    told = [one for one in tellings if one.recipient.is_active]
    channels = _channels(known, {one.recipient.pk for one in told})
    shows_at = due_at or at
    with transaction.atomic():
        notices = _insert(
            [
                Notice(
                    recipient=one.recipient,
                    kind=kind,
                    params=dict(one.params),
                    url=one.url,
                    dedupe_key=one.dedupe_key,
                    created_at=shows_at,
                    in_inbox=Channel.INBOX in channels[one.recipient.pk],
                )
                for one in told
                if channels[one.recipient.pk]
            ]
        )
        deliveries = [
            NoticeDelivery(notice=notice, channel=channel, due_at=shows_at)
            for notice in notices
            for channel in OUTSIDE_CHANNELS
            if channel in channels[notice.recipient_id]
        ]
        NoticeDelivery.objects.bulk_create(deliveries, ignore_conflicts=True)
        if deliveries and shows_at <= at:
            ring(DELIVER)


def _insert(notices: list[Notice]) -> list[Notice]:
    """Insert and return the notices, without those that their key says are there already."""
    if not notices or not notices[0].dedupe_key:
        return Notice.objects.bulk_create(notices)
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    # A row of another telling has another instant; one of this very telling has its deliveries,
    # which the unique constraint keeps single.
    return list(
        Notice.objects.filter(
            dedupe_key__in={notice.dedupe_key for notice in notices},
            created_at=notices[0].created_at,
            recipient__in=[notice.recipient_id for notice in notices],
        )
    )


def _channels(kind: NoticeKind, people: Iterable[int]) -> dict[int, set[Channel]]:
    """Return by which channels each of `people` takes notices of `kind`."""
    usual = {Channel.INBOX, Channel.EMAIL} if kind.by_email else {Channel.INBOX}
    chosen = {pk: set(usual) for pk in people}
    if not kind.optional:
        return chosen
    rows = NoticePreference.objects.filter(kind=kind.key, user__in=list(chosen))
    for user_id, channel, enabled in rows.values_list("user", "channel", "enabled"):
        (chosen[user_id].add if enabled else chosen[user_id].discard)(Channel(channel))
    return chosen


def withdraw(*dedupe_keys: str, at: datetime) -> int:
    """Take back the notices under `dedupe_keys` that have not shown yet; return how many."""
    waiting = Notice.objects.filter(dedupe_key__in=dedupe_keys, created_at__gt=at)
    return waiting.delete()[1].get("accounts.Notice", 0)


def mark_read(recipient: User, notice_ids: Iterable[int] | None = None, *, at: datetime) -> int:
    """Mark the shown notices of `recipient` read, all or those with the ids; return how many."""
    shown = Notice.objects.unread().filter(recipient=recipient, in_inbox=True, created_at__lte=at)
    if notice_ids is not None:
        shown = shown.filter(pk__in=list(notice_ids))
    return shown.update(read_at=at)


def set_preferences(user: User, wanted: Mapping[tuple[str, str], bool]) -> None:
    """Store by which channels `user` takes which kinds: `{(kind, channel): enabled}`.

    Raises BadInput for a kind or channel that does not exist, or a kind that is not optional.
    """
    for kind, channel in wanted:
        if kind not in notice_kinds or not notice_kinds[kind].optional:
            raise BadInput("There is no such choice.", fields={kind: ["unknown"]})
        if channel not in Channel.values:
            raise BadInput("There is no such choice.", fields={channel: ["unknown"]})
    NoticePreference.objects.bulk_create(
        [
            NoticePreference(user=user, kind=kind, channel=channel, enabled=enabled)
            for (kind, channel), enabled in wanted.items()
        ],
        update_conflicts=True,
        unique_fields=["user", "kind", "channel"],
        update_fields=["enabled"],
    )


def set_telling(user: User, when: str) -> None:
    """Store when `user` hears of promises that are late or nearly due; raises BadInput."""
    if when not in When.values:
        raise BadInput("There is no such choice.", fields={"telling": ["unknown"]})
    User.objects.filter(pk=user.pk).update(telling=when)
