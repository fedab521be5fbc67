"""What a person may do with a lead, as the buttons of its page and of the inbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.enums import Disposition, LifecycleStage
from leads.lifecycle import MOVES, RANK, Side, next_stage, position
from leads.models import Lead
from leads.moving import RETURNED
from leads.rules import Verdict

OF_SIDE: dict[Side, Any] = {
    Side.MARKETING: gettext_lazy("This is for Marketing to decide."),
    Side.SALES: gettext_lazy("This is for Sales to decide."),
    Side.BOTH: gettext_lazy("This is for Marketing and Sales to decide."),
    Side.EITHER: gettext_lazy("This is for Marketing or Sales to decide."),
}
REJECT = gettext_lazy("Reject lead")
HAND_BACK = gettext_lazy("Hand back to Sales")


@dataclass(frozen=True)
class Verb:
    """One thing to do: a link to a page of its own, or a post to `url`."""

    key: str
    label: Any
    icon: str
    url: str
    posts: bool = False
    note_needed: bool = False
    shortcut: str = ""


@dataclass(frozen=True)
class Verbs:
    """The next thing to do, the others, and why the next one is not this person's."""

    primary: Verb | None = None
    others: list[Verb] = field(default_factory=list)
    refusal: Any = ""


def verbs_for(lead: Lead, options: Any) -> Verbs:
    """Return what may be done with a `visible_lead` by the person whose `options_for` these are."""
    primary = _primary(lead, options)
    others = [_later(lead, option) for option in options.later]
    if lead.stage == LifecycleStage.MQL and options.primary is not None:
        others.insert(0, _reject(lead))
    return Verbs(primary, others, "" if primary else _refusal(lead, options))


def _primary(lead: Lead, options: Any) -> Verb | None:
    if options.hand_back is not None:
        url, note_needed = _url("lead-hand-back", lead.pk), options.hand_back is Verdict.NOTE_NEEDED
        return Verb("hand-back", HAND_BACK, "check", url, posts=True, note_needed=note_needed,
                    shortcut="a")  # fmt: skip
    option = options.primary
    if option is None:
        return None
    if option.stage is LifecycleStage.SAL:
        return Verb("accept", option.verb, "check", reverse("lead-accept", args=[lead.pk]),
                    posts=True, note_needed=option.note_needed, shortcut="a")  # fmt: skip
    if option.stage is LifecycleStage.SQL:
        return Verb("advance", option.verb, "arrow-right", reverse("lead-advance", args=[lead.pk]),
                    shortcut="a")  # fmt: skip
    url = _page_of(option.stage, lead)
    if url:
        return Verb("deal", option.verb, "arrow-right", url, shortcut="a")
    return _later(lead, option, shortcut="a")


def _page_of(stage: LifecycleStage, lead: Lead) -> str:
    """The page on which a deal is made, or the only running one won; "" where a move does it."""
    if stage is LifecycleStage.OPPORTUNITY:
        return _url("lead-convert", lead.pk)
    deal = getattr(lead, "first_deal", None)
    if stage is LifecycleStage.CUSTOMER and deal and deal == getattr(lead, "last_deal", None):
        return _url("opportunity-win", deal)
    return ""


def _later(lead: Lead, option: Any, *, shortcut: str = "") -> Verb:
    if option.stage is LifecycleStage.OPPORTUNITY and lead.stage == LifecycleStage.SQL:
        return Verb("deal", option.verb, "arrow-right", _url("lead-convert", lead.pk))
    return Verb(f"move-{option.stage.value}", option.verb, "arrow-right",
                reverse("lead-move", args=[lead.pk]), posts=True,
                note_needed=option.note_needed, shortcut=shortcut)  # fmt: skip


def _reject(lead: Lead) -> Verb:
    return Verb("reject", REJECT, "x", reverse("lead-reject", args=[lead.pk]), shortcut="r")


def _refusal(lead: Lead, options: Any) -> Any:
    """Say whose the next decision is, where it is not this person's."""
    following = next_stage(LifecycleStage(lead.stage))
    if lead.disposition != Disposition.OPEN or following is None:
        return ""
    if lead.position.is_returned:
        return RETURNED
    side = MOVES[lead.position, position(following)]
    if lead.owner is not None and RANK[following] > RANK[LifecycleStage.MQL]:
        return _("%(owner)s decides on this lead.") % {"owner": lead.owner}
    return OF_SIDE[side]


def _url(name: str, pk: int) -> str:
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""
