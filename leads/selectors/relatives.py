"""The other rows that tell of a lead: its person's other cycles, its company's other leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    F,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, JSONObject

from accounts.models import User
from accounts.rules import standing
from leads.enums import Disposition, LifecycleStage
from leads.models import Lead, Reason, StageTransition
from leads.querysets import LeadQuerySet
from leads.selectors.canonical import contacts_of_person
from leads.telling import reason_words
from leads.wording import CLOSED

MOST_CYCLES = 50
MOST_COLLEAGUES = 4
COLUMNS = (
    "pk", "stage", "disposition", "began", "closed_at", "owner_name", "line", "given", "family",
    "job", "closing", "open_count", "won_count", "is_cycle",
)  # fmt: skip


@dataclass(frozen=True)
class Relative:
    """A lead beside the one on the page, and why it ended if it did."""

    pk: int
    stage: str
    disposition: str
    began_at: datetime
    closed_at: datetime | None
    owner: str
    line: str
    name: str
    job_title: str
    reason: str = ""
    note: str = ""
    closed_by: str = ""

    @property
    def stage_label(self) -> str:
        """What its stage is called."""
        return str(LifecycleStage(self.stage).label)

    @property
    def outcome(self) -> tuple[str, str, str] | None:
        """How it ended: word, icon, tone; None while it is open or when it was won."""
        found = CLOSED.get(Disposition(self.disposition))
        return (str(found[0]), found[1], found[2]) if found else None


@dataclass(frozen=True)
class Relatives:
    """The cycles of the person, this one among them, and some leads of the company."""

    cycles: Sequence[Relative] = ()
    colleagues: Sequence[Relative] = ()
    open_count: int = 0
    won_count: int = 0
    lead_pk: int = 0
    earlier: list[Relative] = field(default_factory=list)


def relatives_of(user: User, lead: Lead) -> Relatives:
    """Return what `user` may see beside `lead`; one statement. Its person must be loaded."""
    head = lead.contact.canonical
    visible = _told(Lead.objects.visible_to(user, standing(user)))
    person = contacts_of_person(head.pk).values("pk")
    cycles = _flagged(visible.filter(contact__in=person), is_cycle=True)
    rows = cycles.order_by("-began", "-pk")[:MOST_CYCLES]
    if head.company_id is not None:
        others = visible.filter(contact__company_id=head.company_id).exclude(contact__in=person)
        beside = _flagged(others, is_cycle=False).order_by("-near", "-began", "-pk")
        rows = rows.union(beside[:MOST_COLLEAGUES], all=True)
    found = list(rows)
    return _sorted(lead, [dict(zip(COLUMNS, row, strict=False)) for row in found])


def _sorted(lead: Lead, rows: list[dict[str, Any]]) -> Relatives:
    beside = [row for row in rows if not row["is_cycle"]]
    cycles = sorted(
        (_relative(row) for row in rows if row["is_cycle"]),
        key=lambda one: (one.began_at, one.pk), reverse=True,
    )  # fmt: skip
    return Relatives(
        cycles=cycles,
        colleagues=[_relative(row) for row in beside],
        open_count=beside[0]["open_count"] if beside else 0,
        won_count=beside[0]["won_count"] if beside else 0,
        lead_pk=lead.pk,
        earlier=[one for one in cycles if one.pk != lead.pk],
    )


def _relative(row: dict[str, Any]) -> Relative:
    closing = row["closing"] or {}
    reason = closing.get("reason") or ""
    return Relative(
        pk=row["pk"],
        stage=row["stage"],
        disposition=row["disposition"],
        began_at=row["began"],
        closed_at=row["closed_at"],
        owner=row["owner_name"] or "",
        line=row["line"] or "",
        name=f"{row['given']} {row['family']}".strip(),
        job_title=row["job"],
        reason=reason_words(reason, closing.get("label")) if reason else "",
        note=closing.get("note") or "",
        closed_by=closing.get("who") or "",
    )


def _told(rows: LeadQuerySet) -> LeadQuerySet:
    """Add what a relative tells, the last close that was not taken back included."""
    label = Reason.objects.filter(code=OuterRef("reason")).values("own_label")[:1]
    closing = (
        StageTransition.objects.filter(lead=OuterRef("pk"), voided_by=None)
        .exclude(to_disposition__in=[Disposition.OPEN, Disposition.WON])
        .order_by("-pk")
        .values(
            told=JSONObject(
                reason=F("reason"), note=F("note"), who=F("actor__name"), label=Subquery(label)
            )
        )[:1]
    )
    return rows.annotate(
        began=Coalesce(F("lead_at"), F("created_at")),
        owner_name=F("owner__name"),
        line=F("product_line__name"),
        given=F("contact__given_name"),
        family=F("contact__family_name"),
        job=F("contact__job_title"),
        closing=Subquery(closing, output_field=JSONField()),
    )


def _flagged(rows: LeadQuerySet, *, is_cycle: bool) -> Any:
    """Tell cycles from colleagues; only of the company the open and the won are counted."""
    none = Value(0, output_field=IntegerField())
    ended = Q(disposition=Disposition.OPEN), Q(disposition=Disposition.WON)
    counts = [none, none] if is_cycle else [Window(Count("pk", filter=one)) for one in ended]
    return rows.annotate(
        open_count=counts[0],
        won_count=counts[1],
        is_cycle=Value(is_cycle, output_field=BooleanField()),
        near=Case(
            When(disposition__in=[Disposition.OPEN, Disposition.WON], then=Value(1)),
            default=Value(0),
            output_field=IntegerField(),
        ),
    ).values_list(*COLUMNS, "near")
