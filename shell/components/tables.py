"""Tables with sort, columns and bulk bar; filter bars with chips; the pager of long lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shell.components.drawing import draw, trimmed

register = template.Library()

# Keys of the query string that belong to a place in the list, not to what is listed.
PLACE = ("after", "before", "page")


def _query(context: Context, **changes: str | None) -> str:
    """The present query string with some keys set (or, None, removed), back at the first page."""
    request = context.get("request")
    query: QueryDict = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for key in PLACE:
        query.pop(key, None)
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = value
    return f"?{query.urlencode()}"


@register.simple_block_tag
def data_table(
    content: str, id: str, label: Any, *, compact: bool = False, keys: bool = True, form: str = "",  # noqa: A002
    cards: bool = False,
) -> SafeString:  # fmt: skip
    """A dense table named `label` for screen readers; holds `<thead>` and `<tbody>`. With `keys`,
    `j`/`k` move among rows marked `data-row`, Enter opens their first link, `x` selects. With
    `cards`, a phone tells each row as a card: give its cells their head as `data-label`."""
    return draw("data_table", content=trimmed(content), id=id, label=label, compact=compact,
                keys=keys, form=form, cards=cards)  # fmt: skip


@register.simple_tag(takes_context=True)
def column_head(
    context: Context, key: str, label: Any, *, sort: str = "", numeric: bool = False,
    sortable: bool = True,
) -> SafeString:  # fmt: skip
    """A column's head. `sort` is the list's present order ("name" or "-name"); a click turns it."""
    order = {key: "ascending", f"-{key}": "descending"}.get(sort, "none")
    url = _query(context, sort=f"-{key}" if order == "ascending" else key) if sortable else ""
    return draw("column_head", label=label, order=order, url=url, numeric=numeric)


@register.simple_tag
def select_all() -> SafeString:
    """The head cell that selects every row shown."""
    return draw("select_all")


@register.simple_tag
def select_row(value: Any, label: Any, name: str = "selected", form: str = "") -> SafeString:
    """The cell that selects a row; `label` names the row for screen readers."""
    # Written here, not in a template: every row of every list has one.
    return format_html(
        '<td class="table-select"><input type="checkbox" class="form-check-input row-select"'
        ' name="{}" value="{}"{} aria-label="{}"></td>',
        name, value, format_html(' form="{}"', form) if form else "",
        _("Select %(label)s") % {"label": label},
    )  # fmt: skip


@register.simple_block_tag
def bulk_bar(content: str, table: str) -> SafeString:
    """What can be done with the selected rows of table `table`; hidden while none is."""
    return draw("bulk_bar", content=trimmed(content), table=table)


@register.simple_tag(takes_context=True)
def column_menu(
    context: Context,
    columns: Sequence[tuple[str, Any]],
    chosen: Iterable[str],
    key: str = "columns",
) -> SafeString:
    """The choice of columns as links: (key, label) pairs; the query key holds a comma list."""
    shown = list(chosen)
    items = []
    for name, label in columns:
        rest = [c for c in shown if c != name] if name in shown else [*shown, name]
        items.append(
            {"label": label, "on": name in shown, "url": _query(context, **{key: ",".join(rest)})}
        )
    return draw("column_menu", items=items)


@register.simple_tag
def pager(previous: str = "", next: str = "", shown: Any = "") -> SafeString:  # noqa: A002
    """Links to the page before and after; `shown` says in words what is on this one."""
    return draw("pager", previous=previous, next=next, shown=shown)


@register.simple_block_tag(takes_context=True)
def filter_bar(
    context: Context, content: str, label: Any, *, target: str = "", keep: str = "sort,columns"
) -> SafeString:
    """A GET form of filters that applies itself when one changes (with `target`, by htmx into that
    selector). `keep` names the query keys that it carries along."""
    request = context.get("request")
    kept = [
        (key, value)
        for key in keep.split(",")
        if request is not None and (value := request.GET.get(key))
    ]
    return draw("filter_bar", content=trimmed(content), label=label, target=target, kept=kept,
                path=getattr(request, "path", ""))  # fmt: skip


@register.simple_tag(takes_context=True)
def filter_chip(
    context: Context, label: Any, value: Any, remove_url: str = "", *, key: str = ""
) -> SafeString:
    """An applied filter and how to take it away: at `remove_url`, else without query key `key`."""
    return draw("filter_chip", label=label, value=value,
                remove_url=remove_url or _query(context, **{key: None}))  # fmt: skip
