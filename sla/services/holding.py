"""What every writer of a draft asks first: may he, and is it still a draft."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from sla.enums import AgreementState
from sla.models import Agreement
from sla.rules import writes_agreement
from smarketing.errors import NotAllowed, NotFound, Refused

NOT_WRITER = _("Managers and facilitators write the agreement.")
NOT_A_DRAFT = _("Only a draft can be changed. Begin a new version.")


def hold_writer(actor: User | None) -> None:
    """Raise NotAllowed unless `actor` may write the agreement; None is the system."""
    if actor is not None and not writes_agreement(standing(actor)):
        raise NotAllowed(NOT_WRITER)


def hold_version(pk: int) -> Agreement:
    """Return the version locked until the transaction ends; raise NotFound for none."""
    row = Agreement.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such version."))
    return row


def hold_draft(pk: int) -> Agreement:
    """Return the draft locked until the transaction ends; raise Refused for what is none."""
    row = hold_version(pk)
    if row.state != AgreementState.DRAFT:
        raise Refused(NOT_A_DRAFT, code="not_a_draft")
    return row
