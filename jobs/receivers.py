"""Beat's own sign of life: written by the beat process as it rings, so that a dead worker and a
dead beat can be told apart."""

from __future__ import annotations

from typing import Any

import structlog
from celery.signals import beat_init, before_task_publish
from django.db import Error, close_old_connections

from jobs import services
from smarketing import time_source

log = structlog.get_logger(__name__)


@beat_init.connect
def watch_beat(**_kwargs: Any) -> None:
    """From now on this process is beat; note each ring of the heartbeat job."""
    before_task_publish.connect(note_ring, sender="jobs.heartbeat", weak=False)


def note_ring(**_kwargs: Any) -> None:
    """Write beat's sign of life; a database that is away must not stop beat."""
    close_old_connections()
    try:
        services.record_heartbeat("beat", at=time_source.now())
    except Error as error:
        log.warning("beat_heartbeat_failed", error=str(error))
