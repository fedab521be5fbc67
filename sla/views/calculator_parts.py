"""What the pages of the goal calculator draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.forms import BoundField
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from accounts.rules import standing
from leads.enums import LifecycleStage
from shell.formats import write_money, write_number, write_share
from sla.forms_goal import COUNTED, GoalForm
from sla.goal_math import whole
from sla.goal_promises import promises_of
from sla.goal_shown import decimal_of, origin_of, shown_load, shown_rows
from sla.goals import Assumptions, Figure, Goal, Measurements, Origin, assume
from sla.models import SavedScenario
from sla.selectors.calculating import Reckoned


@dataclass(frozen=True)
class LinkFields:
    """The fields of one stage: its share and lag to the next that counts, and how they are."""

    stage: LifecycleStage
    to_label: str
    counts: bool
    share: BoundField
    lag: BoundField
    slider: Decimal
    placeholder: str
    hint: str
    lag_placeholder: str


def fields_of(form: GoalForm, goal: Goal, measured: Measurements) -> list[LinkFields]:
    """Return the fields of every stage, with what stands for those that are left empty."""
    found, following = assume(goal, measured), dict(goal.pairs)
    plain = assume(Goal(customers=Fraction(1), stages=goal.stages, window=goal.window), measured)
    return [_link_fields(form, stage, following.get(stage), found, plain) for stage in COUNTED]


def _link_fields(
    form: GoalForm,
    stage: LifecycleStage,
    following: LifecycleStage | None,
    found: Assumptions,
    plain: Assumptions,
) -> LinkFields:
    share, known, lag = (told.get(stage) for told in (found.shares, plain.shares, plain.lags))
    return LinkFields(
        stage=stage,
        to_label=str(following.label) if following else "",
        counts=following is not None,
        share=form[f"share_{stage}"],
        lag=form[f"lag_{stage}"],
        slider=(decimal_of(share.value * 100, 1) if share else None) or Decimal(0),
        placeholder=_per_cent(known),
        hint=origin_of(known) if known else _("not counted"),
        lag_placeholder=write_number(decimal_of(lag.value, 1), 1) if lag else "",
    )


def deal_field(goal: Goal, measured: Measurements) -> dict[str, str]:
    """Return what stands for an average deal that is left empty, and on how many it rests."""
    plain = assume(Goal(customers=Fraction(1), stages=goal.stages), measured).deal
    if plain is None:
        return {"deal_written": "", "deal_hint": _("None was won in the last year.")}
    return {
        "deal_written": write_number(decimal_of(plain.value, 0)),
        "deal_hint": origin_of(plain).capitalize(),
    }


def _per_cent(figure: Figure | None) -> str:
    return "" if figure is None else write_number(decimal_of(figure.value * 100, 1), 1)


def answer(found: Reckoned) -> dict[str, Any]:
    """Return what the answer draws; without an outlook only what is missing for one."""
    context: dict[str, Any] = {
        "found": found,
        "period": found.period,
        "deal": _deal(found),
        "deal_origin": origin_of(found.assumptions.deal),
        "is_quarter": found.goal.period == "QUARTER",
    }
    if found.outlook is None:
        return context
    rows = shown_rows(found.outlook)
    best = found.outlook.best
    first = rows[0]
    saved = max((row.saved or Decimal(0) for row in rows), default=Decimal(0))
    return {
        **context,
        "rows": rows,
        "customers": rows[-1],
        "first": first,
        "best": next((row for row in rows if best and row.row is best), None),
        "widest_saving": saved,
        "entries_typed": bool(first.row.now and first.row.now.origin is Origin.TYPED),
        "work": shown_load(found.outlook),
        "promised": len(promises_of(found.outlook)),
    }


def _deal(found: Reckoned) -> Decimal | None:
    deal = found.assumptions.deal
    return decimal_of(deal.value, 0) if deal else None


@dataclass(frozen=True)
class Column:
    """One scenario beside others: its lines in the order of `LINES`."""

    row: SavedScenario
    lines: list[tuple[str, str]]
    may_delete: bool


def compared(told: Sequence[tuple[SavedScenario, Reckoned]], by: User) -> list[Column]:
    """Return scenarios as columns; all have the same lines."""
    manages = Role.MANAGER in standing(by).roles
    return [
        Column(row, _lines(found), manages or row.created_by_id == by.pk) for row, found in told
    ]


def _lines(found: Reckoned) -> list[tuple[str, str]]:
    goal, answer_ = found.goal, found.outlook
    aim = (
        write_money(decimal_of(goal.revenue, 2), found.currency)
        if goal.revenue is not None
        else _("%(n)s customers") % {"n": write_number(decimal_of(goal.customers, 2))}
    )
    needed = {row.need.stage: row.need.total for row in answer_.rows} if answer_ else {}
    work = answer_.load if answer_ else None
    return [
        (_("Goal"), aim),
        (_("Period"), _days(found)),
        (_("Average deal"), write_money(_deal(found), found.currency)),
        (_("From Marketing"), write_share(decimal_of(goal.marketing))),
        *(
            (_("%(stage)s goes on") % {"stage": stage.label}, _share(found, stage))
            for stage in COUNTED
        ),
        *(
            (_("%(stage)s needed") % {"stage": stage.label},
             write_number(whole(needed.get(stage))))
            for stage in LifecycleStage
        ),
        (_("Reps needed"), write_number(decimal_of(work.reps_needed, 1), 1) if work else "–"),
        (_("Calls per rep and day"),
         write_number(decimal_of(work.calls_a_day, 1), 1) if work else "–"),
    ]  # fmt: skip


def _days(found: Reckoned) -> str:
    first, last = found.period.first_on, found.period.last_on
    return f"{date_format(first, 'j M Y')} – {date_format(last, 'j M Y')}"


def _share(found: Reckoned, stage: LifecycleStage) -> str:
    share = found.assumptions.shares.get(stage)
    return write_share(decimal_of(share.value), 1) if share else "–"
