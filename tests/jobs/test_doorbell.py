"""The doorbell never costs a request its work, and a hanging Redis costs it one time-out."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator

import pytest
from celery import current_app
from django.conf import settings
from django.db import transaction

from jobs import broker, doorbell
from jobs.doorbell import Bell, ring
from smarketing.celery import SOCKET_SECONDS

TASK = "jobs.heartbeat"


@pytest.fixture
def queue() -> Iterator[str]:
    """An empty queue of its own on the real broker."""
    name = "test-doorbell"
    client = broker.client(settings.REDIS_URL)
    default = current_app.conf.task_default_queue
    client.delete(name)
    current_app.conf.task_default_queue = name
    current_app.amqp.queues.select_add(name)
    doorbell.bell.reset()
    yield name
    current_app.conf.task_default_queue = default
    client.delete(name)


@pytest.fixture
def hanging_redis() -> Iterator[str]:
    """A server that takes the connection and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(16)
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def _rings(queue: str) -> list[list[int]]:
    client = broker.client(settings.REDIS_URL)
    bodies = [json.loads(message)["headers"]["argsrepr"] for message in client.lrange(queue, 0, -1)]
    return [
        json.loads(body.replace("(", "[").replace(",)", "]").replace(")", "]")) for body in bodies
    ]


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_after_the_commit_and_not_before(queue: str) -> None:
    with transaction.atomic():
        ring(TASK, 7)
        assert _rings(queue) == []
    assert _rings(queue) == [[7]]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_rings_nothing(queue: str) -> None:
    with transaction.atomic():
        ring(TASK, 7)
        transaction.set_rollback(True)
    assert _rings(queue) == []


def test_a_broker_that_refuses_is_told_by_false_and_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"redis://127.0.0.1:{free.getsockname()[1]}/0"
    bell = Bell()
    with current_app.connection_for_write(nobody) as connection:
        monkeypatch.setattr(current_app, "connection_for_write", lambda *a, **k: connection)
        current_app.pool.force_close_all()
        assert bell.publish(TASK) is False
    assert bell.is_paused


def test_a_hanging_broker_costs_one_time_out_and_then_nothing(
    hanging_redis: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell = Bell()
    sent = current_app.connection_for_write(hanging_redis)
    send = current_app.send_task
    monkeypatch.setattr(current_app, "send_task", lambda *a, **k: send(*a, **k, connection=sent))
    began = time.monotonic()
    assert bell.publish(TASK) is False
    first = time.monotonic() - began
    began = time.monotonic()
    assert bell.publish(TASK) is False
    second = time.monotonic() - began

    assert SOCKET_SECONDS * 0.9 < first < SOCKET_SECONDS * 3
    assert second < 0.1
