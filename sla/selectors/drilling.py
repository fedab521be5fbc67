"""One commitment opened: its people, and the rows that its figure was counted from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import Standing as Roles
from leads.models import Lead
from leads.selectors.rankings import ranked_people
from sla.models import Commitment, CommitmentShare
from sla.pace import Verdict
from sla.selectors.figures import actual_of, come_to, verdict_on
from sla.selectors.house import House
from sla.selectors.measuring import Tally, rows_of
from sla.selectors.standings import Standing, standings
from smarketing.errors import NotFound

MOST_ROWS = 200


@dataclass(frozen=True)
class OwnPart:
    """What one person came to; `target` and `verdict` only where he took a share."""

    user: User
    tally: Tally
    actual: Fraction | None
    target: Decimal | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True)
class DrilledRow:
    """One counted row: the lead it is about, when, and by whom."""

    pk: int
    lead: Lead | None
    at: datetime
    user: User | None


@dataclass(frozen=True)
class Drilled:
    """Everything the page of one commitment shows. `n` counts all rows, shown or not."""

    standing: Standing
    people: Sequence[OwnPart]
    rows: Sequence[DrilledRow]
    n: int


def drilled(pk: int, day: date, user: User, roles: Roles, *, at: datetime, home: House) -> Drilled:
    """Return one commitment in the period of `day`, as far as `user` may see single people.

    Rows come newest first, 200 at most, of leads that he may see. At most fifteen statements.
    Raises NotFound for a commitment that was never in force, and a period that it does not judge.
    """
    row = Commitment.objects.filter(pk=pk, agreement__in_force_from__isnull=False).first()
    if row is None:
        raise NotFound(_("There is no such commitment."))
    found = standings(at=at, first_on=day, only=[row.lineage], home=home)
    if not found:
        raise NotFound(_("This commitment does not apply to this period."))
    (standing,) = found
    how, rows = rows_of(standing.commitment, standing.now.period, at=at)
    rows = rows.filter(lead__in=Lead.objects.visible_to(user, roles))
    return Drilled(
        standing=standing,
        people=_people(standing, ranked_people(user, roles), at, home.week),
        rows=_shown(rows, how.at, how.person),
        n=rows.count(),
    )


def _people(standing: Standing, ranked: set[int] | None, at: datetime, week: int) -> list[OwnPart]:
    """Return the figures of each person that may be seen, the largest first."""
    row = standing.commitment
    targets = dict(CommitmentShare.objects.filter(commitment=row).values_list("user", "target"))
    wanted = {pk for pk in (*standing.people, *targets) if pk is not None}
    if ranked is not None:
        wanted &= ranked
    days = standing.days
    found = []
    for user in User.objects.filter(pk__in=wanted).order_by("name", "pk"):
        tally = come_to(row, standing.people.get(user.pk, Tally()), days, 1, week)
        target = targets.get(user.pk)
        over = at >= standing.now.period.end
        verdict = verdict_on(row, tally, target, days, is_over=over) if target is not None else None
        found.append(OwnPart(user, tally, actual_of(row, tally), target, verdict))
    return sorted(found, key=lambda one: (-one.tally.numerator, one.user.name))


def _shown(rows: QuerySet[Any], at: str, person: str | None) -> list[DrilledRow]:
    names = (person or "").removesuffix("_id")
    related = ["lead__contact__company", *([names] if names else [])]
    page = rows.select_related(*related).order_by(f"-{at}", "-pk")[:MOST_ROWS]
    return [
        DrilledRow(one.pk, one.lead, getattr(one, at), getattr(one, names) if names else None)
        for one in page
    ]
