"""A draft begins with a good template, or with the version before; nothing else is a draft."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from sla.enums import AgreementState, CommitmentKind, SectionKey, Side
from sla.models import Agreement, Commitment
from sla.services.drafting import start_draft
from sla.services.signing import withdraw
from smarketing.errors import NotAllowed, Refused
from tests.conftest import AT
from tests.sla.agreement.drafts import signed_by


def facts(version: Agreement) -> list[tuple[Any, ...]]:
    """What a version promises, parts included."""
    return [
        (
            row.lineage,
            row.kind,
            row.target_minutes,
            row.target_days,
            row.target,
            [(band.score_from, band.target_minutes) for band in row.bands.all()],
            [(level.share, level.tell_head, level.reroute) for level in row.levels.all()],
        )
        for row in version.commitments.order_by("position")
    ]


def test_the_template_has_every_part(manager_marketing: User) -> None:
    draft = start_draft(actor=manager_marketing, at=AT)
    assert (draft.number, draft.state, draft.created_by) == (1, "DRAFT", manager_marketing)
    assert sorted(draft.sections.values_list("key", flat=True)) == sorted(SectionKey.values)
    assert all(draft.sections.values_list("text", flat=True))
    counts = [draft.commitments.filter(side=side).count() for side in Side]
    assert counts == [5, 7, 1]
    assert (draft.protocol.count(), draft.messaging.count()) == (8, 6)
    assert draft.definitions.count() == 6


def test_hot_leads_within_the_hour(manager_sales: User) -> None:
    draft = start_draft(actor=manager_sales, at=AT)
    decide = draft.commitments.get(kind=CommitmentKind.TIME_TO_DECIDE)
    assert decide.target_minutes == 480
    assert list(decide.bands.values_list("score_from", "target_minutes")) == [(80, 60)]
    ladder = decide.levels.values_list("share", "tell_owner", "tell_manager", "tell_head")
    assert [tuple(map(float, rung)) for rung in ladder] == [
        (0.75, 1, 0, 0),
        (1, 1, 1, 0),
        (1.5, 0, 0, 1),
    ]


def test_one_draft_at_a_time(manager_marketing: User, manager_sales: User) -> None:
    start_draft(actor=manager_marketing, at=AT)
    with pytest.raises(Refused) as refusal:
        start_draft(actor=manager_sales, at=AT)
    assert refusal.value.code == "draft_exists"
    assert (Agreement.objects.count(), Commitment.objects.count()) == (1, 13)


def test_who_may_begin_one(marketer: User, rep: User, facilitator: User) -> None:
    for person in (marketer, rep):
        with pytest.raises(NotAllowed):
            start_draft(actor=person, at=AT)
    assert Agreement.objects.count() == 0
    assert start_draft(actor=facilitator, at=AT).number == 1


def test_the_next_version_is_a_copy_with_the_same_lineage(
    manager_marketing: User, manager_sales: User
) -> None:
    before = signed_by(manager_marketing, manager_sales)
    ended = before.commitments.get(kind=CommitmentKind.EFFORT)
    Commitment.objects.filter(pk=ended.pk).update(ended_at=AT)
    draft = start_draft(actor=manager_sales, at=AT, based_on=before)
    assert (draft.number, draft.based_on) == (2, before)
    assert facts(draft) == [fact for fact in facts(before) if fact[0] != ended.lineage]
    assert len(facts(draft)) == 12
    texts = [dict(v.sections.values_list("key", "text")) for v in (before, draft)]
    assert texts[0] == texts[1]
    assert (draft.protocol.count(), draft.messaging.count()) == (8, 6)


def test_a_draft_costs_the_same_however_long_the_agreement(
    manager_marketing: User, manager_sales: User, django_assert_num_queries: Any
) -> None:
    long = signed_by(manager_marketing, manager_sales)
    with django_assert_num_queries(21):
        short = start_draft(actor=None, at=AT, based_on=long)
    short.commitments.exclude(kind=CommitmentKind.TIME_TO_DECIDE).delete()
    withdraw(short, actor=None, at=AT)
    with django_assert_num_queries(21):
        start_draft(actor=None, at=AT, based_on=short)
    assert Agreement.objects.filter(state=AgreementState.DRAFT).count() == 1
