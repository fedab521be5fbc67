"""Numbers, instants, countdowns, progress."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from shell import formats
from shell.components.drawing import draw
from shell.components.words import draw_icon
from shell.times import Moment, moment

register = template.Library()


@register.filter
def number(value: Any, places: int = 0) -> str:
    """A number in the reader's form; an en dash for None."""
    return formats.write_number(value, places)


@register.filter
def money(amount: Any, currency: str = "EUR") -> str:
    """An amount with its currency, cents only when there are any."""
    return formats.write_money(amount, currency)


@register.filter
def percent(share: Any, places: int = 0) -> str:
    """A share (0–1) in per cent."""
    return formats.write_share(share, places)


@register.filter
def duration(span: timedelta | None) -> str:
    """The two largest units of a timedelta."""
    return formats.write_duration(span)


@register.simple_tag
def stat(
    label: Any, value: Any, hint: Any = "", *, size: str = "", href: str = "",
    change: Any = "", tone: str = "",
) -> SafeString:  # fmt: skip
    """A figure with its name: `size="hero"` for the one big figure of a page; `change` in words
    with `tone` on-track or late."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = formats.write_number(value)
    return draw(
        "stat", label=label, value=value, hint=hint, size=size, href=href, change=change, tone=tone
    )


@register.simple_tag(takes_context=True)
def when(
    context: Context, instant: datetime | None, form: str = "relative", *, inside: bool = False
) -> SafeString:
    """An instant in the reader's zone: "Tue 10:40 (in 25 min)", exact on hover. `form="plain"`
    leaves out the distance, `form="day"` the time of day; `inside=True` for mid-sentence."""
    if instant is None:
        return format_html('<span class="muted">{}</span>', formats.NOTHING)
    told: Moment = moment(instant, context.get("now"), form, inside=inside)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', told.machine, told.exact, told.text
    )


@register.simple_tag(takes_context=True)
def countdown(
    context: Context, due_at: datetime | None, warn_at: datetime | None = None, prefix: Any = ""
) -> SafeString:
    """A chip that counts down to `due_at`: by the minute, by the second under 5 minutes; amber
    after `warn_at`, red with a flag when late."""
    if due_at is None:
        return mark_safe("")
    now = context.get("now")
    told = moment(due_at, now, "relative")
    tone = told.tone(warn_at, now)
    # Written here, not in a template: lists draw a hundred of them.
    return format_html(
        '<span class="badge-state countdown tone-{}" data-countdown="{}"{}>{}{}'
        '<time datetime="{}" title="{}">{}</time></span>',
        tone, due_at.isoformat(),
        format_html(' data-warn="{}"', warn_at.isoformat()) if warn_at else "",
        draw_icon("flag" if tone == "late" else "clock"),
        format_html("<span>{}</span>", prefix) if prefix else "",
        told.machine, told.exact, told.distance or told.text,
    )  # fmt: skip


@register.simple_tag
def progress(
    value: Any,
    max: Any = 100,  # noqa: A002  # the attribute's own name
    label: Any = "",
    *,
    tone: str = "",
    text: Any = "",
) -> SafeString:
    """A bar from 0 to `max` with its name and its figure (`text`, else "value of max")."""
    return draw("progress", value=value or 0, max=max, label=label, tone=tone, text=text)


@register.simple_tag
def stage_path(steps: Any) -> SafeString:
    """The way through the funnel. Each step: key, label, at (instant or None), state ("done",
    "current" or "todo"), inferred (bool)."""
    return draw("stage_path", steps=steps)
