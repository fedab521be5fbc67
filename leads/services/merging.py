"""Merges: two contacts, or two open leads of one contact, become one without moving history.

The loser keeps its rows and points to the winner; reads unite (`leads.selectors.canonical`). What
it takes to go back is kept for 30 days (`leads.services.unmerging`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from leads.enums import CloseReason, Disposition
from leads.merging import CONTACT_FIELDS, LEAD_FIELDS, merge_fields, values_of, write_value
from leads.models import Contact, Lead, Merge, Opportunity
from leads.models.opportunities import DealState
from leads.moving import Move
from leads.selectors.canonical import contact_ids_of, united_ids
from leads.services.indexing import index_people
from leads.services.moves import move_leads
from leads.services.objecting import stop_marketing
from leads.services.scoring import score_contacts
from smarketing.errors import NotFound, Refused

SAME = gettext_lazy("Choose two different ones to merge.")
GONE = gettext_lazy("One of the two is not there any more.")
ALREADY_MERGED = gettext_lazy("%(name)s has been merged into another contact already.")
TWO_IDENTIFIED = gettext_lazy("Two people who are both known by an identity are merged by hand.")
CHANGED = gettext_lazy("%(name)s has changed since you looked. Compare again, then merge.")
NOT_OPEN = gettext_lazy("Only open leads are merged; this one is closed.")
TWO_PEOPLE = gettext_lazy("These leads belong to two contacts. Merge the contacts instead.")
OPEN_DEAL = gettext_lazy(
    "The lead that would close has an open deal. Keep that one, or end the deal first."
)


@dataclass(frozen=True)
class Pair:
    """An open lead that repeats another of the same product line: it closes into `winner_id`."""

    winner_id: int
    loser_id: int


@transaction.atomic
def merge_contacts(
    winner_id: int,
    loser_id: int,
    *,
    actor: User | None,
    at: datetime,
    choices: Mapping[str, str] | None = None,
    expected: tuple[int, int] | None = None,
) -> Merge:
    """Make one person of two contacts; `choices` settles conflicts field by field.

    `expected` holds the versions of winner and loser that the person compared. Raises Refused,
    having changed nothing: the same one, one merged already, changed meanwhile, two identified
    people without an actor, an open deal on the lead that would close, or what the gate refuses.
    """
    lock_open_leads((winner_id, loser_id))
    winner, loser = _locked_contacts(winner_id, loser_id)
    _refuse_contacts(winner, loser, actor, expected)
    bent = list(Contact.objects.filter(merged_into=loser).values_list("id", flat=True))
    pairs = repeated_leads(winner.pk, loser.pk)
    closed = _close_leads(pairs, winner.name, actor, at)
    before = _write_contacts(winner, loser, choices)
    Contact.objects.filter(id__in=bent).update(merged_into=winner)
    before |= {"bent": bent, **closed}
    index_people([winner.pk])
    merge = Merge.objects.create(
        winner=winner, loser=loser, before=before, actor=actor, merged_at=at
    )
    if winner.no_marketing_since or loser.no_marketing_since:
        stop_marketing([winner.pk], at=at)  # what one row knows, the person said
    score_contacts([winner.pk], at=at)
    return merge


@transaction.atomic
def merge_leads(
    winner_id: int,
    loser_id: int,
    *,
    actor: User | None,
    at: datetime,
    choices: Mapping[str, str] | None = None,
) -> Merge:
    """Make one cycle of two open leads of one person: the loser closes as MERGED into the winner.

    Raises Refused, having changed nothing, for leads that are closed, of two people, or where the
    loser has an open deal; and what the gate refuses.
    """
    winner, loser = _locked_leads(winner_id, loser_id)
    closed = _close_leads([Pair(winner.pk, loser.pk)], winner.contact.name, actor, at)
    fields = merge_fields(values_of(winner, LEAD_FIELDS), values_of(loser, LEAD_FIELDS), choices)
    before = _take_over(winner, [one for one in fields if _fits(one.name, one.result, winner)])
    merge = Merge.objects.create(
        winner_lead=winner, loser_lead=loser, before={**before, **closed}, actor=actor, merged_at=at
    )
    score_contacts([winner.contact_id], at=at)
    return merge


def repeated_leads(winner_id: int, loser_id: int) -> list[Pair]:
    """Return the open leads of the loser's person that repeat one of the winner's, by line."""
    ours = _open_by_line(contact_ids_of(winner_id))
    theirs = _open_by_line(contact_ids_of(loser_id))
    return [Pair(ours[line], theirs[line]) for line in theirs if line in ours]


def _open_by_line(contact_ids: Sequence[int]) -> dict[int | None, int]:
    rows = Lead.objects.open().filter(contact_id__in=contact_ids).order_by("-id")
    return dict(rows.values_list("product_line_id", "id"))


def lock_open_leads(contact_ids: Iterable[int]) -> None:
    """Lock the open leads of these people in id order: leads before contacts, as the gate does."""
    ids = {pk for people in united_ids(contact_ids).values() for pk in people}
    rows = Lead.objects.open().filter(contact_id__in=ids).order_by("id")
    list(rows.select_for_update(of=("self",)).values_list("id"))


def _locked_contacts(winner_id: int, loser_id: int) -> tuple[Contact, Contact]:
    """Lock both in id order, so that two merges never wait for each other."""
    if winner_id == loser_id:
        raise Refused(SAME, code="same_contact")
    rows = Contact.objects.select_for_update(of=("self",)).defer("search").order_by("id")
    found = {row.pk: row for row in rows.filter(id__in=(winner_id, loser_id))}
    if len(found) != 2:  # noqa: PLR2004  # two were asked for
        raise NotFound(GONE)
    return found[winner_id], found[loser_id]


def _refuse_contacts(
    winner: Contact, loser: Contact, actor: User | None, expected: tuple[int, int] | None
) -> None:
    for row in (winner, loser):
        if row.merged_into_id is not None:
            raise Refused(ALREADY_MERGED % {"name": row.name}, code="already_merged")
    if actor is None and is_identified(winner) and is_identified(loser):
        raise Refused(TWO_IDENTIFIED, code="two_identified")
    for row, version in zip((winner, loser), expected or (), strict=False):
        if row.version != version:
            raise Refused(CHANGED % {"name": row.name}, code="changed_meanwhile")


def is_identified(contact: Contact) -> bool:
    """Tell whether an e-mail or an id of another system says who this is."""
    return bool(contact.email) or contact.external_ids.exists()


def _locked_leads(winner_id: int, loser_id: int) -> tuple[Lead, Lead]:
    if winner_id == loser_id:
        raise Refused(SAME, code="same_lead")
    rows = Lead.objects.select_for_update(of=("self",)).select_related("contact").order_by("id")
    found = {row.pk: row for row in rows.filter(id__in=(winner_id, loser_id))}
    if len(found) != 2:  # noqa: PLR2004  # two were asked for
        raise NotFound(GONE)
    winner, loser = found[winner_id], found[loser_id]
    if not (winner.position.is_open and loser.position.is_open):
        raise Refused(NOT_OPEN, code="not_open")
    if loser.contact_id not in contact_ids_of(winner.contact_id):
        raise Refused(TWO_PEOPLE, code="two_people")
    return winner, loser


def _close_leads(
    pairs: Sequence[Pair], name: str, actor: User | None, at: datetime
) -> dict[str, Any]:
    """Close the repeated leads through the gate; return what an undo needs to know of them."""
    losers = [pair.loser_id for pair in pairs]
    if Opportunity.objects.filter(lead_id__in=losers, state=DealState.OPEN).exists():
        raise Refused(OPEN_DEAL, code="open_deal")
    if not pairs:
        return {"leads": [], "bent_leads": {}}
    was = list(
        Lead.objects.filter(id__in=losers).values("id", "owner_id", "queue_id", "returned_at")
    )
    note = _("Merged with %(name)s.") % {"name": name}
    outcome = move_leads([_closing(pair, actor, note) for pair in pairs], at=at)
    bent = _bend_leads(pairs)
    closed = {row.lead_id: row.pk for row in outcome.transitions}
    leads = [
        {**row, "transition": closed[row["id"]], "returned_at": _text(row["returned_at"])}
        for row in was
    ]
    return {"leads": leads, "bent_leads": bent}


def _bend_leads(pairs: Sequence[Pair]) -> dict[str, list[int]]:
    """Point what was merged into the losers to the winners; return what pointed where."""
    heirs = {pair.loser_id: pair.winner_id for pair in pairs}
    bent: dict[str, list[int]] = {}
    earlier = list(Lead.objects.filter(merged_into_id__in=heirs).order_by("id"))
    for lead in earlier:
        bent.setdefault(str(lead.merged_into_id), []).append(lead.pk)
        lead.merged_into_id = heirs[lead.merged_into_id or 0]
    if earlier:
        Lead.objects.bulk_update(earlier, ["merged_into"])
    return bent


def _closing(pair: Pair, actor: User | None, note: str) -> Move:
    return Move(
        lead_id=pair.loser_id,
        disposition=Disposition.MERGED,
        reason=CloseReason.DUPLICATE,
        note=note,
        actor=actor,
        merged_into_id=pair.winner_id,
    )


def _text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _write_contacts(
    winner: Contact, loser: Contact, choices: Mapping[str, str] | None
) -> dict[str, Any]:
    """Fill the winner and point the loser to it; an e-mail that is taken over leaves the loser."""
    fields = merge_fields(
        values_of(winner, CONTACT_FIELDS), values_of(loser, CONTACT_FIELDS), choices
    )
    email = next(one for one in fields if one.name == "email")
    loser.merged_into = winner
    loser.version += 1
    if email.changes_winner:
        Contact.objects.filter(pk=loser.pk).update(email=None)
        loser.email = None
    before = _take_over(winner, fields)
    if email.changes_winner:
        loser.email = email.winner  # the addresses change places: both still lead here
        before["loser_email"] = email.loser
    loser.save(update_fields=["merged_into", "version", "email"])
    return before


def _fits(name: str, value: Any, winner: Lead) -> bool:
    """Tell whether a lead may take a value: a product line only where no other open lead has it."""
    if name != "product_line_id" or value == winner.product_line_id:
        return True
    others = Lead.objects.open().filter(contact_id__in=contact_ids_of(winner.contact_id))
    return not others.exclude(pk=winner.pk).filter(product_line_id=value).exists()


def _take_over(winner: Contact | Lead, fields: Sequence[Any]) -> dict[str, Any]:
    """Write what the winner takes from the loser; return how it was and how it became."""
    taken = [one for one in fields if one.changes_winner]
    for one in taken:
        write_value(winner, one.name, one.result)
    winner.version += 1
    columns = {"attributes" if "." in one.name else one.name for one in taken}
    winner.save(update_fields=[*columns, "version"])
    return {
        "values": {one.name: one.winner for one in taken},
        "became": {one.name: one.result for one in taken},
    }
