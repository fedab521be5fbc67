"""What the Today page says and holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from smarketing.registry import TodayPanel, today_panels

NOON = 12
EVENING = 18


@dataclass(frozen=True)
class Drawn:
    """A panel and the context that it computed."""

    panel: TodayPanel
    context: Mapping[str, Any]


@dataclass(frozen=True)
class Panels:
    """The panels of one person by side of the table."""

    marketing: list[Drawn] = field(default_factory=list)
    shared: list[Drawn] = field(default_factory=list)
    sales: list[Drawn] = field(default_factory=list)

    @property
    def facing(self) -> bool:
        """Tell whether both teams have something to show."""
        return bool(self.marketing and self.sales)

    @property
    def all(self) -> list[Drawn]:
        """Every panel in order, the sides forgotten."""
        together = [*self.marketing, *self.shared, *self.sales]
        return sorted(together, key=lambda drawn: (drawn.panel.order, drawn.panel.key))


def panels_for(user: Any, at: datetime) -> Panels:
    """Return the panels that `user` may see, each computed once as of `at`."""
    panels = Panels()
    for panel in today_panels.for_user(user):
        getattr(panels, panel.side).append(Drawn(panel, panel.context(user, at)))
    return panels


def greeting(user: Any, at: datetime) -> str:
    """Greet by the time of day in the person's zone."""
    hour = timezone.localtime(at).hour
    words = {"name": user.get_short_name()}
    if hour < NOON:
        return _("Good morning, %(name)s") % words
    if hour < EVENING:
        return _("Good afternoon, %(name)s") % words
    return _("Good evening, %(name)s") % words
