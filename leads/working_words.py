"""What pages say of logging and of what follows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from leads.cadence import Why
from leads.enums import ActivityKind, NextStepKind

LOGGED: dict[ActivityKind, Any] = {
    ActivityKind.CALL: _("Call logged."),
    ActivityKind.EMAIL: _("E-mail logged."),
    ActivityKind.MEETING: _("Meeting logged."),
    ActivityKind.MESSAGE: _("Message logged."),
    ActivityKind.NOTE: _("Note kept."),
}
WHY: dict[str, Any] = {
    Why.NOT_REACHED.value: _("Not reached: call again at another time of day."),
    Why.WAITS_FOR_ANSWER.value: _("If no answer comes, call."),
    Why.SPOKE.value: _("Write down what you agreed and send it."),
    Why.THEY_WROTE.value: _("They turned to you: call back soon."),
    Why.ENOUGH_ATTEMPTS.value: _("Tried often enough: let the lead rest and come back later."),
}


@dataclass(frozen=True)
class Suggested:
    """What the page offers after logging: a sentence, and the next step ready to be set."""

    words: Any
    gives_up: bool
    kind: str = ""
    due: str = ""


def suggested(asked: Mapping[str, str]) -> Suggested | None:
    """Return the suggestion that the address carries; None for none, or one that is no word."""
    why = asked.get("suggest", "")
    if why not in WHY:
        return None
    kind = asked.get("step", "")
    known = kind if kind in NextStepKind.values else ""
    gives_up = why == Why.ENOUGH_ATTEMPTS.value
    return Suggested(WHY[why], gives_up, known, asked.get("due", "")[:16])
