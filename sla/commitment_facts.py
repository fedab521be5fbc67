"""What one commitment says, and what is wrong with it. Pure: no database, no now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from leads.enums import LifecycleStage
from sla.enums import OF_MARKETING, TIMED, ClockScope, CommitmentKind, Metric, PeriodKind, Side

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    # The template's words are translated when a draft is made.
    Text = str | _StrPromise

ORDER = list(LifecycleStage)
METRICS = {
    CommitmentKind.QUALITY: (Metric.WELL_RATED, Metric.MEAN_FIT),
    CommitmentKind.RATE: (
        Metric.ACCEPTANCE,
        Metric.CONVERSION,
        Metric.FEEDBACK_GIVEN,
        Metric.COMPLETENESS,
        Metric.COMPLIANCE,
    ),
    CommitmentKind.EFFORT: (
        Metric.ATTEMPTS_PER_DAY,
        Metric.NOTES_PER_WEEK,
        Metric.JOINT_CALLS_PER_WEEK,
    ),
}
# What is counted, and so can be split to persons whose parts add up.
SPLIT = frozenset({CommitmentKind.VOLUME, CommitmentKind.REVENUE})
BEST_FIT = 5
MOST_MINUTES, MOST_DAYS, MOST_ATTEMPTS, MOST_SCORE = 99_999, 366, 99, 99_999
MOST_TARGET = Decimal(10) ** 14  # what its column holds
LEAST_WARNING, MOST_WARNING, MOST_SHARE = Decimal("0.05"), Decimal("0.99"), Decimal(10)
AT_MOST = _("At most %(n)d.")
NO_SCORE = _("No lead has such a score.")
Errors = dict[str, list[Any]]


@dataclass(frozen=True, kw_only=True)
class Level:
    """A rung of the ladder: from `share` of the target on, the ticked people are told."""

    share: Decimal
    tell_owner: bool = False
    tell_manager: bool = False
    tell_head: bool = False
    reroute: bool = False

    @property
    def does_something(self) -> bool:
        """Tell whether reaching it has any effect."""
        return self.tell_owner or self.tell_manager or self.tell_head or self.reroute


@dataclass(frozen=True, kw_only=True)
class CommitmentFacts:
    """What a commitment says; see `sla.models.Commitment` for units.

    `floor` is of timed kinds alone: what is counted is answered when its target is missed.
    `bands` maps a score to business minutes; `shares` a person's id to his part of the target.
    """

    side: Side
    kind: CommitmentKind
    why: Text = ""
    team_id: int | None = None
    clock_scope: ClockScope = ClockScope.LEAD
    target_minutes: int | None = None
    target_days: int | None = None
    attempts: int | None = None
    warning_share: Decimal = Decimal("0.75")
    most_reroutes: int = 1
    reroute_cooldown_minutes: int = 240
    period: PeriodKind | None = None
    target: Decimal | None = None
    floor: Decimal | None = None
    metric: Metric | None = None
    least_n: int = 5
    stage: LifecycleStage | None = None
    to_stage: LifecycleStage | None = None
    product_line_id: int | None = None
    persona_id: int | None = None
    source_id: int | None = None
    country: str = ""
    score_from: int | None = None
    score_below: int | None = None
    bands: Mapping[int, int] = field(default_factory=dict)
    levels: tuple[Level, ...] = ()
    shares: Mapping[int, Decimal] = field(default_factory=dict)
    lineage: UUID | None = None

    @property
    def is_timed(self) -> bool:
        """Tell whether it runs clocks on leads; else it counts something every period."""
        return self.kind in TIMED


def whats_wrong(facts: CommitmentFacts) -> Errors:
    """Return each field that cannot stand with its reasons; nothing when all is well."""
    errors: Errors = defaultdict(list)
    if facts.is_timed:
        _check_timed(facts, errors)
        _check_ladder(facts, errors)
    else:
        _check_periodic(facts, errors)
        _check_figure(facts, errors)
        _check_split(facts, errors)
    _check_scope(facts, errors)
    return dict(errors)


def _check_timed(facts: CommitmentFacts, errors: Errors) -> None:
    if facts.side is Side.BOTH:
        errors["side"].append(_("One team answers for a time; choose which."))
    if facts.side is Side.SALES and facts.kind in OF_MARKETING:
        errors["kind"].append(_("Marketing answers what Sales says of a lead."))
    _check_time(facts, errors)
    _check_bands(facts, errors)
    if facts.kind is CommitmentKind.ATTEMPTS and not facts.attempts:
        errors["attempts"].append(_("Say how many attempts."))
    if facts.attempts is not None and facts.attempts > MOST_ATTEMPTS:
        errors["attempts"].append(AT_MOST % {"n": MOST_ATTEMPTS})
    if facts.kind is CommitmentKind.TIME_IN_STAGE and facts.stage is None:
        errors["stage"].append(_("Say in which stage."))
    if not LEAST_WARNING <= facts.warning_share <= MOST_WARNING:
        errors["warning_share"].append(_("Warn between 5 and 99 % of the time."))
    if facts.floor is not None and not 0 <= facts.floor <= 1:
        errors["floor"].append(_("A share is between 0 and 100 %."))


def _check_time(facts: CommitmentFacts, errors: Errors) -> None:
    minutes, days = facts.target_minutes, facts.target_days
    if minutes is not None and days is not None:
        errors["target_days"].append(_("Give minutes or days, not both."))
    if minutes is None and days is None:
        errors["target_minutes"].append(_("Say how long it may take."))
    if minutes is not None and minutes < 1:
        errors["target_minutes"].append(_("It takes at least one minute."))
    if minutes is not None and minutes > MOST_MINUTES:
        errors["target_minutes"].append(AT_MOST % {"n": MOST_MINUTES})
    if days is not None and days > MOST_DAYS:
        errors["target_days"].append(AT_MOST % {"n": MOST_DAYS})


def _check_bands(facts: CommitmentFacts, errors: Errors) -> None:
    if any(minutes < 1 for minutes in facts.bands.values()):
        errors["bands"].append(_("It takes at least one minute."))
    if any(minutes > MOST_MINUTES for minutes in facts.bands.values()):
        errors["bands"].append(AT_MOST % {"n": MOST_MINUTES})
    if any(abs(score) > MOST_SCORE for score in facts.bands):
        errors["bands"].append(NO_SCORE)


def _check_ladder(facts: CommitmentFacts, errors: Errors) -> None:
    shares = [level.share for level in facts.levels]
    if len(shares) != len(set(shares)):
        errors["levels"].append(_("Two rungs stand at the same share."))
    for level in facts.levels:
        if not 0 < level.share <= MOST_SHARE:
            errors["levels"].append(_("A rung stands between 1 and 1000 % of the time."))
        if level.reroute and level.share < 1:
            errors["levels"].append(_("Only what is late is given to somebody else."))
        if not level.does_something:
            errors["levels"].append(_("Say whom each rung tells."))


def _check_periodic(facts: CommitmentFacts, errors: Errors) -> None:
    if facts.target is None:
        errors["target"].append(_("Say how much."))
    elif facts.target < 0:
        errors["target"].append(_("At least zero."))
    elif facts.target >= MOST_TARGET:
        errors["target"].append(_("This is more than can be kept."))
    if facts.period is None:
        errors["period"].append(_("Month or quarter?"))
    if facts.side is Side.BOTH and facts.kind is not CommitmentKind.REVENUE:
        errors["side"].append(_("Both teams share the revenue goal alone; choose one."))
    if facts.floor is not None:
        errors["floor"].append(_("Only deadlines have a lowest share; a target is met or missed."))


def _check_figure(facts: CommitmentFacts, errors: Errors) -> None:
    if facts.kind is CommitmentKind.VOLUME and facts.stage is None:
        errors["stage"].append(_("Say into which stage."))
    wanted = METRICS.get(facts.kind)
    if wanted is not None and facts.metric not in wanted:
        errors["metric"].append(_("Choose a figure of this kind."))
        return
    if facts.metric is Metric.CONVERSION:
        _check_conversion(facts, errors)
    most = Decimal(BEST_FIT) if facts.metric is Metric.MEAN_FIT else Decimal(1)
    is_bound = facts.kind in {CommitmentKind.RATE, CommitmentKind.QUALITY}
    if is_bound and facts.target is not None and facts.target > most:
        errors["target"].append(
            _("A mean fit is at most 5.") if most > 1 else _("A share is at most 100 %.")
        )


def _check_conversion(facts: CommitmentFacts, errors: Errors) -> None:
    if facts.stage is None or facts.to_stage is None:
        errors["to_stage"].append(_("Say from which stage to which."))
    elif ORDER.index(facts.to_stage) <= ORDER.index(facts.stage):
        errors["to_stage"].append(_("This stage does not come later."))


def _check_split(facts: CommitmentFacts, errors: Errors) -> None:
    if not facts.shares:
        return
    if facts.kind not in SPLIT:
        errors["shares"].append(_("Only volume and revenue are split to persons."))
    elif any(part < 0 for part in facts.shares.values()):
        errors["shares"].append(_("At least zero."))
    elif sum(facts.shares.values()) != facts.target:
        errors["shares"].append(_("The parts do not add up to the target."))


def _check_scope(facts: CommitmentFacts, errors: Errors) -> None:
    low, high = facts.score_from, facts.score_below
    for name, score in (("score_from", low), ("score_below", high)):
        if score is not None and abs(score) > MOST_SCORE:
            errors[name].append(NO_SCORE)
    if low is not None and high is not None and high <= low:
        errors["score_below"].append(_("No score is at least the one and below the other."))
