"""`{% load sla_tabs %}`: the strip of the agreement's area."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from sla.tabs import sla_tabs_for

register = template.Library()


@register.inclusion_tag("leads/_tab_strip.html", takes_context=True)
def sla_tabs(context: Context) -> dict[str, Any]:
    """The pages of the area that this person may open, the current one marked."""
    request = context["request"]
    return {"tabs": sla_tabs_for(request.user, request.path), "request": request}
