"""What is kept of files that came in long ago: the import, its counts, and what an undo needs.

The file itself and its rows as read hold people's data for no purpose any more: a while after the
import ended, or after nobody went on with it, they go. Refused rows can be downloaded until then.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from leads.enums.imports import AT_WORK, ImportState
from leads.models import ImportChunk, ImportRow, LeadImport
from leads.services.imports.receiving import folder

KEPT = timedelta(days=30)
# A file that no import names is one that broke off while it came; a slow one may still be coming.
STRAY_AFTER = timedelta(days=1)
AT_ONCE = 20


def prune_imports(*, at: datetime) -> int:
    """Forget files and rows of imports that ended `KEPT` ago; return how many imports.

    One that waits for its mapping or to be run since as long is forgotten whole.
    """
    pruned = 0
    while rows := _prune_some(at):
        pruned += rows
    _remove_strays()
    return pruned


@transaction.atomic
def _prune_some(at: datetime) -> int:
    since = Coalesce("undone_at", "finished_at", "created_at")
    old = LeadImport.objects.alias(since=since).filter(since__lte=at - KEPT)
    waiting = Q(stored="", sample=[])
    left = old.exclude(state__in=(*AT_WORK, ImportState.PAUSED)).exclude(waiting)
    found = list(left.select_for_update(of=("self",), skip_locked=True).order_by("id")[:AT_ONCE])
    for one in found:
        if one.stored:
            gone = folder() / one.stored
            transaction.on_commit(partial(gone.unlink, missing_ok=True))
    ids = [one.pk for one in found]
    ImportRow.objects.filter(lead_import__in=ids)._raw_delete("default")
    LeadImport.objects.filter(pk__in=ids).update(stored="", sample=[])
    never = [one.pk for one in found if one.started_at is None]
    ImportChunk.objects.filter(lead_import__in=never)._raw_delete("default")
    LeadImport.objects.filter(pk__in=never)._raw_delete("default")
    return len(found)


def _remove_strays() -> None:
    """Remove files that no import names. Their age is the disk's, so the disk's time is asked."""
    known = set(LeadImport.objects.exclude(stored="").values_list("stored", flat=True))
    for path in folder().iterdir():
        age = time.time() - path.stat().st_mtime
        if path.is_file() and path.name not in known and age > STRAY_AFTER.total_seconds():
            path.unlink(missing_ok=True)
