"""What a panel is asked for: by whom, about which days, over which leads, at what instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.rules import Standing
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.cut import Cut, Span
from reporting.spans import Days

WITHIN = timedelta(days=90)


@dataclass(frozen=True)
class View:
    """Everything a panel may know. `within` is how long a cohort is given (business of weeks, so
    calendar days); `before` is what the figures are compared with."""

    user: Any
    standing: Standing
    days: Days
    cut: Cut
    at: datetime
    currency: str
    within: timedelta = WITHIN

    @property
    def span(self) -> Span:
        """The instants looked at."""
        return self.days.span

    @property
    def before(self) -> Span:
        """The instants compared with."""
        return self.days.before().span

    @property
    def facts(self) -> LeadFactQuerySet:
        """The facts that count; no statement yet."""
        return self.cut.facts(self.user, self.standing)
