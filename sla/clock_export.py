"""Clocks as a file: the rows of the page, in its order, with the state of the same instant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leads.filters import organisation_zone
from leads.sheets import Cell, csv_rows
from sla.models import Clock
from sla.selectors.clocks import shown
from sla.wording import holder_words, promise_words

BATCH = 2_000
MINUTE = timedelta(minutes=1)


def csv_of(rows: QuerySet[Clock], at: datetime) -> Iterator[bytes]:
    """Return head and rows as CSV, in batches; instants in the organisation's zone."""
    zone: ZoneInfo = organisation_zone()
    yield csv_rows([head()], zone)
    found = rows.iterator(chunk_size=BATCH)
    while some := list(islice(found, BATCH)):
        yield csv_rows([cells(clock, at) for clock in some], zone)


def head() -> list[str]:
    """Return the names of the columns."""
    return [
        _("Clock"), _("Lead"), _("Contact"), _("Company"), _("Who promises"), _("Commitment"),
        _("Holder"), _("State"), _("Started"), _("Due"), _("Stopped"), _("Late (business minutes)"),
        _("Held (business minutes)"),
    ]  # fmt: skip


def cells(clock: Clock, at: datetime) -> Sequence[Cell]:
    """Return one row; `at` is the instant at which its state holds."""
    contact = clock.lead.contact
    return [
        clock.pk,
        clock.lead_id,
        contact.name,
        str(contact.company or ""),
        str(clock.commitment.get_side_display()),
        promise_words(clock.commitment),
        holder_words(clock),
        str(shown(clock, at).state.label),
        clock.started_at,
        clock.due_at,
        clock.stopped_at,
        None if clock.lateness is None else clock.lateness // MINUTE,
        clock.held // MINUTE,
    ]
