"""The goal calculator's address: it names the form in which its numbers are written, so that a link
reads the same to whoever opens it."""

from __future__ import annotations

from datetime import date

from django.http import QueryDict

from shell.formats import MARKS, marks, number_form
from sla.forms_goal import GoalForm, typed
from sla.goals import Goal

FORM = "n"


def form_of_numbers() -> str:
    """Return in which form the person who reads writes numbers: a key of `MARKS`."""
    decimal, thousands = marks()
    same = [key for key, known in MARKS.items() if known == (decimal, thousands)]
    return same[0] if same else next(key for key, known in MARKS.items() if known[0] == decimal)


def read_address(query: QueryDict) -> QueryDict:
    """Return what an address says with its numbers as this person writes them.

    One that names no other form, or cannot be read in it, comes back as it is.
    """
    form = query.get(FORM, "")
    if form not in MARKS or form == form_of_numbers():
        return query
    with number_form(form):
        there = GoalForm(query)
        if not there.is_valid():
            return query
    return write_address(there.goal(), there.cleaned_data["starts"])


def write_address(goal: Goal, starts: date | None = None) -> QueryDict:
    """Return the address of a goal, its numbers as this person writes them."""
    query = QueryDict(mutable=True)
    for name, value in typed(goal, starts).items():
        query.setlist(name, value if isinstance(value, list) else [value])
    query[FORM] = form_of_numbers()
    return query
