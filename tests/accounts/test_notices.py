"""Notices are rows first; each person gets each once, by the channels he chose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.utils import translation

from accounts.enums import Channel
from accounts.models import Notice, NoticeDelivery, NoticePreference, User
from accounts.selectors.notices import inbox, inbox_page, preference_rows, unread_count
from accounts.services.notices import mark_read, notify, set_preferences, withdraw
from accounts.wording import words_of
from smarketing.errors import BadInput
from smarketing.registry import NoticeKind, notice_kinds
from tests.factories import TUESDAY

KIND = NoticeKind(
    "late_lead", "A lead is late", "%(lead)s is late since %(due_on)s", "Owner: %(owner)s", "flag"
)
SOON = TUESDAY + timedelta(seconds=10)


@pytest.fixture(autouse=True)
def kind() -> Iterator[NoticeKind]:
    yield notice_kinds.register(KIND)
    del notice_kinds._entries[KIND.key]


def tell(*people: User, **more: object) -> None:
    params = {"lead": "Initech", "due_on": "2026-03-10"}
    notify(people, "late_lead", params, at=TUESDAY, **more)  # type: ignore[arg-type]


def rows() -> list[tuple[str, str, bool]]:
    """(recipient, channels outside, in the inbox) of each notice."""
    return [
        (
            notice.recipient.email.split("@")[0],
            ",".join(delivery.channel for delivery in notice.deliveries.all()),
            notice.in_inbox,
        )
        for notice in Notice.objects.order_by("recipient__email", "pk")
    ]


def test_each_recipient_gets_one_row_and_one_mail(rep: User, marketer: User) -> None:
    tell(rep, marketer, rep, url="/leads/1/")
    assert rows() == [("alice", "email", True), ("bruno", "email", True)]
    assert Notice.objects.filter(url="/leads/1/", read_at=None, created_at=TUESDAY).count() == 2


def test_the_same_key_reaches_a_person_once(rep: User, marketer: User) -> None:
    tell(rep, dedupe_key="clock:1:75")
    tell(rep, marketer, dedupe_key="clock:1:75")
    notify([rep], "late_lead", {}, at=SOON, dedupe_key="clock:1:75")
    tell(rep, dedupe_key="clock:1:100")
    assert rows() == [("alice", "email", True), ("bruno", "email", True), ("bruno", "email", True)]
    assert NoticeDelivery.objects.count() == 3


def test_without_a_key_every_telling_counts(rep: User) -> None:
    tell(rep)
    tell(rep)
    assert Notice.objects.count() == 2


@pytest.mark.parametrize(
    ("in_inbox", "by_email", "expected"),
    [
        (True, True, [("bruno", "email", True)]),
        (True, False, [("bruno", "", True)]),
        (False, True, [("bruno", "email", False)]),
        (False, False, []),
    ],
)
def test_preferences_are_respected(
    rep: User, in_inbox: bool, by_email: bool, expected: list[tuple[str, str, bool]]
) -> None:
    set_preferences(rep, {("late_lead", "inbox"): in_inbox, ("late_lead", "email"): by_email})
    tell(rep)
    assert rows() == expected
    assert unread_count(rep, at=TUESDAY) == int(in_inbox)


def test_people_who_have_left_are_told_nothing(rep: User) -> None:
    rep.is_active = False
    tell(rep)
    assert Notice.objects.count() == 0


def test_telling_nobody_and_telling_many_cost_the_same(
    rep: User, marketer: User, facilitator: User, django_assert_num_queries: object
) -> None:
    for people in ([rep], [rep, marketer, facilitator]):
        with django_assert_num_queries(6):  # type: ignore[operator]  # 4 and the savepoint's two
            tell(*people, dedupe_key=f"k{len(people)}")


def test_what_may_be_undone_shows_after_the_window_and_can_be_taken_back(rep: User) -> None:
    tell(rep, due_at=SOON, dedupe_key="move:1")
    tell(rep, due_at=SOON, dedupe_key="move:2")
    assert [unread_count(rep, at=at) for at in (TUESDAY, SOON)] == [0, 2]
    assert set(NoticeDelivery.objects.values_list("due_at", flat=True)) == {SOON}
    assert withdraw("move:1", at=TUESDAY) == 1
    assert withdraw("move:2", at=SOON) == 0
    assert (Notice.objects.count(), NoticeDelivery.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_one_key_told_by_eight_workers_at_once_is_one_notice(rep: User) -> None:
    start = Barrier(8)

    def work() -> None:
        start.wait()
        try:
            tell(rep, dedupe_key="clock:1:75")
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Notice.objects.count(), NoticeDelivery.objects.count()) == (1, 1)


def test_reading_marks_only_ones_own(rep: User, marketer: User) -> None:
    tell(rep, marketer)
    tell(rep)
    foreign = Notice.objects.get(recipient=marketer)
    assert mark_read(rep, [foreign.pk], at=SOON) == 0
    first = inbox(rep, at=TUESDAY).last()
    assert first is not None
    assert mark_read(rep, [first.pk], at=SOON) == 1
    assert mark_read(rep, at=SOON) == 1
    assert mark_read(rep, at=SOON + timedelta(days=1)) == 0
    assert [unread_count(user, at=SOON) for user in (rep, marketer)] == [0, 1]
    assert Notice.objects.filter(recipient=rep, read_at=SOON).count() == 2


def test_the_inbox_goes_on_after_the_last_row(rep: User) -> None:
    for n in range(5):
        notify([rep], "late_lead", {"lead": f"L{n}"}, at=TUESDAY + timedelta(minutes=n // 2))
    seen, after = [], None
    while True:
        page, after = inbox_page(
            rep, at=TUESDAY + timedelta(hours=1), unread_only=False, after=after, limit=2
        )
        seen += [notice.params["lead"] for notice, _words in page]
        if after is None:
            break
    assert seen == ["L4", "L3", "L2", "L1", "L0"]


def test_words_are_of_the_readers_language_and_survive_missing_values(rep: User) -> None:
    tell(rep)
    notice = Notice.objects.get()
    assert words_of(notice) == ("Initech is late since 10 Mar 2026", "Owner: ", "flag")
    with translation.override("it"):
        assert words_of(notice).title == "Initech is late since 10 Mar 2026"
    notice.kind = "gone"
    assert words_of(notice) == ("gone", "", "bell")


def test_preferences_of_unknown_or_fixed_kinds_are_refused(rep: User) -> None:
    for kind, channel in [("nothing", "email"), ("invitation", "email"), ("late_lead", "pigeon")]:
        with pytest.raises(BadInput):
            set_preferences(rep, {("late_lead", "email"): False, (kind, channel): False})
    assert NoticePreference.objects.count() == 0


def test_preference_rows_show_choices_and_defaults(rep: User) -> None:
    set_preferences(rep, {("late_lead", "email"): False})
    found = {row.key: {channel: taken for channel, _l, taken in row.choices}
             for row in preference_rows(rep)}  # fmt: skip
    assert found["late_lead"] == {Channel.INBOX: True, Channel.EMAIL: False}
    assert found["absence"] == {Channel.INBOX: True, Channel.EMAIL: False}
    assert found["roles_changed"] == {Channel.INBOX: True, Channel.EMAIL: True}
    assert "invitation" not in found
