"""Everything that is known of one person, in tables: for the person, who may ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q

from leads.models import (
    Activity,
    AssetSend,
    Consent,
    Contact,
    ContactExternalId,
    Feedback,
    Lead,
    Merge,
    Opportunity,
    PageView,
    StageTransition,
    Submission,
    Touch,
)
from leads.selectors.canonical import contact_ids_of

Rows = list[dict[str, Any]]
# Which rows each table holds, of the ids of the person's contacts or leads, and which columns.
CONTACT = (
    "id", "email", "given_name", "family_name", "phone", "job_title", "city", "country",
    "company__name", "attributes", "system_of_record", "captured_by__name", "captured_through",
    "created_at", "first_mql_at", "no_marketing_since", "merged_into_id",
)  # fmt: skip
LEAD = (
    "id", "contact_id", "stage", "disposition", "origin", "returning", "product_line__name",
    "source__name", "campaign__name", "persona__name", "owner__name", "attributes", "score",
    "lead_at", "mql_at", "sal_at", "sql_at", "opportunity_at", "customer_at", "closed_at",
    "created_at", "nurture_until", "attempts", "last_activity_at",
)  # fmt: skip
TRANSITION = (
    "lead_id", "from_stage", "to_stage", "from_disposition", "to_disposition", "cause",
    "actor__name", "reason", "note", "effective_at", "recorded_at", "inferred", "evidence",
)  # fmt: skip
TOUCH = (
    "occurred_at", "kind", "campaign__name", "source__name", "detail", "url", "utm_source",
    "utm_medium", "utm_campaign", "utm_term", "utm_content",
)  # fmt: skip
ACTIVITY = (
    "lead_id", "kind", "direction", "connected", "actor__name", "text", "occurred_at", "logged_at",
    "deleted_at",
)  # fmt: skip
FEEDBACK = (
    "lead_id", "decision", "reason", "fit_rating", "text", "given_by__name", "decided_at",
)  # fmt: skip
VIEW = ("seen_at", "url", "referrer", "utm")
DEAL = (
    "lead_id", "name", "product_line__name", "amount", "currency", "state", "reason", "note",
)  # fmt: skip


def person_data(contact_id: int) -> dict[str, Rows]:
    """Return all tables of the person behind `contact_id`; one statement a table, whatever it
    holds. Merged rows are his too."""
    ids = contact_ids_of(contact_id)
    leads = list(
        Lead.objects.filter(contact_id__in=ids).order_by("id").values_list("id", flat=True)
    )
    of_contact, of_lead = Q(contact_id__in=ids), Q(lead_id__in=leads)
    merged = Q(winner__in=ids) | Q(loser__in=ids) | Q(winner_lead__in=leads)
    tables: Sequence[tuple[str, Any, Q, Sequence[str]]] = (
        ("contact", Contact, Q(id__in=ids), CONTACT),
        ("external_ids", ContactExternalId, of_contact, ("system", "external_id")),
        ("leads", Lead, Q(id__in=leads), LEAD),
        ("transitions", StageTransition, of_lead, TRANSITION),
        ("touches", Touch, of_contact, TOUCH),
        ("page_views", PageView, Q(visitor__contact_id__in=ids), VIEW),
        ("forms", Submission, of_contact, ("form__name", "received_at", "values", "utm", "page")),
        ("activities", Activity, of_lead, ACTIVITY),
        ("feedback", Feedback, of_lead, FEEDBACK),
        ("assets_sent", AssetSend, of_lead, ("asset__name", "sender__name", "sent_at", "note",
                                             "first_opened_at")),
        ("opportunities", Opportunity, of_lead, DEAL),
        ("consents", Consent, of_contact, ("purpose", "given", "text", "text_version", "at",
                                           "through")),
        ("merges", Merge, merged, ("winner_id", "loser_id", "actor__name", "merged_at",
                                   "undone_at")),
    )  # fmt: skip
    return {name: _rows(model, wanted, columns) for name, model, wanted, columns in tables}


def _rows(model: Any, wanted: Q, columns: Sequence[str]) -> Rows:
    found: Iterable[Mapping[str, Any]] = (
        model.objects.filter(wanted).order_by("id").values(*columns)
    )
    return [{_said(key): value for key, value in row.items()} for row in found]


def _said(column: str) -> str:
    """Return a column as its reader knows it: `company__name` is the company."""
    return column.removesuffix("__name")
