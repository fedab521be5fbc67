"""A person says no to Marketing, and perhaps yes again later.

A no holds at once and for every row of the person: mail is not allowed, nurturing ends, nothing
brings the person back by a date. What the person does himself still counts as a touch. A no is
never overruled by a form, a file or a sender: only somebody of ours who writes down how the person
said yes again takes it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from leads.enums import ConsentPurpose, Disposition, QueueKind
from leads.models import Consent, Contact, Lead, Opportunity
from leads.rules import decides_on_leads, keeps_person_data
from leads.selectors.canonical import contact_ids_of, united_ids
from leads.selectors.house import funnel_settings
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused

LONGEST_HOW = 100
NO_ROLE = _("Your role does not include what people agree to.")
SAY_HOW = _("Say how the person told us, in up to 100 characters.")
SAY_WORDS = _("Write down what the person agreed to.")
ERASED = _("This person was erased.")


def stop_marketing(contact_ids: Iterable[int], *, at: datetime) -> int:
    """Stop Marketing for these people, merged rows included; return how many rows began to say no.

    Leads in nurturing have no date any more, deals lost "for now" no day to try again. Nothing is
    asked and no consent is written: see `object_to_marketing` and `record_consents`. Five
    statements, whatever the number of people; none for nobody.
    """
    asked = set(contact_ids)
    if not asked:
        return 0
    ids = {pk for people in united_ids(asked).values() for pk in people}
    resting = Lead.objects.filter(contact_id__in=ids, nurture_until__isnull=False)
    resting.update(nurture_until=None, version=F("version") + 1)
    later = Opportunity.objects.filter(lead__contact_id__in=ids, try_again_on__isnull=False)
    later.update(try_again_on=None, version=F("version") + 1)
    mine = Contact.objects.filter(pk__in=ids, no_marketing_since__isnull=True)
    return mine.update(no_marketing_since=at, version=F("version") + 1)


@transaction.atomic
def object_to_marketing(contact_id: int, *, how: str, actor: User, at: datetime) -> Contact:
    """Write down that the person wants no marketing, and how he said so; it holds at once.

    Said twice it is written once. Raises NotAllowed, NotFound, BadInput without saying how, Refused
    for one who was erased.
    """
    row = _locked(contact_id, actor)
    through = _how(how)
    if row.no_marketing_since is None:
        Consent.objects.create(
            contact=row, purpose=ConsentPurpose.MARKETING, given=False, through=through,
            recorded_by=actor, at=at,
        )  # fmt: skip
        stop_marketing([row.pk], at=at)
        row.refresh_from_db(fields=["no_marketing_since", "version"])
    return row


@transaction.atomic
def agree_to_marketing(
    contact_id: int, *, words: str, how: str, actor: User, at: datetime, version: str = ""
) -> Contact:
    """Write down that the person agrees, to which words and how he said so; it takes an objection
    back. Recycled leads are nurtured again, from now for the usual time.

    Raises NotAllowed, NotFound, BadInput without words or without saying how, Refused for one who
    was erased.
    """
    row = _locked(contact_id, actor)
    through, words = _how(how), words.strip()
    if not words:
        raise BadInput(SAY_WORDS, fields={"words": [SAY_WORDS]})
    Consent.objects.create(
        contact=row, purpose=ConsentPurpose.MARKETING, given=True, text=words, recorded_by=actor,
        text_version=version.strip(), through=through, at=at,
    )  # fmt: skip
    if row.no_marketing_since is not None:
        _begin_again(contact_ids_of(row.pk), at)
        row.refresh_from_db(fields=["no_marketing_since", "version"])
    return row


def _begin_again(ids: list[int], at: datetime) -> None:
    said_no = Contact.objects.filter(pk__in=ids, no_marketing_since__isnull=False)
    said_no.update(no_marketing_since=None, version=F("version") + 1)
    resting = Lead.objects.filter(
        contact_id__in=ids, disposition=Disposition.RECYCLED, woken_at=None, nurture_until=None,
        queue__kind=QueueKind.MARKETING,
    )  # fmt: skip
    until = at + timedelta(days=funnel_settings().nurture_days)
    resting.update(nurture_until=until, version=F("version") + 1)


def _locked(contact_id: int, actor: User) -> Contact:
    """Return the contact that stands for the person, locked."""
    who = standing(actor)
    if not (decides_on_leads(who) or keeps_person_data(who)):
        raise NotAllowed(NO_ROLE)
    ids = contact_ids_of(contact_id)
    # Leads before contacts, as the gate does.
    leads = Lead.objects.select_for_update(of=("self",)).filter(contact_id__in=ids)
    list(leads.order_by("id").values_list("pk"))
    rows = Contact.objects.select_for_update(of=("self",)).defer("search")
    found = rows.filter(pk=ids[0]).first()
    if found is None:
        raise NotFound("no such contact")
    if found.erased_at is not None:
        raise Refused(ERASED, code="erased")
    return found


def _how(how: str) -> str:
    how = how.strip()
    if not how or len(how) > LONGEST_HOW:
        raise BadInput(SAY_HOW, fields={"how": [SAY_HOW]})
    return how
