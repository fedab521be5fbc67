"""The demo's agreement: three versions, the third in force all through the demo's year.

The first two come before the demo's own definitions and personas, which the third one agrees on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import User
from leads.enums import LifecycleStage
from sla.commitment_facts import CommitmentFacts
from sla.enums import CommitmentKind, SectionKey, Side
from sla.models import Agreement, Commitment
from sla.services.commitments import add_commitments, save_commitment
from sla.services.drafting import start_draft
from sla.services.renewing import confirm_renewal
from sla.services.signing import propose, sign
from sla.services.writing import Terms, answer, comment, write_section, write_terms
from sla.template import COMMITMENTS

HEADS = ("giulia.ferri", "marco.bianchi")
# Before the demo's first lead, so that every clock of the year starts under the third version.
FIRST, SECOND, THIRD = timedelta(days=640), timedelta(days=540), timedelta(days=420)
NOTES = (
    "The first agreement: what both teams promised each other after the kick-off.",
    "Marketing also answers for complete data; decisions in one working day instead of two.",
    "Hot leads within the hour. Sales also answers for the effort that it makes.",
)
K = CommitmentKind
# A month: at first, and in the version in force.
MQLS_AT_FIRST, MQLS = 16, 22
EFFORT = Decimal("0.7")
LATER = (K.TIME_TO_FIRST_ATTEMPT, K.ATTEMPTS, K.EFFORT)
GOAL = (
    "Acme Instruments grows with new customers in Italy, Spain and France. Both teams answer for "
    "one figure: revenue from new customers, quarter by quarter. Every other number in this "
    "agreement follows from it."
)

COMMENTS = (
    (1, "andrea.galli", SectionKey.SALES, "One business hour for hot leads is tight on fair days."),
    (
        2,
        "giulia.ferri",
        SectionKey.SALES,
        "Then let us name fair days and staff them. The hour "
        "is what made the difference last quarter.",
    ),
    (3, "chiara.lombardi", SectionKey.MARKETING, "With the second webinar we can promise 26."),
    (
        4,
        "paolo.neri",
        SectionKey.DEFINITIONS,
        "Your two answers differ on the budget. Talk about it in the review before anybody signs.",
    ),
)
ANSWERS = (
    (Side.MARKETING, "giulia.ferri", LifecycleStage.MQL, "Somebody of a plant that we can serve "
     "who asked for something and can be reached."),
    (Side.SALES, "marco.bianchi", LifecycleStage.MQL, "Somebody who decides or advises, of a plant "
     "that we can serve, with a need this year."),
    (Side.MARKETING, "giulia.ferri", LifecycleStage.SQL, "Sales spoke to the person and wants to "
     "go on."),
    (Side.SALES, "marco.bianchi", LifecycleStage.SQL, "Need, budget and date are known, and who "
     "decides."),
)  # fmt: skip


def load_agreement(at: datetime) -> None:
    """Load the versions; once, and only where the demo's people are."""
    users = {user.email.split("@")[0]: user for user in User.objects.active()}
    if Agreement.objects.exists() or not set(users) >= set(HEADS):
        return
    first = _first(users, at - FIRST)
    _amended(first, users, at - SECOND)


def load_agreement_in_force(at: datetime) -> None:
    """Load the version in force; once, and only over the demo's own earlier ones."""
    users = {user.email.split("@")[0]: user for user in User.objects.active()}
    last = Agreement.objects.order_by("-number").first()
    if last is None or last.number != len(NOTES) - 1 or not set(users) >= set(HEADS):
        return
    _amended(last, users, at - THIRD)


def load_next_draft(at: datetime) -> None:
    """Both teams talk about version 4; once, and only over the demo's own versions."""
    users = {user.email.split("@")[0]: user for user in User.objects.active()}
    last = Agreement.objects.order_by("-number").first()
    if last is None or last.number != len(NOTES) or not set(users) >= set(HEADS):
        return
    confirm_renewal(last, actor=users["marco.bianchi"], at=at - timedelta(days=40))
    began = at - timedelta(days=6)
    draft = start_draft(actor=users["giulia.ferri"], at=began, based_on=last)
    for days, login, section, text in COMMENTS:
        comment(draft, section, text, author=users[login], at=began + timedelta(days=days))
    for side, login, stage, text in ANSWERS:
        answer(draft, side, stage, text, author=users[login], at=began + timedelta(days=1))


def _first(users: dict[str, User], at: datetime) -> Agreement:
    """Fewer promises, and more time for them."""
    draft = start_draft(actor=users["giulia.ferri"], at=at)
    write_section(draft, SectionKey.GOAL, GOAL, read=1, actor=users["marco.bianchi"], at=at)
    terms = Terms(
        system_of_record="Acme CRM",
        keeper_id=users["chiara.lombardi"].pk,
        marketing_deputy_id=users["camille.laurent"].pk,
        sales_deputy_id=users["sara.esposito"].pk,
        lost_deals=draft.lost_deals,
        change_note=NOTES[0],
    )
    write_terms(draft, terms, actor=users["giulia.ferri"], at=at)
    draft.commitments.filter(kind__in=LATER).delete()
    draft.commitments.filter(metric="COMPLETENESS").delete()
    _promise_mqls(draft, MQLS_AT_FIRST)
    decide = draft.commitments.get(kind=K.TIME_TO_DECIDE)
    decide.bands.all().delete()
    Commitment.objects.filter(pk=decide.pk).update(target_minutes=16 * 60)
    return _signed(draft, users, at)


def _amended(before: Agreement, users: dict[str, User], at: datetime) -> Agreement:
    """What the next version adds."""
    draft = start_draft(actor=users["marco.bianchi"], at=at, based_on=before)
    Agreement.objects.filter(pk=draft.pk).update(change_note=NOTES[draft.number - 1])
    decide = draft.commitments.get(kind=K.TIME_TO_DECIDE)
    promised = next(one for one in COMMITMENTS if one.kind is K.TIME_TO_DECIDE)
    if draft.number == len(NOTES):
        _promise_mqls(draft, MQLS)
        add_commitments(draft, _said(K.EFFORT, *LATER[:2]), actor=users["marco.bianchi"])
    else:
        promised = replace(promised, bands={})
        complete = [one for one in COMMITMENTS if one.metric and one.metric == "COMPLETENESS"]
        add_commitments(draft, complete, actor=users["giulia.ferri"])
    save_commitment(draft, promised, actor=users["marco.bianchi"], pk=decide.pk)
    return _signed(draft, users, at)


def _promise_mqls(draft: Agreement, target: int) -> None:
    draft.commitments.filter(kind=K.VOLUME).update(target=target)


def _said(*kinds: CommitmentKind) -> Sequence[CommitmentFacts]:
    return [
        replace(one, target=EFFORT) if one.kind is K.EFFORT else one
        for one in COMMITMENTS
        if one.kind in kinds and one.side is Side.SALES
    ]


def _signed(draft: Agreement, users: dict[str, User], at: datetime) -> Agreement:
    """Proposed by one head, signed by both in the days after."""
    proposed = propose(draft, actor=users["giulia.ferri"], at=at + timedelta(days=4))
    for day, login in enumerate(HEADS, start=5):
        sign(
            proposed, actor=users[login], at=at + timedelta(days=day), text_hash=proposed.text_hash
        )
    return Agreement.objects.get(pk=draft.pk)
