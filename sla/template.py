"""A good first agreement of a company that sells to companies and is found by its buyers.

Words and numbers are where most teams can begin; both teams change what does not fit. Texts are
translated when the draft is made, and are then the draft's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from leads.enums import LifecycleStage
from sla.commitment_facts import CommitmentFacts, Level
from sla.enums import (
    ClockScope,
    CommitmentKind,
    Metric,
    PeriodKind,
    ProtocolStepKey,
    SectionKey,
    Side,
    Writer,
)

HOUR = 60
S, K = LifecycleStage, CommitmentKind

TEXTS = {
    SectionKey.GOAL: _(
        "Both teams answer for one figure: revenue from new customers. Every other number in this "
        "agreement follows from it."
    ),
    SectionKey.DEFINITIONS: _(
        "We mean the same by the same word. What makes a lead an MQL or an SQL is written below, "
        "checked by machine where it can be and by a person where it must be."
    ),
    SectionKey.PERSONAS: _(
        "Marketing looks for these people and Sales sells to them. Somebody whom an exclusion "
        "describes is not handed over."
    ),
    SectionKey.MARKETING: _(
        "Marketing hands over enough leads of the agreed kind, each with what is known of it, and "
        "answers what Sales says of them."
    ),
    SectionKey.SALES: _(
        "Sales decides on every lead in time, tries often enough to reach it, and says why when it "
        "does not want one."
    ),
    SectionKey.PROTOCOL: _(
        "For each step one team answers. When a step fails, what follows is written beside it, so "
        "that nobody has to ask."
    ),
    SectionKey.MESSAGING: _(
        "One voice at a time: while Sales works a lead, Marketing's mail waits."
    ),
    SectionKey.FEEDBACK: _(
        "Every decision on a lead carries a reason from the list both teams agreed on. Marketing "
        "reads each and says so. Sales shares weekly what it hears from buyers; Marketing tells "
        "Sales of a campaign before it goes out."
    ),
    SectionKey.VALUES: _(
        "We argue from the same figures. We assume good will. We say it in the review, to each "
        "other, and not about each other. We blame nobody; we mend the process."
    ),
    SectionKey.PLAYBOOK: _(
        "When a commitment is missed, the team that made it proposes within a week what it will "
        "do, who does it, by when, and what should change. The next two periods show whether it "
        "did.\n\n"
        "Too few MQLs: look at the weakest source first, then at the form with the most visits.\n"
        "Low acceptance: read the three most frequent reasons together and change the definition "
        "or the campaign.\n"
        "Late decisions: check working hours and absences, then the routing, then the load.\n"
        "Few attempts: agree on a fixed hour of calls a day."
    ),
    SectionKey.RENEWAL: _(
        "Both heads look at this agreement every quarter and say that it still holds, or begin a "
        "new version. It stays in force until the next one is signed."
    ),
}  # fmt: skip


def _ladder(*, reroute: bool = False) -> tuple[Level, ...]:
    return (
        Level(share=Decimal("0.75"), tell_owner=True),
        Level(share=Decimal("1.00"), tell_owner=True, tell_manager=True),
        Level(share=Decimal("1.50"), tell_head=True, reroute=reroute),
    )


COMMITMENTS = (
    CommitmentFacts(
        side=Side.BOTH, kind=K.REVENUE, period=PeriodKind.QUARTER, target=Decimal(30_000_000),
        why=_("The goal from which all other numbers follow."),
    ),
    CommitmentFacts(
        side=Side.MARKETING, kind=K.VOLUME, period=PeriodKind.MONTH, stage=S.MQL,
        target=Decimal(40), why=_("Enough for Sales to reach the goal."),
    ),
    CommitmentFacts(
        side=Side.MARKETING, kind=K.QUALITY, metric=Metric.WELL_RATED, period=PeriodKind.MONTH,
        target=Decimal("0.60"),
        why=_("Numbers alone are easy; Sales says how well they fit."),
    ),
    CommitmentFacts(
        side=Side.MARKETING, kind=K.RATE, metric=Metric.COMPLETENESS, period=PeriodKind.MONTH,
        target=Decimal("0.90"),
        why=_("Nobody can call a lead without a number."),
    ),
    CommitmentFacts(
        side=Side.MARKETING, kind=K.TIME_TO_ACKNOWLEDGE_FEEDBACK, target_days=2, levels=_ladder(),
        why=_("Who says why wants to be heard."),
    ),
    CommitmentFacts(
        side=Side.MARKETING, kind=K.TIME_TO_REWORK, target_days=2, levels=_ladder(),
        why=_("A returned lead gets colder by the day."),
    ),
    CommitmentFacts(
        side=Side.SALES, kind=K.TIME_TO_DECIDE, target_minutes=8 * HOUR, bands={80: HOUR},
        levels=_ladder(reroute=True), clock_scope=ClockScope.LEAD,
        why=_("Hot leads within the hour, all others within a working day."),
    ),
    CommitmentFacts(
        side=Side.SALES, kind=K.TIME_TO_FIRST_ATTEMPT, stage=S.SAL, target_minutes=4 * HOUR,
        bands={80: HOUR}, levels=_ladder(), why=_("Who is called first answers most often."),
    ),
    CommitmentFacts(
        side=Side.SALES, kind=K.ATTEMPTS, stage=S.SAL, attempts=5, target_days=10,
        levels=_ladder(), why=_("Most people are reached at the third to the fifth attempt."),
    ),
    CommitmentFacts(
        side=Side.SALES, kind=K.TIME_TO_QUALIFY, target_days=15, levels=_ladder(),
        why=_("A lead that is neither yes nor no costs both teams."),
    ),
    CommitmentFacts(
        side=Side.SALES, kind=K.RATE, metric=Metric.FEEDBACK_GIVEN, period=PeriodKind.MONTH,
        target=Decimal("0.95"), why=_("Marketing learns from reasons."),
    ),
    CommitmentFacts(
        side=Side.SALES, kind=K.RATE, metric=Metric.CONVERSION, stage=S.SQL,
        to_stage=S.OPPORTUNITY, period=PeriodKind.QUARTER, target=Decimal("0.50"),
        why=_("What Sales itself found good becomes a deal."),
    ),
    CommitmentFacts(
        side=Side.SALES, kind=K.EFFORT, metric=Metric.ATTEMPTS_PER_DAY, period=PeriodKind.MONTH,
        target=Decimal(8), why=_("A fixed hour of calls a day."),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Duty:
    """A step of the protocol: who answers, in how many business minutes, and what if not."""

    step: ProtocolStepKey
    side: Side
    longest_minutes: int | None
    on_failure: object


P = ProtocolStepKey
PROTOCOL = (
    Duty(P.GENERATE, Side.MARKETING, None, _("Marketing says by the middle of the month that it "
         "will be short, and proposes what to move.")),
    Duty(P.NURTURE, Side.MARKETING, None, _("A lead that does nothing for half a year is let "
         "rest.")),
    Duty(P.QUALIFY, Side.MARKETING, 16 * HOUR, _("The head of Marketing is told.")),
    Duty(P.ASSIGN, Side.MARKETING, HOUR, _("The lead goes to the fallback queue, and the head of "
         "Sales is told.")),
    Duty(P.DECIDE, Side.SALES, 8 * HOUR, _("The manager is told, then the lead goes to somebody "
         "else.")),
    Duty(P.WORK, Side.SALES, 10 * 8 * HOUR, _("The manager goes through the lead with its "
         "owner.")),
    Duty(P.CLOSE, Side.SALES, None, _("A deal past its expected day is looked at in the weekly "
         "meeting.")),
    Duty(P.KEEP, Side.BOTH, None, _("Whoever finds a gap mends it, and says so to the keeper.")),
)  # fmt: skip
MESSAGING = {
    S.LEAD: Writer.MARKETING,
    S.MQL: Writer.MARKETING,
    S.SAL: Writer.SALES,
    S.SQL: Writer.SALES,
    S.OPPORTUNITY: Writer.SALES,
    S.CUSTOMER: Writer.BOTH,
}
LOST_DEALS = _(
    "A lost deal carries a reason and, where we know it, the competitor. Marketing takes the "
    "person back after the date on which Sales wants to try again; without a date, never."
)
