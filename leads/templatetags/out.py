"""`{% load out %}`: the way out of a list."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from leads.views.exports import may_export

register = template.Library()


@register.inclusion_tag("leads/out/_export.html", takes_context=True)
def export_menu(context: Context, of_list: str, *, oob: bool = False) -> dict[str, Any]:
    """The menu that exports the list `of_list` as it is shown; nothing for who exports nothing."""
    request = context["request"]
    return {
        "may_export": may_export(request.user),
        "of_list": of_list,
        "request": request,
        "column_keys": context.get("column_keys", []),
        "oob": oob,
    }
