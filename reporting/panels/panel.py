"""One panel of the dashboard, as the page, the files, REST and the command see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from leads.querysets import LeadFactQuerySet
from reporting.figures import Figures
from reporting.view import View

Option = Mapping[str, Any]


@dataclass(frozen=True)
class Panel:
    """A question and how it is answered.

    `count` answers it by two statements at most. `draw` makes an ECharts option of the answer, None
    where the table says it best. `rows` returns the leads behind the value in one row and column:
    as many, and the same, as the value says; None where the value has no rows. `of_persons` keeps
    it out of public links.
    """

    key: str
    title: Any
    about: Any
    count: Callable[[View], Figures]
    draw: Callable[[Figures], Option | None] | None = None
    rows: Callable[[View, str, str], LeadFactQuerySet | None] | None = None
    of_persons: bool = False
    is_wide: bool = False
