"""Stage definitions as pages show them: in force, proposed, and what changed between versions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from leads.criteria import read_criteria
from leads.criteria_words import Lexicon, say
from leads.enums import LifecycleStage, VersionState
from leads.models import StageDefinition
from leads.version_words import Change, changed_list, changed_text
from smarketing.errors import NotFound


@dataclass(frozen=True)
class SaidCriterion:
    """A criterion in words, and whether it holds a lead back."""

    words: str
    required: bool


@dataclass
class StageCard:
    """A stage: what is in force, what is proposed, and the criteria in force in words."""

    stage: LifecycleStage
    in_force: StageDefinition | None = None
    proposals: list[StageDefinition] = field(default_factory=list)
    criteria: list[SaidCriterion] = field(default_factory=list)


@dataclass(frozen=True)
class HistoryEntry:
    """A version with its criteria in words and what it changed of the one before."""

    version: StageDefinition
    criteria: list[SaidCriterion]
    changes: list[Change]


def stage_cards(lexicon: Lexicon) -> list[StageCard]:
    """Return every stage in funnel order; one statement."""
    cards = {stage: StageCard(stage) for stage in LifecycleStage}
    rows = StageDefinition.objects.exclude(state=VersionState.RETIRED).select_related("created_by")
    for row in rows:
        card = cards[LifecycleStage(row.stage)]
        if row.state == VersionState.IN_FORCE:
            card.in_force = row
            card.criteria = said(row.criteria, lexicon)
        else:
            card.proposals.append(row)
    return list(cards.values())


def said(stored: Iterable[Any], lexicon: Lexicon) -> list[SaidCriterion]:
    """Return stored criteria in words."""
    return [SaidCriterion(say(one, lexicon), one.required) for one in read_criteria(stored)]


def history_of(stage: LifecycleStage, lexicon: Lexicon) -> list[HistoryEntry]:
    """Return every version of a stage, the newest first, each with what it changed."""
    rows = list(
        StageDefinition.objects.filter(stage=stage).select_related("created_by").order_by("version")
    )
    before: Sequence[StageDefinition | None] = [None, *rows[:-1]]
    entries = [
        HistoryEntry(row, said(row.criteria, lexicon), _changes(old, row, lexicon))
        for old, row in zip(before, rows, strict=True)
    ]
    return entries[::-1]


def definition(pk: int) -> StageDefinition:
    """Return a version; raise NotFound when there is none."""
    row = StageDefinition.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound("no such version")
    return row


def latest_of(stage: LifecycleStage) -> StageDefinition | None:
    """Return what a new version of a stage begins with: the one in force, else the newest."""
    rows = StageDefinition.objects.filter(stage=stage).order_by("-version")
    return rows.filter(state=VersionState.IN_FORCE).first() or rows.first()


def _changes(old: StageDefinition | None, new: StageDefinition, lexicon: Lexicon) -> list[Change]:
    if old is None:
        return []
    stays = [str(one.longest_stay_days or "") for one in (old, new)]
    found = [
        changed_text(_("What it means"), old.prose, new.prose),
        changed_text(
            _("Responsible"), old.get_responsible_display(), new.get_responsible_display()
        ),
        changed_text(_("How a lead leaves it"), old.exit_rule, new.exit_rule),
        changed_text(_("Longest stay (business days)"), *stays),
        changed_list(_("Criteria"), _lines(old, lexicon), _lines(new, lexicon)),
    ]
    return [change for change in found if change]


def _lines(row: StageDefinition, lexicon: Lexicon) -> list[str]:
    wish = _("%(words)s (a wish)")
    return [
        one.words if one.required else wish % {"words": one.words}
        for one in said(row.criteria, lexicon)
    ]
