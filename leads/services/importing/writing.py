"""How the rows of a chunk that come in are written: every table by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from leads.enums import Cause, LifecycleStage
from leads.models import Company, Contact, Lead
from leads.row_results import RowVerdict
from leads.services.copying import next_ids
from leads.services.deals import Deal, settle_deals
from leads.services.deals.history import PastDeal, write_past_deals
from leads.services.deals.settling import REACHED
from leads.services.history import write_history
from leads.services.importing.amounts import learn_amounts
from leads.services.importing.arrivals import Arrival
from leads.services.importing.employers import Employers
from leads.services.importing.handing import hand_over
from leads.services.importing.known import write_news
from leads.services.importing.people import People
from leads.services.importing.sayings import write_consents, write_touches
from leads.services.importing.session import ImportSession
from leads.services.scoring import NewScores, score_new


def write_arrivals(
    arrivals: Sequence[Arrival],
    people: People,
    employers: Employers,
    *,
    session: ImportSession,
    at: datetime,
) -> None:
    """Write people, companies, leads, history and deals of the rows that come in."""
    begun = [one for one in arrivals if one.verdict is RowVerdict.CREATED]
    gone_on = [one for one in arrivals if one.verdict is not RowVerdict.CREATED and one.travel.way]
    _tell_first_mql(begun)
    _write_people(begun, people, employers, session, at)
    write_touches(arrivals, session, at)
    write_consents(arrivals, session, at)
    write_news(arrivals)
    scores = _scores(begun, session, at)
    write_history(
        [one.travel for one in begun],
        [one.travel for one in gone_on],
        cause=Cause.IMPORT,
        actor=session.actor,
        at=at,
    )
    scores.settle(at=at)
    _write_deals(begun, session)
    _settle_known_deals(gone_on, session)
    learn_amounts(arrivals, session, at)
    hand_over(arrivals, session, at)


def _write_people(
    begun: Sequence[Arrival],
    people: People,
    employers: Employers,
    session: ImportSession,
    at: datetime,
) -> None:
    wanted = (Contact, len(people.new)), (Company, len(employers.new)), (Lead, len(begun))
    if any(count for _model, count in wanted):
        contact_ids, company_ids, lead_ids = next_ids(*wanted)
        for one, pk in zip(begun, lead_ids, strict=True):
            one.travel.lead_id = pk
        employers.write(company_ids, at=at)
    else:
        contact_ids = []
    employers.write_learnt()
    people.write(contact_ids, actor=session.actor, at=at)
    for one in begun:
        one.travel.contact_id = one.person.id


def _tell_first_mql(begun: Sequence[Arrival]) -> None:
    """A person who is made with the chunk is written with its first MQL at once."""
    for one in begun:
        instant = one.travel.entered_at(LifecycleStage.MQL) if one.person.is_new else None
        known = one.person.mql_since
        if instant is not None and (known is None or instant < known):
            one.person.mql_since = instant


def _scores(begun: Sequence[Arrival], session: ImportSession, at: datetime) -> NewScores:
    """Score the leads that begin; without rules in use nothing is read."""
    if not begun or not session.house.rules.score_rules:
        return NewScores()
    ids = [one.person.id for one in begun]
    contacts = Contact.objects.defer("search").select_related("company").in_bulk(ids)
    leads = [
        Lead(
            pk=one.travel.lead_id,
            contact=contacts[one.person.id],
            product_line_id=one.travel.product_line_id,
            source_id=one.travel.source_id,
            campaign_id=one.travel.campaign_id,
            owner_id=one.travel.owner_id,
            persona_id=one.travel.persona_id,
            created_at=at,
        )
        for one in begun
    ]
    scores = score_new(leads, at=at, house=session.house)
    for one, lead in zip(begun, leads, strict=True):
        one.travel.score = lead.score
    return scores


def _write_deals(begun: Sequence[Arrival], session: ImportSession) -> None:
    reached = [one for one in begun if one.travel.end.stage in REACHED]
    if not reached:
        return
    home = session.currency
    deals = [
        PastDeal(
            lead_id=one.travel.lead_id,
            disposition=one.travel.end.disposition,
            amount=one.row.amount,
            currency=one.row.values.get("currency", home),
            product_line_id=one.travel.product_line_id,
            opened_at=one.travel.entered_at(LifecycleStage.OPPORTUNITY),
            closed_at=one.travel.closed_at,
            reason=one.travel.reasons[-1],
            competitor_id=one.travel.competitor_id,
        )
        for one in reached
    ]
    write_past_deals(deals, home=home)


def _settle_known_deals(gone_on: Sequence[Arrival], session: ImportSession) -> None:
    reached = {one.travel.lead_id: one for one in gone_on if one.travel.end.stage in REACHED}
    if not reached:
        return
    home = session.currency
    leads = Lead.objects.filter(pk__in=reached).order_by("pk")
    takes = partial(session.mapping.takes, "amount")
    rows = [(lead, reached[lead.pk].row) for lead in leads]
    deals = [Deal(lead, row.amount, row.values.get("currency", home), takes) for lead, row in rows]
    settle_deals(deals, home=home)
