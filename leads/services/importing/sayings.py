"""What a row tells beside its lead: the touch that brought the person, a yes or no to mails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from leads.enums import ConsentPurpose, TouchKind
from leads.mapping.shape import CONSENT_FIELDS, TOUCH_FIELDS, UTM_FIELDS
from leads.models import Consent, Touch
from leads.row_results import RowProblem, RowVerdict
from leads.services.copying import Copier, or_null, quoted, stamp
from leads.services.importing.arrivals import Arrival
from leads.services.importing.session import ImportSession
from leads.services.objecting import stop_marketing

# By this name a file's touches are known again.
OUTSIDE_ID = "import"
TOUCHES = Copier(
    Touch, "contact_id", "kind", "campaign_id", "source_id", *UTM_FIELDS, "outside_id",
    "occurred_at", "recorded_at",
)  # fmt: skip
CONSENTS = Copier(
    Consent, "contact_id", "purpose", "given", "text", "text_version", "at", "through",
    "recorded_by_id",
)  # fmt: skip
WITHDRAWN = _("The person has said no since; a yes without a date does not change that.")
Key = tuple[int, str, datetime]


def write_touches(arrivals: Sequence[Arrival], session: ImportSession, at: datetime) -> None:
    """Write the touch of each row that tells one, each once; at most two statements.

    Without a date of its own it happened when the lead's story began, else now; a known lead gets
    only touches with a date, so that the same file twice adds none.
    """
    if not session.mapping.tells(*TOUCH_FIELDS):
        return
    telling = [one for one in arrivals if _tells_touch(one)]
    known = _known_touches(one.person.id for one in telling if not one.person.is_new)
    lines = []
    for one in telling:
        key = (one.person.id, _kind(one), _occurred_at(one) or at)
        if key in known:
            continue
        known.add(key)
        lines.append(_touch_line(one, key, at))
        one.add_to_known()
    TOUCHES.write(lines)


def _tells_touch(one: Arrival) -> bool:
    values = one.row.values
    told = "touch" in values or any(name in values for name in UTM_FIELDS)
    is_new = one.verdict is RowVerdict.CREATED
    return told and (is_new or _occurred_at(one) is not None)


def _kind(one: Arrival) -> str:
    return one.row.values.get("touch", TouchKind.OTHER.value)


def _occurred_at(one: Arrival) -> datetime | None:
    return one.row.touch_at or next((each for each in one.row.instants if each), None)


def _known_touches(contact_ids: Iterable[int]) -> set[Key]:
    ids = sorted(set(contact_ids))
    if not ids:
        return set()
    rows = Touch.objects.filter(contact_id__in=ids, outside_id=OUTSIDE_ID)
    return set(rows.values_list("contact_id", "kind", "occurred_at"))


def _touch_line(one: Arrival, key: Key, at: datetime) -> str:
    contact_id, kind, occurred_at = key
    told = one.row.values.get
    return TOUCHES.line % (
        contact_id,
        kind,
        or_null(one.meant.campaign),
        or_null(one.meant.source),
        *(quoted(told(name, "")) for name in UTM_FIELDS),
        OUTSIDE_ID,
        stamp(occurred_at),
        stamp(at),
    )


def write_consents(arrivals: Sequence[Arrival], session: ImportSession, at: datetime) -> None:
    """Write each yes or no that is news; at most two statements.

    What is said without a date is said now, and a yes never overrules a known no that way.
    """
    if not session.mapping.tells(*CONSENT_FIELDS):
        return
    telling = [one for one in arrivals if one.row.consent is not None]
    known = _known_consents({one.person.id for one in telling if not one.person.is_new})
    by = or_null(session.actor.pk if session.actor else None)
    lines = []
    for one in telling:
        said = known.setdefault(one.person.id, {})
        if _is_news(one, said, session.mapping.column_of("consent") or "consent"):
            said[one.row.consent_at or at] = bool(one.row.consent)
            lines.append(_consent_line(one, by, at))
            one.add_to_known()
    CONSENTS.write(lines)
    stop_marketing((pk for pk, told in known.items() if told and not told[max(told)]), at=at)


def _is_news(one: Arrival, said: dict[datetime, bool], column: str) -> bool:
    row, newest = one.row, said[max(said)] if said else None
    if row.consent_at is not None:
        return said.get(row.consent_at) is not row.consent
    if row.consent and newest is False:
        row.warnings.append(RowProblem(column, "consent_withdrawn", str(WITHDRAWN)))
        return False
    return newest is not row.consent


def _known_consents(contact_ids: Iterable[int]) -> dict[int, dict[datetime, bool]]:
    ids = sorted(contact_ids)
    known: dict[int, dict[datetime, bool]] = {}
    if ids:
        rows = Consent.objects.filter(contact_id__in=ids, purpose=ConsentPurpose.MARKETING)
        for contact_id, at, given in rows.order_by("id").values_list("contact_id", "at", "given"):
            known.setdefault(contact_id, {})[at] = given
    return known


def _consent_line(one: Arrival, by: object, at: datetime) -> str:
    told = one.row.values.get
    return CONSENTS.line % (
        one.person.id,
        ConsentPurpose.MARKETING.value,
        "t" if one.row.consent else "f",
        quoted(told("consent_text", "")),
        quoted(told("consent_version", "")),
        stamp(one.row.consent_at or at),
        quoted(told("captured_through", "import")),
        by,
    )
