"""Mails leave once each, whatever fails, dies or runs beside."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, connections
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from accounts.models import Notice, NoticeDelivery, User
from accounts.services import delivery as delivery_service
from accounts.services.delivery import LEASE, MOST_ATTEMPTS, deliver_due, pause_after, try_again
from accounts.services.notices import notify
from accounts.tasks import clear_sessions, deliver_due_notices, deliver_notices
from jobs.models import JobRun
from tests.factories import TUESDAY, UserFactory

MINUTE = timedelta(minutes=1)


class Refusing(BaseEmailBackend):
    """A mail server that refuses whoever is on its list."""

    refused: set[str] = set()

    def send_messages(self, email_messages: Any) -> int:
        for message in email_messages:
            if set(message.to) & Refusing.refused:
                raise ConnectionRefusedError("no route to mail")
            mail.outbox.append(message)
        return len(email_messages)


def tell(*people: User, key: str = "") -> None:
    params = {"by": "Alice", "roles": "Manager"}
    notify(people, "roles_changed", params, at=TUESDAY, url="/profile/", dedupe_key=key)


def states() -> list[tuple[int, bool, bool]]:
    """(attempts, delivered, given up) of each delivery."""
    return [
        (row.attempts, row.delivered_at is not None, row.given_up_at is not None)
        for row in NoticeDelivery.objects.order_by("pk")
    ]


def test_a_mail_leaves_in_the_readers_language_with_link_and_way_out(rep: User) -> None:
    User.objects.filter(pk=rep.pk).update(language="it")
    tell(rep)
    assert deliver_due(TUESDAY) == 1
    (sent,) = mail.outbox
    assert sent.to == ["bruno@acme.test"]
    assert "http://127.0.0.1:8000/profile/" in sent.body
    assert "http://127.0.0.1:8000/settings/notices/" in sent.body
    assert sent.alternatives[0].mimetype == "text/html"
    assert '<html lang="it">' in sent.alternatives[0].content
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


def test_words_of_others_are_inert_in_a_mail(rep: User) -> None:
    params = {"by": "<script>alert(1)</script>\r\nBcc: all@acme.test", "roles": "{{7*7}}"}
    notify([rep], "roles_changed", params, at=TUESDAY)
    deliver_due(TUESDAY)
    (sent,) = mail.outbox
    assert sent.subject == "<script>alert(1)</script> Bcc: all@acme.test changed your roles"
    assert "<script>" not in sent.alternatives[0].content
    assert "{{7*7}}" in sent.alternatives[0].content
    assert sent.recipients() == ["bruno@acme.test"]


def test_nothing_leaves_before_it_is_due(rep: User) -> None:
    notify([rep], "roles_changed", {}, at=TUESDAY, due_at=TUESDAY + MINUTE)
    for at, sent in [(TUESDAY, 0), (TUESDAY + MINUTE - timedelta(microseconds=1), 0),
                     (TUESDAY + MINUTE, 1), (TUESDAY + 2 * MINUTE, 1)]:  # fmt: skip
        deliver_due(at)
        assert len(mail.outbox) == sent


def test_twice_is_once(rep: User, marketer: User) -> None:
    tell(rep, marketer)
    assert [deliver_due(TUESDAY), deliver_due(TUESDAY)] == [2, 0]
    assert [message.to for message in mail.outbox] == [["bruno@acme.test"], ["alice@acme.test"]]
    assert states() == [(1, True, False), (1, True, False)]


@override_settings(EMAIL_BACKEND="tests.accounts.test_delivery.Refusing")
def test_one_refused_mail_stops_no_other_and_is_tried_again_later(
    rep: User, marketer: User
) -> None:
    Refusing.refused = {"bruno@acme.test"}
    tell(rep, marketer)
    assert deliver_due(TUESDAY) == 2
    assert [message.to for message in mail.outbox] == [["alice@acme.test"]]
    waiting = NoticeDelivery.objects.get(delivered_at=None)
    assert waiting.last_error == "ConnectionRefusedError: no route to mail"
    assert (waiting.due_at, waiting.claimed_at) == (TUESDAY + MINUTE, None)

    Refusing.refused = set()
    assert deliver_due(TUESDAY + MINUTE - timedelta(seconds=1)) == 0
    assert deliver_due(TUESDAY + MINUTE) == 1
    waiting.refresh_from_db()
    assert (waiting.delivered_at, waiting.last_error) == (TUESDAY + MINUTE, "")


@override_settings(EMAIL_BACKEND="tests.accounts.test_delivery.Refusing")
def test_after_eight_failures_the_mail_is_given_up_with_its_error(rep: User) -> None:
    Refusing.refused = {"bruno@acme.test"}
    tell(rep)
    at = TUESDAY
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert deliver_due(at) == 1
        assert states() == [(attempt, False, attempt == MOST_ATTEMPTS)]
        at += pause_after(attempt)
    assert deliver_due(at + timedelta(days=30)) == 0
    lost = NoticeDelivery.objects.get()
    assert lost.last_error == "ConnectionRefusedError: no route to mail"

    Refusing.refused = set()
    try_again(lost, at=at)
    assert (deliver_due(at), len(mail.outbox)) == (1, 1)


def test_pauses_grow_up_to_four_hours() -> None:
    assert [int(pause_after(n) / MINUTE) for n in range(1, 8)] == [1, 4, 16, 64, 240, 240, 240]


def test_a_sender_that_died_loses_its_claim_after_the_lease(rep: User) -> None:
    tell(rep)
    NoticeDelivery.objects.update(claimed_at=TUESDAY, attempts=1)
    assert deliver_due(TUESDAY + LEASE - timedelta(microseconds=1)) == 0
    assert deliver_due(TUESDAY + LEASE) == 1
    assert states() == [(2, True, False)]


def test_a_mail_that_kills_its_sender_is_given_up(rep: User) -> None:
    tell(rep)
    NoticeDelivery.objects.update(claimed_at=TUESDAY, attempts=MOST_ATTEMPTS)
    assert deliver_due(TUESDAY + LEASE) == 0
    assert (states(), mail.outbox) == ([(MOST_ATTEMPTS, False, True)], [])


def test_a_sender_slower_than_its_lease_marks_nothing(
    rep: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(rep)
    real = delivery_service.notice_mail

    def slow(*facts: Any) -> Any:
        NoticeDelivery.objects.update(claimed_at=TUESDAY + LEASE)  # somebody else has it now
        return real(*facts)

    monkeypatch.setattr(delivery_service, "notice_mail", slow)
    deliver_due(TUESDAY)
    assert states() == [(1, False, False)]


def test_the_message_id_is_the_same_at_every_attempt(rep: User) -> None:
    tell(rep)
    deliver_due(TUESDAY)
    NoticeDelivery.objects.update(delivered_at=None, claimed_at=None)
    deliver_due(TUESDAY + timedelta(hours=1))
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    delivery = NoticeDelivery.objects.get()
    assert ids == [f"<notice.{delivery.pk}.20260310100000@127.0.0.1>"] * 2


def test_people_who_left_get_no_mail(rep: User) -> None:
    tell(rep)
    User.objects.filter(pk=rep.pk).update(is_active=False, deactivated_at=TUESDAY)
    assert deliver_due(TUESDAY) == 0
    assert (NoticeDelivery.objects.count(), Notice.objects.count(), mail.outbox) == (0, 1, [])


def test_batches_are_bounded_and_rows_locked_while_claimed(rep: User) -> None:
    for _ in range(5):
        tell(rep)
    with CaptureQueriesContext(connection) as queries:
        assert deliver_due(TUESDAY, limit=3) == 3
    (claim,) = [q["sql"] for q in queries if "FOR UPDATE" in q["sql"]]
    assert "SKIP LOCKED" in claim
    assert "LIMIT 3" in claim
    assert len(mail.outbox) == 3


@pytest.mark.django_db(transaction=True)
def test_four_senders_at_once_send_each_mail_once() -> None:
    people = [UserFactory(email=f"p{n:02d}@acme.test") for n in range(40)]
    tell(*people)
    start = threading.Barrier(4)

    def send() -> None:
        start.wait()
        try:
            while deliver_due(TUESDAY, limit=5):
                pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(message.to[0] for message in mail.outbox) == [person.email for person in people]
    assert set(states()) == {(1, True, False)}


class Smtp(socketserver.StreamRequestHandler):
    """Enough of a mail server: takes mails, remembers them, refuses one recipient for good."""

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline():
            verb = line.decode().split(":", maxsplit=1)[0].split()[0].upper()
            if verb == "QUIT":
                return self.say("221 bye")
            if verb == "RCPT" and b"refused@" in line:
                self.say("550 no such person")
            elif verb == "DATA":
                self.say("354 go on")
                self.server.taken.append(self._data())  # type: ignore[attr-defined]
                self.say("250 taken")
            else:
                self.say("250 fine")
        return None

    def _data(self) -> str:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.decode())
        return "".join(lines)

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def smtp() -> Iterator[Any]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp) as server:
        server.daemon_threads = True
        server.taken = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=server.server_address[1],
        ):
            yield server
        server.shutdown()


def test_a_real_mail_server_gets_each_mail_once_and_a_refusal_stops_none(
    smtp: Any, rep: User, marketer: User
) -> None:
    refused = UserFactory(email="refused@acme.test")
    tell(rep)
    tell(refused)
    tell(marketer)
    assert deliver_due(TUESDAY) == 3
    assert [
        line for text in smtp.taken for line in text.splitlines() if line.startswith("To: ")
    ] == ["To: bruno@acme.test", "To: alice@acme.test"]
    assert states() == [(1, True, False), (1, False, False), (1, True, False)]
    assert "550" in NoticeDelivery.objects.get(delivered_at=None).last_error


def test_a_mail_server_that_is_down_costs_an_attempt(smtp: Any, rep: User) -> None:
    tell(rep)
    smtp.shutdown()
    smtp.server_close()
    assert deliver_due(TUESDAY) == 1
    assert states() == [(1, False, False)]
    assert "ConnectionRefusedError" in NoticeDelivery.objects.get().last_error


def test_the_tick_runs_once_a_period_and_the_bell_whenever_it_rings(rep: User) -> None:
    tell(rep)
    assert deliver_notices() == 1
    tell(rep)
    assert deliver_notices() is None
    deliver_due_notices()
    assert len(mail.outbox) == 2
    assert JobRun.objects.filter(job="accounts.deliver_notices").count() == 1


def test_dead_sessions_are_cleared(rep: User, client: Any) -> None:
    client.force_login(rep)
    alive = Session.objects.get()
    Session.objects.create(session_key="old", session_data="", expire_date=TUESDAY - 90 * MINUTE)
    assert clear_sessions() == 1
    assert list(Session.objects.all()) == [alive]
