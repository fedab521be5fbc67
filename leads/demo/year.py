"""The demo's year of leads: made by its people through the gate, day after day, without chance.

Every value follows from a lead's number, so that the demo is the same everywhere. Leads of one day
enter in one list, as an import or a morning's work would.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.models import User
from leads.demo.data import (
    CAMPAIGNS,
    COUNTRIES,
    JOBS,
    ORDER,
    PEOPLE,
    PRODUCT_LINES,
    SECTOR_OF,
    SOURCES,
    domain_of,
)
from leads.demo.days import OFFICE, captured_at, decided_at, session_at
from leads.demo.routing import load_routing
from leads.demo.scoring import (
    DETAILS,
    ERPS,
    first_touch,
    load_fields,
    load_rules,
    tell_touches,
)
from leads.enums import CloseReason, Disposition, LifecycleStage
from leads.folding import fold
from leads.models import Campaign, Company, Lead, ProductLine, Source
from leads.moving import Move, Step
from leads.services.contacts import ContactFacts
from leads.services.deals import Deal, settle_deals
from leads.services.fading import fade_scores
from leads.services.moves import move_leads
from leads.services.opening import Capture, open_leads
from leads.services.touches import TouchFacts

LEADS = 420
YEAR = 390  # so that twelve whole months lie behind, whatever the day
REJECTED = (2, 10, 14)  # stories that Sales ends at once
WAITS = 15  # days
# What people did enters in lists: whom it wakes comes back on that day.
TOLD_EVERY, TOLD_LATELY = timedelta(days=4), timedelta(hours=12)
S, D, R = LifecycleStage, Disposition, CloseReason

# What becomes of a lead: (days later, stage or way to close, reason). Twenty, in turn.
Event = tuple[int, LifecycleStage | Disposition, str]
TO_MQL: list[Event] = [(2, S.MQL, "")]
TO_SAL: list[Event] = [*TO_MQL, (3, S.SAL, "")]
TO_SQL: list[Event] = [*TO_SAL, (9, S.SQL, "")]
TO_DEAL: list[Event] = [*TO_SQL, (16, S.OPPORTUNITY, "")]
SLOW_DEAL: list[Event] = [(5, S.MQL, ""), (8, S.SAL, ""), (20, S.SQL, ""), (36, S.OPPORTUNITY, "")]
STORIES: list[list[Event]] = [
    [*TO_DEAL, (47, S.CUSTOMER, "")],
    [(70, D.RECYCLED, R.NOT_NOW)],
    [*TO_MQL, (3, D.DISQUALIFIED, R.WRONG_FIT)],
    [(5, S.MQL, ""), (6, S.SAL, ""), (25, D.RECYCLED, R.NO_CONTACT)],
    [*TO_DEAL, (64, D.LOST, R.BOUGHT_ELSEWHERE)],
    [(45, D.RECYCLED, R.NOT_NOW)],
    [(7, S.MQL, ""), (9, S.SAL, ""), (21, S.SQL, ""), (60, D.LOST, R.PRICE)],
    [(1, D.DISQUALIFIED, R.SPAM)],
    [*SLOW_DEAL, (90, S.CUSTOMER, "")],
    [(80, D.RECYCLED, R.NOT_NOW)],
    [(6, S.MQL, ""), (10, D.RECYCLED, R.NOT_NOW)],
    [*TO_SQL, (50, D.RECYCLED, R.NO_CONTACT)],
    [*SLOW_DEAL, (110, D.LOST, R.PRICE)],
    [(60, D.DISQUALIFIED, R.WRONG_FIT)],
    [(12, S.MQL, ""), (13, D.DISQUALIFIED, R.EXISTING_CUSTOMER)],
    [*TO_DEAL, (75, S.CUSTOMER, "")],
    [(55, D.RECYCLED, R.NOT_NOW)],
    [(14, S.MQL, ""), (45, D.RECYCLED, R.NOT_NOW)],
    [*TO_SAL, (35, D.LOST, R.NO_DECISION)],
    [(90, D.RECYCLED, R.NOT_NOW)],
]  # fmt: skip


@dataclass(frozen=True)
class Story:
    """One demo lead by its number."""

    n: int

    @property
    def country(self) -> str:
        """Where the person works."""
        return ORDER[self.n % len(ORDER)]

    @property
    def began(self) -> int:
        """Days ago; the last months are busier than the first."""
        return YEAR - int(YEAR * (self.n / LEADS) ** 0.87)

    def people(self, users: dict[str, User]) -> tuple[User, User]:
        """Return the marketer and the rep who work the lead."""
        marketers, reps = PEOPLE[self.country]
        return users[marketers[self.n % len(marketers)]], users[reps[self.n // 7 % len(reps)]]

    def contact(self) -> ContactFacts:
        """Return the person outside."""
        code, cities, given, family, companies = COUNTRIES[self.country]
        first, last = given[self.n % len(given)], family[self.n * 5 % len(family)]
        company = companies[self.n * 3 % len(companies)]
        return ContactFacts(
            captured_through="demo",
            email=f"{fold(first)}.{fold(last)}@{domain_of(company)}",
            given_name=first,
            family_name=last,
            company=company,
            job_title=JOBS[self.n % len(JOBS)],
            phone=f"{code} {300 + self.n % 600} {100_000 + self.n * 7_919 % 900_000}",
            country=self.country,
            city=cities[self.n % len(cities)],
        )

    @property
    def is_keen(self) -> bool:
        """Whether the person comes back: nearly all who become an MQL, and some of the others."""
        goes_on = STORIES[self.n % len(STORIES)][0][1] is S.MQL
        return self.n % 7 != 0 if goes_on else self.n % 5 < 4  # noqa: PLR2004  # four of five

    @property
    def warms_up(self) -> bool:
        """Whether the person, whom nobody has qualified, turns to us again in these days."""
        waits = STORIES[self.n % len(STORIES)][0][1] is not S.MQL
        return waits and (self.n % 3 != 0 if self.n >= LEADS // 2 else self.n % 40 == 1)

    def waits_for(self, today: date, day: date) -> bool:
        """Whether Marketing has not looked at it yet."""
        return self.n % 20 not in REJECTED and self.n % 3 > 0 and (today - day).days < WAITS

    @property
    def amount(self) -> Decimal:
        """What its deal is worth."""
        return Decimal(2_400 + self.n * 1_370 % 46_000)


def load_leads(at: datetime) -> None:
    """Load campaigns and a year of leads up to `at`; once."""
    if Lead.objects.exists():
        return
    users = {user.email.split("@")[0]: user for user in User.objects.active()}
    if not {login for sides in PEOPLE.values() for side in sides for login in side} <= set(users):
        return
    catalogue = _load_catalogue(at)
    _load_companies(at)
    load_routing(users)
    leads: dict[int, Lead] = {}
    load_rules()
    load_fields()
    done = at - timedelta(days=YEAR + 30)
    for day, events in sorted(_calendar(at).items()):
        if day - done >= (TOLD_EVERY if at - day > TOLD_EVERY else TOLD_LATELY):
            tell_touches([(Story(n), lead) for n, lead in leads.items()], done, day)
            done = day
        _live(day, events, leads, catalogue, users)
    tell_touches([(Story(n), lead) for n, lead in leads.items()], done, at)
    fade_scores(at=at)
    _record_deals(leads)


def _calendar(at: datetime) -> dict[datetime, list[tuple[Story, Event]]]:
    """Return what happens at each instant of the year; what would lie ahead has not yet."""
    found: dict[datetime, list[tuple[Story, Event]]] = defaultdict(list)
    today = at.astimezone(OFFICE).date()
    for n in range(LEADS):
        for instant, event in _days_of(Story(n), today):
            if instant <= at:
                found[instant].append((Story(n), event))
    return found


def _days_of(story: Story, today: date) -> Iterator[tuple[datetime, Event]]:
    """Return what happens to one lead, in order, and when."""
    begin = today - timedelta(days=story.began)
    yield captured_at(begin), (0, S.LEAD, "")
    handed_over: date | None = None
    for event in STORIES[story.n % len(STORIES)]:
        # Marketing has not got round to two of three of the last days.
        if event[1] is S.MQL and story.waits_for(today, begin + timedelta(days=event[0])):
            return
        instant = session_at(begin + timedelta(days=event[0]))
        if handed_over is not None:
            instant, handed_over = decided_at(story.n, handed_over, today), None
        elif event[1] is S.MQL:
            handed_over = instant.date()
        yield instant, event


@dataclass(frozen=True)
class _Catalogue:
    sources: list[Source]
    campaigns: list[Campaign]
    lines: list[ProductLine]


def _load_catalogue(at: datetime) -> _Catalogue:
    lines = [ProductLine(name=name, key=fold(name)) for name in PRODUCT_LINES]
    ProductLine.objects.bulk_create(lines)
    sources = Source.objects.bulk_create(Source(name=name, key=fold(name)) for name in SOURCES)
    campaigns = Campaign.objects.bulk_create(
        Campaign(
            name=name,
            key=fold(name),
            channel=channel,
            product_line=lines[line],
            starts_on=(at - timedelta(days=ago)).date(),
            ends_on=(at - timedelta(days=ago - ran)).date(),
            budget=budget,
        )
        for name, channel, line, ago, ran, budget in CAMPAIGNS
    )
    return _Catalogue(sources, campaigns, lines)


def _live(
    day: datetime,
    events: list[tuple[Story, Event]],
    leads: dict[int, Lead],
    catalogue: _Catalogue,
    users: dict[str, User],
) -> None:
    """Let one instant's captures and moves happen."""
    new = [story for story, (_days, what, _reason) in events if what is S.LEAD]
    if new:
        captures = [_capture(story, catalogue, users) for story in new]
        opened = open_leads(captures, actor=None, at=day)
        leads |= {story.n: lead for story, lead in zip(new, opened.leads, strict=True) if lead}
    moves = [
        move
        for story, event in events
        if event[1] is not S.LEAD
        for move in _moves(story, event, leads, users)
    ]
    if moves:
        moved = {lead.pk: lead for lead in move_leads(moves, at=day, apply_rest=True).leads}
        leads |= {n: moved[lead.pk] for n, lead in leads.items() if lead.pk in moved}


def _capture(story: Story, catalogue: _Catalogue, users: dict[str, User]) -> Capture:
    marketer, _rep = story.people(users)
    kind = first_touch(story)
    campaign = catalogue.campaigns[story.n % 9] if story.n % 9 < len(CAMPAIGNS) else None
    return Capture(
        contact=story.contact(),
        steps=[Step(to_stage=S.LEAD, actor=marketer)],
        product_line_id=catalogue.lines[(story.n + story.n // 90) % len(catalogue.lines)].pk,
        source_id=catalogue.sources[story.n * 2 % len(catalogue.sources)].pk,
        campaign_id=campaign.pk if campaign else None,
        touch=TouchFacts(kind=kind, detail=DETAILS[kind]),
    )


def _moves(
    story: Story, event: Event, leads: dict[int, Lead], users: dict[str, User]
) -> Iterator[Move]:
    """Return the move of one event, by whoever answers for the stage that the lead is in: of Sales
    its owner, or while nobody has it a rep of the country."""
    _days, what, reason = event
    marketer, rep = story.people(users)
    story_events = [e[1] for e in STORIES[story.n % len(STORIES)]]
    by_marketing = what is S.MQL or S.MQL not in story_events
    lead = leads[story.n]
    owner = next((user for user in users.values() if user.pk == lead.owner_id), rep)
    actor = marketer if by_marketing else owner
    if isinstance(what, LifecycleStage):
        yield Move(lead_id=lead.pk, to_stage=what, actor=actor)
    else:
        yield Move(lead_id=lead.pk, disposition=what, reason=reason, actor=actor)


def _load_companies(at: datetime) -> None:
    names = [(country, name) for country, (*_rest, names) in COUNTRIES.items() for name in names]
    Company.objects.bulk_create(
        Company(
            name=name,
            sort_key=fold(name),
            domain=domain_of(name),
            country=country,
            sector=SECTOR_OF[name],
            employees=20 + n * 83 % 900,
            attributes={"plants": 1 + n % 5, "erp": ERPS[n % len(ERPS)]},
            created_at=at - timedelta(days=YEAR),
        )
        for n, (country, name) in enumerate(names, start=1)
    )


def _record_deals(leads: dict[int, Lead]) -> None:
    rows = Lead.objects.in_bulk([lead.pk for lead in leads.values()])
    settle_deals([Deal(rows[lead.pk], Story(n).amount) for n, lead in leads.items()])
