"""The first administrator of an installation: nobody is there yet who could invite him."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import Membership, User
from accounts.querysets import normalise_email
from accounts.selectors.people import the_organisation
from smarketing.errors import BadInput, Refused


def create_first_administrator(*, email: str, name: str, at: datetime) -> User:
    """Make an invited person who holds the role of administrator.

    Raises Refused when an active administrator exists (he invites the others), BadInput for an
    address that is none. Called again for the same, still waiting person it renews his invitation.
    """
    email = normalise_email(email)
    try:
        validate_email(email)
    except ValidationError:
        raise BadInput(_("%(email)s is not an e-mail address.") % {"email": email}) from None
    joined = Membership.objects.of_active_people().filter(
        role=Role.ADMINISTRATOR, user__joined_at__isnull=False
    )
    if joined.exists():
        raise Refused(_("There is an administrator already; he can invite others."))
    organisation = the_organisation()
    with transaction.atomic():
        person = User.objects.select_for_update().filter(email=email).first() or User(
            email=email, name=name, zone=organisation.zone, language=organisation.language
        )
        person.set_unusable_password()
        person.invited_at = at
        person.save()
        Membership.objects.get_or_create(user=person, role=Role.ADMINISTRATOR, team=None)
    return person
