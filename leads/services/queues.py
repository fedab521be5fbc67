"""The queues that hold leads while no person does."""

from __future__ import annotations

from leads.enums import QueueKind
from leads.models import Queue


def queue_of(kind: QueueKind) -> Queue:
    """Return the queue of `kind` that belongs to the root team of its side, made where missing."""
    queue, _made = Queue.objects.get_or_create(kind=kind, team=None)
    return queue
