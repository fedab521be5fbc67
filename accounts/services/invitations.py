"""Invitations: a link by mail, good for a week, for one person, once.

The link's secret is derived from the installation's key and the invitation's own facts, so no row
keeps it, and it dies when the invitation is renewed or accepted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts import rules
from accounts.models import Notice, User
from accounts.querysets import normalise_email
from accounts.selectors.people import the_organisation
from accounts.services.notices import notify
from accounts.services.people import confirm_email
from accounts.services.roles import Held, change_roles
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused

INVITATION = "invitation"
ACCEPTED = "invitation_accepted"
GOOD_FOR = timedelta(days=7)


def invite(
    *, email: str, name: str, roles: Iterable[Held], by: User, at: datetime, language: str = ""
) -> User:
    """Make a person who holds `roles` once he accepts, and send him the link.

    Raises NotAllowed when `by` may not give one of the roles (heads must give at least one),
    BadInput for an address that is none or is known, or for roles that fit no team.
    """
    email, roles = normalise_email(email), list(roles)
    _check_invitation(email, name, by=by, has_roles=bool(roles))
    organisation = the_organisation()
    person = User(
        email=email,
        name=name.strip(),
        invited_at=at,
        zone=organisation.zone,
        language=language or organisation.language,
    )
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save()
            change_roles(person, roles, by=by, at=at)
            _send(person, by=by, at=at)
    except IntegrityError:
        raise _known_address() from None
    return person


def renew_invitation(person: User, *, by: User, at: datetime) -> None:
    """Send `person` a new link; the old one dies.

    Raises NotAllowed unless `by` oversees him, Refused when he has accepted or left.
    """
    if not rules.can_oversee(by, person):
        raise NotAllowed(_("You may invite only into the teams that you head."))
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=person.pk)
        if locked.joined_at is not None or not locked.is_active:
            raise Refused(
                _("%(name)s needs no invitation.") % {"name": locked.name}, code="no_invitation"
            )
        User.objects.filter(pk=locked.pk).update(invited_at=at)
        person.refresh_from_db()
        _send(person, by=by, at=at)


def invited_person(user_id: int, secret: str, *, at: datetime, lock: bool = False) -> User:
    """Return whom the link invites; raise NotFound when it is wrong, old, used or renewed."""
    people = User.objects.select_for_update() if lock else User.objects.all()
    person = people.filter(pk=user_id, joined_at__isnull=True, is_active=True).first()
    if person is None or person.invited_at is None or at > person.invited_at + GOOD_FOR:
        raise NotFound(_("This invitation is no longer good."))
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(constant_time_compare(secret, _secret(person, key)) for key in keys):
        raise NotFound(_("This invitation is no longer good."))
    return person


def accept_invitation(user_id: int, secret: str, *, name: str, password: str, at: datetime) -> User:
    """Give the invited person his name and password; tell who invited him.

    Raises NotFound for a link that is no longer good, BadInput for an empty name or a weak
    password.
    """
    with transaction.atomic():
        person = invited_person(user_id, secret, at=at, lock=True)
        person.name = name.strip()
        _check_acceptance(person, password)
        person.set_password(password)
        person.joined_at = at
        person.save(update_fields=["name", "password", "joined_at"])
        complete_invitation(person, at=at)
    return person


def complete_invitation(person: User, *, at: datetime) -> None:
    """Note that `person` has joined: his address is proved, his inviter is told."""
    confirm_email(person)
    invitations = Notice.objects.filter(recipient=person, kind=INVITATION)
    latest = invitations.order_by("-pk").first()
    invitations.update(read_at=at)
    inviter = User.objects.active().filter(pk=latest.params.get("by_id")) if latest else []
    notify(
        inviter,
        ACCEPTED,
        {"name": person.name},
        url=reverse("settings-user", args=[person.pk]),
        at=at,
        dedupe_key=f"{ACCEPTED}:{person.pk}",
    )


def join_by_single_sign_on(person: User, *, at: datetime) -> None:
    """Count the first sign-in through the identity provider as acceptance."""
    with transaction.atomic():
        waiting = User.objects.filter(pk=person.pk, joined_at__isnull=True)
        if waiting.update(joined_at=at):
            person.joined_at = at
            complete_invitation(person, at=at)


def invitation_link(person: User, at: datetime) -> str:
    """Return the absolute address that accepts the invitation of `person`; empty once accepted."""
    if person.joined_at is not None or person.invited_at is None:
        return ""
    secret = _secret(person, settings.SECRET_KEY)
    return settings.BASE_URL + reverse("invitation", args=[person.pk, secret])


def _secret(person: User, key: str) -> str:
    invited_at = person.invited_at.isoformat() if person.invited_at else ""
    facts = f"{person.pk}:{person.email}:{invited_at}"
    return salted_hmac("accounts.invitation", facts, secret=key, algorithm="sha256").hexdigest()


def _send(person: User, *, by: User, at: datetime) -> None:
    organisation = the_organisation()
    notify(
        [person],
        INVITATION,
        {"by": by.name, "by_id": by.pk, "organisation": organisation.name},
        url="/",
        at=at,
        dedupe_key=f"{INVITATION}:{at.isoformat()}",
    )


def _check_invitation(email: str, name: str, *, by: User, has_roles: bool) -> None:
    if not rules.can_manage_people(by) or not (has_roles or rules.is_administrator(by)):
        raise NotAllowed(_("You may invite only into the teams that you head."))
    fields: dict[str, list[str]] = {}
    try:
        validate_email(email)
    except ValidationError:
        fields["email"] = [_("Enter an e-mail address.")]
    else:
        if User.objects.filter(email=email).exists():
            raise _known_address()
    if not name.strip():
        fields["name"] = [_("Enter a name.")]
    if fields:
        raise BadInput(_("Nobody was invited."), fields=fields)


def _known_address() -> BadInput:
    known = _("Somebody with this address is here already.")
    return BadInput(_("Nobody was invited."), fields={"email": [known]})


def _check_acceptance(person: User, password: str) -> None:
    fields: dict[str, list[str]] = {}
    if not person.name:
        fields["name"] = [_("Enter your name.")]
    try:
        validate_password(password, person)
    except ValidationError as error:
        fields["password"] = list(error.messages)
    if fields:
        raise BadInput(_("The invitation was not accepted yet."), fields=fields)
