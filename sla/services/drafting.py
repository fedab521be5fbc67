"""Drafts of the agreement: begun from the template, or from an earlier version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.enums import VersionState
from leads.models import PersonaVersion, SqlType, StageDefinition
from sla.enums import SectionKey
from sla.models import (
    AgreedDefinition,
    AgreedPersona,
    AgreedSqlType,
    Agreement,
    MessagingRule,
    ProtocolStep,
    Section,
)
from sla.services.commitments import copy_commitments, insert_commitments
from sla.services.holding import hold_writer
from sla.template import COMMITMENTS, LOST_DEALS, MESSAGING, PROTOCOL, TEXTS
from smarketing.errors import Refused

THERE_IS_ONE = _("There is a draft already. Go on with it.")
KEPT = ("system_of_record", "keeper_id", "marketing_deputy_id", "sales_deputy_id", "lost_deals",
        "longest_pause_days", "compliance_floor", "renew_every_months")  # fmt: skip


def start_draft(
    *, actor: User | None, at: datetime, based_on: Agreement | None = None
) -> Agreement:
    """Begin the next version and return it: a copy of `based_on`, else the template.

    Definitions, personas and types of SQL are those in use today. Raises NotAllowed, and Refused
    (`draft_exists`) while there is a draft.
    """
    hold_writer(actor)
    try:
        with transaction.atomic():
            draft = _insert(actor, at, based_on)
            if based_on is None:
                _fill_from_template(draft, actor, at)
            else:
                _fill_from(based_on, draft, actor, at)
    except IntegrityError as error:
        raise Refused(THERE_IS_ONE, code="draft_exists") from error
    return draft


def _insert(actor: User | None, at: datetime, based_on: Agreement | None) -> Agreement:
    last = Agreement.objects.aggregate(last=models.Max("number"))["last"] or 0
    kept: dict[str, Any] = {"lost_deals": str(LOST_DEALS)}
    if based_on is not None:
        kept = {name: getattr(based_on, name) for name in KEPT}
    return Agreement.objects.create(
        number=last + 1, based_on=based_on, created_by=actor, created_at=at, **kept
    )


def _fill_from_template(draft: Agreement, actor: User | None, at: datetime) -> None:
    Section.objects.bulk_create(
        Section(agreement=draft, key=key, text=str(TEXTS[key]), written_by=actor, written_at=at)
        for key in SectionKey
    )
    ProtocolStep.objects.bulk_create(
        ProtocolStep(
            agreement=draft,
            step=duty.step,
            side=duty.side,
            longest_minutes=duty.longest_minutes,
            on_failure=str(duty.on_failure),
        )
        for duty in PROTOCOL
    )
    MessagingRule.objects.bulk_create(
        MessagingRule(agreement=draft, stage=stage, writer=writer)
        for stage, writer in MESSAGING.items()
    )
    insert_commitments(draft, COMMITMENTS)
    _take_words_in_force(draft)


def _fill_from(old: Agreement, draft: Agreement, actor: User | None, at: datetime) -> None:
    written = dict(old.sections.values_list("key", "text"))
    Section.objects.bulk_create(
        Section(
            agreement=draft, key=key, text=written.get(key, ""), written_by=actor, written_at=at
        )
        for key in SectionKey
    )
    for row_model in (ProtocolStep, MessagingRule):
        _copy_rows(row_model, old, draft)
    copy_commitments(old, draft)
    _take_words_in_force(draft)


def _copy_rows(
    model: type[ProtocolStep] | type[MessagingRule], old: Agreement, draft: Agreement
) -> None:
    rows: list[Any] = list(model._default_manager.filter(agreement=old).order_by("pk"))
    for row in rows:
        row.pk, row.agreement_id = None, draft.pk
        row._state.adding = True
    model._default_manager.bulk_create(rows)


def _take_words_in_force(draft: Agreement) -> None:
    """Both teams begin with the words as they are used today."""
    definitions = StageDefinition.objects.filter(state=VersionState.IN_FORCE).order_by("pk")
    AgreedDefinition.objects.bulk_create(
        AgreedDefinition(agreement=draft, definition=row) for row in definitions
    )
    personas = PersonaVersion.objects.filter(state=VersionState.IN_FORCE, persona__is_active=True)
    AgreedPersona.objects.bulk_create(
        AgreedPersona(agreement=draft, persona_version=row) for row in personas.order_by("pk")
    )
    types = SqlType.objects.filter(is_active=True).order_by("pk")
    AgreedSqlType.objects.bulk_create(AgreedSqlType(agreement=draft, sql_type=row) for row in types)
