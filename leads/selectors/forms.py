"""What the pages of forms show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from accounts.rules import standing
from leads.capture_fields import FIELDS, own_key
from leads.enums import ChangeState
from leads.models import (
    CaptureForm,
    ConsentWording,
    Contact,
    CustomAttribute,
    Lead,
    ProposedChange,
    Submission,
)
from leads.selectors.canonical import contact_ids_of
from smarketing.errors import NotFound

MOST_SHOWN = 25
PAGE = 50
LONGEST_TOKEN = 43


def listed_forms() -> QuerySet[CaptureForm]:
    """Every form with how often it was sent, and when last."""
    rows = CaptureForm.objects.select_related("campaign", "source", "product_line")
    return rows.annotate(sent=Count("submissions"), last_at=Max("submissions__received_at"))


def own_fields() -> dict[str, CustomAttribute]:
    """Return the organisation's own fields that forms may ask, by name; one statement."""
    rows = CustomAttribute.objects.filter(is_active=True)
    named = {f"{row.subject.lower()}.attributes.{row.key}": row for row in rows}
    return {name: row for name, row in named.items() if own_key(name)}


def own_fields_of(form: CaptureForm) -> dict[str, CustomAttribute]:
    """Return the own fields that a form asks and that are still in use; no statement for none."""
    names = {one["name"] for one in form.fields if own_key(one["name"])}
    return {name: row for name, row in own_fields().items() if name in names} if names else {}


def labels_of(form: CaptureForm) -> list[tuple[Any, bool]]:
    """Return the words of each field that a form asks, and whether it is required."""
    own = own_fields_of(form)
    told = [(FIELDS.get(one["name"]) or own.get(one["name"]), one) for one in form.fields]
    return [(field.label, one["required"]) for field, one in told if field is not None]


def wordings_of(form: CaptureForm) -> list[ConsentWording]:
    """Return every wording of a form's consent, the newest first."""
    return list(form.wordings.order_by("-version"))


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


def submissions_page(
    user: Any, form: CaptureForm, *, after: tuple[datetime, int] | None = None
) -> tuple[list[Submission], tuple[datetime, int] | None]:
    """Return 50 of what came in by a form about people whom `user` may see, newest first, and where
    the next page begins; `seen_lead` is the lead's id, None for one that he does not see."""
    mine = standing(user)
    rows = form.submissions.filter(
        contact_id__in=Contact.objects.visible_to(user, mine).values("id")
    )
    rows = rows.select_related("recorded_by").order_by("-received_at", "-id")
    if after is not None:
        told, pk = after
        rows = rows.filter(received_at__lte=told).exclude(received_at=told, pk__gte=pk)
    page = list(rows[: PAGE + 1])
    seen = visible_lead_ids(user, page)
    for row in page:
        row.seen_lead = row.lead_id if row.lead_id in seen else None  # type: ignore[attr-defined]  # for the answer
    more = len(page) > PAGE
    return page[:PAGE], (page[PAGE - 1].received_at, page[PAGE - 1].pk) if more else None


def changes_page(
    user: Any, contact_id: int | None = None, *, after: tuple[datetime, int] | None = None
) -> tuple[list[ProposedChange], tuple[datetime, int] | None]:
    """Return 50 changes that wait for a decision, about people whom `user` may see or about one of
    them, newest first, and where the next page begins."""
    seen = Contact.objects.visible_to(user, standing(user)).values("id")
    rows = ProposedChange.objects.filter(state=ChangeState.OPEN).select_related("decided_by")
    rows = rows.filter(Q(contact_id__in=seen) | Q(contact__merged_into_id__in=seen))
    if contact_id is not None:
        rows = rows.filter(contact_id__in=contact_ids_of(contact_id))
    if after is not None:
        told, pk = after
        rows = rows.filter(created_at__lte=told).exclude(created_at=told, pk__gte=pk)
    page = list(rows.order_by("-created_at", "-id")[: PAGE + 1])
    more = len(page) > PAGE
    return page[:PAGE], (page[PAGE - 1].created_at, page[PAGE - 1].pk) if more else None


def labelled(changes: Sequence[ProposedChange]) -> list[tuple[ProposedChange, Any]]:
    """Return each change with the words of its field; one statement where an own field is told."""
    asked = any(own_key(change.field) for change in changes)
    own: dict[str, Any] = dict(own_fields()) if asked else {}
    return [(one, _label(FIELDS.get(one.field) or own.get(one.field), one)) for one in changes]


def _label(field: Any, change: ProposedChange) -> Any:
    """Return the words of a field; the key of one that is no longer in use."""
    return field.label if field is not None else change.field.rsplit(".", 1)[-1]


def proposal_of(user: Any, pk: int) -> ProposedChange:
    """Return a proposed change; raise NotFound when `user` does not see its person."""
    seen = Contact.objects.visible_to(user, standing(user)).values("id")
    rows = ProposedChange.objects.select_related("contact__merged_into", "decided_by")
    found = rows.filter(pk=pk).filter(Q(contact_id__in=seen) | Q(contact__merged_into_id__in=seen))
    change = found.first()
    if change is None:
        raise NotFound("no such proposal")
    return change


def texts_of(form: CaptureForm, language: str) -> Mapping[str, str]:
    """Return what a form says in a language, from its first one where a word is missing."""
    first = form.texts.get(form.languages[0], {}) if form.languages else {}
    own = form.texts.get(language, {})
    return {part: own.get(part) or text for part, text in first.items() if part != "labels"}
