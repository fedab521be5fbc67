"""The board: columns by stage, cards moved by hand, keys or a form; each move is the gate's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.enums import Role
from accounts.models import User
from accounts.rules import holds, standing
from accounts.views.access import member_required, person
from leads.enums import Disposition, LifecycleStage
from leads.filters import LeadFilter
from leads.lifecycle import RANK, STAGES
from leads.querysets import LeadQuerySet
from leads.rules import decides_on_leads, sees_only_own_team
from leads.selectors.board import Cards, ColumnTotal, Totals, board_cards, board_totals, more_cards
from leads.selectors.lists import Choices, filter_choices, listed_leads
from leads.views.lists import applied, without
from smarketing import time_source
from smarketing.errors import NotFound
from smarketing.registry import list_filters

# Filters of the list that the board shares; how a lead ended is the column's to say.
REFUSED = "board_refused"
NOT_ASKED = ("disposition", "sort", "columns", "size", "after", "before", "column")


@dataclass(frozen=True)
class Column:
    """One stage as the board shows it; `url` leads to the same leads as a list."""

    stage: LifecycleStage
    cards: Cards
    total: ColumnTotal
    is_chosen: bool
    chip_url: str
    list_url: str
    more_url: str


@dataclass(frozen=True)
class Desk:
    """The leads that an address asks for, as one person sees them."""

    user: User
    query: QueryDict
    rows: LeadQuerySet
    filters: LeadFilter
    choices: Choices

    @property
    def stages(self) -> list[LifecycleStage]:
        """The columns asked for, all of them unless some are chosen."""
        asked = self.query.getlist("stage")
        return [stage for stage in STAGES if stage in asked] or list(STAGES)

    @property
    def scope(self) -> str:
        """Whose view this is and which filters it has: what totals may be shared by."""
        own = sees_only_own_team(standing(self.user)) or self.query.get("owner") == "me"
        asked = sorted((k, v) for k, vs in self.query.lists() for v in vs if k != "stage")
        return f"{self.user.pk if own else 'all'}:{asked}"

    def totals(self, at: datetime, *, fresh: bool = False) -> Totals:
        """Return the totals of the columns."""
        return board_totals(self.rows, self.scope, at, fresh=fresh)


def desk_of(request: HttpRequest, query: QueryDict) -> Desk:
    """Read the filters of an address; what cannot be read is left out."""
    asked = query.copy()
    for key in NOT_ASKED:
        asked.pop(key, None)
    user, choices = person(request), filter_choices()
    narrowed = asked.copy()
    narrowed.pop("stage", None)
    filters = LeadFilter(
        narrowed,
        queryset=listed_leads(user),
        request=request,
        zone=lambda: choices.zone,
        at=time_source.now(),
    )
    return Desk(user, asked, filters.qs, filters, choices)


@require_safe
@member_required
def lead_board(request: HttpRequest) -> HttpResponse:
    """The leads that this person may see, by stage, narrowed as the address says."""
    desk, query, at = desk_of(request, request.GET), request.GET, time_source.now()
    totals = desk.totals(at)
    cards = board_cards(desk.rows, desk.stages, at)
    chosen = chosen_column(desk, query, totals)
    columns = [
        Column(
            stage=stage,
            cards=cards[stage],
            total=totals.columns[stage],
            is_chosen=stage is chosen,
            chip_url=f"?{without(query, 'column', column=stage.value)}",
            list_url=f"?{_list_query(query, stage)}",
            more_url=f"?{without(query, 'after', after=cards[stage].after)}",
        )
        for stage in desk.stages
    ]
    context = {
        "columns": columns,
        "totals": totals,
        "totals_age": at - totals.counted_at,
        "form": desk.filters.form,
        "choices": desk.choices,
        "applied": applied(desk.filters, desk.choices),
        "unread": sorted(desk.filters.errors),
        "extra_filters": [(f, f.choices(desk.user), query.get(f.key)) for f in list_filters],
        "may_decide": decides_on_leads(standing(desk.user)),
        "stages": STAGES,
        "query": query.urlencode(),
        # What a form without scripts was refused, told on the card once.
        "refusals": dict([request.session.pop(REFUSED)]) if REFUSED in request.session else {},
        "words": words(),
        "none": not any(totals.columns[stage].count for stage in desk.stages),
    }
    return render(request, "leads/board/board.html", context)


def chosen_column(desk: Desk, query: QueryDict, totals: Totals) -> LifecycleStage:
    """Return the column that a phone shows: the one asked for, else the first of the person's own
    that holds a lead."""
    asked = next((stage for stage in desk.stages if stage == query.get("column")), None)
    if asked is not None:
        return asked
    first = LifecycleStage.MQL if holds(desk.user, Role.REP) else LifecycleStage.LEAD
    own = [stage for stage in desk.stages if RANK[stage] >= RANK[first]] or desk.stages
    return next((stage for stage in own if totals.columns[stage].count), own[0])


def _list_query(query: QueryDict, stage: LifecycleStage) -> str:
    changes = {"stage": stage.value, "sort": "-score"}
    if stage is LifecycleStage.CUSTOMER:
        changes = {"stage": stage.value, "disposition": Disposition.WON.value}
    return without(query, "column", "after", **changes)


def words() -> dict[str, str]:
    """What the board's script says."""
    return {
        "lifted": _(
            "%(name)s lifted, in %(stage)s. Left and right choose a column, Enter drops, Escape "
            "puts back."
        ),
        "over": _("Over %(stage)s."),
        "back": _("%(name)s is back in %(stage)s."),
        "moved": _("%(name)s moved to %(stage)s."),
        "refused": _("%(name)s stays in %(stage)s. %(why)s"),
        "offline": _("The server did not answer. The card is back where it was."),
        "close": _("Close lead"),
        "question": _("One more thing"),
    }


@require_safe
@member_required
def board_more(request: HttpRequest, stage: str) -> HttpResponse:
    """The next cards of one column; without scripts, the same leads as a list."""
    known = next((one for one in STAGES if one == stage), None)
    if known is None:
        raise NotFound("no such column")
    desk, at = desk_of(request, request.GET), time_source.now()
    try:
        cards = more_cards(desk.rows, known, request.GET.get("after", ""), at)
    except NotFound:
        return HttpResponseRedirect(f"?{without(request.GET, 'after')}")
    context = {
        "stage": known,
        "cards": cards,
        "more_url": f"?{without(request.GET, 'after', after=cards.after)}",
        "list_url": f"?{_list_query(request.GET, known)}",
        "may_decide": decides_on_leads(standing(desk.user)),
        "stages": STAGES,
        "query": without(request.GET, "after"),
        "refusals": {},
        "now": at,
    }
    return render(request, "leads/board/_cards.html", context)
