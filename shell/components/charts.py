"""The chart frame: a picture, the same figures as a table, both to take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString

from shell.components.drawing import draw

register = template.Library()


@register.simple_tag
def chart(
    id: str, title: Any, *, option: Mapping[str, Any], columns: Sequence[Any],  # noqa: A002
    rows: Sequence[Sequence[Any]], summary: Any = "", sub: Any = "", tall: bool = False,
) -> SafeString:  # fmt: skip
    """A chart and its table. `option` is an ECharts option; a colour in it is written as the name
    of a token ("token:marketing"). `columns` and `rows` are the same figures, already written for
    the reader; `summary` says in a sentence what the picture shows. No rows: an empty state."""
    return draw("chart", id=id, title=title, option=option, columns=columns, rows=rows,
                summary=summary, sub=sub, tall=tall, config_id=f"{id}-option")  # fmt: skip
