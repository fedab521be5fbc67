"""What hangs on a business calendar, as the apps above tell it: before a change, and after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from accounts.business_time import BusinessTimeError
from accounts.models import BusinessCalendar, User
from accounts.services.calendars import CalendarDraft
from shell.toasts import toast
from smarketing import registry


@dataclass(frozen=True)
class ToldEffect:
    """One part of the calendar's page, drawn by an app above."""

    template: str
    context: Mapping[str, Any]


def effects_of(
    user: User,
    calendar: BusinessCalendar | None,
    draft: CalendarDraft,
    *,
    at: datetime,
    thorough: bool = False,
) -> list[ToldEffect]:
    """Return what the draft would mean to what hangs on the calendar; nothing while closed."""
    try:
        wanted = draft.business_time()
    except BusinessTimeError:
        return []
    pk = calendar.pk if calendar is not None else None
    return [
        ToldEffect(effect.template, effect.context(user, pk, wanted, at, thorough))
        for effect in registry.calendar_effects
    ]


def tell_saved(request: HttpRequest, calendar_id: int, at: datetime) -> None:
    """Say what a saved change moved, with a way back."""
    for effect in registry.calendar_effects:
        told = effect.saved(calendar_id, at)
        if told is not None:
            words, undo_url = told
            toast(request, words, undo_url=undo_url)
