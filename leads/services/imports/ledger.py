"""The ledger of an import: which chunks are done, and the lock under which the next one is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Max

from leads.enums.imports import AT_WORK, ImportPhase
from leads.models import ImportChunk, LeadImport
from smarketing.errors import NotFound

# Every chunk prolongs it: a worker that has ended none for so long is dead.
LEASE = timedelta(seconds=120)


def locked(pk: int) -> LeadImport:
    """Return the import, its row locked; raise NotFound."""
    found = LeadImport.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise NotFound("no such import")
    return found


def last_of(one: LeadImport, phase: ImportPhase) -> tuple[int, int]:
    """Return the number and the last row of the last chunk done in `phase`; zeros for none."""
    found = ImportChunk.objects.filter(lead_import=one, phase=phase).aggregate(
        number=Max("number"), row=Max("last_row")
    )
    return found["number"] or 0, found["row"] or 0


def note_chunk(one: LeadImport, chunk: ImportChunk, *, at: datetime) -> None:
    """Write a chunk into the ledger and prolong the lease, in the transaction of its work."""
    chunk.save(force_insert=True)
    one.heartbeat_at, one.leased_until, one.attempts = at, at + LEASE, 0
    one.save(update_fields=["heartbeat_at", "leased_until", "attempts"])


def at_work(states: Sequence[str] = AT_WORK) -> bool:
    """Tell whether an import waits for a worker."""
    return LeadImport.objects.filter(state__in=states).exists()
