"""The handoff packet: what whoever meets a lead should know of it before the first word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import User
from leads.criteria import Checked, Criterion, CriterionKind
from leads.criteria_words import Lexicon, Told, tell_checked
from leads.enums import LifecycleStage
from leads.models import Lead, StageTransition
from leads.selectors.relatives import Relatives, relatives_of
from leads.selectors.timeline import Event, latest_events
from leads.telling import Told as ToldEvent
from leads.telling import tell_events

LAST = 5
STORY = ("touch", "note", "asset")
SEEN = ("DOWNLOAD", "ASSET_OPEN", "WEBINAR")


@dataclass(frozen=True)
class Why:
    """Why Marketing handed the lead over: the evidence of that moment, as it was then."""

    criteria: Sequence[Told] = ()
    score: int | None = None
    persona: str = ""
    who: str = ""
    note: str = ""
    at: datetime | None = None
    tipped_by: ToldEvent | None = None

    @property
    def met(self) -> list[Told]:
        """The criteria that spoke for it."""
        return [one for one in self.criteria if one.state == "met"]


@dataclass(frozen=True)
class Packet:
    """Everything of the handoff in one place; nothing in it is made up."""

    lead: Lead
    why: Why
    opening_line: str
    relatives: Relatives
    touches: list[ToldEvent] = field(default_factory=list)
    notes: list[ToldEvent] = field(default_factory=list)
    sent: list[ToldEvent] = field(default_factory=list)
    seen: list[ToldEvent] = field(default_factory=list)


def packet_of(
    user: User, lead: Lead, transitions: Sequence[StageTransition] | None = None
) -> Packet:
    """Return the packet of `lead` (`leads.selectors.details.visible_lead`) as `user` may read it.

    Three statements, two with the lead's `transitions` at hand (the newest first, actors loaded).
    """
    if transitions is None:
        transitions = list(lead.transitions.select_related("actor").order_by("-id")[:200])
    events = latest_events(lead, STORY, LAST)
    told = list(zip(events, tell_events(events), strict=True))
    touches = [words for event, words in told if event.kind == "touch"]
    return Packet(
        lead=lead,
        why=why_now(transitions, [pair for pair in told if pair[0].kind == "touch"]),
        opening_line=getattr(lead, "opening_line", None) or "",
        relatives=relatives_of(user, lead),
        touches=touches,
        notes=[words for event, words in told if event.kind == "note"],
        sent=[words for event, words in told if event.kind == "asset"],
        seen=[
            words for event, words in told
            if event.kind == "touch" and (event.data["asset"] or event.data["kind"] in SEEN)
        ],
    )  # fmt: skip


def why_now(
    transitions: Sequence[StageTransition], touches: Sequence[tuple[Event, ToldEvent]] = ()
) -> Why:
    """Return the evidence of the last time the lead became an MQL; what tipped it is the touch
    before."""
    qualified = next(
        (
            row for row in transitions
            if row.to_stage == LifecycleStage.MQL and row.from_stage != LifecycleStage.MQL
            and not row.inferred and row.voided_by_id is None
        ),
        None,
    )  # fmt: skip
    if qualified is None:
        return Why()
    at = qualified.effective_at
    evidence: Mapping[str, Any] = qualified.evidence or {}
    before = (told for event, told in touches if at is not None and event.at <= at)
    return Why(
        criteria=_criteria(evidence),
        score=evidence.get("score"),
        persona=(evidence.get("persona") or {}).get("name", ""),
        who=qualified.actor.name if qualified.actor else "",
        note=qualified.note,
        at=at,
        tipped_by=next(before, None),
    )


def _criteria(evidence: Mapping[str, Any]) -> list[Told]:
    """Return the checked criteria of the MQL's own definition, in words."""
    persona = evidence.get("persona") or {}
    names = {int(pk): name for pk, name in (evidence.get("personas") or {}).items()}
    if persona:
        names[persona["id"]] = persona["name"]
    lexicon = Lexicon(personas=names)
    return [
        tell_checked(Checked(_criterion(row["criterion"]), row["met"], row["value"]), lexicon)
        for definition in evidence.get("definitions", ())
        if definition["stage"] == LifecycleStage.MQL
        for row in definition["criteria"]
    ]


def _criterion(stored: Mapping[str, Any]) -> Criterion:
    return Criterion(**{**stored, "kind": CriterionKind(stored["kind"])})
