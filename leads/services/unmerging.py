"""A merge taken back: within 30 days, by whoever may merge, with everything as it was.

What somebody has changed on the winner since stays: only what the merge itself wrote goes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from leads.merging import is_undoable, values_of, write_value
from leads.models import Contact, Lead, Merge
from leads.services.indexing import index_people
from leads.services.merging import lock_open_leads
from leads.services.reopening import Merged, reopen_merged
from leads.services.scoring import score_contacts
from smarketing.errors import NotFound, Refused

GONE = _("There is no such merge.")
ALREADY_UNDONE = _("%(who)s has undone this merge on %(when)s.")
TOO_LATE = _("A merge can be undone for 30 days; this one was made on %(when)s.")
MERGED_ON = _("%(name)s has been merged into another one since. Undo that merge first.")
EMAIL_TAKEN = _("%(email)s belongs to another contact now, so %(name)s cannot have it back.")
LINE_TAKEN = _("Another open lead of this contact has the same product line now.")


@transaction.atomic
def undo_merge(merge_id: int, *, actor: User, at: datetime) -> Merge:
    """Take a merge back and return it. Raises Refused, having changed nothing: undone already, 30
    days are over, the winner was merged on, an address or a product line is taken meanwhile.
    Raises NotFound for whoever does not see the winner."""
    merge = Merge.objects.select_for_update(of=("self",)).filter(pk=merge_id).first()
    if merge is None or not _sees(actor, merge):
        raise NotFound(GONE)
    _refuse(merge, at)
    if merge.winner_id is not None and merge.loser_id is not None:
        _part_contacts(merge, merge.winner_id, merge.loser_id)
    else:
        _part_leads(merge)
    _reopen(merge, actor, at)
    merge.undone_at, merge.undone_by = at, actor
    merge.save(update_fields=["undone_at", "undone_by"])
    score_contacts(_people(merge), at=at)
    return merge


def _sees(actor: User, merge: Merge) -> bool:
    """Tell whether `actor` sees what the merge made."""
    contact, lead, mine = merge.winner_id, merge.winner_lead_id, standing(actor)
    if contact is not None:
        return Contact.objects.visible_to(actor, mine).filter(pk=contact).exists()
    return lead is not None and Lead.objects.visible_to(actor, mine).filter(pk=lead).exists()


def _refuse(merge: Merge, at: datetime) -> None:
    if merge.undone_at is not None:
        when = date_format(merge.undone_at, "SHORT_DATE_FORMAT")
        names = {"who": merge.undone_by or "–", "when": when}
        raise Refused(ALREADY_UNDONE % names, code="already_undone")
    if not is_undoable(merge.merged_at, at):
        when = date_format(merge.merged_at, "SHORT_DATE_FORMAT")
        raise Refused(TOO_LATE % {"when": when}, code="too_late")


def _part_contacts(merge: Merge, winner_id: int, loser_id: int) -> None:
    lock_open_leads((winner_id,))
    rows = Contact.objects.select_for_update(of=("self",)).defer("search").order_by("id")
    found = {row.pk: row for row in rows.filter(id__in=(winner_id, loser_id))}
    winner, loser = found[winner_id], found[loser_id]
    if winner.merged_into_id is not None or loser.merged_into_id != winner_id:
        raise Refused(MERGED_ON % {"name": winner.name}, code="merged_on")
    _give_back(merge.before, winner)
    loser.merged_into = None
    loser.version += 1
    if "loser_email" in merge.before:
        loser.email = _free_email(merge.before["loser_email"], loser)
    loser.save(update_fields=["merged_into", "version", "email"])
    Contact.objects.filter(id__in=merge.before["bent"]).update(merged_into=loser)
    # An objection that came with the merge goes with it.
    apart = Contact.objects.filter(id__in=(winner_id, loser_id), no_marketing_since=merge.merged_at)
    apart.update(no_marketing_since=None)
    index_people([winner_id, loser_id])


def _free_email(email: str, loser: Contact) -> str:
    if Contact.objects.filter(email=email).exclude(pk=loser.pk).exists():
        raise Refused(EMAIL_TAKEN % {"email": email, "name": loser.name}, code="email_taken")
    return email


def _part_leads(merge: Merge) -> None:
    ids = [pk for pk in (merge.winner_lead_id, merge.loser_lead_id) if pk]
    rows = Lead.objects.select_for_update(of=("self",)).filter(id__in=ids).order_by("id")
    found = {row.pk: row for row in rows}
    winner, loser = found[merge.winner_lead_id or 0], found[merge.loser_lead_id or 0]
    if loser.merged_into_id != winner.pk:
        raise Refused(MERGED_ON % {"name": winner}, code="merged_on")
    _give_back(merge.before, winner)


def _give_back(before: Mapping[str, Any], winner: Contact | Lead) -> None:
    """Give the winner its own values again, save where somebody has changed them since."""
    names = [name for name in before["values"] if "." not in name]
    now = values_of(winner, names)
    back = {
        name: was
        for name, was in before["values"].items()
        if now.get(name) == before["became"][name]
    }
    # An address changes places: nobody may hold it at the same moment as somebody else.
    if isinstance(winner, Contact) and "email" in back and before.get("loser_email"):
        Contact.objects.filter(merged_into=winner, email=back["email"]).update(email=None)
    for name, was in back.items():
        write_value(winner, name, was)
    winner.version += 1
    columns = {"attributes" if "." in name else name for name in back}
    winner.save(update_fields=[*columns, "version"])


def _reopen(merge: Merge, actor: User, at: datetime) -> None:
    """Open again, through the gate, the leads that the merge closed."""
    rows = [Merged.read(one) for one in merge.before["leads"]]
    for one in rows:
        lead = Lead.objects.get(pk=one.lead_id)
        same = Lead.objects.open().filter(contact_id=lead.contact_id)
        if same.filter(product_line_id=lead.product_line_id).exists():
            raise Refused(LINE_TAKEN, code="line_taken")
    reopen_merged(rows, actor=actor, at=at)
    for lead_id, earlier in merge.before["bent_leads"].items():
        Lead.objects.filter(id__in=earlier).update(merged_into_id=int(lead_id))


def _people(merge: Merge) -> list[int]:
    if merge.winner_id is not None and merge.loser_id is not None:
        return [merge.winner_id, merge.loser_id]
    return [merge.winner_lead.contact_id] if merge.winner_lead else []
