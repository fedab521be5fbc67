"""What a person does with an import: map, run, pause, resume, stop, discard.

Each verb locks the import's row; one that does not fit its state raises Refused and changes
nothing. A chunk that is being done ends first, so a pause waits for at most one.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jobs.doorbell import ring
from leads.enums.imports import AT_WORK, ImportPhase, ImportState
from leads.import_choices import Choices, mapping_of
from leads.mapping import read_mapping
from leads.models import ImportChunk, LeadImport, SavedMapping
from leads.services.imports.ledger import locked
from leads.services.imports.receiving import path_of, require_right
from leads.services.imports.staging import find_twins
from smarketing.errors import Refused

WORK = "leads.work_on_imports"
S = ImportState
MAPPABLE = (S.UPLOADED, S.CHECKED)
NOT_NOW = _("This import is “%(state)s” now, so this can no longer be done.")


@transaction.atomic
def check_file(pk: int, choices: Choices, *, actor: User, at: datetime) -> LeadImport:
    """Keep the mapping and check every row of the file in the background; nothing comes in.

    Raises BadInput for a mapping that cannot be, Refused once the import runs.
    """
    one = in_state(pk, MAPPABLE, actor)
    choices.require_sense()
    one.mapping = mapping_of(choices, encoding=one.encoding, delimiter=one.delimiter)
    read_mapping(one.mapping)
    one.choices = choices.stored()
    ImportChunk.objects.filter(lead_import=one, phase=ImportPhase.CHECK).delete()
    SavedMapping.objects.update_or_create(
        fingerprint=one.fingerprint,
        defaults={"choices": one.choices, "file_name": one.name, "saved_by": actor, "saved_at": at},
    )
    if one.total is not None:
        find_twins(one)
    return to_state(one, S.CHECKING)


@transaction.atomic
def run_import(pk: int, *, actor: User, at: datetime) -> LeadImport:
    """Bring the checked rows in, in the background."""
    one = in_state(pk, (S.CHECKED,), actor)
    one.started_at = at
    return to_state(one, S.RUNNING)


@transaction.atomic
def pause_import(pk: int, *, actor: User) -> LeadImport:
    """Stop after the chunk that is being done, until somebody resumes."""
    return to_state(in_state(pk, (S.RUNNING,), actor), S.PAUSED)


@transaction.atomic
def resume_import(pk: int, *, actor: User) -> LeadImport:
    """Go on from where it stands."""
    one = in_state(pk, (S.PAUSED,), actor)
    one.failure, one.attempts = "", 0
    return to_state(one, S.RUNNING)


@transaction.atomic
def stop_import(pk: int, *, actor: User, at: datetime) -> LeadImport:
    """Stop for good and keep what is in. A check that is stopped is to be mapped."""
    one = in_state(pk, (S.CHECKING, S.RUNNING, S.PAUSED), actor)
    if one.state == S.CHECKING:
        return to_state(one, S.UPLOADED)
    one.finished_at = at
    return to_state(one, S.CANCELLED)


@transaction.atomic
def discard_import(pk: int, *, actor: User) -> None:
    """Forget a file that never ran, rows and all."""
    one = in_state(pk, (S.UPLOADED, S.CHECKED, S.FAILED), actor)
    path = path_of(one)
    one.rows.all()._raw_delete("default")
    one.chunks.all()._raw_delete("default")
    one.delete()
    if one.stored:
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


def in_state(pk: int, states: Collection[str], actor: User) -> LeadImport:
    """Return the import, locked, in one of `states`; raise NotAllowed, NotFound, Refused."""
    require_right(actor)
    one = locked(pk)
    if one.state not in states:
        raise Refused(NOT_NOW % {"state": S(one.state).label}, code="not_now")
    return one


def to_state(one: LeadImport, state: ImportState) -> LeadImport:
    """Write the state of a locked import and wake the job that goes on with it."""
    one.state = state
    one.leased_until = None
    one.save()
    if state in AT_WORK:
        ring(WORK)
    return one
