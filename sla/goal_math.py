"""From a goal back to what the funnel needs. Pure: no ORM, no now; exact fractions throughout.

A funnel is a chain of links, each the share of those who enter one stage that come to a later one.
Needs stay fractions; whoever shows one rounds it up (`whole`). A share of 0 lets nobody through:
what would be needed then is None, never infinite and never 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from leads.enums import LifecycleStage

STAGES = tuple(LifecycleStage)
POINT = Fraction(1, 100)
# Marketing's own customers come all the way; those whom Sales finds begin here.
OPENED_BY_SALES = LifecycleStage.SAL


@dataclass(frozen=True)
class Link:
    """Of those who enter `stage`, `share` (0 to 1) come to `to_stage`, `lag_days` later."""

    stage: LifecycleStage
    to_stage: LifecycleStage
    share: Fraction
    lag_days: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError(f"{self.stage}: a share is 0 to 1")
        if self.lag_days < 0:
            raise ValueError(f"{self.stage}: nothing comes before it began")
        if STAGES.index(self.stage) >= STAGES.index(self.to_stage):
            raise ValueError(f"{self.stage}: a link goes forward")


@dataclass(frozen=True)
class Funnel:
    """Links that follow one another and end with customers."""

    links: tuple[Link, ...]

    def __post_init__(self) -> None:
        if not self.links or self.links[-1].to_stage != LifecycleStage.CUSTOMER:
            raise ValueError("a funnel ends with customers")
        for before, after in pairwise(self.links):
            if before.to_stage != after.stage:
                raise ValueError(f"{before.to_stage} and {after.stage} do not meet")

    def share_from(self, stage: LifecycleStage) -> Fraction:
        """Return the share of those who enter `stage` that become customers."""
        return math.prod((link.share for link in self._from(stage)), start=Fraction(1))

    def lag_from(self, stage: LifecycleStage) -> Fraction:
        """Return the days from entering `stage` to becoming a customer."""
        return sum((link.lag_days for link in self._from(stage)), start=Fraction(0))

    def with_share(self, stage: LifecycleStage, share: Fraction) -> Funnel:
        """Return the funnel with another share of the link that begins at `stage`."""
        links = (replace(one, share=share) if one.stage == stage else one for one in self.links)
        return Funnel(tuple(links))

    def _from(self, stage: LifecycleStage) -> Sequence[Link]:
        return [link for link in self.links if STAGES.index(link.stage) >= STAGES.index(stage)]


@dataclass(frozen=True)
class Need:
    """Entries into a stage: `total`, of which `marketing` come from Marketing.

    They enter `lead_days` before the customers are won. None where a share of 0 lets nobody by.
    """

    stage: LifecycleStage
    total: Fraction | None
    marketing: Fraction | None
    lead_days: Fraction = Fraction(0)


def customers_for(revenue: Fraction, average_deal: Fraction) -> Fraction:
    """Return the customers whose deals come to `revenue`, both in the same currency.

    Raises ValueError unless the average deal is more than 0.
    """
    if average_deal <= 0:
        raise ValueError("an average deal is more than 0")
    return revenue / average_deal


def needs(customers: Fraction, funnel: Funnel, marketing: Fraction = Fraction(1)) -> list[Need]:
    """Return what must enter each stage of the funnel for so many customers, in funnel order.

    `marketing` is the share of the customers that come from Marketing (0 to 1). The others Sales
    finds by itself; they begin at SAL, so earlier stages need only Marketing's.
    """
    found = [_need(link.stage, customers, funnel, marketing) for link in funnel.links]
    return [*found, Need(LifecycleStage.CUSTOMER, customers, customers * marketing)]


def _need(stage: LifecycleStage, customers: Fraction, funnel: Funnel, marketing: Fraction) -> Need:
    share, lead_days = funnel.share_from(stage), funnel.lag_from(stage)
    if not share:
        return Need(stage, None, None, lead_days)
    total = customers / share
    of_marketing = total * marketing
    is_early = STAGES.index(stage) < STAGES.index(OPENED_BY_SALES)
    return Need(stage, of_marketing if is_early else total, of_marketing, lead_days)


def whole(need: Fraction | None) -> int | None:
    """Return a need as it is shown: rounded up to whole leads. Nothing is computed with it."""
    return None if need is None else math.ceil(need)


@dataclass(frozen=True)
class Worth:
    """What `points` more of a link (0.01 a point) save at the first stage of the funnel."""

    link: Link
    points: Fraction
    saved: Fraction


def sensitivity(customers: Fraction, funnel: Funnel, points: Fraction = POINT) -> list[Worth]:
    """Return what one point more of each link saves in entries into the first stage.

    A share rises to 1 at most: `points` says by how much it did. A funnel that lets nobody
    through has nothing to compare with and gives no rows.
    """
    first = funnel.links[0].stage
    if not funnel.share_from(first):
        return []
    now = customers / funnel.share_from(first)
    return [_worth(link, funnel, now, customers, points) for link in funnel.links]


def _worth(
    link: Link, funnel: Funnel, now: Fraction, customers: Fraction, points: Fraction
) -> Worth:
    share = min(Fraction(1), link.share + points)
    better = funnel.with_share(link.stage, share)
    then = customers / better.share_from(funnel.links[0].stage)
    return Worth(link, share - link.share, now - then)


@dataclass(frozen=True)
class Rise:
    """What one link would have to be, all others as they are; None when not even 1 is enough."""

    link: Link
    share: Fraction | None

    @property
    def is_enough(self) -> bool:
        """Tell whether the link is good enough as it is."""
        return self.share is not None and self.share <= self.link.share


def rises(
    customers: Fraction, funnel: Funnel, stage: LifecycleStage, entries: Fraction
) -> list[Rise]:
    """Return the inverse: with so many `entries` into `stage`, what each later link must be.

    `customers` are those that these entries have to bring.
    """
    later = [link for link in funnel.links if STAGES.index(link.stage) >= STAGES.index(stage)]
    return [Rise(link, _risen(link, customers, funnel, stage, entries)) for link in later]


def _risen(
    link: Link, customers: Fraction, funnel: Funnel, stage: LifecycleStage, entries: Fraction
) -> Fraction | None:
    with_all = entries * funnel.with_share(link.stage, Fraction(1)).share_from(stage)
    if customers <= 0:
        return Fraction(0)
    return None if with_all < customers else customers / with_all


@dataclass(frozen=True)
class Desk:
    """How leads are worked: `attempts` each, `minutes` an attempt, by `reps` people.

    `hours` of a rep's working day go into attempts; the period has `days` working days.
    """

    attempts: Fraction
    minutes: Fraction
    hours: Fraction
    days: int
    reps: int


@dataclass(frozen=True)
class Load:
    """What the needed leads ask of the reps in the period.

    `capacity` is how many leads the reps there are can work; `calls_a_day` is per rep and working
    day, None when nobody is there to call.
    """

    attempts: Fraction
    reps_needed: Fraction | None
    capacity: Fraction | None
    calls_a_day: Fraction | None


def load(leads: Fraction, desk: Desk) -> Load:
    """Return the work of so many leads: leads × attempts × minutes ÷ working time of a rep."""
    attempts = leads * desk.attempts
    working = desk.hours * 60 * desk.days
    each = desk.attempts * desk.minutes
    return Load(
        attempts=attempts,
        reps_needed=attempts * desk.minutes / working if working else None,
        capacity=desk.reps * working / each if each else None,
        calls_a_day=attempts / (desk.reps * desk.days) if desk.reps and desk.days else None,
    )
