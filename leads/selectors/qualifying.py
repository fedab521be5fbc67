"""The queue of leads to qualify: who waits, what is known of each, the open one in full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from accounts.rules import standing
from leads.criteria import Checked, Facts, check_all, read_criteria
from leads.criteria_words import Lexicon, Told, tell_checked
from leads.enums import LifecycleStage, VersionState
from leads.models import Lead, PersonaVersion, ScorePart, StageDefinition
from leads.personas import best_of
from leads.querysets import LeadQuerySet
from leads.selectors.facts import Answers, facts_of, known_fields, personas_in_force
from leads.selectors.relatives import Relatives, relatives_of
from leads.selectors.timeline import latest_events
from leads.telling import Told as ToldEvent
from leads.telling import tell_events

MOST = 50
MOST_PARTS = 8
MOST_TOUCHES = 6
FILTERS = ("all", "proposed", "returned")
NOW_BACK = timedelta(hours=24)


@dataclass(frozen=True)
class QueueRow:
    """A lead that waits, what its facts meet of the definition, and whether it has just come back.

    `all_met` holds for the obvious ones: whatever machines check is met, wishes included, and no
    required question waits for its answer.
    """

    lead: Lead
    met: int
    asked: int
    is_ready: bool
    all_met: bool
    is_back: bool
    is_open: bool = False


@dataclass
class Queue:
    """The page of the queue that is worked now; `rows` are at most 50."""

    rows: list[QueueRow] = field(default_factory=list)
    definition: StageDefinition | None = None
    has_more: bool = False

    @property
    def obvious(self) -> list[QueueRow]:
        """The leads with every criterion met."""
        return [row for row in self.rows if row.all_met]


@dataclass(frozen=True)
class OpenLead:
    """The lead being looked at: criteria with values, score, touches, company, earlier cycles."""

    lead: Lead
    criteria: list[Told]
    is_ready: bool
    persona: str
    opening_line: str
    parts: list[ScorePart]
    touches: list[ToldEvent]
    relatives: Relatives
    is_back: bool
    previous_id: int | None = None
    next_id: int | None = None


@dataclass(frozen=True)
class Desk:
    """The queue and the lead that is open in it."""

    queue: Queue
    open: OpenLead | None


def waiting_leads(user: Any) -> LeadQuerySet:
    """Return the open leads at LEAD that the person sees."""
    return Lead.objects.visible_to(user, standing(user)).open().filter(stage=LifecycleStage.LEAD)


def queue_leads(user: Any, show: str, *, most: int = MOST) -> list[Lead]:
    """Return the leads of the queue in its order: the proposed first, each part by score.

    At most `most + 1`, so that the caller sees whether there are more. Two statements at most, each
    walked by its own index.
    """
    rows = _whole(waiting_leads(user)).order_by("-score", "-id")
    if show == "returned":
        back = _whole(waiting_leads(user)).filter(recycled_from__isnull=False)
        return list(back.order_by("-created_at", "-id")[: most + 1])
    proposed = list(rows.filter(proposed_at__isnull=False)[: most + 1])
    if show == "proposed":
        return proposed
    others = rows.filter(proposed_at__isnull=True)[: most + 1 - len(proposed)]
    return proposed + (list(others) if len(proposed) <= most else [])


def qualify_desk(
    user: User,
    show: str,
    chosen: int | None,
    *,
    at: datetime,
    answers: Mapping[str, bool] | None = None,
) -> Desk:
    """Return the queue with the lead `chosen` open, the first one without a choice.

    A lead that was chosen and no longer waits is passed over for the first. `answers` are those
    given by hand for the chosen lead. Constant statements.
    """
    leads = queue_leads(user, show)
    queue, page = Queue(has_more=len(leads) > MOST), leads[:MOST]
    ids = [lead.pk for lead in page]
    if chosen is not None and chosen not in ids:
        asked = _whole(waiting_leads(user)).filter(pk=chosen).first()
        page = [asked, *page] if asked else page
    if not page:
        return Desk(queue, None)
    shown = next((lead for lead in page if lead.pk == chosen), page[0])
    checks = Checks(page, at, {shown.pk: answers or {}})
    queue.definition = checks.definition
    queue.rows = [checks.row(lead, is_open=lead is shown) for lead in page]
    return Desk(queue, _open(user, shown, page, checks))


class Checks:
    """What the facts of leads meet of the definition of an MQL in force; constant statements."""

    def __init__(self, leads: Sequence[Lead], at: datetime, answers: Answers | None = None) -> None:
        self.at = at
        self.personas = personas_in_force()
        self.facts: dict[int, Facts] = facts_of(leads, personas=self.personas, answers=answers)
        self.definition = StageDefinition.objects.filter(
            stage=LifecycleStage.MQL, state=VersionState.IN_FORCE
        ).first()
        stored = self.definition.criteria if self.definition else []
        self.criteria = read_criteria(stored)

    def of(self, lead: Lead) -> list[Checked]:
        """Return what came of each criterion."""
        return check_all(self.criteria, self.facts[lead.pk], at=self.at)

    def row(self, lead: Lead, *, is_open: bool = False) -> QueueRow:
        """Return the lead as a row of the queue."""
        checked = self.of(lead)
        return QueueRow(
            lead=lead,
            met=sum(1 for one in checked if one.met),
            asked=len(checked),
            is_ready=not any(one.holds_back for one in checked),
            all_met=bool(checked) and all(one.met or _may_stay_open(one) for one in checked),
            is_back=is_back(lead, self.at),
            is_open=is_open,
        )


def _may_stay_open(one: Checked) -> bool:
    """A question that is only a wish may stay without an answer; a no is an answer."""
    return one.met is None and not one.holds_back


def is_back(lead: Lead, at: datetime) -> bool:
    """Tell whether the lead came back from nurturing within the last day."""
    return lead.recycled_from_id is not None and at - lead.began_at <= NOW_BACK


def _whole(rows: LeadQuerySet) -> LeadQuerySet:
    related = ("contact__company", "source", "campaign", "product_line", "owner")
    return rows.select_related(*related).defer("contact__search", "owner__password")


def _open(user: User, lead: Lead, page: Iterable[Lead], checks: Checks) -> OpenLead:
    ids = [one.pk for one in page]
    place = ids.index(lead.pk)
    best = best_of(checks.personas, checks.facts[lead.pk].fits)
    names = {rules.persona_id: rules.name for rules in checks.personas}
    lexicon = Lexicon(known_fields(), names)
    checked = checks.of(lead)
    events = latest_events(lead, ("touch",), MOST_TOUCHES)
    parts = ScorePart.objects.filter(lead=lead).select_related("rule")
    return OpenLead(
        lead=lead,
        criteria=[tell_checked(one, lexicon) for one in checked],
        is_ready=not any(one.holds_back for one in checked),
        persona=best.name if best else "",
        opening_line=_opening_line(best.persona_id) if best else "",
        parts=list(parts.order_by("-points", "id")[:MOST_PARTS]),
        touches=tell_events(events),
        relatives=relatives_of(user, lead),
        is_back=is_back(lead, checks.at),
        previous_id=ids[place - 1] if place else None,
        next_id=ids[place + 1] if place + 1 < len(ids) else None,
    )


def _opening_line(persona_id: int) -> str:
    versions = PersonaVersion.objects.filter(persona_id=persona_id, state=VersionState.IN_FORCE)
    return versions.values_list("opening_line", flat=True).first() or ""
