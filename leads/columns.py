"""The columns of the lead list, and which of them a person sees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from smarketing.registry import list_columns

SESSION_KEY = "lead_columns"


@dataclass(frozen=True)
class Column:
    """A column: its key in the query string, its head, and the order that a click gives."""

    key: str
    label: Any
    sort: str = ""
    numeric: bool = False
    wide_only: bool = False

    @property
    def is_extra(self) -> bool:
        """Tell whether somebody asked for it: then a phone shows it too, with its head."""
        return self.key not in DEFAULT

    @cached_property
    def cell_class(self) -> str:
        """The style class of its cells: on a phone some stand apart and the others stay away."""
        extra = " lead-extra" if self.is_extra else ""
        return f"number lead-{self.key}{extra}" if self.numeric else f"lead-{self.key}{extra}"


COLUMNS = (
    Column("stage", _("Stage")),
    Column("disposition", _("Outcome")),
    Column("company", _("Company")),
    Column("owner", _("Owner")),
    Column("source", _("Source"), wide_only=True),
    Column("campaign", _("Campaign"), wide_only=True),
    Column("product_line", _("Product line"), wide_only=True),
    Column("score", _("Score"), sort="score", numeric=True),
    Column("since", _("In stage"), sort="since", numeric=True),
    Column("began", _("Created"), sort="began", numeric=True),
    Column("due", _("Next due"), sort="due", numeric=True),
    Column("attempts", _("Attempts"), sort="attempts", numeric=True),
    Column("worked", _("Last activity"), sort="worked", numeric=True),
    Column("persona", _("Persona"), wide_only=True),
    Column("queue", _("Queue"), wide_only=True),
    Column("email", _("E-mail"), wide_only=True),
    Column("job_title", _("Job title"), wide_only=True),
    Column("country", _("Country"), wide_only=True),
)
DEFAULT = ("company", "stage", "owner", "source", "score", "since", "due", "began")


def all_columns() -> list[Column]:
    """Return every column there is, those of upper apps last."""
    return [*COLUMNS, *(Column(extra.key, extra.label) for extra in list_columns)]


def chosen_columns(request: HttpRequest) -> list[Column]:
    """Return the columns that the address asks for, else those asked for last, in our order."""
    asked = request.GET.get("columns")
    if asked is not None and request.session.get(SESSION_KEY) != asked:
        request.session[SESSION_KEY] = asked[:400]
    text = asked if asked is not None else request.session.get(SESSION_KEY)
    keys = set(DEFAULT) if text is None else set(str(text).split(","))
    by_key = {column.key: column for column in all_columns() if column.key in keys}
    first = [by_key.pop(key) for key in DEFAULT if key in by_key]
    return [*first, *by_key.values()]
