"""The dashboard, each of its panels, and a panel as a file."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.rules import standing
from accounts.views.access import member_required, person
from accounts.views.answers import wants_part
from leads.sheets import BOM, csv_rows, write_xlsx
from reporting.asking import Walk, asked_of, read_view
from reporting.choices import filter_choices
from reporting.drilling import KEY
from reporting.figures import Column, Figures, Row, Value
from reporting.house import reporting_house
from reporting.panels import PANELS, SECTIONS, Panel
from reporting.tables import table_of
from reporting.view import View
from reporting.writing import write
from smarketing import time_source
from smarketing.errors import BadInput

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@member_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """The month in figures: every panel loads for itself."""
    view, wrong = _view(request)
    context = {"sections": SECTIONS, **_around(view, wrong)}
    return render(request, "reporting/dashboard.html", context, status=422 if wrong else 200)


@require_safe
@member_required
def panel(request: HttpRequest, key: str) -> HttpResponse:
    """One panel: alone on its page, or the part that the dashboard asked for."""
    one = _panel(key)
    view, wrong = _view(request)
    if wants_part(request):
        return render(request, "reporting/_panel.html", shown(one, view))
    context = {**_around(view, wrong), **shown(one, view)}
    return render(request, "reporting/panel.html", context, status=422 if wrong else 200)


@require_safe
@member_required
def panel_file(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """The table of one panel as CSV or XLSX."""
    one = _panel(key)
    view, wrong = _view(request)
    if wrong:
        raise Http404
    figures = one.count(view)
    name = f"{one.key}-{view.days.name.replace('/', '--')}.{kind}"
    if kind == "csv":
        answer = HttpResponse(BOM + _as_csv(figures, view), content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(_as_xlsx(figures, view, str(one.title)), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@dataclass(frozen=True)
class ShownCell:
    """One value as it is read, and where its rows are; "" where it has none."""

    text: str
    url: str


def shown(one: Panel, view: View) -> dict[str, Any]:
    """Return what the template of a panel needs."""
    figures = one.count(view)
    lines = [
        (row, [_cell(one, view, row, column, value) for column, value in _pairs(figures, row)])
        for row in figures.rows
    ]
    query = _query(asked_of(view))
    return {
        "panel": one,
        "figures": figures,
        "lines": lines,
        "option": one.draw(figures) if one.draw and figures.rows else None,
        "query": query,
        "option_id": f"report-{one.key}-option",
        "days": view.days,
        "kinds": sorted({str(column.kind.label) for column in figures.columns if column.kind}),
    }


def _pairs(figures: Figures, row: Row) -> list[tuple[Column, Value]]:
    return list(zip(figures.columns, row.values, strict=True))


def _cell(one: Panel, view: View, row: Row, column: Column, value: Value) -> ShownCell:
    text = write(value, column, view.currency)
    if not (column.drills and value and one.rows):
        return ShownCell(text, "")
    walk = Walk(one.key, row.key, column.key, asked_of(view)).written()
    return ShownCell(text, f"{reverse('lead-list')}?{urlencode({'disposition': 'any', KEY: walk})}")


def _view(request: HttpRequest) -> tuple[View, dict[str, list[str]]]:
    """Return what the address asks for; what cannot be read is told, and the month shown."""
    user = person(request)
    house, at = reporting_house(), time_source.now()
    try:
        return read_view(request.GET.dict(), user, standing(user), house=house, at=at), {}
    except BadInput as wrong:
        fields = {key: list(why) for key, why in wrong.fields.items()}
        return read_view({}, user, standing(user), house=house, at=at), fields


def _around(view: View, wrong: dict[str, list[str]]) -> dict[str, Any]:
    """Return what the bar above the panels needs."""
    days, asked = view.days, asked_of(view)
    following = days.after()
    return {
        "days": days,
        "previous": _query(asked, days=days.before().name),
        "next": _query(asked, days=following.name) if following.span.start <= view.at else "",
        "query": _query(asked),
        "asked": asked,
        "choices": filter_choices(),
        "wrong": wrong,
        "narrowed": len(asked) > 1,
    }


def _panel(key: str) -> Panel:
    if key not in PANELS:
        raise Http404(_("There is no such report."))
    return PANELS[key]


def _query(asked: dict[str, str], **changes: str) -> str:
    return f"?{urlencode({**asked, **changes})}"


def _as_csv(figures: Figures, view: View) -> bytes:
    return csv_rows(table_of(figures), view.days.zone)


def _as_xlsx(figures: Figures, view: View, title: str) -> bytes:
    head, *rows = table_of(figures)
    out = BytesIO()
    write_xlsx(out, [str(cell) for cell in head], rows, view.days.zone, title[:31])
    return out.getvalue()
