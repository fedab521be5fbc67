"""`{% load pace %}`: figures of commitments and verdicts on them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from shell.components.words import badge
from sla.enums import ActionState
from sla.models import CorrectiveAction
from sla.pace import Verdict
from sla.pace_shown import ICONS, TONES, Shown, figure, period_words
from sla.periods import Period
from sla.promise_words import what_of
from sla.selectors.book import period_kind

register = template.Library()
ANY_ZONE = ZoneInfo("UTC")  # the name of a period is the same in all
ACTION_TONES = {
    ActionState.OPEN: "at-risk",
    ActionState.DECIDED: "shared",
    ActionState.DONE: "on-track",
    ActionState.DROPPED: "neutral",
}


@register.filter
def pace_figure(value: Any, shown: Shown) -> str:
    """A figure in the unit of the commitment that is shown."""
    return escape(figure(shown.row, value, shown.currency))


@register.simple_tag
def pace_badge(verdict: Verdict | None) -> SafeString:
    """A verdict in a word, with its icon and colour; nothing for none."""
    if verdict is None:
        return mark_safe("")
    return badge(verdict.status.label, TONES[verdict.status], ICONS.get(verdict.status, ""))


@register.filter
def missed_what(action: CorrectiveAction) -> str:
    """What was promised and missed."""
    return escape(what_of(action.commitment))


@register.filter
def missed_when(action: CorrectiveAction) -> str:
    """The period that was missed."""
    kind = period_kind(action.commitment)
    return escape(period_words(Period(kind, action.missed_on, ANY_ZONE)))


@register.filter
def reached_of(action: CorrectiveAction, currency: str) -> str:
    """What the missed period came to."""
    value = action.result.actual if action.result else None
    return escape(figure(action.commitment, value, currency))


@register.simple_tag
def unit_figure(action: CorrectiveAction, value: Decimal | None, currency: str) -> str:
    """A figure in the unit of the commitment that was missed; a dash while it is not known."""
    return figure(action.commitment, value, currency)


@register.simple_tag
def action_badge(action: CorrectiveAction) -> SafeString:
    """Where an action stands, in a word."""
    return badge(action.get_state_display(), ACTION_TONES[ActionState(action.state)])
