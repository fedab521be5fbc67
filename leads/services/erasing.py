"""One person is erased: everything that tells who it was goes, every figure stays.

Leads, transitions, touches and deals keep their places in time, stage, source and campaign, so that
no figure of a past month changes; names, addresses, words and outside ids are gone, from the record
as from its history. The erasure itself is kept, without telling whom it was about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pgtrigger
import structlog
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from leads.enums import Cause, CloseReason, Disposition, LifecycleStage
from leads.models import Contact, ContactExternalId, Erasure, Lead
from leads.moving import Move
from leads.rules import keeps_person_data
from leads.selectors.canonical import united_ids
from leads.services.erasing_steps import Person, scrub_files, scrub_notices, scrub_record
from leads.services.erasing_uploads import scrub_uploads
from leads.services.erasure_list import note_erased
from leads.services.merging import lock_open_leads
from leads.services.moves import move_leads
from leads.services.objecting import stop_marketing
from leads.services.sweeping import sweep
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused
from smarketing.registry import erasure_steps

CLOSING_NOTE = "The person was erased."
LONGEST_REASON = 200

log = structlog.get_logger(__name__)


def erase_person(contact_id: int, *, actor: User | None, reason: str, at: datetime) -> Erasure:
    """Erase the person behind `contact_id`, merged rows included; return the note of it.

    Raises NotAllowed, NotFound, BadInput without a reason, Refused for one who is erased already.
    """
    (erasure,) = erase_people([contact_id], actor=actor, reason=reason, at=at)
    return erasure


def erase_people(
    contact_ids: Iterable[int], *, actor: User | None, reason: str, at: datetime
) -> list[Erasure]:
    """Erase the people behind `contact_ids` as `erase_person` does, all or none of them.

    Open leads are closed first, open deals are lost. The e-mails and outside ids go onto the
    erasure list. One transaction; the number of statements grows with neither the people nor their
    rows, but for what upper floors do for each. Without an actor (retention) no right is asked.
    """
    if actor is not None and not keeps_person_data(standing(actor)):
        raise NotAllowed(_("Your role does not include erasures."))
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise BadInput(_("Say why, in up to 200 characters."), fields={"reason": [_("Say why.")]})
    with transaction.atomic():
        person = _locked(contact_ids)
        stop_marketing(person.contact_ids, at=at)
        _close_leads(person, at)
        note_erased(person.emails, person.keys, at=at)
        with protection_lifted():
            touched = scrub_record(person, at=at)
            touched += scrub_uploads(person.emails, [key for _system, key in person.keys])
            touched += scrub_notices(person) + scrub_files(at=at)
            touched += sum(step.erase(person.heads, at) for step in erasure_steps)
            touched += sweep(person.emails)
        erasures = Erasure.objects.bulk_create(
            Erasure(contact_id=pk, actor=actor, reason=reason, at=at,
                    rows_touched=touched // len(person.heads))
            for pk in person.heads
        )  # fmt: skip
    log.info("erasure", people=len(person.heads), rows=touched)
    return erasures


def _locked(contact_ids: Iterable[int]) -> Person:
    """Lock the people, their open leads before them as the gate does."""
    people = united_ids(contact_ids)
    ids = sorted({pk for rows in people.values() for pk in rows})
    lock_open_leads(ids)
    locked = Contact.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    rows = list(locked.defer("search").order_by("id"))
    if not rows or len(rows) < len(ids):
        raise NotFound(_("There is no such contact."))
    if any(row.erased_at is not None for row in rows):
        raise Refused(_("This person was erased already."), code="already_erased")
    keys = ContactExternalId.objects.filter(contact_id__in=ids)
    leads = Lead.objects.filter(contact_id__in=ids).order_by("id")
    return Person(
        heads=sorted({rows[0] for rows in people.values()}),
        contact_ids=ids,
        lead_ids=list(leads.values_list("id", flat=True)),
        emails=[row.email for row in rows if row.email],
        names=[row.name for row in rows if row.given_name and row.family_name],
        keys=list(keys.values_list("system", "external_id")),
    )


def _close_leads(person: Person, at: datetime) -> None:
    """Close what is open: nobody works on a lead that nobody is behind."""
    rows = Lead.objects.open().filter(pk__in=person.lead_ids).order_by("id")
    moves = [
        Move(
            lead_id=pk,
            disposition=Disposition.LOST
            if stage == LifecycleStage.OPPORTUNITY
            else Disposition.DISQUALIFIED,
            reason=CloseReason.OTHER.value,
            note=CLOSING_NOTE,
            cause=Cause.RULE,
        )
        for pk, stage in rows.values_list("pk", "stage")
    ]
    if moves:
        move_leads(moves, at=at)


@contextmanager
def protection_lifted() -> Iterator[None]:
    """Let this transaction rewrite history, and write no history of what it removes."""
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('smarketing.erasure', 'on', true)")
        yield
        cursor.execute("SELECT set_config('smarketing.erasure', '', true)")
