"""Rows sent to the database while the next ones are being made.

A COPY keeps the server busy and leaves us idle. Within `sending_ahead` each one is sent by a thread
of its own, in order, on the caller's connection; whatever else is asked of that connection waits
until all has been sent.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any

from django.db import connection

Job = Callable[[], None]
_here = threading.local()
# Deferred keys are looked up now rather than by the commit, while there is something else to do.
SETTLE = ("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED")


class Outbox:
    """Does jobs one after the other in a thread; after the first that fails it does no more."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._idle = threading.Event()
        self._idle.set()
        self._waiting = 0
        self._lock = threading.Lock()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="outbox", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> None:
        """Do `job` after those before it."""
        with self._lock:
            self._waiting += 1
            self._idle.clear()
        self._jobs.put(job)

    def drain(self) -> None:
        """Wait until every job is done; raise what the first failed one raised."""
        self._idle.wait()
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def close(self) -> None:
        """End the thread once its jobs are done; none may be put any more."""
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        failed = False
        while (job := self._jobs.get()) is not None:
            if not failed:
                try:
                    job()
                except BaseException as error:  # raised again by `drain`
                    self._error, failed = error, True
            with self._lock:
                self._waiting -= 1
                if not self._waiting:
                    self._idle.set()


@contextmanager
def sending_ahead() -> Iterator[None]:
    """Let `send` return at once; at the end everything was sent, or the first error is raised.

    Inside a transaction only, and one within another does nothing.
    """
    if getattr(_here, "outbox", None) is not None:
        yield
        return
    box = _here.outbox = Outbox()
    try:
        with connection.execute_wrapper(_drained_first(box)):
            yield
        with connection.wrap_database_errors:
            box.drain()
    finally:
        _here.outbox = None
        box.close()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Look for no rings among what is made: thousands of rows live until they are written, and to
    go through them again and again is a fifth of the work."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def send(job: Callable[[Any], None], *, sql: str = "") -> None:
    """Give `job` a bare cursor: at once, or after those before it within `sending_ahead`.

    Where statements are counted, `sql` is one of them.
    """
    connection.ensure_connection()
    if sql and connection.queries_logged:
        connection.queries_log.append({"sql": sql, "time": "0.000"})
    box: Outbox | None = getattr(_here, "outbox", None)
    bare = connection.connection
    if box is None:
        with connection.wrap_database_errors:
            _do(job, bare)
        return
    box.put(lambda: _do(job, bare))


def settle_keys() -> None:
    """Have deferred keys looked up now."""

    def settle(cursor: Any) -> None:
        for statement in SETTLE:
            cursor.execute(statement)

    send(settle)


def _do(job: Callable[[Any], None], bare: Any) -> None:
    with bare.cursor() as cursor:
        job(cursor)


def _drained_first(box: Outbox) -> Callable[..., Any]:
    def wrapper(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        with connection.wrap_database_errors:
            box.drain()
        return execute(sql, params, many, context)

    return wrapper
