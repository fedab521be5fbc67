"""The lead list: filters, sort, columns, pages by cursor. All its state is the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.enums import Role
from accounts.models import User
from accounts.rules import holds, standing
from accounts.views.access import member_required, person
from accounts.views.answers import wants_part
from leads.columns import all_columns, chosen_columns
from leads.enums import Disposition, LifecycleStage
from leads.filters import DISPOSITIONS, RETURNING, SNOOZED, LeadFilter
from leads.forms import CloseForm, MoveForm
from leads.forms_views import ViewForm
from leads.ordering import DEFAULT_ORDER, SORTS, Place, page_of
from leads.querysets import LeadQuerySet
from leads.rules import decides_on_leads, shares_views
from leads.selectors.lists import (
    Choices,
    ShownView,
    count_of,
    filter_choices,
    listed_leads,
    with_columns,
)
from smarketing import time_source
from smarketing.errors import NotFound
from smarketing.registry import list_columns, list_filters

SIZES = (25, 50, 100)
SORT_CHOICES = [
    ("-began", gettext_lazy("Newest first")),
    ("began", gettext_lazy("Oldest first")),
    ("-score", gettext_lazy("Highest score first")),
    ("since", gettext_lazy("Longest in stage first")),
    ("due", gettext_lazy("Next due first")),
    ("-worked", gettext_lazy("Last activity first")),
    ("-attempts", gettext_lazy("Most attempts first")),
    ("name", gettext_lazy("By name")),
]
DEFAULT_SIZE = 50
PLACE = ("after", "before")


@require_safe
@member_required
def lead_list(request: HttpRequest) -> HttpResponse:
    """The leads that this person may see, narrowed and ordered as the address says."""
    user = person(request)
    choices = filter_choices(user)
    first = opens_first(user, choices) if not request.GET else None
    if first is not None:
        return HttpResponseRedirect(f"{request.path}?{first.query}&view={first.id}")
    asked = with_defaults(request.GET)
    filters = LeadFilter(
        asked,
        queryset=listed_leads(user),
        request=request,
        zone=lambda: choices.zone,
        at=time_source.now(),
    )
    columns, in_force = chosen_columns(request), applied(filters, choices)
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
        "applied": in_force,
        "filters_used": len(in_force) + beside_the_chips(asked),
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
        "narrowed": bool(request.GET.getlist("stage") or request.GET.get("disposition")),
        "here": request.get_full_path(),
        **view_context(request, user, choices),
    }
    part = wants_part(request)
    return render(request, "leads/list_results.html" if part else "leads/list.html", context)


def opens_first(user: User, choices: Choices) -> ShownView | None:
    """Return the view that opens first for one of the person's roles, in the order of roles."""
    held = standing(user).roles
    firsts = {view.default_for: view for view in choices.views if view.default_for}
    return next((firsts[role] for role in Role if role in held and role in firsts), None)


def view_context(request: HttpRequest, user: User, choices: Choices) -> dict[str, Any]:
    """Return the saved views, the choices beside them, and what may be done with the rows."""
    asked = without(request.GET, *PLACE, "view")
    view = next((v for v in choices.views if str(v.id) == request.GET.get("view")), None)
    return {
        "view": view,
        "narrowed_any": bool(asked),
        "may_share": shares_views(standing(user)),
        "may_decide": decides_on_leads(standing(user)),
        "may_qualify": holds(user, Role.MARKETER),
        "may_accept": holds(user, Role.REP),
        "move_form": MoveForm(prefix="move"),
        "close_form": CloseForm(prefix="close"),
        "view_form": ViewForm(user=user, initial={"query": asked}) if asked else None,
        "returning_choices": RETURNING,
        "snoozed_choices": SNOOZED,
        "sort_choices": SORT_CHOICES,
    }


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


def beside_the_chips(asked: QueryDict) -> int:
    """Count the filters in force that have no chip of their own: stages (as one) and outcome."""
    other_outcome = asked.get("disposition") != Disposition.OPEN
    return sum((bool(asked.getlist("stage")), other_outcome))


def applied(filters: LeadFilter, choices: Choices) -> list[tuple[Any, str, str]]:
    """Return the filters in force besides stage and outcome: label, value in words, query key."""
    data = filters.form.cleaned_data if filters.form.is_valid() else {}
    found: list[tuple[Any, str, str]] = []
    for key, label in (("source", _("Source")), ("campaign", _("Campaign")),
                       ("product_line", _("Product line")), ("owner", _("Owner")),
                       ("persona", _("Persona")), ("queue", _("Queue")),
                       ("attribute", _("Field"))):  # fmt: skip
        value = data.get(key)
        if value:
            words = {"me": _("Me"), "nobody": _("Nobody")}
            named = {**dict(getattr(choices, key)), **words}
            found.append((label, str(named.get(value, f"#{value}")), key))
    for key, label in (("began_from", _("From")), ("began_to", _("To"))):
        if data.get(key):
            found.append((label, f"{data[key]:%Y-%m-%d}", key))
    told: dict[str, dict[Any, Any]] = {"returning": dict(RETURNING), "snoozed": dict(SNOOZED)}
    for key, label in (("score_from", _("Score at least")), ("score_to", _("Score at most")),
                       ("stage_days", _("In its stage for days")), ("returning", _("Cycle")),
                       ("snoozed", _("Snoozed"))):  # fmt: skip
        if data.get(key) not in (None, ""):
            found.append((label, str(told.get(key, {}).get(data[key], data[key])), key))
    if data.get("q"):
        found.append((_("Search"), f"“{data['q']}”", "q"))
    return found + _told(filters.data or {})


def _told(asked: Mapping[str, str]) -> list[tuple[Any, str, str]]:
    """Return the filters of upper apps that links alone set."""
    return [
        (entry.label, str(entry.told(asked[entry.key])), entry.key)
        for entry in list_filters
        if entry.told is not None and asked.get(entry.key)
    ]
