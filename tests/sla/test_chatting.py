"""What is late reaches the chat channels of its teams: once a level, together when it is much, and
never in the way of a breach."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import ChatChannel, ChatPost, Notice, Team, User
from accounts.services.chat import add_channel, switch_channel
from sla.models import Breach
from sla.services.breaching import note_breaches
from sla.services.escalating import escalate
from sla.services.telling import tell
from tests.accounts.test_chat import SLACK
from tests.conftest import AT
from tests.factories import TeamFactory
from tests.sla.promising import in_force, promise
from tests.sla.test_clocks import DUE, HOUR, TICK, fresh_mql

pytestmark = pytest.mark.django_db
LADDER = [
    ("0.75", {"tell_owner": True}),
    ("1.0", {"tell_owner": True, "tell_manager": True}),
    ("1.5", {"tell_head": True}),
]


@pytest.fixture
def channel(sales: Team, manager_sales: User) -> ChatChannel:
    in_force(promise(levels=LADDER))
    return add_channel(sales, name="sales", address=SLACK, by=manager_sales, at=AT)


def tell_all(at: Any) -> list[tuple[str, str]]:
    """The passes at `at`, and what the channels have been told since."""
    known = set(ChatPost.objects.values_list("pk", flat=True))
    note_breaches(at=at)
    escalate(at=at)
    tell(at=at)
    rows = ChatPost.objects.exclude(pk__in=known).order_by("pk")
    return [(row.title, row.body) for row in rows]


def test_a_late_lead_is_told_once_though_two_people_hear_of_it(
    channel: ChatChannel, rep: User, marketer: User
) -> None:
    lead = fresh_mql(marketer, rep)
    assert tell_all(AT + 3 * HOUR + TICK) == []
    (post,) = tell_all(DUE + TICK)
    said = f"Time to decide has run out. To act: {rep.name}."
    assert post == (f"Late: {lead.contact.name}", said)
    assert Notice.objects.filter(kind="clock_late").count() == 2
    assert ChatPost.objects.get().url == f"/leads/{lead.pk}/"
    assert tell_all(DUE + TICK) == []
    assert tell_all(DUE + HOUR) == []


def test_many_at_once_are_one_post(channel: ChatChannel, rep: User, marketer: User) -> None:
    for n in range(4):
        fresh_mql(marketer, rep, f"{n}@acme.example")
    ((title, body),) = tell_all(DUE + TICK)
    assert title == "4 promises are late"
    assert body.startswith("The most urgent: ")
    assert tell_all(DUE + HOUR) == []


def test_channels_of_the_teams_above_hear_it_too_and_others_do_not(
    channel: ChatChannel, rep: User, marketer: User, sales: Team, marketing: Team
) -> None:
    below = TeamFactory(name="North", parent=sales, kind=sales.kind)
    rep.memberships.update(team=below)
    north = add_channel(below, name="north", address=SLACK, by=rep, at=AT)
    add_channel(marketing, name="marketing", address=SLACK, by=marketer, at=AT)
    fresh_mql(marketer, rep)
    tell_all(DUE + TICK)
    heard = ChatPost.objects.order_by("channel").values_list("channel", flat=True)
    assert sorted(heard) == sorted([channel.pk, north.pk])


def test_switched_off_it_hears_nothing(channel: ChatChannel, rep: User, marketer: User) -> None:
    switch_channel(channel, is_on=False)
    fresh_mql(marketer, rep)
    assert tell_all(DUE + TICK) == []
    assert Breach.objects.get().at == DUE


def test_channels_cost_one_statement_more(
    rep: User, marketer: User, sales: Team, manager_sales: User, django_assert_num_queries: Any
) -> None:
    from sla.services.chatting import post_to_chat  # noqa: PLC0415

    in_force(promise(levels=LADDER))
    fresh_mql(marketer, rep)
    tell_all(DUE + TICK)
    with django_assert_num_queries(1):
        assert post_to_chat(at=DUE + TICK) == 0
    for n in range(2):
        add_channel(sales, name=f"{n}", address=SLACK, by=manager_sales, at=AT)
    with django_assert_num_queries(3):
        assert post_to_chat(at=DUE + TICK) == 2
