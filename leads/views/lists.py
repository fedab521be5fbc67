"""The lead list: filters, sort, columns, pages by cursor. All its state is the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.enums import Role
from accounts.rules import holds, standing
from accounts.views.access import member_required, person
from leads.columns import all_columns, chosen_columns
from leads.enums import Disposition, LifecycleStage
from leads.filters import DISPOSITIONS, LeadFilter
from leads.forms import CloseForm, MoveForm
from leads.ordering import DEFAULT_ORDER, SORTS, Place, page_of
from leads.querysets import LeadQuerySet
from leads.rules import decides_on_leads
from leads.selectors.lists import (
    Choices,
    count_of,
    filter_choices,
    listed_leads,
    with_columns,
)
from smarketing.errors import NotFound
from smarketing.registry import list_columns, list_filters

SIZES = (25, 50, 100)
DEFAULT_SIZE = 50
PLACE = ("after", "before")


@require_safe
@member_required
def lead_list(request: HttpRequest) -> HttpResponse:
    """The leads that this person may see, narrowed and ordered as the address says."""
    user = person(request)
    choices = filter_choices()
    asked = with_defaults(request.GET)
    filters = LeadFilter(
        asked, queryset=listed_leads(user), request=request, zone=lambda: choices.zone
    )
    columns = chosen_columns(request)
    shown = {column.key for column in columns}
    rows: LeadQuerySet = filters.qs
    try:
        page = page_of(
            with_columns(rows, [c for c in list_columns if c.key in shown]), place(asked)
        )
    except NotFound:
        return HttpResponseRedirect(f"{request.path}?{without(request.GET, *PLACE)}")
    context = {
        "page": page,
        "count": count_of(rows),
        "form": filters.form,
        "choices": choices,
        "applied": applied(filters, choices),
        "unread": sorted(filters.errors),
        "stages": stage_links(request.GET),
        "dispositions": DISPOSITIONS,
        "sort": asked["sort"],
        "columns": columns,
        "all_columns": [(c.key, c.label) for c in all_columns()],
        "column_keys": [c.key for c in columns],
        "extra_columns": [c for c in list_columns if c.key in shown],
        "extra_filters": [(f, f.choices(user), request.GET.get(f.key)) for f in list_filters],
        "previous": page.before and f"?{without(request.GET, *PLACE, before=page.before)}",
        "next": page.after and f"?{without(request.GET, *PLACE, after=page.after)}",
        "may_decide": decides_on_leads(standing(user)),
        "may_qualify": holds(user, Role.MARKETER),
        "may_accept": holds(user, Role.REP),
        "move_form": MoveForm(prefix="move"),
        "close_form": CloseForm(prefix="close"),
        "narrowed": bool(request.GET.getlist("stage") or request.GET.get("disposition")),
        "here": request.get_full_path(),
    }
    return render(request, "leads/list.html", context)


def with_defaults(query: QueryDict) -> QueryDict:
    """Return the address as it is meant: unless it says otherwise, the open leads, newest first."""
    asked = query.copy()
    asked.setdefault("disposition", Disposition.OPEN.value)
    if asked.get("sort") not in SORTS:
        asked["sort"] = DEFAULT_ORDER
    return asked


def place(asked: QueryDict) -> Place:
    """Return where in the list the address stands; a page is never longer than the longest size."""
    size = asked.get("size", "")
    return Place(
        sort=str(asked["sort"]),
        size=int(size) if size in map(str, SIZES) else DEFAULT_SIZE,
        after=asked.get("after", ""),
        before=asked.get("before", ""),
    )


def without(query: QueryDict, *keys: str, **changes: str) -> str:
    """Return the address without `keys`, with `changes`."""
    left = query.copy()
    for key in keys:
        left.pop(key, None)
    for key, value in changes.items():
        left[key] = value
    return left.urlencode()


@dataclass(frozen=True)
class StageLink:
    """A stage that a click adds to the filter or takes from it."""

    stage: LifecycleStage
    on: bool
    url: str


def stage_links(query: QueryDict) -> list[StageLink]:
    """Return a link for every stage, in funnel order."""
    chosen = query.getlist("stage")
    links = []
    for stage in LifecycleStage:
        left = query.copy()
        for key in PLACE:
            left.pop(key, None)
        rest = [c for c in chosen if c != stage]
        left.setlist("stage", rest if stage in chosen else [*rest, stage.value])
        links.append(StageLink(stage, stage in chosen, f"?{left.urlencode()}"))
    return links


def applied(filters: LeadFilter, choices: Choices) -> list[tuple[Any, str, str]]:
    """Return the filters in force besides stage and outcome: label, value in words, query key."""
    data = filters.form.cleaned_data if filters.form.is_valid() else {}
    found: list[tuple[Any, str, str]] = []
    for key, label in (("source", _("Source")), ("campaign", _("Campaign")),
                       ("product_line", _("Product line")), ("owner", _("Owner"))):  # fmt: skip
        value = data.get(key)
        if value:
            words = {"me": _("Me"), "nobody": _("Nobody")}
            named = {**dict(getattr(choices, key)), **words}
            found.append((label, str(named.get(value, f"#{value}")), key))
    for key, label in (("began_from", _("From")), ("began_to", _("To"))):
        if data.get(key):
            found.append((label, f"{data[key]:%Y-%m-%d}", key))
    if data.get("q"):
        found.append((_("Search"), f"“{data['q']}”", "q"))
    return found
