"""Redis is a doorbell: ringing it may fail, and then the next sweep finds the work.

`ring` sends a task's name after the transaction commits, without retries. A Redis that refuses
costs nothing; one that hangs costs one request the socket time-out, and then the bell is left
alone for `PAUSE_SECONDS`, so that not every request waits.
"""

from __future__ import annotations

import time

import structlog
from celery import current_app
from django.db import transaction

PAUSE_SECONDS = 30.0

log = structlog.get_logger(__name__)


class Bell:
    """Publishes task names, and pauses after a failure. One per process."""

    def __init__(self) -> None:
        self._silent_until = 0.0

    @property
    def is_paused(self) -> bool:
        """Tell whether a failure is so recent that nothing is tried."""
        return time.monotonic() < self._silent_until

    def publish(self, task: str, *ids: int) -> bool:
        """Send `task` with ids only; return whether the broker took it. Never raises."""
        if self.is_paused:
            return False
        try:
            current_app.send_task(task, args=ids, retry=False)
        except Exception as error:  # any broker trouble: the sweep will find the work
            self._silent_until = time.monotonic() + PAUSE_SECONDS
            log.warning("doorbell_failed", task=task, error=str(error))
            return False
        return True

    def reset(self) -> None:
        """Forget the last failure."""
        self._silent_until = 0.0


bell = Bell()


def ring(task: str, *ids: int) -> None:
    """Ask for `task` once the running transaction has committed."""
    transaction.on_commit(lambda: bell.publish(task, *ids), robust=True)
