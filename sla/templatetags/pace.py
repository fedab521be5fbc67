"""`{% load pace %}`: figures of commitments and verdicts on them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from shell.components.words import badge
from sla.pace import Verdict
from sla.pace_shown import ICONS, TONES, Shown, figure

register = template.Library()


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
