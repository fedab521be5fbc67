"""People come by invitation, change, leave and come back; nobody is deleted."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import rules
from accounts.enums import Role
from accounts.models import BusinessCalendar, User
from accounts.querysets import normalise_email
from accounts.selectors.people import open_work_of
from accounts.services.roles import lock_administrators, refuse_last_administrator
from accounts.services.sessions import end_sessions
from accounts.signals import calendars_changed
from smarketing.errors import BadInput, NotAllowed, Refused
from smarketing.registry import OpenWork


def confirm_email(user: User) -> None:
    """Note that `user` has proved his one address, where the sign-in keeps such proofs."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def change_person(person: User, *, name: str, email: str, by: User) -> None:
    """Correct the name or the sign-in address of `person`.

    Only administrators may: whoever changes the address could take the account over. Raises
    NotAllowed, or BadInput for an empty name and an address that somebody has.
    """
    _administrators_only(by)
    name, email = name.strip(), normalise_email(email)
    if not name:
        raise BadInput(_("Nothing was changed."), fields={"name": [_("Enter a name.")]})
    try:
        with transaction.atomic():
            User.objects.filter(pk=person.pk).update(name=name, email=email)
            person.refresh_from_db(fields=["name", "email"])
            if person.joined_at is not None:
                confirm_email(person)
    except IntegrityError:
        taken = _("Somebody with this address is here already.")
        raise BadInput(_("Nothing was changed."), fields={"email": [taken]}) from None


def change_working_time(
    person: User, calendar: BusinessCalendar | None, *, by: User, at: datetime
) -> bool:
    """Let `person` work by `calendar`, None: as his team does; return whether that is a change.

    Tells `calendars_changed` for the calendar left and the one taken. Raises NotAllowed unless
    `by` is an administrator or heads a team of his.
    """
    if not rules.can_set_working_time_of(by, person):
        raise NotAllowed(_("Administrators and heads choose the working time of their people."))
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=person.pk)
        before, after = locked.calendar_id, calendar.pk if calendar else None
        if before == after:
            return False
        User.objects.filter(pk=person.pk).update(calendar=calendar)
        person.refresh_from_db(fields=["calendar"])
        told = {pk for pk in (before, after) if pk is not None}
        calendars_changed.send(sender=BusinessCalendar, calendar_ids=told, at=at)
    return True


def deactivate(person: User, *, by: User, at: datetime) -> list[OpenWork]:
    """Close the account of `person`, end his sessions at once and return what he leaves open.

    His API tokens die with the account. Raises NotAllowed unless `by` is an administrator, Refused
    for the last administrator and for the head of a team. Doing it again changes nothing.
    """
    _administrators_only(by)
    with transaction.atomic():
        lock_administrators()
        locked = User.objects.select_for_update().get(pk=person.pk)
        if locked.is_active:
            _refuse_head(locked)
            if locked.memberships.filter(role=Role.ADMINISTRATOR).exists():
                refuse_last_administrator(locked)
            User.objects.filter(pk=locked.pk).update(is_active=False, deactivated_at=at)
        end_sessions(locked)
        person.refresh_from_db()
        return open_work_of(person)


def reactivate(person: User, *, by: User) -> None:
    """Open the account of `person` again, with the roles he held."""
    _administrators_only(by)
    User.objects.filter(pk=person.pk).update(is_active=True, deactivated_at=None)
    person.refresh_from_db()


def _administrators_only(by: User) -> None:
    if not rules.is_administrator(by):
        raise NotAllowed(_("Only administrators may do this."))


def _refuse_head(person: User) -> None:
    headed = list(person.headed_teams.values_list("name", flat=True))
    if headed:
        raise Refused(
            _("%(name)s heads %(teams)s. Choose another head first.")
            % {"name": person.name, "teams": ", ".join(headed)},
            code="heads_a_team",
        )
