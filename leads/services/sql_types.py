"""Types of SQL with their playbooks, kept by marketers and managers."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.folding import fold
from leads.models import SqlType
from leads.services.versions import hold_proposer
from smarketing.errors import BadInput

LONGEST_NAME = 100
NAME_NEEDED = _("Give it a name.")
NAME_TAKEN = _("There is a type of this name already.")


@dataclass(frozen=True, kw_only=True)
class TypeFacts:
    """What is told of a type of SQL; the playbook has one step a line."""

    name: str
    description: str = ""
    playbook: str = ""
    is_active: bool = True


def save_sql_type(row: SqlType, facts: TypeFacts, *, by: User) -> SqlType:
    """Store a type of SQL, a new one or a changed one; leads keep the type they have.

    Raises NotAllowed for whoever may not propose, BadInput (`name`) for a name that is empty or
    another's, whatever its case and accents.
    """
    hold_proposer(by)
    row.name = " ".join(facts.name.split())
    if not row.name:
        raise BadInput(NAME_NEEDED, fields={"name": [NAME_NEEDED]})
    row.key = fold(row.name)[:LONGEST_NAME]
    row.description, row.playbook = facts.description.strip(), facts.playbook.strip()
    row.is_active = facts.is_active
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise BadInput(NAME_TAKEN, fields={"name": [NAME_TAKEN]}) from error
    return row


def use_sql_type(row: SqlType, *, in_use: bool, by: User) -> SqlType:
    """Offer a type of SQL again, or no longer; raises NotAllowed for whoever may not propose."""
    hold_proposer(by)
    row.is_active = in_use
    row.save(update_fields=["is_active"])
    return row
