"""The commitments of a draft: added, changed, removed, copied to the next version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from typing import Any
from uuid import uuid4

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import TeamKind
from accounts.models import Team, User
from sla.commitment_facts import CommitmentFacts, whats_wrong
from sla.enums import Side
from sla.models import Agreement, Commitment, CommitmentShare, EscalationLevel, ScoreBand
from sla.selectors.corrective_actions import possible_owners
from sla.services.holding import hold_draft, hold_writer
from smarketing.errors import BadInput, NotFound

PARTS = {"bands", "levels", "shares", "lineage"}
TEXTS = ("period", "metric", "stage", "to_stage")
KIND_OF = {Side.MARKETING: TeamKind.MARKETING, Side.SALES: TeamKind.SALES}
WRONG = _("Look at the marked fields.")


def save_commitment(
    draft: Agreement, facts: CommitmentFacts, *, actor: User | None, pk: int | None = None
) -> Commitment:
    """Add a commitment to a draft, or give the one with `pk` these words; return it.

    Raises BadInput at the fields that cannot stand, NotAllowed, NotFound, Refused (`not_a_draft`).
    """
    hold_writer(actor)
    _hold_sense(facts)
    with transaction.atomic():
        held = hold_draft(draft.pk)
        row = _mine(held, pk) if pk is not None else Commitment(agreement=held)
        if pk is None:
            row.lineage, row.position = facts.lineage or uuid4(), _next_position(held, facts.side)
        _say(row, facts)
        row.save()
        for part in (row.bands, row.levels, row.shares):
            part.all().delete()
        _insert_parts([(row, facts)])
    return row


def add_commitments(
    draft: Agreement, said: Sequence[CommitmentFacts], *, actor: User | None
) -> list[Commitment]:
    """Add many commitments to a draft, all or none, as the goal calculator does; return them."""
    hold_writer(actor)
    for facts in said:
        _hold_sense(facts)
    with transaction.atomic():
        return insert_commitments(hold_draft(draft.pk), said)


def remove_commitment(draft: Agreement, pk: int, *, actor: User | None) -> None:
    """Take a commitment out of a draft; raises NotFound when it is not in it."""
    hold_writer(actor)
    with transaction.atomic():
        _mine(hold_draft(draft.pk), pk).delete()


def insert_commitments(draft: Agreement, said: Iterable[CommitmentFacts]) -> list[Commitment]:
    """Insert what was said, in order, at the end; five statements. The draft is the caller's."""
    said = list(said)
    first = _next_position(draft, None)
    rows = []
    for place, facts in enumerate(said, start=first):
        row = Commitment(agreement=draft, lineage=facts.lineage or uuid4(), position=place)
        _say(row, facts)
        rows.append(row)
    Commitment.objects.bulk_create(rows)
    _insert_parts(list(zip(rows, said, strict=True)))
    return rows


def copy_commitments(old: Agreement, draft: Agreement) -> None:
    """Give a draft the commitments of an earlier version that have not ended, lineage included."""
    rows = list(old.commitments.filter(ended_at__isnull=True).order_by("pk"))
    before = {row.lineage: row.pk for row in rows}
    for row in rows:
        row.pk, row.agreement = None, draft
        row._state.adding = True
    copies = {before[row.lineage]: row for row in Commitment.objects.bulk_create(rows)}
    for model in (ScoreBand, EscalationLevel, CommitmentShare):
        parts: list[Any] = list(
            model._default_manager.filter(commitment__in=list(copies)).order_by("pk")
        )
        for part in parts:
            part.pk, part.commitment = None, copies[part.commitment_id]
            part._state.adding = True
        model._default_manager.bulk_create(parts)


def _hold_sense(facts: CommitmentFacts) -> None:
    errors = whats_wrong(facts)
    if facts.team_id is not None and "side" not in errors:
        kind = Team.objects.filter(pk=facts.team_id).values_list("kind", flat=True).first()
        if kind is None or kind != KIND_OF.get(facts.side):
            errors["team_id"] = [_("Choose a team of this side.")]
    if facts.shares and "shares" not in errors:
        people = possible_owners(facts.side).filter(pk__in=facts.shares)
        if people.count() != len(facts.shares):
            errors["shares"] = [_("Split it to people who work for this side.")]
    if errors:
        raise BadInput(WRONG, fields=errors)


def _mine(draft: Agreement, pk: int) -> Commitment:
    row = Commitment.objects.filter(agreement=draft, pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such commitment."))
    return row


def _next_position(draft: Agreement, side: Side | None) -> int:
    rows = draft.commitments.all() if side is None else draft.commitments.filter(side=side)
    last: int | None = rows.aggregate(last=models.Max("position"))["last"]
    return 0 if last is None else last + 1


def _say(row: Commitment, facts: CommitmentFacts) -> None:
    """Write the facts into the row; what its kind does not use stays empty."""
    values: dict[str, Any] = {
        one.name: getattr(facts, one.name) for one in fields(facts) if one.name not in PARTS
    }
    if facts.is_timed:
        values |= {"period": None, "target": None, "metric": None, "to_stage": None}
    else:
        values |= {"target_minutes": None, "target_days": None, "attempts": None}
    for name, value in values.items():
        setattr(row, name, (value or "") if name in TEXTS else value)
    row.why = str(facts.why)


def _insert_parts(said: Sequence[tuple[Commitment, CommitmentFacts]]) -> None:
    timed = [(row, facts) for row, facts in said if facts.is_timed]
    ScoreBand.objects.bulk_create(
        ScoreBand(commitment=row, score_from=score, target_minutes=minutes)
        for row, facts in timed
        for score, minutes in facts.bands.items()
    )
    EscalationLevel.objects.bulk_create(
        EscalationLevel(commitment=row, **asdict(level))
        for row, facts in timed
        for level in facts.levels
    )
    CommitmentShare.objects.bulk_create(
        CommitmentShare(commitment=row, user_id=person, target=part)
        for row, facts in said
        if not facts.is_timed
        for person, part in facts.shares.items()
    )
