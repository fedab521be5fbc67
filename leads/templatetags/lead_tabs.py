"""`{% load lead_tabs %}`: the strip of the Leads area."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from leads.tabs import tabs_for

register = template.Library()


@register.inclusion_tag("leads/_tab_strip.html", takes_context=True)
def lead_tabs(context: Context) -> dict[str, Any]:
    """The pages of the area that this person may open, the current one marked."""
    request = context["request"]
    return {"tabs": tabs_for(request.user, request.path)}
