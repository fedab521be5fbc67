"""What people write into a draft, part by part, and what they say to it.

A part that somebody else saved since it was read is not overwritten: Refused (`written_meanwhile`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from leads.enums import LifecycleStage, VersionState
from leads.models import PersonaVersion, SqlType, StageDefinition
from sla.enums import AgreementState, ProtocolStepKey, SectionKey, Side, Writer
from sla.models import (
    AgreedDefinition,
    AgreedPersona,
    AgreedSqlType,
    Agreement,
    AgreementComment,
    MessagingRule,
    OwnAnswer,
    ProtocolStep,
    Section,
)
from sla.rules import reads_agreement, speaks_for
from sla.selectors.house import house
from sla.services.holding import hold_draft, hold_version, hold_writer
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused

LONGEST_TEXT, LONGEST_COMMENT = 20_000, 5_000
MEANWHILE = _("%(name)s saved this part meanwhile. Read it below before you save yours over it.")
NOT_YOUR_SIDE = _("Each team writes its own answer.")
LONGEST_WAIT = timedelta(days=731)
PAST_DAY = _("This day is over. Choose today or a later one, or none.")
FAR_DAY = _("At most two years ahead.")
CLOSED = _("Comments are for versions that are not signed.")
OPEN_TO_COMMENTS = (AgreementState.DRAFT, AgreementState.PROPOSED)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What binds beside sections and commitments; `compliance_floor` is a share, 0 to 1."""

    system_of_record: str = ""
    keeper_id: int | None = None
    marketing_deputy_id: int | None = None
    sales_deputy_id: int | None = None
    lost_deals: str = ""
    longest_pause_days: int = 14
    compliance_floor: Decimal = Decimal("0.800")
    renew_every_months: int = 3
    wanted_from: date | None = None
    change_note: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """Who does a step of the protocol, in how many business minutes, and what if not."""

    side: Side
    person_id: int | None = None
    longest_minutes: int | None = None
    on_failure: str = ""


def write_section(
    draft: Agreement, key: SectionKey, text: str, *, read: int, actor: User | None, at: datetime
) -> Section:
    """Save the words of a section; `read` is the version of it that the writer saw.

    Saving the same words changes nothing. Raises BadInput, Refused (`written_meanwhile`,
    `not_a_draft`), NotAllowed.
    """
    hold_writer(actor)
    text = _text(text, LONGEST_TEXT)
    with transaction.atomic():
        held = hold_draft(draft.pk)
        row, _made = Section.objects.get_or_create(
            agreement=held, key=key, defaults={"written_at": at, "written_by": actor}
        )
        if row.text == text:
            return row
        if row.version != read:
            who = row.written_by.name if row.written_by else _("Somebody")
            why = MEANWHILE % {"name": who}
            raise Refused(why, code="written_meanwhile", text=row.text, version=row.version)
        row.text, row.version, row.written_by, row.written_at = text, read + 1, actor, at
        row.save(update_fields=["text", "version", "written_by", "written_at"])
    return row


def write_terms(draft: Agreement, terms: Terms, *, actor: User | None, at: datetime) -> Agreement:
    """Save deputies, keeper, limits, rhythm and the day from which it is wanted.

    Raises BadInput (`sales_deputy`, `wanted_from`: from today on, two years ahead at most).
    """
    hold_writer(actor)
    _hold_day(terms.wanted_from, at)
    both = terms.marketing_deputy_id
    if both is not None and both == terms.sales_deputy_id:
        why = _("Two different people sign: name another deputy.")
        raise BadInput(why, fields={"sales_deputy": [why]})
    with transaction.atomic():
        held = hold_draft(draft.pk)
        for one in fields(terms):
            setattr(held, one.name, getattr(terms, one.name))
        held.version += 1
        held.save()
    return held


def _hold_day(wanted: date | None, at: datetime) -> None:
    """Raise BadInput for a day from which no version can come into force any more, or so late."""
    if wanted is None:
        return
    today = house().day(at)
    if wanted < today:
        raise BadInput(PAST_DAY, fields={"wanted_from": [PAST_DAY]})
    if wanted > today + LONGEST_WAIT:
        raise BadInput(FAR_DAY, fields={"wanted_from": [FAR_DAY]})


def write_protocol(
    draft: Agreement, steps: Mapping[ProtocolStepKey, Step], *, actor: User | None
) -> None:
    """Save who answers for each of the given steps; two statements and the lock."""
    hold_writer(actor)
    with transaction.atomic():
        held = hold_draft(draft.pk)
        ProtocolStep.objects.bulk_create(
            [
                ProtocolStep(
                    agreement=held,
                    step=key,
                    side=step.side,
                    person_id=step.person_id,
                    longest_minutes=step.longest_minutes,
                    on_failure=step.on_failure.strip(),
                )
                for key, step in steps.items()
            ],
            update_conflicts=True,
            unique_fields=["agreement", "step"],
            update_fields=["side", "person", "longest_minutes", "on_failure"],
        )


def write_messaging(
    draft: Agreement, writers: Mapping[LifecycleStage, Writer], *, actor: User | None
) -> None:
    """Save who writes to the contact at each of the given stages."""
    hold_writer(actor)
    with transaction.atomic():
        held = hold_draft(draft.pk)
        MessagingRule.objects.bulk_create(
            [
                MessagingRule(agreement=held, stage=stage, writer=writer)
                for stage, writer in writers.items()
            ],
            update_conflicts=True,
            unique_fields=["agreement", "stage"],
            update_fields=["writer"],
        )


def choose_words(
    draft: Agreement,
    *,
    definitions: Collection[int],
    personas: Collection[int],
    sql_types: Collection[int],
    actor: User | None,
) -> None:
    """Make these versions of definitions and personas and these types of SQL part of a draft, and
    no others.

    Raises BadInput (`definitions`, `personas`, `sql_types`) for one that was replaced or for two of
    one stage.
    """
    hold_writer(actor)
    stages = list(
        StageDefinition.objects.filter(pk__in=definitions)
        .exclude(state=VersionState.RETIRED)
        .values_list("pk", "stage")
    )
    people = list(
        PersonaVersion.objects.filter(pk__in=personas)
        .exclude(state=VersionState.RETIRED)
        .values_list("pk", "persona")
    )
    types = list(SqlType.objects.filter(pk__in=sql_types, is_active=True).values_list("pk", "pk"))
    _hold_one_of_each("sql_types", types, sql_types)
    _hold_one_of_each("definitions", stages, definitions)
    _hold_one_of_each("personas", people, personas)
    with transaction.atomic():
        held = hold_draft(draft.pk)
        for part in (held.definitions, held.personas, held.sql_types):
            part.all().delete()
        AgreedDefinition.objects.bulk_create(
            AgreedDefinition(agreement=held, definition_id=pk) for pk, _stage in sorted(stages)
        )
        AgreedPersona.objects.bulk_create(
            AgreedPersona(agreement=held, persona_version_id=pk) for pk, _who in sorted(people)
        )
        AgreedSqlType.objects.bulk_create(
            AgreedSqlType(agreement=held, sql_type_id=pk) for pk, _same in sorted(types)
        )


def comment(
    version: Agreement, section: SectionKey, text: str, *, author: User, at: datetime
) -> AgreementComment:
    """Keep what somebody of either team says to a section before it is signed."""
    if not reads_agreement(standing(author)):
        raise NotAllowed(_("Only members comment."))
    text = _text(text, LONGEST_COMMENT, required=True)
    with transaction.atomic():
        held = hold_version(version.pk)
        if held.state not in OPEN_TO_COMMENTS:
            raise Refused(CLOSED, code="closed")
        return AgreementComment.objects.create(
            agreement=held, section=section, author=author, text=text, written_at=at
        )


def settle_comment(version: Agreement, pk: int, *, actor: User, at: datetime) -> AgreementComment:
    """Mark a comment as dealt with; its author and those who write may; twice is once.

    Raises NotAllowed, NotFound, Refused (`closed`) once the version is signed.
    """
    with transaction.atomic():
        if hold_version(version.pk).state not in OPEN_TO_COMMENTS:
            raise Refused(CLOSED, code="closed")
        row = AgreementComment.objects.select_for_update().filter(pk=pk, agreement=version).first()
        if row is None:
            raise NotFound(_("There is no such comment."))
        if row.author_id != actor.pk:
            hold_writer(actor)
        if row.settled_at is None:
            row.settled_by, row.settled_at = actor, at
            row.save(update_fields=["settled_by", "settled_at"])
    return row


def answer(
    draft: Agreement, side: Side, stage: LifecycleStage, text: str, *, author: User, at: datetime
) -> OwnAnswer:
    """Keep what a team says a stage means to it, in place of what it said before."""
    if side not in speaks_for(standing(author)):
        raise NotAllowed(NOT_YOUR_SIDE)
    text = _text(text, LONGEST_COMMENT, required=True)
    with transaction.atomic():
        held = hold_draft(draft.pk)
        row, _made = OwnAnswer.objects.update_or_create(
            agreement=held,
            side=side,
            stage=stage,
            defaults={"text": text, "written_by": author, "written_at": at},
        )
    return row


def _text(text: str, longest: int, *, required: bool = False) -> str:
    text = text.replace("\r\n", "\n").strip()
    if required and not text:
        why = _("Write something first.")
        raise BadInput(why, fields={"text": [why]})
    if len(text) > longest:
        long = _("At most %(n)d characters.") % {"n": longest}
        raise BadInput(long, fields={"text": [long]})
    return text


def _hold_one_of_each(
    name: str, found: Sequence[tuple[int, object]], asked: Collection[int]
) -> None:
    if len(found) != len(set(asked)):
        why = _("One of these is no longer in use.")
        raise BadInput(why, fields={name: [why]})
    if len({group for _pk, group in found}) != len(found):
        why = _("Only one version of each can be agreed on.")
        raise BadInput(why, fields={name: [why]})
