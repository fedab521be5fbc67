"""`{% load deals %}`: words of deals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from leads.enums import LifecycleStage
from leads.lifecycle import RANK
from leads.models import Lead, Opportunity
from leads.models.opportunities import DealState
from leads.reasons import USUAL
from shell.components.words import badge
from shell.formats import NOTHING, write_duration

register = template.Library()
LOOKS = {
    DealState.OPEN: ("accent", "coins"),
    DealState.WON: ("on-track", "star"),
    DealState.LOST: ("late", "circle-x"),
}


@register.simple_tag
def deal_badge(deal: Opportunity) -> SafeString:
    """Whether the deal is open, won or lost: word, tone and icon."""
    state = DealState(deal.state)
    return SafeString(badge(state.label, *LOOKS[state]))


@register.simple_tag
def deal_day(deal: Opportunity, today: date) -> SafeString | str:
    """When the deal is expected to close; said so when the day has passed and it is open."""
    day = deal.expected_close_on
    if day is None:
        return NOTHING
    shown = date_format(day, "j M Y")
    if deal.state != DealState.OPEN or day >= today:
        return shown
    return format_html("{} {}", shown, SafeString(badge(_("Past"), "at-risk", "clock")))


@register.simple_tag
def deal_reason(deal: Opportunity) -> str:
    """Why the deal was lost, in words."""
    known = {reason.code: reason.label for reason in USUAL}
    return known.get(deal.reason, deal.reason)


@register.filter
def age_since(now: datetime | str, since: datetime | None) -> str:
    """How long it has been since `since`: whole days, hours within the first day."""
    if since is None or not isinstance(now, datetime):
        return NOTHING
    span = max(now - since, timedelta(0))
    unit = timedelta(days=1) if span >= timedelta(days=1) else timedelta(hours=1)
    return write_duration(span - span % unit if span >= unit else span)


@register.simple_tag
def card_refusal(refusals: Mapping[int, str], lead: Lead) -> str:
    """Why the last move of this card was refused; nothing when none was."""
    return refusals.get(lead.pk, "")


@register.simple_tag
def later_options(stage: str, stages: Sequence[LifecycleStage]) -> SafeString:
    """The stages after that of a lead, as the options of a choice."""
    return _written_options(stage, tuple(stages), get_language() or "")


@lru_cache(maxsize=256)
def _written_options(stage: str, stages: tuple[LifecycleStage, ...], language: str) -> SafeString:
    """Write the options once for each stage and language, not once for each card of a board."""
    rank = RANK[LifecycleStage(stage)]
    later = ((one.value, one.label) for one in stages if RANK[one] > rank)
    return format_html_join("", '<option value="{}">{}</option>', later)
