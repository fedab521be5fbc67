"""What an exported row holds: who it is, then the columns that the list shows, as values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from leads.columns import COLUMNS, DEFAULT, all_columns
from leads.enums import Disposition, LifecycleStage
from leads.models import Lead
from leads.sheets import Cell
from smarketing.registry import list_columns


@dataclass(frozen=True)
class ExportColumn:
    """A column of an export: its key in the address, its head, and a row's value under it.

    `read` gets the row and what was read beside the chunk (last leads, tallies)."""

    key: str
    label: Any
    read: Callable[[Any, Any], Cell]


def _name(row: Any) -> str:
    return row.name if row is not None else ""


def _person(lead: Lead) -> Any:
    return lead.contact.canonical


LEAD_VALUES: dict[str, Callable[[Lead, Any], Cell]] = {
    "stage": lambda lead, _beside: str(LifecycleStage(lead.stage).label),
    "disposition": lambda lead, _beside: str(Disposition(lead.disposition).label),
    "company": lambda lead, _beside: _name(_person(lead).company),
    "owner": lambda lead, _beside: _name(lead.owner),
    "source": lambda lead, _beside: _name(lead.source),
    "campaign": lambda lead, _beside: _name(lead.campaign),
    "product_line": lambda lead, _beside: _name(lead.product_line),
    "score": lambda lead, _beside: lead.score,
    "since": lambda lead, _beside: lead.stage_at or lead.created_at,
    "began": lambda lead, _beside: lead.began_at,
    "due": lambda lead, _beside: lead.next_due_at,
    "attempts": lambda lead, _beside: lead.attempts,
    "worked": lambda lead, _beside: lead.last_activity_at,
    "persona": lambda lead, _beside: _name(lead.persona),
    "queue": lambda lead, _beside: str(lead.queue or ""),
    "email": lambda lead, _beside: _person(lead).email,
    "job_title": lambda lead, _beside: _person(lead).job_title,
    "country": lambda lead, _beside: _person(lead).country,
}
PERSON = ("given_name", "family_name", "email", "job_title", "country", "company__name")
# All that the columns above read: a chunk of whole records takes three times as long.
LEAD_READS = (
    "stage", "disposition", "score", "stage_at", "created_at", "lead_at", "attempts",
    "last_activity_at", "next_due_at", "contact__merged_into__id", "owner__name", "source__name",
    "campaign__name", "product_line__name", "persona__name", "queue__kind", "queue__team_id",
    *(f"contact__{name}" for name in PERSON),
    *(f"contact__merged_into__{name}" for name in PERSON),
)  # fmt: skip
# Who a row is; with it a file finds its people again.
WHO_IS_LEAD = (
    ExportColumn("id", _("ID"), lambda lead, _beside: lead.pk),
    ExportColumn("given_name", _("Given name"), lambda lead, _beside: _person(lead).given_name),
    ExportColumn("family_name", _("Family name"), lambda lead, _beside: _person(lead).family_name),
    ExportColumn("email", _("E-mail"), LEAD_VALUES["email"]),
)
CONTACT_COLUMNS = (
    ExportColumn("id", _("ID"), lambda row, _latest: row.pk),
    ExportColumn("given_name", _("Given name"), lambda row, _latest: row.given_name),
    ExportColumn("family_name", _("Family name"), lambda row, _latest: row.family_name),
    ExportColumn("company", _("Company"), lambda row, _latest: _name(row.company)),
    ExportColumn("job_title", _("Job title"), lambda row, _latest: row.job_title),
    ExportColumn("email", _("E-mail"), lambda row, _latest: row.email),
    ExportColumn("lead", _("Last lead"), lambda row, latest: _last_lead(latest.get(row.pk))),
    ExportColumn("country", _("Country"), lambda row, _latest: row.country),
    ExportColumn("created", _("Known since"), lambda row, _latest: row.created_at),
)
COMPANY_COLUMNS = (
    ExportColumn("id", _("ID"), lambda row, _tallies: row.pk),
    ExportColumn("name", _("Name"), lambda row, _tallies: row.name),
    ExportColumn("domain", _("Domain"), lambda row, _tallies: row.domain),
    ExportColumn("sector", _("Sector"), lambda row, _tallies: row.sector),
    ExportColumn("country", _("Country"), lambda row, _tallies: row.country),
    ExportColumn("owner", _("Owner"), lambda row, _tallies: _name(row.owner)),
    ExportColumn("contacts", _("Contacts"), lambda row, tallies: tallies[row.pk].contacts),
    ExportColumn("leads", _("Open leads"), lambda row, tallies: tallies[row.pk].open_leads),
    ExportColumn("created", _("Known since"), lambda row, _tallies: row.created_at),
)


def _last_lead(lead: Lead | None) -> str:
    """Where the last cycle stands; nothing for a prospect."""
    if lead is None:
        return ""
    stage = str(LifecycleStage(lead.stage).label)
    if lead.disposition in (Disposition.OPEN, Disposition.WON):
        return stage
    return f"{stage} · {Disposition(lead.disposition).label}"


def lead_columns(keys: Sequence[str]) -> list[ExportColumn]:
    """Return who a lead is, and the columns `keys` of the list in its order; unknown keys are left
    out, none at all means the usual ones."""
    known = {column.key: column for column in all_columns()}
    asked = [key for key in keys if key in known] or list(DEFAULT)
    shown = [known[key] for key in dict.fromkeys(asked) if key != "email"]
    own = {column.key for column in COLUMNS}
    extra = {column.key: column.render for column in list_columns}
    return [
        *WHO_IS_LEAD,
        *(
            ExportColumn(
                column.key,
                _("In stage since") if column.key == "since" else column.label,
                LEAD_VALUES[column.key] if column.key in own else _drawn(extra[column.key]),
            )
            for column in shown
        ),
    ]


def _drawn(render: Callable[[Any], Any]) -> Callable[[Any, Any], Cell]:
    """What a column of an upper app draws, without its marks."""
    return lambda lead, _beside: " ".join(strip_tags(str(render(lead))).split())
