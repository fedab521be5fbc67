"""From an answer of the goal calculator to the commitments of the draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from sla.commitment_facts import CommitmentFacts, whats_wrong
from sla.enums import AgreementState
from sla.models import Agreement, Commitment
from sla.services.commitments import insert_commitments
from sla.services.drafting import start_draft
from sla.services.holding import hold_draft, hold_writer
from smarketing.errors import BadInput, Refused

Key = tuple[str, str, str, str, str, str]
# What narrows a promise: the calculator's are about everything, and replace only such.
NARROWED = ("team_id", "product_line_id", "persona_id", "source_id", "country", "score_from",
            "score_below")  # fmt: skip


def promise_goal(
    said: Sequence[CommitmentFacts], *, actor: User, at: datetime
) -> tuple[Agreement, list[Commitment]]:
    """Write what the goal asks for into the draft; return the draft and its new rows.

    Without a draft the next version is begun, from the one in force. A promise of the same thing
    that is in the draft gets the new target and stays the same promise over versions; splits to
    persons go, for they would no longer add up. Raises NotAllowed, BadInput, and Refused
    (`nothing_to_promise`).
    """
    hold_writer(actor)
    if not said:
        raise Refused(_("This goal asks for nothing yet."), code="nothing_to_promise")
    errors = {name: why for facts in said for name, why in whats_wrong(facts).items()}
    if errors:
        raise BadInput(_("This goal cannot be promised."), fields=errors)
    with transaction.atomic():
        draft = hold_draft(_draft(actor, at).pk)
        wanted = {_key(facts): facts for facts in said}
        old = {_key(row): row for row in draft.commitments.all() if not _is_narrow(row)}
        same = [old[key] for key in wanted if key in old]
        Commitment.objects.filter(pk__in=[row.pk for row in same]).delete()
        lineages = {_key(row): row.lineage for row in same}
        facts = [replace(one, lineage=lineages.get(key)) for key, one in wanted.items()]
        return draft, insert_commitments(draft, facts)


def _draft(actor: User, at: datetime) -> Agreement:
    known = Agreement.objects.filter(state=AgreementState.DRAFT).first()
    if known is not None:
        return known
    in_force = Agreement.objects.filter(state=AgreementState.IN_FORCE).first()
    return start_draft(actor=actor, at=at, based_on=in_force)


def _key(one: CommitmentFacts | Commitment) -> Key:
    return (
        one.side or "",
        one.kind or "",
        one.period or "",
        one.metric or "",
        one.stage or "",
        one.to_stage or "",
    )


def _is_narrow(row: Commitment) -> bool:
    return any(getattr(row, name) not in (None, "") for name in NARROWED)
