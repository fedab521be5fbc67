"""Rules and thresholds of the score: checked, kept, and followed by a recalculation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from leads.criteria_validation import whats_wrong
from leads.enums import MqlMaking, ScoreCounting, ScoreKind, TouchKind
from leads.models import FunnelSettings, ScoreRule, ScoreRun
from leads.rules import manages_scoring
from leads.scoring import KINDS_OF_FIT, MOST_POINTS
from leads.selectors.terms import terms
from leads.services.recalculating import start_run
from smarketing.errors import BadInput, NotAllowed

LONGEST_NAME = 100
MOST_DAYS = 3_650
LARGEST_SCORE = 100_000
WRONG = _("Some values cannot be accepted.")
NAME_NEEDED = _("Give the rule a name of at most 100 characters.")
OUT_OF_RANGE = _("A whole number from %(least)d to %(most)d.")
NO_POINTS = _("A rule gives or takes at least one point.")
TOUCH_NEEDED = _("Choose the kind of touch.")
LEAVE_BELOW_ENTER = _("This must be lower than the score that proposes.")
NOT_YOURS = _("The score's rules are for managers and administrators to set.")


@dataclass(frozen=True, kw_only=True)
class RuleFacts:
    """What a rule says: a criterion for fit, a touch and how it counts for engagement."""

    kind: ScoreKind
    name: str
    points: int
    criterion: Mapping[str, Any] | None = None
    touch_kind: str = ""
    half_life_days: int | None = None
    cap: int | None = None
    counting: ScoreCounting = ScoreCounting.EACH
    per_period: int | None = None
    period_days: int | None = None


def drafted(facts: RuleFacts, rule: ScoreRule | None = None) -> ScoreRule:
    """Return the rule that `facts` make, unwritten; its kind stays what it was.

    Raises BadInput with every field that is wrong. At most two statements.
    """
    kind = ScoreKind(rule.kind) if rule is not None else facts.kind
    wrong = _wrong(facts, kind)
    if wrong:
        raise BadInput(WRONG, fields=wrong)
    draft = ScoreRule(pk=rule.pk if rule else None, is_active=rule.is_active if rule else True)
    draft.kind, draft.name, draft.points = kind, facts.name.strip(), facts.points
    if kind is ScoreKind.FIT:
        draft.criterion = {**(facts.criterion or {}), "required": False}
        return draft
    draft.touch_kind, draft.counting = facts.touch_kind, facts.counting
    draft.half_life_days, draft.cap = facts.half_life_days, facts.cap
    if facts.counting is ScoreCounting.PER_PERIOD:
        draft.per_period, draft.period_days = facts.per_period, facts.period_days
    return draft


@transaction.atomic
def save_rule(
    facts: RuleFacts, *, rule: ScoreRule | None = None, by: User, at: datetime
) -> ScoreRule:
    """Keep a new rule, or `rule` changed, and start the recalculation of all open leads.

    Raises NotAllowed, or BadInput with every field that is wrong; then nothing was changed.
    """
    _may(by)
    saved = drafted(facts, rule)
    saved.save()
    start_run(asked_by=by, at=at)
    return saved


@transaction.atomic
def use_rule(rule: ScoreRule, *, in_use: bool, by: User, at: datetime) -> None:
    """Take a rule out of use, or back; it is never deleted, for ledgers name it."""
    _may(by)
    if ScoreRule.objects.filter(pk=rule.pk, is_active=not in_use).update(is_active=in_use):
        start_run(asked_by=by, at=at)


def drafted_thresholds(enter: int, leave: int, making: str) -> FunnelSettings:
    """Return the settings with these thresholds, unwritten; raises BadInput by field."""
    wrong = {
        name: [_range(-LARGEST_SCORE, LARGEST_SCORE)]
        for name, value in (("mql_enter_score", enter), ("mql_leave_score", leave))
        if not -LARGEST_SCORE <= value <= LARGEST_SCORE
    }
    if not wrong and leave >= enter:
        wrong["mql_leave_score"] = [LEAVE_BELOW_ENTER]
    if making not in MqlMaking.values:
        wrong["mql_making"] = [_("Choose what happens.")]
    if wrong:
        raise BadInput(WRONG, fields=wrong)
    return FunnelSettings(mql_enter_score=enter, mql_leave_score=leave, mql_making=making)


@transaction.atomic
def save_thresholds(*, enter: int, leave: int, making: str, by: User, at: datetime) -> None:
    """Keep the thresholds and start the recalculation; raises NotAllowed or BadInput."""
    _may(by)
    draft = drafted_thresholds(enter, leave, making)
    values = {
        name: getattr(draft, name) for name in ("mql_enter_score", "mql_leave_score", "mql_making")
    }
    FunnelSettings.objects.update_or_create(pk=1, defaults=values)
    start_run(asked_by=by, at=at)


@transaction.atomic
def recalculate(*, by: User, at: datetime) -> ScoreRun:
    """Recalculate every open lead, because somebody asks; raises NotAllowed."""
    _may(by)
    return start_run(asked_by=by, at=at)


def _may(by: User) -> None:
    if not manages_scoring(standing(by)):
        raise NotAllowed(NOT_YOURS)


def _wrong(facts: RuleFacts, kind: ScoreKind) -> dict[str, list[Any]]:
    wrong: dict[str, list[Any]] = {}
    if not 1 <= len(facts.name.strip()) <= LONGEST_NAME:
        wrong["name"] = [NAME_NEEDED]
    if facts.points == 0:
        wrong["points"] = [NO_POINTS]
    elif not -MOST_POINTS <= facts.points <= MOST_POINTS:
        wrong["points"] = [_range(-MOST_POINTS, MOST_POINTS)]
    own = _wrong_criterion(facts) if kind is ScoreKind.FIT else _wrong_engagement(facts)
    return {**wrong, **own}


def _wrong_criterion(facts: RuleFacts) -> dict[str, list[Any]]:
    found = whats_wrong([facts.criterion or {}], terms(KINDS_OF_FIT))
    return {"criterion": list(found.values())} if found else {}


def _wrong_engagement(facts: RuleFacts) -> dict[str, list[Any]]:
    wrong: dict[str, list[Any]] = {}
    if facts.touch_kind not in TouchKind.values:
        wrong["touch_kind"] = [TOUCH_NEEDED]
    bounds = {"half_life_days": (1, MOST_DAYS), "cap": (1, MOST_POINTS)}
    for name, (least, most) in bounds.items():
        value = getattr(facts, name)
        if value is not None and not least <= value <= most:
            wrong[name] = [_range(least, most)]
    if facts.counting is ScoreCounting.PER_PERIOD:
        for name, most in (("per_period", 100), ("period_days", MOST_DAYS)):
            if not 1 <= (getattr(facts, name) or 0) <= most:
                wrong[name] = [_range(1, most)]
    return wrong


def _range(least: int, most: int) -> Any:
    return OUT_OF_RANGE % {"least": least, "most": most}
