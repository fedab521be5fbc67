"""The world in which the matrix is walked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from accounts.enums import Scope
from accounts.models import Notice, Organisation, Team, User
from accounts.services.chat import add_channel
from accounts.services.invitations import invitation_link
from accounts.services.tokens import create_token
from leads.enums import ActivityKind, AssetKind, FormKind, NextStepKind
from leads.models import (
    Campaign,
    Competitor,
    CustomAttribute,
    DealStep,
    Lead,
    Persona,
    PersonaVersion,
    ProposedChange,
    Reason,
    RoutingPool,
    RoutingRule,
    ScoreRule,
    SqlType,
    StageDefinition,
)
from leads.services.activities import NewActivity, log_activities
from leads.services.assets import AssetFacts, NewSend, save_asset, send_assets
from leads.services.channel import NewPost, write_alert
from leads.services.contacts import ContactFacts
from leads.services.disputes import open_dispute
from leads.services.forms import FormFacts, save_form
from leads.services.imports.receiving import receive_file
from leads.services.merging import merge_contacts
from leads.services.next_steps import add_next_step
from leads.services.recording import create_contact
from leads.services.saved_views import ViewFacts, save_view
from leads.services.sites import add_site
from sla.enums import SectionKey
from sla.goals import Goal, Measurements
from sla.models import Agreement, Clock, Commitment, Recalculation
from sla.services.drafting import start_draft
from sla.services.scenarios import keep_scenario
from sla.services.writing import comment
from smarketing import time_source
from tests.access.walking import World
from tests.factories import TUESDAY, AbsenceFactory, BusinessCalendarFactory, UserFactory
from tests.leads.deals.deal_records import deal_of
from tests.leads.feedback.records import rejected
from tests.leads.records import lead_at
from tests.sla.agreement.drafts import signed_by
from tests.sla.missed import missed_of_sales


@pytest.fixture
def people(  # noqa: PLR0917  # one column each
    newcomer: User,
    marketer: User,
    rep: User,
    manager_sales: User,
    facilitator: User,
    administrator: User,
    manager_marketing: User,
) -> dict[str, User | None]:
    """One person a column; `head` heads Sales, where the rep works, `other_head` Marketing."""
    return {
        "anonymous": None,
        "newcomer": newcomer,
        "marketer": marketer,
        "rep": rep,
        "head": manager_sales,
        "facilitator": facilitator,
        "administrator": administrator,
        "other_head": manager_marketing,
    }


@pytest.fixture
def world(
    people: dict[str, User | None], rep: User, sales: Team, organisation: Organisation
) -> World:
    """One of everything that an address can name; what is personal is the rep's."""
    at = time_source.now()
    lead: Lead = lead_at(owner=rep)
    pool = RoutingPool.objects.create(name="Italy")
    rule = RoutingRule.objects.create(name="Italy", position=1, pool=pool)
    token, _secret = create_token(
        rep, name="T", scopes=[Scope.LEADS_READ], expires_at=at + timedelta(days=9), at=at
    )
    absence = AbsenceFactory(user=rep, first_on=date(2026, 3, 16), last_on=date(2026, 3, 17))
    notice = Notice.objects.create(
        recipient=rep, kind="absence", url="/settings/absences/", created_at=TUESDAY
    )
    invited = UserFactory(email="gina@acme.test", joined_at=None, invited_at=at)
    link = invitation_link(invited, at).rstrip("/").rsplit("/", 1)[-1]
    call = NewActivity(lead_id=lead.pk, kind=ActivityKind.CALL)
    (activity,) = log_activities([call], actor=rep, at=at)
    step = add_next_step(lead, NextStepKind.CALL, at + timedelta(days=1), actor=rep, at=at)
    ids = {
        "clock": _clock(rep, lead, at),
        "chat": _chat(sales, rep, at),
        "recalculation": _recalculation(organisation, at),
        "activity": activity.pk,
        "next_step": step.pk,
        "rep": rep.pk,
        "team": sales.pk,
        "calendar": organisation.calendar_id,
        "spare_calendar": BusinessCalendarFactory(name="Spare").pk,
        "absence": absence.pk,
        "notice": notice.pk,
        "token": token.pk,
        "lead": lead.pk,
        "pool": pool.pk,
        "rule": rule.pk,
        "reason": Reason.objects.get(code="spam").pk,
        "invited": invited.pk,
        "secret": link,
        **_score_and_fields(lead),
        **_agreed_words(at),
        **_closed_loop(people, lead, at),
        **_deals(rep),
        **_records(rep, lead, at),
        "lead_import": _file(rep, people["marketer"], at),
        **_capture(people, lead, at),
        **_missed(at),
        **_agreement(people, rep, at),
        "scenario": _scenario(people, at),
    }
    return World(people, ids)


def _clock(rep: User, lead: Lead, at: datetime) -> int:
    """A clock of the rep on his lead, of a version that is in force no more."""
    agreement = Agreement.objects.create(number=99, created_at=at)
    commitment = Commitment.objects.create(
        agreement=agreement, side="SALES", kind="TIME_TO_DECIDE", target_minutes=60
    )
    Agreement.objects.filter(pk=agreement.pk).update(state="WITHDRAWN")
    clock = Clock.objects.create(
        lead=lead,
        commitment=commitment,
        owner=rep,
        calendar=Organisation.objects.get().calendar,
        started_at=at,
        started_by="TRANSITION",
        started_by_id=1,
        target=timedelta(hours=1),
        due_at=at + timedelta(hours=2),
        risk_at=at + timedelta(hours=1),
    )
    return clock.pk


def _chat(sales: Team, rep: User, at: datetime) -> int:
    """A chat channel of Sales."""
    address = "https://hooks.slack.com/services/T1/B1/abc"
    return add_channel(sales, name="sales", address=address, by=rep, at=at).pk


def _recalculation(organisation: Organisation, at: datetime) -> int:
    """A change of the calendar of the house, counted already."""
    return Recalculation.objects.create(calendar=organisation.calendar, asked_at=at, done_at=at).pk


@pytest.fixture(autouse=True)
def private_folder(settings: Any, tmp_path: Path) -> None:
    """Uploads of the walk lie in a folder of its own."""
    settings.PRIVATE_ROOT = tmp_path / "private"


def _file(rep: User, marketer: User | None, at: datetime) -> int:
    """A file that waits for its mapping."""
    data = [b"Email\nanna@acme.example\n"]
    return receive_file(data, name="fair.csv", actor=marketer or rep, at=at).pk


def _missed(at: datetime) -> dict[str, int]:
    """A commitment of Sales that was missed, and the action that answers it."""
    action = missed_of_sales(at)
    return {"missed": action.commitment_id, "action": action.pk}


def _agreement(people: dict[str, User | None], rep: User, at: datetime) -> dict[str, int]:
    """The number of a version that waits for its second signature; a draft with a comment."""
    marketing = people["other_head"]
    assert marketing is not None
    number = signed_by(marketing, at=at).number
    draft = start_draft(actor=marketing, at=at)
    said = comment(draft, SectionKey.SALES, "Too tight?", author=rep, at=at)
    promised = draft.commitments.order_by("pk").values_list("pk", flat=True)[0]
    return {"agreement": number, "agreement_comment": said.pk, "commitment": promised}


def _score_and_fields(lead: Lead) -> dict[str, int]:
    """A rule of the score, an own field, the lead's person."""
    rule = ScoreRule.objects.create(
        kind="FIT",
        name="Has a phone",
        points=1,
        criterion={"kind": "filled", "field": "contact.phone"},
    )
    field = CustomAttribute.objects.create(subject="LEAD", key="year", label="Year", kind="NUMBER")
    return {"score_rule": rule.pk, "attribute": field.pk, "contact": lead.contact_id}


def _records(rep: User, lead: Lead, at: datetime) -> dict[str, int]:
    """The lead's contact and company, another lead, a merge that can be undone, the rep's view."""
    other = lead_at(email="olga@beta.example")
    facts = [
        ContactFacts(captured_through="test", email=f"{n}@merged.example") for n in ("one", "two")
    ]
    one, two = (create_contact(fact, actor=rep, at=at) for fact in facts)
    merge = merge_contacts(one.pk, two.pk, actor=rep, at=at)
    view = save_view(ViewFacts(name="Mine", query="stage=MQL"), actor=rep, at=at)
    return {
        "contact": lead.contact_id,
        "other_contact": other.contact_id,
        "company": lead.contact.company_id or 0,
        "other_lead": other.pk,
        "merge": merge.pk,
        "view": view.pk,
    }


def _capture(people: dict[str, User | None], lead: Lead, at: datetime) -> dict[str, Any]:
    """A form of a fair, a tracked site, a change that a form proposes of the lead's person."""
    marketer = people["marketer"]
    assert marketer is not None
    texts = {"en": {"title": "Met at the fair"}}
    facts = FormFacts(name="Fair", kind=FormKind.FAIR, texts=texts)
    form = save_form(None, facts, actor=marketer, at=at)
    origins = ["https://www.acme.example"]
    site = add_site("Acme", origins, asks_consent=True, actor=marketer, at=at)
    change = ProposedChange.objects.create(
        contact=lead.contact, field="phone", known="1", proposed="2", through="form", created_at=at
    )
    return {
        "form": form.pk,
        "form_token": form.token,
        "site": site.pk,
        "site_token": site.token,
        "proposed": change.pk,
    }


def _deals(rep: User) -> dict[str, int]:
    """A deal of the rep, a campaign with a cost, a competitor, a step that no deal stands at."""
    deal = deal_of(rep, email="dora@acme.example")
    campaign = Campaign.objects.create(name="Fair", key="fair", channel="event")
    cost = campaign.costs.create(spent_on=date(2026, 3, 1), amount=5)
    step = DealStep.objects.create(name="Pilot", key="pilot", position=90)
    rival = Competitor.objects.create(name="Rival", key="rival")
    return {
        "deal": deal.pk,
        "campaign": campaign.pk,
        "cost": cost.pk,
        "competitor": rival.pk,
        "deal_step": step.pk,
    }


def _agreed_words(at: datetime) -> dict[str, int]:
    """A proposed definition, a persona with a proposed version, a type of SQL."""
    definition = StageDefinition.objects.create(
        stage="MQL", version=90, responsible="SHARED", created_at=at
    )
    persona = Persona.objects.create(name="Plant manager", key="plant manager")
    version = PersonaVersion.objects.create(persona=persona, version=1, created_at=at)
    sql_type = SqlType.objects.create(name="New line", key="new line")
    return {
        "definition": definition.pk,
        "persona": persona.pk,
        "persona_version": version.pk,
        "sql_type": sql_type.pk,
    }


def _closed_loop(people: dict[str, User | None], lead: Lead, at: datetime) -> dict[str, Any]:
    """A rejection by the rep, a dispute of another, an alert, an asset sent to the lead."""
    marketer, rep = people["marketer"], people["rep"]
    assert marketer is not None
    assert rep is not None
    disputed = rejected(rep, email="cora@acme.example", at=at)
    alert = NewPost(text="It goes out.", goes_out_at=at + timedelta(days=1))
    facts = AssetFacts(name="Guide", kind=AssetKind.DATA_SHEET, body="Words.")
    asset = save_asset(facts, actor=marketer, at=at)
    (send,) = send_assets([NewSend(lead=lead, asset=asset)], actor=rep, at=at)
    return {
        "feedback": rejected(rep, email="dora@acme.example", at=at).pk,
        "dispute": open_dispute(disputed.pk, "He asked.", actor=marketer, at=at).pk,
        "post": write_alert(alert, actor=marketer, at=at).pk,
        "asset": asset.pk,
        "link": send.token,
    }


def _scenario(people: dict[str, User | None], at: datetime) -> int:
    """A scenario of the goal calculator that the rep keeps."""
    rep = people["rep"]
    assert rep is not None
    goal = Goal(customers=Fraction(1))
    day = date(2026, 4, 1)
    return keep_scenario("Spring", goal, Measurements(), first_on=day, by=rep, at=at).pk
