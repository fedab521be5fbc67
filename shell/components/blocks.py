"""Cards, dialogs, empty states, facing columns, timelines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shell.components.drawing import draw, trimmed
from shell.components.words import STATE_ICONS
from shell.times import moment

register = template.Library()


@register.simple_block_tag
def card(
    content: str, title: Any = "", *, sub: Any = "", side: str = "", flush: bool = False,
    link: str = "", link_text: Any = "", level: int = 2,
) -> SafeString:  # fmt: skip
    """A plain card; `side` marketing, sales or shared; `flush` for a table or rows without padding;
    `link` with `link_text` at the right of its head."""
    return draw("card", content=content, title=title, sub=sub, side=side, flush=flush, link=link,
                 link_text=link_text, level=level)  # fmt: skip


@register.simple_block_tag
def empty_state(content: str, title: Any, text: Any = "", icon: str = "mood-empty") -> SafeString:
    """Why there is nothing here; the block holds the one next step."""
    return draw("empty_state", content=trimmed(content), title=title, text=text, icon=icon)


@register.simple_block_tag
def notice(content: str, tone: str = "accent", icon: str = "info-circle") -> SafeString:
    """A standing remark on a page: tones accent, on-track, at-risk, late."""
    return draw("notice", content=content, tone=tone, icon=icon)


@register.simple_block_tag
def dialog(content: str, id: str, title: Any, *, wide: bool = False) -> SafeString:  # noqa: A002
    """A modal dialog; any `<button data-dialog-open="id">` opens it, `data-dialog-close` closes."""
    return draw("dialog", content=content, id=id, title=title, wide=wide)


@register.simple_block_tag
def facing(content: str) -> SafeString:
    """Two teams at one table: holds `side` blocks, Marketing first, Sales last."""
    return format_html('<div class="facing">{}</div>', content)


@register.simple_block_tag
def side(content: str, key: str, title: Any = "") -> SafeString:
    """One side of a facing layout: marketing, shared or sales."""
    return draw("side", content=content, key=key, title=title, icon=STATE_ICONS.get(key, ""))


@register.simple_block_tag
def timeline(content: str) -> SafeString:
    """What happened, newest first; holds `timeline_item` blocks."""
    return format_html('<ol class="events">{}</ol>', content)


@register.simple_block_tag(takes_context=True)
def timeline_item(
    context: Context, content: str, title: Any, *, at: datetime | None = None,
    icon: str = "circle", tone: str = "neutral", who: Any = "",
) -> SafeString:  # fmt: skip
    """One event: what, when, who; the block holds the details."""
    told = moment(at, context.get("now"), "relative") if at else None
    return draw("timeline_item", content=trimmed(content), title=title, told=told, icon=icon,
                 tone=tone, who=who)  # fmt: skip
