"""Touches enter here: what people outside did, many at once, each once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from leads.enums import TouchKind
from leads.models import Contact, Touch
from leads.services.scoring import score_contacts
from leads.signals import touches_recorded
from smarketing.errors import BadInput

NO_CONTACT = _("There is no contact %(contact)s.")
IN_THE_FUTURE = _("A touch on %(when)s lies in the future.")
NEXT_IDS_SQL = (
    "SELECT nextval(pg_get_serial_sequence('leads_touch', 'id')) FROM generate_series(1, %s)"
)


@dataclass(frozen=True, kw_only=True)
class TouchFacts:
    """One interaction. Without `occurred_at` it happened now.

    A sender that may repeat itself names its event in `outside_id`; without one, every telling is a
    touch of its own. `contact_id` 0 is for captures, which find the contact themselves.
    """

    kind: TouchKind
    contact_id: int = 0
    occurred_at: datetime | None = None
    campaign_id: int | None = None
    source_id: int | None = None
    asset_id: int | None = None
    detail: str = ""
    url: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_term: str = ""
    utm_content: str = ""
    outside_id: str = ""


PLAIN = [one.name for one in fields(TouchFacts) if one.name != "occurred_at"]


@transaction.atomic
def record_touches(touches: Sequence[TouchFacts], *, at: datetime) -> list[Touch]:
    """Record `touches`, all or none, and return those that were new.

    A touch that is known by (instant, contact, kind, outside id) is left as it is. The open leads
    of the people touched are scored in the same transaction, and where the setting says so a hot
    touch ends nurturing. Raises BadInput for an unknown contact and for an instant after `at`. The
    number of statements does not grow with the list.
    """
    _refuse_unknown(touches)
    new = store_touches(touches, at=at)
    score_contacts({touch.contact_id for touch in new}, at=at)
    if new:
        touches_recorded.send(sender=Touch, touches=new, at=at)
    return new


def store_touches(touches: Sequence[TouchFacts], *, at: datetime) -> list[Touch]:
    """Write the rows alone and return the new ones; for captures, which score their leads anew."""
    for touch in touches:
        if touch.occurred_at is not None and touch.occurred_at > at:
            message = IN_THE_FUTURE % {"when": f"{touch.occurred_at:%Y-%m-%d %H:%M} UTC"}
            raise BadInput(message, fields={"occurred_at": [message]}, code="in_the_future")
    if not touches:
        return []
    rows = [
        Touch(
            pk=pk,
            occurred_at=one.occurred_at or at,
            recorded_at=at,
            **{name: getattr(one, name) for name in PLAIN},
        )
        for pk, one in zip(_next_ids(len(touches)), touches, strict=True)
    ]
    Touch.objects.bulk_create(rows, ignore_conflicts=True)
    kept = set(_kept(rows))
    return [row for row in rows if row.pk in kept]


def _next_ids(count: int) -> list[int]:
    """Take ids beforehand: a row that finds its like stored already is known by its missing id."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_IDS_SQL, [count])
        return [pk for (pk,) in cursor.fetchall()]


def _kept(rows: Sequence[Touch]) -> Iterable[int]:
    instants = {row.occurred_at for row in rows}
    return Touch.objects.filter(
        pk__in=[row.pk for row in rows],
        occurred_at__range=(min(instants), max(instants)),  # names the partitions
    ).values_list("pk", flat=True)


def _refuse_unknown(touches: Iterable[TouchFacts]) -> None:
    wanted = {touch.contact_id for touch in touches}
    missing = wanted - set(Contact.objects.filter(id__in=wanted).values_list("id", flat=True))
    if missing:
        message = NO_CONTACT % {"contact": min(missing)}
        raise BadInput(message, fields={"contact": [message]}, code="unknown_contact")
