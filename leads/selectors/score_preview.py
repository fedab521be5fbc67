"""What a change of rules would do to today's leads, computed by the same code and never written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Mod

from leads.enums import LifecycleStage
from leads.models import Lead, ScorePart
from leads.scoring import Rule, Thresholds, total
from leads.selectors.scoring import evaluate

# So many leads are computed while somebody waits; of more, every k-th is, and the page says so.
MOST_COMPUTED = 4_000
EXAMPLES = 6
BIN, BINS = 10, 12  # below 0, ten tens, 100 and more


@dataclass(frozen=True)
class Change:
    """One lead before and after."""

    lead: Lead
    before: int
    after: int
    was_proposed: bool
    is_proposed: bool

    @property
    def crosses(self) -> bool:
        """Tell whether the lead would be proposed and is not, or the reverse."""
        return self.was_proposed is not self.is_proposed


@dataclass(frozen=True)
class Preview:
    """Open leads at LEAD before and after a change; counts of `computed` out of `total` leads."""

    total: int
    computed: int
    up: int
    down: int
    proposed_before: int
    proposed_after: int
    changed: int
    before: Sequence[int]
    after: Sequence[int]
    examples: Sequence[Change]
    thresholds: Thresholds

    @property
    def is_estimate(self) -> bool:
        """Tell whether only some of the leads were computed."""
        return self.computed < self.total


@dataclass(frozen=True)
class Plan:
    """Rules and thresholds: those in force, or as they might be."""

    rules: Sequence[Rule]
    thresholds: Thresholds


def preview(now: Plan, then: Plan, *, at: datetime) -> Preview:
    """Return what `then` would make of the open leads at LEAD, beside `now`; writes nothing.

    A constant number of statements; at most `MOST_COMPUTED` leads, evenly chosen, and counts
    extrapolated from them where there are more.
    """
    waiting = Lead.objects.open().filter(stage=LifecycleStage.LEAD)
    number = waiting.count()
    step = -(-number // MOST_COMPUTED) or 1
    if step > 1:
        waiting = waiting.annotate(place=Mod(F("id"), step)).filter(place=0)
    leads = list(waiting.select_related("contact__company").order_by("-score", "-id"))
    changes = _changes(leads, now, then, at)
    share = number / len(leads) if leads and step > 1 else 1

    def scale(count: int) -> int:
        return round(count * share)

    return Preview(
        total=number,
        computed=len(leads),
        up=scale(sum(c.crosses and c.is_proposed for c in changes)),
        down=scale(sum(c.crosses and c.was_proposed for c in changes)),
        proposed_before=scale(sum(c.was_proposed for c in changes)),
        proposed_after=scale(sum(c.is_proposed for c in changes)),
        changed=scale(sum(c.before != c.after for c in changes)),
        before=[scale(n) for n in bins(c.before for c in changes)],
        after=[scale(n) for n in bins(c.after for c in changes)],
        examples=_examples(changes),
        thresholds=then.thresholds,
    )


def bins(scores: Iterable[int]) -> list[int]:
    """Return how many scores lie below 0, in each ten from 0, and from 100 on."""
    counts = [0] * BINS
    for score in scores:
        counts[min(BINS - 1, max(0, score // BIN + 1))] += 1
    return counts


def _changes(leads: Sequence[Lead], now: Plan, then: Plan, at: datetime) -> list[Change]:
    brought = dict(
        ScorePart.objects.filter(lead__in=leads, rule=None).values_list("lead_id", "points")
    )
    given = evaluate(leads, now.rules, at=at)
    planned = given if then.rules is now.rules else evaluate(leads, then.rules, at=at)
    changes = []
    for lead, parts, later in zip(leads, given, planned, strict=True):
        own = brought.get(lead.pk, 0)
        before, after = total(parts) + own, total(later) + own
        was = now.thresholds.proposes(before, is_proposed=lead.proposed_at is not None)
        will = then.thresholds.proposes(after, is_proposed=was)
        changes.append(Change(lead, before, after, was, will))
    return changes


def _examples(changes: Iterable[Change]) -> list[Change]:
    """Return those that cross the threshold first, then those whose score changes most."""
    moved = [one for one in changes if one.before != one.after or one.crosses]
    moved.sort(key=lambda one: (not one.crosses, -abs(one.after - one.before), -one.after))
    return moved[:EXAMPLES]
