"""When people are away."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import rules
from accounts.models import Absence, User
from accounts.selectors.people import heads_above
from accounts.services.notices import notify
from smarketing.errors import BadInput, NotAllowed

ABSENCE = "absence"


def save_absence(
    absence: Absence,
    *,
    first_on: date,
    last_on: date,
    deputy: User | None,
    note: str,
    by: User,
    at: datetime,
) -> Absence:
    """Store when `absence.user` is away, both days included, and tell the heads of his teams.

    Raises NotAllowed for someone whom `by` does not oversee, BadInput for days in the wrong order,
    a deputy who is away himself or inactive, and an absence that overlaps another.
    """
    person = absence.user
    if not rules.can_edit_absences_of(by, person):
        raise NotAllowed(_("You may enter absences for yourself and for your teams."))
    _check(person, first_on, last_on, deputy)
    absence.first_on, absence.last_on = first_on, last_on
    absence.deputy, absence.note = deputy, note.strip()
    try:
        with transaction.atomic():
            absence.save()
    except IntegrityError:
        overlap = _("%(name)s is away on some of these days already.") % {"name": person.name}
        raise _refusal("first_on", overlap) from None
    _tell_heads(absence, by=by, at=at)
    return absence


def remove_absence(absence: Absence, *, by: User) -> None:
    """Forget an absence; raises NotAllowed as `save_absence` does."""
    if not rules.can_edit_absences_of(by, absence.user):
        raise NotAllowed(_("You may enter absences for yourself and for your teams."))
    absence.delete()


def _check(person: User, first_on: date, last_on: date, deputy: User | None) -> None:
    if last_on < first_on:
        raise _refusal("last_on", _("The last day comes before the first."))
    if deputy is None:
        return
    if deputy == person or not deputy.is_active:
        raise _refusal("deputy", _("The deputy must be somebody else, and active."))
    if deputy.absences.filter(first_on__lte=last_on, last_on__gte=first_on).exists():
        raise _refusal(
            "deputy", _("%(name)s is away on some of these days.") % {"name": deputy.name}
        )


def _refusal(field: str, reason: str) -> BadInput:
    return BadInput(_("The absence was not saved."), fields={field: [reason]})


def _tell_heads(absence: Absence, *, by: User, at: datetime) -> None:
    heads = heads_above(absence.user).exclude(pk__in=[by.pk, absence.user_id])
    params = {
        "name": absence.user.name,
        "first_on": absence.first_on.isoformat(),
        "last_on": absence.last_on.isoformat(),
    }
    key = f"{ABSENCE}:{absence.pk}:{absence.first_on:%Y-%m-%d}:{absence.last_on:%Y-%m-%d}"
    notify(heads, ABSENCE, params, url=reverse("settings-absences"), at=at, dedupe_key=key)
