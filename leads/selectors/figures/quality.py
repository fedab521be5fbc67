"""How complete the record is: what is known of open leads, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q

from leads.enums import Disposition
from leads.lifecycle import STAGES
from leads.models import Contact
from leads.querysets import LeadFactQuerySet
from leads.selectors.duplicates import LAST_ID, OF_ALL, WINDOW
from leads.selectors.figures.cut import ENTERED

OPEN = Q(disposition=Disposition.OPEN)
RATE, DUPLICATE = "rate", "duplicate"
# More pairs than the newest contacts can make: three others for each of three reasons.
ALL_PAIRS = WINDOW * 9


@dataclass(frozen=True)
class Known:
    """Of how many leads something is known, and of how many it is missing."""

    have: int
    missing: int


def _dated() -> Q:
    found = Q()
    for stage in STAGES:
        found |= Q(stage=stage, **{f"{ENTERED[stage]}__isnull": False})
    return found


def has_phone() -> Exists:
    """Return the condition that the person has a telephone number."""
    return Exists(Contact.objects.filter(pk=OuterRef("contact_id")).exclude(phone=""))


# What is asked of open leads.
ASKED: Mapping[str, Q] = {
    "company": Q(company__isnull=False),
    "country": ~Q(region=""),
    "phone": Q(has_phone=True),
    "source": Q(source__isnull=False),
    "persona": Q(persona__isnull=False),
    "owner": Q(owner__isnull=False),
    "dates": _dated(),
}


def quality(facts: LeadFactQuerySet) -> dict[str, Known]:
    """Return what is known now (balance), by what is asked; two statements.

    Of open leads each of `ASKED`, and that they propose no duplicate (`DUPLICATE`); of customers
    that their first win has a rate (`RATE`).
    """
    parts = {key: _parts(key) for key in (*ASKED, RATE)}
    parts[DUPLICATE] = _parts(DUPLICATE, proposed_contacts())
    counts = {
        f"{key}_{place}": Count("pk", filter=part)
        for key, both in parts.items()
        for place, part in enumerate(both)
    }
    found = facts.annotate(has_phone=has_phone()).filter(_looked_at()).aggregate(**counts)
    return {key: Known(found[f"{key}_0"], found[f"{key}_1"]) for key in parts}


def that_have(facts: LeadFactQuerySet, key: str, *, missing: bool) -> LeadFactQuerySet:
    """Return those of `facts` of which what `key` asks is known, or those of which it is not."""
    proposed = proposed_contacts() if key == DUPLICATE else frozenset()
    have, lack = _parts(key, proposed)
    return facts.annotate(has_phone=has_phone()).filter(lack if missing else have)


def proposed_contacts() -> frozenset[int]:
    """Return the contacts that may be another one, of the newest 2 000 and their likes; one
    statement."""
    with connection.cursor() as cursor:
        cursor.execute(OF_ALL, {"before": LAST_ID, "window": WINDOW, "most": ALL_PAIRS})
        return frozenset(pk for one, two, _why in cursor.fetchall() for pk in (one, two))


def _parts(key: str, proposed: frozenset[int] = frozenset()) -> tuple[Q, Q]:
    """Return the conditions that what `key` asks is known, and that it is missing."""
    if key == RATE:
        won = Q(disposition=Disposition.WON)
        return won & Q(revenue_cents__isnull=False), won & Q(lacks_rate=True)
    if key == DUPLICATE:
        # An empty list would empty the whole answer; no contact has the number 0.
        like = Q(contact_id__in=proposed or {0})
        return OPEN & ~like, OPEN & like
    return OPEN & ASKED[key], OPEN & ~ASKED[key]


def _looked_at() -> Q:
    return Q(disposition__in=(Disposition.OPEN, Disposition.WON))
