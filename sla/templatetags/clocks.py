"""`{% load clocks %}`: how clocks are drawn."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shell.components.figures import countdown
from shell.components.words import badge
from sla.enums import ClockState
from sla.models import Clock, Commitment
from sla.selectors.clocks import ShownClock
from sla.wording import ICONS, TONES, business_span, holder_words, promise_words, target_words

register = template.Library()
COUNTS = (ClockState.RUNNING, ClockState.AT_RISK, ClockState.BREACHED)

register.filter("business_span", business_span)


@register.simple_tag
def state_badge(state: ClockState) -> SafeString:
    """A state in a word, with its icon and colour."""
    return badge(state.label, TONES[state], ICONS.get(state, ""))


@register.simple_tag(takes_context=True)
def clock_chip(context: Context, one: ShownClock) -> SafeString:
    """How a clock stands: what runs counts down by itself, everything else says its state."""
    if one.state in COUNTS:
        return countdown(context, one.clock.due_at, one.clock.risk_at)
    if one.state is ClockState.TRANSFERRED and one.is_late:
        return format_html(
            "{} {}", state_badge(one.state), badge(ClockState.BREACHED.label, "late")
        )
    return state_badge(one.state)


@register.filter
def promise(clock: Clock) -> str:
    """What was promised: "Time to decide"."""
    return promise_words(clock.commitment)


@register.filter
def commitment_name(commitment: Commitment) -> str:
    """What a commitment promises: "Time to decide"."""
    return promise_words(commitment)


@register.filter
def target(clock: Clock) -> str:
    """What it was given: "4 h of business time"."""
    return target_words(clock.target, clock.target_days)


@register.filter
def holder(clock: Clock) -> str:
    """Who is to act: a person, a queue, else the side that promised."""
    return holder_words(clock)
