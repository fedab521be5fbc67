"""A version of the agreement as people read it: numbered clauses, each with what belongs to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from accounts.models import Organisation
from leads.criteria_words import Lexicon
from leads.enums import LifecycleStage
from leads.selectors.definitions import SaidCriterion, said
from sla.enums import ClockState, ProtocolStepKey, SectionKey, Side
from sla.models import Agreement, AgreementComment, Clock, CommitmentEnding, OwnAnswer
from sla.promise_words import Said, business_time, say
from sla.querysets import stands
from sla.selectors.agreement_parts import AgreedType, types_of

SIDE_OF = {
    SectionKey.GOAL: Side.BOTH,
    SectionKey.MARKETING: Side.MARKETING,
    SectionKey.SALES: Side.SALES,
}
STAGES, STEPS = list(LifecycleStage), list(ProtocolStepKey)


@dataclass(frozen=True)
class Standing:
    """How the open clocks of a commitment stand now."""

    running: int
    at_risk: int
    late: int


@dataclass(frozen=True)
class Promised:
    """A commitment in words, and how it stands."""

    number: str
    said: Said
    standing: Standing | None = None
    wishes: list[CommitmentEnding] = field(default_factory=list)


@dataclass(frozen=True)
class Defined:
    """An agreed definition with its criteria in words."""

    row: Any
    criteria: list[SaidCriterion]


@dataclass(frozen=True)
class Duty:
    """A step of the protocol in words."""

    row: Any
    longest: str


@dataclass
class Clause:
    """A numbered part of the document; only what its section holds is filled."""

    number: int
    key: SectionKey
    text: str = ""
    promises: list[Promised] = field(default_factory=list)
    definitions: list[Defined] = field(default_factory=list)
    personas: list[Any] = field(default_factory=list)
    protocol: list[Duty] = field(default_factory=list)
    types: list[AgreedType] = field(default_factory=list)
    messaging: list[Any] = field(default_factory=list)
    comments: int = 0

    @property
    def title(self) -> Any:
        """What it is about."""
        return self.key.label


def clauses_of(version: Agreement, lexicon: Lexicon, *, at: datetime | None = None) -> list[Clause]:
    """Return the clauses of a version that came by `agreement_parts.with_parts`.

    With `at`, commitments say how their open clocks stand then, and who wants to end them: two
    statements more.
    """
    currency = Organisation.objects.values_list("currency", flat=True).get()
    texts = {row.key: row.text for row in version.sections.all()}
    clauses = [
        Clause(number, key, texts.get(key, "")) for number, key in enumerate(SectionKey, start=1)
    ]
    standings = _standings(version, at) if at is not None else {}
    wishes = _wishes(version) if at is not None else {}
    for clause in clauses:
        _fill(clause, version, lexicon)
        if clause.key in SIDE_OF:
            clause.promises = _promises(clause, version, currency, standings, wishes)
    return clauses


def open_comments(version: Agreement) -> dict[str, int]:
    """Return how many comments wait in each section; one statement."""
    rows = AgreementComment.objects.filter(agreement=version, settled_at__isnull=True)
    return dict(rows.values_list("section").annotate(n=Count("pk")).order_by())


def comments_on(version: Agreement) -> list[AgreementComment]:
    """Return what was said to a version, in the order of its clauses; one statement."""
    rows = AgreementComment.objects.filter(agreement=version).select_related("author")
    order = list(SectionKey)
    return sorted(rows, key=lambda one: (order.index(SectionKey(one.section)), one.written_at))


def own_answers(version: Agreement) -> list[tuple[LifecycleStage, dict[str, OwnAnswer]]]:
    """Return what each team says an MQL and an SQL is for it, side by side; one statement."""
    rows = OwnAnswer.objects.filter(agreement=version).select_related("written_by")
    found: dict[str, dict[str, OwnAnswer]] = {}
    for row in rows:
        found.setdefault(row.stage, {})[row.side] = row
    return [(stage, found.get(stage, {})) for stage in (LifecycleStage.MQL, LifecycleStage.SQL)]


def _promises(
    clause: Clause,
    version: Agreement,
    currency: str,
    standings: dict[int, Standing],
    wishes: dict[int, list[CommitmentEnding]],
) -> list[Promised]:
    rows = [row for row in version.commitments.all() if row.side == SIDE_OF[clause.key]]
    return [
        Promised(
            f"{clause.number}.{n}",
            say(row, currency),
            standings.get(row.pk) if row.ended_at is None else None,
            wishes.get(row.pk, []),
        )
        for n, row in enumerate(rows, start=1)
    ]


def _wishes(version: Agreement) -> dict[int, list[CommitmentEnding]]:
    """Return who agreed to end which commitment early; one statement."""
    found: dict[int, list[CommitmentEnding]] = {}
    rows = CommitmentEnding.objects.filter(commitment__agreement=version).select_related("head")
    for row in rows.order_by("agreed_at", "pk"):
        found.setdefault(row.commitment_id, []).append(row)
    return found


def _fill(clause: Clause, version: Agreement, lexicon: Lexicon) -> None:
    if clause.key is SectionKey.DEFINITIONS:
        rows = [one.definition for one in version.definitions.all()]
        ordered = sorted(rows, key=lambda row: STAGES.index(LifecycleStage(row.stage)))
        clause.definitions = [Defined(row, said(row.criteria, lexicon)) for row in ordered]
    elif clause.key is SectionKey.PERSONAS:
        people = [one.persona_version for one in version.personas.all()]
        clause.personas = sorted(people, key=lambda row: row.persona.name)
    elif clause.key is SectionKey.PROTOCOL:
        clause.protocol = _duties(version.protocol.all())
        clause.types = types_of(version)
    elif clause.key is SectionKey.MESSAGING:
        clause.messaging = sorted(
            version.messaging.all(), key=lambda row: STAGES.index(LifecycleStage(row.stage))
        )


def _duties(rows: Iterable[Any]) -> list[Duty]:
    ordered = sorted(rows, key=lambda row: STEPS.index(ProtocolStepKey(row.step)))
    return [
        Duty(row, business_time(row.longest_minutes) if row.longest_minutes else "")
        for row in ordered
    ]


def _standings(version: Agreement, at: datetime) -> dict[int, Standing]:
    """Count the open clocks of each timed commitment, those without any included."""
    timed = [row.pk for row in version.commitments.all() if row.is_timed]
    late, risk = stands(ClockState.BREACHED, at), stands(ClockState.AT_RISK, at)
    rows = (
        Clock.objects.filter(commitment__in=timed, outcome__isnull=True)
        .values_list("commitment")
        .annotate(n=Count("pk"), risk=Count("pk", filter=Q(risk)), late=Count("pk", filter=late))
        .order_by()
    )
    counted = {pk: Standing(n - r - late_ones, r, late_ones) for pk, n, r, late_ones in rows}
    return {pk: counted.get(pk, Standing(0, 0, 0)) for pk in timed}
