"""Chat channels of teams: only addresses of known services, kept sealed; posts leave once, by the
background; what fails is parked and told and holds nothing up."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client

from accounts.chat_services import service_at
from accounts.enums import ChatService
from accounts.models import ChatChannel, ChatPost, Notice, Team, User
from accounts.sealing import CannotOpenError, seal, unseal
from accounts.services.chat import Post, add_channel, send_test, switch_channel, write_posts
from accounts.services.chat_delivery import MOST_ATTEMPTS, deliver_chat, forget_posts
from accounts.services.delivery import pause_after
from smarketing.errors import BadInput, Refused
from tests.accounts.calendar_pages import text_of
from tests.conftest import AT

pytestmark = pytest.mark.django_db
SLACK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7"
TEAMS = (
    "https://prod-161.westeurope.logic.azure.com:443/workflows/ab12/triggers/manual/paths/invoke"
    "?api-version=2016-06-01&sp=%2Ftriggers&sv=1.0&sig=xyz"
)
TICK = timedelta(microseconds=1)


class Chat(ThreadingHTTPServer):
    """A chat service of the test's own on this machine."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.heard: list[dict[str, Any]] = []
        self.status = 200
        self.moves_to = ""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class Answer(BaseHTTPRequestHandler):
    server: Chat

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(json.loads(body))
        self.send_response(self.server.status)
        if self.server.moves_to:
            self.send_header("Location", self.server.moves_to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST  # noqa: N815  # the server asks for these names

    def log_message(self, *_args: Any) -> None:
        """Stay quiet."""


@pytest.fixture
def chat(settings: Any) -> Iterator[Chat]:
    settings.CHAT_LOOPBACK = True
    server = Chat()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def channel(chat: Chat, sales: Team, manager_sales: User) -> ChatChannel:
    return add_channel(sales, name="sales", address=chat.address, by=manager_sales, at=AT)


def post(channel: ChatChannel, key: str = "clock:1:1.00") -> Post:
    return Post(channel.pk, key, "Late: Anna Neri", "To act: Bruno", "/leads/1/")


@pytest.mark.parametrize(
    ("address", "service"),
    [
        (SLACK, ChatService.SLACK),
        (TEAMS, ChatService.TEAMS),
        (
            "https://chat.googleapis.com/v1/spaces/AAA/messages?key=k-1&token=t_2",
            ChatService.GOOGLE_CHAT,
        ),
        ("https://discord.com/api/webhooks/417/aB-c_d", ChatService.DISCORD),
        (SLACK.replace("https", "http"), None),
        (SLACK.replace("hooks.", "hooks.slack.com."), None),
        (SLACK.replace("hooks.slack.com", "hooks.slack.com.evil.example"), None),
        (SLACK.replace("hooks.slack.com", "hooks.slack.com@evil.example"), None),
        (SLACK.replace("hooks.slack.com", "user@hooks.slack.com"), None),
        (SLACK.replace("hooks.slack.com", "hooks.slack.com:8443"), None),
        (SLACK.replace("hooks.slack.com", "127.0.0.1"), None),
        (SLACK + "\n", None),
        (SLACK.replace("services", "../services"), None),
        (TEAMS.replace("logic.azure.com", "logic.azure.com.evil.example"), None),
        ("https://169.254.169.254/latest/meta-data/", None),
        ("http://127.0.0.1:8000/hook", None),
        ("json://127.0.0.1:8000/hook", None),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7", None),
        ("file:///etc/passwd", None),
        ("https://[::1", None),
        ("", None),
    ],
)
def test_only_addresses_of_known_services(address: str, service: ChatService | None) -> None:
    assert service_at(address) == service


def test_with_loopback_only_this_very_machine_is_added() -> None:
    assert service_at("http://127.0.0.1:8000/hook", loopback=True) is ChatService.LOOPBACK
    assert service_at("http://10.0.0.1:8000/hook", loopback=True) is None


def test_each_service_has_a_speaker_that_stays_with_it() -> None:
    from accounts.chat_sending import _speaker  # noqa: PLC0415  # loads the library

    slack, teams = _speaker(ChatService.SLACK, SLACK), _speaker(ChatService.TEAMS, TEAMS)
    assert (slack.redirects, slack.socket_read_timeout) == (False, 4.0)
    assert (teams.redirects, teams.host) == (False, "prod-161.westeurope.logic.azure.com")


def test_an_address_is_stored_sealed(sales: Team, manager_sales: User, settings: Any) -> None:
    channel = add_channel(sales, name=" sales ", address=f" {SLACK} ", by=manager_sales, at=AT)
    assert (channel.name, channel.service) == ("sales", ChatService.SLACK)
    assert "hooks" not in channel.sealed_address
    assert unseal(channel.sealed_address) == SLACK
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert unseal(channel.sealed_address) == SLACK
    assert unseal(seal("x")) == "x"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(CannotOpenError):
        unseal(channel.sealed_address)


@pytest.mark.parametrize(
    ("name", "address", "field"),
    [("other", "https://evil.example/", "address"), ("sales", SLACK, "name")],
)
def test_what_cannot_be_is_refused(
    channel: ChatChannel, manager_sales: User, name: str, address: str, field: str
) -> None:
    before = list(ChatChannel.objects.values())
    with pytest.raises(BadInput) as refused:
        add_channel(channel.team, name=name, address=address, by=manager_sales, at=AT)
    assert list(refused.value.fields) == [field]
    assert list(ChatChannel.objects.values()) == before


def test_a_post_leaves_once(chat: Chat, channel: ChatChannel, settings: Any) -> None:
    write_posts([post(channel)], at=AT)
    write_posts([post(channel)], at=AT)
    assert [deliver_chat(AT), deliver_chat(AT)] == [1, 0]
    (heard,) = chat.heard
    assert (heard["title"], heard["message"]) == (
        "Late: Anna Neri",
        f"To act: Bruno\n{settings.BASE_URL}/leads/1/",
    )
    assert ChatPost.objects.get().sent_at == AT
    assert not Notice.objects.exists()


def test_what_is_not_taken_is_tried_again_then_parked_and_told(
    chat: Chat, channel: ChatChannel, manager_sales: User
) -> None:
    chat.status = 500
    write_posts([post(channel)], at=AT)
    at = AT
    for attempt in range(1, MOST_ATTEMPTS):
        assert deliver_chat(at) == 1
        pause = pause_after(attempt)
        assert deliver_chat(at + pause - TICK) == 0
        at += pause
        assert not Notice.objects.exists()
    assert deliver_chat(at) == 1
    row = ChatPost.objects.get()
    assert (row.given_up_at, row.sent_at, row.attempts) == (at, None, MOST_ATTEMPTS)
    assert "500" in row.last_error
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind) == (manager_sales, "chat_failed")
    assert deliver_chat(at + timedelta(days=2)) == 0
    assert len(chat.heard) == MOST_ATTEMPTS


def test_one_that_fails_stops_no_other(
    chat: Chat, channel: ChatChannel, manager_sales: User
) -> None:
    broken = add_channel(channel.team, name="gone", address=SLACK, by=manager_sales, at=AT)
    ChatChannel.objects.filter(pk=broken.pk).update(sealed_address="nonsense")
    write_posts([post(broken), post(channel)], at=AT)
    assert deliver_chat(AT) == 2
    assert len(chat.heard) == 1
    assert ChatPost.objects.get(channel=broken).sent_at is None


def test_no_redirect_is_followed(chat: Chat, channel: ChatChannel) -> None:
    chat.status, chat.moves_to = 302, chat.address + "/elsewhere"
    write_posts([post(channel)], at=AT)
    deliver_chat(AT)
    assert len(chat.heard) == 1
    assert ChatPost.objects.get().sent_at is None


def test_a_dead_sender_loses_its_claim(chat: Chat, channel: ChatChannel) -> None:
    write_posts([post(channel)], at=AT)
    ChatPost.objects.update(claimed_at=AT, attempts=1)
    lease = timedelta(minutes=5)
    assert deliver_chat(AT + lease - TICK) == 0
    assert deliver_chat(AT + lease) == 1
    assert len(chat.heard) == 1


def test_the_setting_off_nothing_of_this_machine_is_reached(
    chat: Chat, channel: ChatChannel, settings: Any
) -> None:
    write_posts([post(channel)], at=AT)
    settings.CHAT_LOOPBACK = False
    deliver_chat(AT)
    assert chat.heard == []
    assert "not" in ChatPost.objects.get().last_error or "none" in ChatPost.objects.get().last_error


def test_switched_off_nothing_waits_and_nothing_is_tried(
    chat: Chat, channel: ChatChannel, manager_sales: User
) -> None:
    write_posts([post(channel)], at=AT)
    switch_channel(channel, is_on=False)
    assert deliver_chat(AT) == 0
    with pytest.raises(Refused):
        send_test(channel, by=manager_sales, at=AT)


def test_a_failing_test_is_told_on_the_page_alone(
    client: Client, chat: Chat, channel: ChatChannel, manager_sales: User
) -> None:
    client.force_login(manager_sales)
    page = f"/settings/teams/{channel.team_id}/chat/"
    asked = client.post(f"/settings/chat/{channel.pk}/test/", follow=True)
    assert "On its way" in text_of(asked)
    chat.status = 404
    due = ChatPost.objects.get().due_at
    deliver_chat(due)
    assert "Not taken" in text_of(client.get(page))
    assert not Notice.objects.exists()
    chat.status = 200
    client.post(f"/settings/chat/{channel.pk}/test/")
    deliver_chat(due + timedelta(minutes=1))
    shown = text_of(client.get(page))
    assert ("Not taken" in shown, "In use" in shown) == (False, True)
    assert "A test from" in chat.heard[-1]["title"]


def test_a_head_adds_a_channel_and_nobody_reads_its_address(
    client: Client, manager_sales: User, sales: Team
) -> None:
    client.force_login(manager_sales)
    page = f"/settings/teams/{sales.pk}/chat/"
    refused = client.post(page, {"name": "x", "address": "https://evil.example/"})
    assert refused.status_code == 422
    assert "This is no webhook address" in text_of(refused)
    added = client.post(page, {"name": "sales", "address": SLACK}, follow=True)
    assert "The channel is added." in text_of(added)
    assert "hooks.slack.com" not in text_of(added)
    channel = ChatChannel.objects.get()
    off = client.post(f"/settings/chat/{channel.pk}/switch/", {"on": "0"}, follow=True)
    assert "is switched off" in text_of(off)
    client.post(f"/settings/chat/{channel.pk}/remove/")
    assert not ChatChannel.objects.exists()


def test_another_head_sees_no_channel(
    client: Client, channel: ChatChannel, manager_marketing: User
) -> None:
    client.force_login(manager_marketing)
    pages = [f"/settings/teams/{channel.team_id}/chat/"]
    pages += [f"/settings/chat/{channel.pk}/{act}/" for act in ("test", "switch", "remove")]
    assert [client.post(page).status_code for page in pages] == [404] * 4
    channel.refresh_from_db()
    assert channel.is_on


def test_old_posts_are_forgotten(channel: ChatChannel) -> None:
    write_posts([post(channel)], at=AT)
    month = timedelta(days=30)
    assert [forget_posts(AT + month), forget_posts(AT + month + TICK)] == [0, 1]
