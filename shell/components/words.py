"""Icons, badges, persons."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from shell import formats

register = template.Library()


@register.simple_tag(name="icon")
def draw_icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon of the sprite: `size` "s", "" or "l"; `label` only when no word stands beside it."""
    return _drawn_icon(name, size, str(label), settings.STORAGES["staticfiles"]["BACKEND"])


@lru_cache(maxsize=1024)
def _drawn_icon(name: str, size: str, label: str, storage: str) -> SafeString:
    """Write an icon once for each `storage` of files; pages repeat the same few by the hundred."""
    classes = f"icon icon-{size}" if size else "icon"
    if name.endswith("-filled"):
        classes += " icon-fill"
    naming = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"></use></svg>',
        classes, mark_safe(naming), static("vendor/icons.svg"), name,  # noqa: S308
    )  # fmt: skip


@register.simple_tag
def badge(text: Any, tone: str = "neutral", icon: str = "") -> SafeString:
    """A state or a kind in a word: tones on-track, at-risk, late, paused, met-late, neutral,
    accent, marketing, sales, shared. States bring their own icon."""
    name = icon or STATE_ICONS.get(tone, "")
    mark = draw_icon(name) if name else ""
    return format_html('<span class="badge-state tone-{}">{}{}</span>', tone, mark, text)


STATE_ICONS = {
    "on-track": "check",
    "at-risk": "clock",
    "late": "flag",
    "paused": "player-pause",
    "met-late": "circle-check",
    "marketing": "speakerphone",
    "sales": "phone",
    "shared": "arrows-exchange",
}


@register.simple_tag
def stage_badge(stage: Any, label: Any = "") -> SafeString:
    """A lifecycle stage: its hue and its word."""
    key = str(getattr(stage, "value", stage))
    word = label or getattr(stage, "label", "") or key
    return format_html('<span class="stage stage-{}">{}</span>', key.lower(), word)


@register.simple_tag
def avatar(user: Any, size: str = "") -> SafeString:
    """The initials of a person; decorative, the name stands beside it."""
    name = str(getattr(user, "name", "") or user)
    return format_html(
        '<span class="avatar-i{}" aria-hidden="true">{}</span>',
        f" avatar-{size}" if size else "", formats.initials(name),
    )  # fmt: skip


@register.simple_tag
def person(user: Any, empty: Any = "") -> SafeString:
    """A person: initials and name; `empty` (or an en dash) when there is nobody."""
    if user is None:
        return format_html('<span class="muted">{}</span>', empty or formats.NOTHING)
    return format_html(
        '<span class="person">{}<span class="truncate">{}</span></span>', avatar(user), user
    )
