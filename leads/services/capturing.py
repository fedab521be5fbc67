"""Captures of outside sources: many at once, each with a result of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.enums import Cause, LifecycleStage
from leads.models import CaptureReceipt
from leads.moving import Step
from leads.services.catalogue import Catalogue, add_missing, catalogue_of
from leads.services.consents import ConsentFacts, record_consents
from leads.services.contacts import ContactFacts
from leads.services.opening import Capture, Opened, open_leads
from leads.services.proposals import Told, propose_changes
from leads.services.receipts import Claims, claim_keys, keep_receipts
from leads.services.touches import IN_THE_FUTURE, TouchFacts

MOST = 500
NAMED = ("source", "campaign", "product_line")
UNKNOWN_NAME = _("There is none of this name: “%(name)s”.")
KEY_REUSED = _("This key was used for another capture. Send a new one.")
# Not refused as a capture: the person and the touch are in, only no lead began.
STAYS_PROSPECT = "criteria_missing"


class Verdict(TextChoices):
    """What became of one capture."""

    BEGUN = "begun", _("A lead has begun")
    KNOWN = "known", _("The open lead got the touch")
    PROSPECT = "prospect", _("The person is a prospect")
    REFUSED = "refused", _("Refused")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One capture as it is told: catalogue by name, an optional key of the sender's own."""

    contact: ContactFacts
    touch: TouchFacts
    source: str = ""
    campaign: str = ""
    product_line: str = ""
    consent: ConsentFacts | None = None
    key: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of one capture; `again`: it was told by a key that had been used for it."""

    verdict: Verdict
    contact_id: int | None = None
    lead_id: int | None = None
    again: bool = False
    code: str = ""
    message: Any = ""
    fields: dict[str, list[Any]] = field(default_factory=dict)


@transaction.atomic
def capture_all(items: Sequence[Item], *, sender: User, at: datetime) -> list[Result]:
    """Take in each of `items`, place by place; one that is refused leaves the others alone.

    A contact's known values stay: what differs becomes a proposed change. A key that was used
    before gives the first result again. The number of statements does not grow with the list.
    """
    results: list[Result | None] = [None] * len(items)
    asked: dict[str, str] = {}
    for one in items:
        if one.key:
            asked.setdefault(one.key, one.fingerprint)
    claims = claim_keys(sender, asked, at=at)
    names = catalogue_of(**{kind: [getattr(one, kind) for one in items] for kind in NAMED})
    first: dict[str, int] = {}
    for place, one in enumerate(items):
        if one.key and first.setdefault(one.key, place) != place:
            continue
        results[place] = _replayed(one, claims) or _refused(one, names, at)
    fresh = [
        place
        for place, one in enumerate(items)
        if results[place] is None and first.get(one.key, place) == place
    ]
    _take_in(items, fresh, results, names, sender, at)
    _keep(items, results, first, claims)
    return [
        _repeated(items[place], results[first[items[place].key]], asked) if one is None else one
        for place, one in enumerate(results)
    ]


def _replayed(one: Item, claims: Claims) -> Result | None:
    known = claims.known.get(one.key) if one.key else None
    if known is None:
        return None
    if known.fingerprint != one.fingerprint:
        return _reused()
    return Result(
        verdict=Verdict(known.verdict),
        contact_id=known.contact_id,
        lead_id=known.lead_id,
        again=True,
    )


def _reused() -> Result:
    fields = {"key": [KEY_REUSED]}
    return Result(verdict=Verdict.REFUSED, code="key_reused", message=KEY_REUSED, fields=fields)


def _repeated(one: Item, told: Result | None, asked: dict[str, str]) -> Result:
    """Return the result of a key's second telling in one list."""
    assert told is not None  # noqa: S101  # the first telling of the key stands before it
    return _reused() if one.fingerprint != asked[one.key] else replace(told, again=True)


def _refused(one: Item, names: Catalogue, at: datetime) -> Result | None:
    fields: dict[str, list[Any]] = {}
    for kind in ("campaign", "product_line"):
        name = getattr(one, kind)
        if name and names.find(kind, name) is None:
            fields[kind] = [UNKNOWN_NAME % {"name": name[:80]}]
    if one.touch.occurred_at is not None and one.touch.occurred_at > at:
        when = f"{one.touch.occurred_at:%Y-%m-%d %H:%M} UTC"
        fields["occurred_at"] = [IN_THE_FUTURE % {"when": when}]
    if not fields:
        return None
    code = "in_the_future" if set(fields) == {"occurred_at"} else "unknown_name"
    message = next(iter(fields.values()))[0]
    return Result(verdict=Verdict.REFUSED, code=code, message=message, fields=fields)


def _take_in(  # noqa: PLR0917  # one step of `capture_all`
    items: Sequence[Item],
    fresh: Sequence[int],
    results: list[Result | None],
    names: Catalogue,
    sender: User,
    at: datetime,
) -> None:
    taken = [items[place] for place in fresh]
    add_missing(names, "source", [one.source for one in taken])
    captures = [_capture(one, names, sender) for one in taken]
    if not captures:
        return
    opened = open_leads(captures, actor=sender, at=at, apply_rest=True)
    told = _results(opened)
    for place, result in zip(fresh, told, strict=True):
        results[place] = result
    inside = [(one, r.contact_id) for one, r in zip(taken, told, strict=True) if r.contact_id]
    propose_changes([Told(contact_id=pk, facts=one.contact) for one, pk in inside], at=at)
    said = [replace(one.consent, contact_id=pk) for one, pk in inside if one.consent]
    record_consents(said, through="api", by=sender, at=at)


def _capture(one: Item, names: Catalogue, sender: User) -> Capture:
    found: dict[str, Any] = {f"{kind}_id": names.find(kind, getattr(one, kind)) for kind in NAMED}
    step = Step(to_stage=LifecycleStage.LEAD, actor=sender, cause=Cause.API)
    return Capture(contact=one.contact, steps=(step,), touch=one.touch, **found)


def _results(opened: Opened) -> list[Result]:
    refusals = {refusal.index: refusal for refusal in opened.refusals}
    results = []
    for place, (lead, contact_id) in enumerate(zip(opened.leads, opened.contact_ids, strict=True)):
        refusal = refusals.get(place)
        if refusal is None and lead is not None:
            verdict = Verdict.KNOWN if place in opened.existing else Verdict.BEGUN
            results.append(Result(verdict=verdict, contact_id=contact_id, lead_id=lead.pk))
        elif refusal is not None and refusal.code == STAYS_PROSPECT:
            results.append(Result(verdict=Verdict.PROSPECT, contact_id=contact_id))
        elif refusal is not None:
            results.append(
                Result(verdict=Verdict.REFUSED, code=refusal.code, message=refusal.message)
            )
    return results


def _keep(
    items: Sequence[Item], results: Sequence[Result | None], first: dict[str, int], claims: Claims
) -> None:
    rows: list[CaptureReceipt] = []
    for key, row in claims.own.items():
        result = results[first[key]]
        if result is not None and result.verdict is not Verdict.REFUSED:
            row.verdict = result.verdict
            row.contact_id, row.lead_id = result.contact_id, result.lead_id
        rows.append(row)
    keep_receipts(rows)
