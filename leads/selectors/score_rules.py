"""The score's rules as pages and API show them, and where a recalculation stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.criteria import read_criteria
from leads.criteria_words import Lexicon, say
from leads.enums import ScoreCounting, ScoreKind
from leads.models import ScoreRule, ScoreRun
from leads.scoring import Rule
from leads.selectors.scoring import rule_of, rules_in_use


@dataclass(frozen=True)
class ToldRule:
    """A rule with what it says in words."""

    rule: ScoreRule
    words: str
    counting: str


def told_rules(lexicon: Lexicon) -> list[ToldRule]:
    """Return every rule in words, those out of use last; one statement."""
    rows = ScoreRule.objects.order_by("-is_active", "-points", "name", "id")
    return [ToldRule(row, words_of(row, lexicon), counting_of(row)) for row in rows]


def words_of(rule: ScoreRule, lexicon: Lexicon) -> str:
    """Return what a rule looks at."""
    if rule.kind == ScoreKind.FIT and rule.criterion:
        return say(read_criteria([rule.criterion])[0], lexicon)
    return str(rule.get_touch_kind_display())


def counting_of(rule: ScoreRule) -> str:
    """Return how touches count for a rule, "" for fit."""
    if rule.kind == ScoreKind.FIT:
        return ""
    said = [_how_often(rule)]
    if rule.cap is not None:
        said.append(_("at most %(n)d points") % {"n": rule.cap})
    if rule.half_life_days is None:
        said.append(_("never fades"))
    else:
        days = rule.half_life_days
        halves = ngettext("halves in %(n)d day", "halves in %(n)d days", days) % {"n": days}
        said.append(halves)
    return ", ".join(said)


def _how_often(rule: ScoreRule) -> str:
    if rule.counting != ScoreCounting.PER_PERIOD:
        return str(rule.get_counting_display())
    return _("%(n)d times in %(days)d days") % {"n": rule.per_period, "days": rule.period_days}


def rules_with(draft: ScoreRule) -> Sequence[Rule]:
    """Return the rules in use as they would be with `draft` kept; one statement."""
    others = [rule for rule in rules_in_use() if rule.id != draft.pk]
    return [*others, rule_of(draft)] if draft.is_active else others


def latest_run() -> ScoreRun | None:
    """Return the recalculation that goes on or was the last; one statement."""
    return ScoreRun.objects.select_related("asked_by").order_by("-id").first()
