"""A commitment ends before its agreement does: both sides agree, and what runs in time is let go.

One side says why and from which day; the other agrees to just that. From the instant at which it
ends no clock starts by it; clocks not yet past due are cancelled as of that instant, those past due
run on. A period that is not over by then is not judged by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.notices import notify
from leads.models import Lead
from sla.enums import AgreementState, Outcome, Told
from sla.models import Clock, Commitment, CommitmentEnding
from sla.selectors.agreement_parts import with_parts
from sla.selectors.house import house
from sla.selectors.parties import Signer, signers
from sla.services.clock_writing import Ending, end_clocks
from sla.services.recalculating import write_deadlines
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused

ASKED, AGREED = "agreement.ending", "agreement.ended"
BATCH, SIDES, LONGEST = 2_000, 2, 2_000
NOTHING = timedelta(0)
NOT_THERE = _("There is no such commitment in force.")
NOT_SIGNER = _("The heads of Marketing and Sales end a commitment, or their named deputies.")
ENDED = _("This commitment has ended already.")
MEANWHILE = _("Somebody asked for the end of this commitment meanwhile. Read what he says first.")
GONE = _("What you read was taken back meanwhile.")
AGREED_ALREADY = _("You have agreed to its end already. The other side has yet to agree.")
NOT_YOURS = _("Your side has not asked for its end, or both have agreed.")
NO_REASON = _("Say why it ends.")
TOO_LONG = _("At most %(most)d characters.")
PAST = _("This day is over. Choose today or a later one.")


@dataclass(frozen=True)
class Wish:
    """Why a commitment ends and on which day; None: as soon as both have agreed."""

    reason: str
    ends_on: date | None = None


def ask_to_end(pk: int, wish: Wish, *, actor: User, at: datetime) -> CommitmentEnding:
    """Say for one's side that a commitment in force ends; the other side is told.

    Who the actor is must have been proved anew by the caller. Raises NotFound, NotAllowed,
    BadInput (`reason`, `ends_on`), Refused (`ended`, `asked_meanwhile`, `agreed_already`).
    """
    with transaction.atomic():
        row, signer = _held(pk, actor)
        for known in row.endings.all():
            mine = known.side == signer.side
            code = "agreed_already" if mine else "asked_meanwhile"
            raise Refused(AGREED_ALREADY if mine else MEANWHILE, code=code)
        _check(wish, at)
        ending = CommitmentEnding.objects.create(
            commitment=row, head=actor, side=signer.side, reason=wish.reason.strip(),
            ends_on=wish.ends_on, agreed_at=at,
        )  # fmt: skip
        others = [one for side in signers(row.agreement) for one in side if one.side != signer.side]
        _tell([one.user for one in others], ASKED, row, actor, at)
    return ending


def agree_to_end(pk: int, *, read: int, actor: User, at: datetime) -> CommitmentEnding:
    """Agree to what the other side asked, `read` being its id; without a day it ends now.

    Raises as `ask_to_end` does, and Refused (`taken_back`) when that wish is no more.
    """
    with transaction.atomic():
        row, signer = _held(pk, actor)
        wishes = {one.pk: one for one in row.endings.all()}
        if any(one.side == signer.side or one.head_id == actor.pk for one in wishes.values()):
            raise Refused(AGREED_ALREADY, code="agreed_already")
        wish = wishes.get(read)
        if wish is None:
            raise Refused(GONE, code="taken_back")
        ending = CommitmentEnding.objects.create(
            commitment=row, head=actor, side=signer.side, reason=wish.reason,
            ends_on=wish.ends_on, agreed_at=at,
        )  # fmt: skip
        _tell([wish.head], AGREED, row, actor, at)
        if end_agreed(at=at):
            cancel_of_ended(at=at)
    return ending


def take_ending_back(pk: int, *, actor: User, at: datetime) -> None:
    """Take back what one's side asked for, as long as the other has not agreed."""
    with transaction.atomic():
        row, signer = _held(pk, actor)
        rows = list(row.endings.all())
        if len(rows) != 1 or rows[0].side != signer.side:
            raise Refused(NOT_YOURS, code="not_yours")
        rows[0].delete()


def end_agreed(*, at: datetime) -> int:
    """End what both sides agreed to end by the day of `at`; return how many. Again does nothing."""
    today = house().day(at)
    both = (
        Commitment.objects.filter(agreement__state=AgreementState.IN_FORCE, ended_at__isnull=True)
        .annotate(sides=Count("endings"))
        .filter(sides=SIDES)
    )
    due = both.exclude(endings__ends_on__gt=today).values_list("pk", flat=True)
    with transaction.atomic():
        held = list(
            Commitment.objects.select_for_update()
            .filter(pk__in=list(due), ended_at__isnull=True)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        return Commitment.objects.filter(pk__in=held).update(ended_at=at) if held else 0


def open_of(commitment_id: int, at: datetime) -> tuple[int, int]:
    """Return how many clocks an end at `at` cancels, and how many run on because they are late."""
    rows = Clock.objects.filter(commitment=commitment_id, outcome__isnull=True)
    late = Q(due_at__lt=at)
    found = rows.aggregate(late=Count("pk", filter=late), all=Count("pk"))
    return found["all"] - found["late"], found["late"]


def cancel_of_ended(*, at: datetime, most: int = BATCH) -> int:
    """Cancel clocks of ended commitments that were not past due at the end; return how many.

    Also those that began beside the end. What others hold is left to the next run. At most seven
    statements, however many clocks there are.
    """
    waiting = Q(
        outcome__isnull=True,
        commitment__ended_at__isnull=False,
        due_at__gte=F("commitment__ended_at"),
    )
    with transaction.atomic():
        some = Clock.objects.filter(waiting).order_by("lead", "pk").values_list("lead")[:most]
        leads = list(
            Lead.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(pk__in=[pk for (pk,) in some])
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        if not leads:
            return 0
        second = CommitmentEnding.objects.filter(commitment=OuterRef("commitment"))
        rows = Clock.objects.filter(waiting, lead__in=leads).annotate(
            until=F("commitment__ended_at"),
            told=Subquery(second.order_by("-agreed_at", "-pk").values("pk")[:1]),
        )
        endings = [
            Ending(
                clock_id=row.pk, stopped_at=max(row.until, row.started_at),
                outcome=Outcome.CANCELLED, lateness=NOTHING,
                told=Told.ENDING, told_id=row.told or 0,
            )
            for row in rows.select_for_update(of=("self",)).order_by("pk")
        ]  # fmt: skip
        end_clocks(endings, at=at)
        write_deadlines(leads)
        return len(endings)


def _held(pk: int, actor: User) -> tuple[Commitment, Signer]:
    """Return a commitment in force, locked, and for which side the actor speaks."""
    rows = Commitment.objects.select_for_update(of=("self",))
    row = rows.filter(pk=pk, agreement__state=AgreementState.IN_FORCE).first()
    if row is None:
        raise NotFound(NOT_THERE)
    row.agreement = with_parts().get(pk=row.agreement_id)
    signer = signer_of(row, actor)
    if row.ended_at is not None:
        raise Refused(ENDED, code="ended")
    return row, signer


def signer_of(row: Commitment, actor: User) -> Signer:
    """Return for which side somebody may end a commitment; raise NotAllowed for nobody."""
    mine = [one for side in signers(row.agreement) for one in side if one.user_id == actor.pk]
    if not mine or not actor.is_active:
        raise NotAllowed(NOT_SIGNER)
    spoken = {one.side for one in row.endings.all()}
    return next((one for one in mine if one.side not in spoken), mine[0])


def _check(wish: Wish, at: datetime) -> None:
    words = wish.reason.strip()
    if not words:
        raise BadInput(NO_REASON, fields={"reason": [NO_REASON]})
    if len(words) > LONGEST:
        why = TOO_LONG % {"most": LONGEST}
        raise BadInput(why, fields={"reason": [why]})
    if wish.ends_on is not None and wish.ends_on < house().day(at):
        raise BadInput(PAST, fields={"ends_on": [PAST]})


def _tell(people: list[User], kind: str, row: Commitment, actor: User, at: datetime) -> None:
    notify(
        people,
        kind,
        {"by": actor.name, "what": row.get_kind_display()},
        at=at,
        url=reverse("agreement-end", args=[row.pk]),
        dedupe_key=f"{kind}:{row.pk}:{at.isoformat()}",
    )
