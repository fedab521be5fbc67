"""What the pages of forms show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from accounts.rules import standing
from leads.capture_fields import FIELDS
from leads.enums import ChangeState
from leads.models import CaptureForm, Contact, Lead, ProposedChange, Submission
from smarketing.errors import NotFound

MOST_SHOWN = 25
LONGEST_TOKEN = 43


def listed_forms() -> QuerySet[CaptureForm]:
    """Every form with how often it was sent, and when last."""
    rows = CaptureForm.objects.select_related("campaign", "source", "product_line")
    return rows.annotate(sent=Count("submissions"), last_at=Max("submissions__received_at"))


def form_of(pk: int) -> CaptureForm:
    """Return a form with what it credits; raise NotFound when there is none."""
    rows = CaptureForm.objects.select_related("campaign", "source", "product_line")
    form = rows.filter(pk=pk).first()
    if form is None:
        raise NotFound("no such form")
    return form


def form_by_token(token: str) -> CaptureForm:
    """Return the form of an address; raise NotFound when there is none."""
    usable = len(token) <= LONGEST_TOKEN and token.isascii() and token.isprintable()
    form = CaptureForm.objects.filter(token=token).first() if usable else None
    if form is None:
        raise NotFound("no such form")
    return form


@dataclass(frozen=True)
class FormFigures:
    """What a form has brought."""

    sent: int
    people: int
    leads: int


def figures_of(form: CaptureForm) -> FormFigures:
    """Count what a form has brought; one statement."""
    counted = form.submissions.aggregate(
        sent=Count("id"),
        people=Count("contact", distinct=True),
        leads=Count("lead", distinct=True),
    )
    return FormFigures(**counted)


def latest_of(user: Any, form: CaptureForm) -> list[Submission]:
    """Return the newest of what came in by a form whose person `user` may see."""
    seen = Contact.objects.visible_to(user, standing(user)).values("id")
    rows = form.submissions.filter(contact_id__in=seen).select_related("contact", "lead")
    return list(rows.defer("contact__search")[:MOST_SHOWN])


def visible_lead_ids(user: Any, rows: Sequence[Submission]) -> set[int]:
    """Return which leads of `rows` the person may see; one statement."""
    wanted = {row.lead_id for row in rows if row.lead_id}
    seen = Lead.objects.visible_to(user, standing(user)).filter(pk__in=wanted)
    return set(seen.values_list("pk", flat=True))


def proposals_of(contact_ids: Sequence[int]) -> list[ProposedChange]:
    """Return the changes that wait for a decision about a person, whose rows are all told."""
    rows = ProposedChange.objects.filter(contact_id__in=contact_ids, state=ChangeState.OPEN)
    return list(rows.order_by("id"))


def labelled(changes: Sequence[ProposedChange]) -> list[tuple[ProposedChange, Any]]:
    """Return each change with the words of its field."""
    return [(change, FIELDS[change.field].label) for change in changes]


def proposal_of(user: Any, pk: int) -> ProposedChange:
    """Return a proposed change; raise NotFound when `user` does not see its person."""
    seen = Contact.objects.visible_to(user, standing(user)).values("id")
    rows = ProposedChange.objects.select_related("contact__merged_into")
    found = rows.filter(pk=pk).filter(Q(contact_id__in=seen) | Q(contact__merged_into_id__in=seen))
    change = found.first()
    if change is None:
        raise NotFound("no such proposal")
    return change


def texts_of(form: CaptureForm, language: str) -> Mapping[str, str]:
    """Return what a form says in a language, from its first one where a word is missing."""
    first = form.texts.get(form.languages[0], {}) if form.languages else {}
    own = form.texts.get(language, {})
    return {part: own.get(part) or text for part, text in first.items()}
