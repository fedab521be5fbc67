"""Who owns a company: new leads of its people go to him."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.enums import TeamKind
from accounts.models import User
from accounts.rules import standing
from leads.assigning import CANNOT_OWN, NOT_ACTIVE
from leads.models import Company
from leads.rules import hands_over_for_others, works_for
from smarketing.errors import BadInput, NotAllowed


def set_company_owner(company_ids: Sequence[int], owner: User | None, *, by: User) -> int:
    """Give companies to a person of Sales, or to nobody; return how many changed hands.

    Raises NotAllowed for who neither manages nor owns them all, BadInput (`owner`) for a person
    who is not here or not of Sales. Two statements beside the standings.
    """
    rows = Company.objects.filter(pk__in=company_ids)
    if not hands_over_for_others(standing(by)) and rows.filter(_not_of(by)).exists():
        raise NotAllowed(_("Companies are given away by their owner or by a manager."))
    _hold_owner(owner)
    others = rows.filter(owner__isnull=False) if owner is None else rows.filter(_not_of(owner))
    return others.update(owner=owner, version=F("version") + 1)


def give_companies_of(person: User, owner: User | None, *, by: User) -> int:
    """Give all companies that `person` owns to another, see `set_company_owner`."""
    ids = list(Company.objects.filter(owner=person).values_list("pk", flat=True))
    return set_company_owner(ids, owner, by=by)


def _not_of(owner: User) -> Q:
    return ~Q(owner=owner) | Q(owner__isnull=True)


def _hold_owner(owner: User | None) -> None:
    if owner is None:
        return
    names = {"name": owner.name}
    if not owner.is_active or owner.joined_at is None:
        raise _wrong(NOT_ACTIVE % names)
    if not works_for(standing(owner), TeamKind.SALES):
        raise _wrong(CANNOT_OWN[TeamKind.SALES] % names)


def _wrong(reason: str) -> BadInput:
    return BadInput(_("The owner was not changed."), fields={"owner": [reason]})
