"""The library of assets: kept by Marketing, sent by a link of its own, real openings recorded."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from leads.enums import ActivityKind, AssetKind, TouchKind
from leads.folding import fold
from leads.models import Asset, AssetFit, AssetSend, Lead
from leads.rules import decides_on_leads, is_of_marketing
from leads.services.activities import NewActivity, log_activities
from leads.services.touches import TouchFacts, record_touches
from smarketing.errors import BadInput, NotAllowed, Refused

OPENED_ONCE_WITHIN = timedelta(minutes=30)
LONGEST_KEY = 150
LONGEST_NOTE = 500
MOST_SENT = 50
LOGGED_AS = frozenset({ActivityKind.EMAIL, ActivityKind.MESSAGE})
OF_MARKETING = _("The library of assets is kept by Marketing.")
OF_BOTH_TEAMS = _("Assets are sent by Marketing and Sales.")
INTERNAL = _("“%(asset)s” is for our own people only, so it cannot be sent.")
RETIRED = _("“%(asset)s” is no longer in use, so it cannot be sent.")
TAKEN = _("There is an asset of this name already.")
EMPTY = _("Give an address or a text.")
NEEDS_NAME = _("Give it a name.")


@dataclass(frozen=True, kw_only=True)
class AssetFacts:
    """What an asset is; `fits` are (persona id, journey step) pairs, "" being every step."""

    name: str
    kind: AssetKind
    description: str = ""
    url: str = ""
    body: str = ""
    internal_only: bool = False
    product_line_id: int | None = None
    campaign_id: int | None = None
    is_active: bool = True
    fits: Iterable[tuple[int, str]] = ()


@dataclass(frozen=True, kw_only=True)
class NewSend:
    """An asset to be sent to a lead. `logged_as` also logs the e-mail or message that carries the
    link; without it only the link is made."""

    lead: Lead
    asset: Asset
    note: str = ""
    logged_as: ActivityKind | None = None


def save_asset(
    facts: AssetFacts, *, asset: Asset | None = None, actor: User, at: datetime
) -> Asset:
    """Make an asset, or change `asset`; names are unique, however they are written.

    Raises NotAllowed for people who do not speak for Marketing, BadInput with the fields wrong.
    """
    if not is_of_marketing(standing(actor)):
        raise NotAllowed(OF_MARKETING)
    row = asset or Asset(created_by=actor, created_at=at)
    _describe(row, facts)
    try:
        with transaction.atomic():
            row.save()
            AssetFit.objects.filter(asset=row).delete()
            AssetFit.objects.bulk_create(
                [AssetFit(asset=row, persona_id=pk, step=step) for pk, step in set(facts.fits)]
            )
    except IntegrityError as error:
        if "key" not in str(error):
            raise
        raise _wrong("name", TAKEN) from error
    return row


def send_assets(sends: Sequence[NewSend], *, actor: User, at: datetime) -> list[AssetSend]:
    """Make a link with a token of its own for each; all or none.

    Raises NotAllowed for people of neither team, Refused (`internal_only`, `retired`) and BadInput
    for a log kind that is none. One statement, and those of the log where it is asked for.
    """
    if not decides_on_leads(standing(actor)):
        raise NotAllowed(OF_BOTH_TEAMS)
    for one in sends:
        _refuse_send(one)
    with transaction.atomic():
        rows = AssetSend.objects.bulk_create(
            AssetSend(
                asset=one.asset,
                lead=one.lead,
                sender=actor,
                token=secrets.token_urlsafe(32),
                note=one.note.strip()[:LONGEST_NOTE],
                sent_at=at,
            )
            for one in sends
        )
        carried = [
            NewActivity(
                lead_id=one.lead.pk,
                kind=one.logged_as,
                text=_("Sent “%(asset)s”.") % {"asset": one.asset.name},
            )
            for one in sends
            if one.logged_as is not None
        ]
        if carried:
            log_activities(carried, actor=actor, at=at)
    return rows


def record_opening(send: AssetSend, *, at: datetime) -> bool:
    """Count a real opening of what was sent, and record it as a touch of the contact.

    Openings less than 30 minutes after the last one that counted are the same one: they change
    nothing and the answer is False. Of two at the same time one counts.
    """
    fresh = Q(last_opened_at__isnull=True) | Q(last_opened_at__lte=at - OPENED_ONCE_WITHIN)
    with transaction.atomic():
        counted = AssetSend.objects.filter(fresh, pk=send.pk).update(
            openings=F("openings") + 1,
            last_opened_at=at,
            first_opened_at=Coalesce(F("first_opened_at"), at),
        )
        if not counted:
            return False
        contact = send.lead.contact
        touch = TouchFacts(
            contact_id=contact.merged_into_id or contact.pk,
            kind=TouchKind.ASSET_OPEN,
            campaign_id=send.asset.campaign_id,
            asset_id=send.asset_id,
            detail=send.asset.name,
            outside_id=f"asset-send:{send.pk}",
        )
        record_touches([touch], at=at)
    return True


def _describe(row: Asset, facts: AssetFacts) -> None:
    name = " ".join(facts.name.split())
    if not name:
        raise _wrong("name", NEEDS_NAME)
    if not facts.url and not facts.body.strip():
        raise _wrong("url", EMPTY)
    row.name, row.key, row.kind = name, fold(name)[:LONGEST_KEY], facts.kind
    row.description, row.url, row.body = facts.description.strip(), facts.url, facts.body.strip()
    row.internal_only, row.is_active = facts.internal_only, facts.is_active
    row.product_line_id, row.campaign_id = facts.product_line_id, facts.campaign_id


def _refuse_send(one: NewSend) -> None:
    name = {"asset": one.asset.name}
    if one.asset.internal_only:
        raise Refused(INTERNAL % name, code="internal_only")
    if not one.asset.is_active:
        raise Refused(RETIRED % name, code="retired")
    if one.logged_as is not None and one.logged_as not in LOGGED_AS:
        raise _wrong("logged_as", _("There is no such choice."))


def _wrong(field: str, reason: Any) -> BadInput:
    return BadInput(reason, fields={field: [reason]})
