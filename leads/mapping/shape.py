"""What a mapping says, once it makes sense. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from leads.enums import AttributeSubject, Disposition, LifecycleStage

TEXTS = ("given_name", "family_name", "phone", "job_title", "country", "city")
# What is told of the company beside its name.
COMPANY_TEXTS = ("sector", "company_country")
COMPANY_FIELDS = (*COMPANY_TEXTS, "employees")
CONTACT_FIELDS = frozenset({"email", "external_id", "company", *COMPANY_FIELDS, *TEXTS})
NAME_FIELDS = ("source", "campaign", "product_line", "persona", "competitor", "sql_type")
UTM_FIELDS = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
TOUCH_FIELDS = ("touch", "touch_at", *UTM_FIELDS)
CONSENT_FIELDS = ("consent", "consent_at", "consent_text", "consent_version")
# A column for each date of the lead's story, in the order in which they follow each other.
STAGE_DATES: dict[str, tuple[LifecycleStage | None, Disposition]] = {
    "lead_at": (LifecycleStage.LEAD, Disposition.OPEN),
    "mql_at": (LifecycleStage.MQL, Disposition.OPEN),
    "sal_at": (LifecycleStage.SAL, Disposition.OPEN),
    "sql_at": (LifecycleStage.SQL, Disposition.OPEN),
    "opportunity_at": (LifecycleStage.OPPORTUNITY, Disposition.OPEN),
    "won_at": (LifecycleStage.CUSTOMER, Disposition.WON),
    "recycled_at": (None, Disposition.RECYCLED),
    "disqualified_at": (None, Disposition.DISQUALIFIED),
    "lost_at": (None, Disposition.LOST),
}
# What tells the story where no rules of stages do.
STORY_FIELDS = frozenset({"stage", *STAGE_DATES})
FIELDS = (
    CONTACT_FIELDS
    | {*NAME_FIELDS, *TOUCH_FIELDS, *CONSENT_FIELDS}
    | {"owner", "owner_team", "activities", "amount", "currency", "reason"}
)
# What every row says alike, or none.
CONSTANT_ONLY = frozenset({"captured_through"})
# A column may hold the id in any other system: `external_id:hubspot`.
OTHER_ID = "external_id:"
# The organisation's own fields, by what they describe; criteria call them so too.
OWN_SUBJECTS = {
    subject.value: f"{subject.value.lower()}.attributes." for subject in AttributeSubject
}
# What is read as a date.
DATE_FIELDS = frozenset({*STAGE_DATES, "touch_at", "consent_at"})
# Fields whose known values a policy may speak of.
WITH_POLICY = frozenset(
    {
        *TEXTS, "company", *COMPANY_FIELDS, "source", "campaign", "persona", "competitor",
        "sql_type", "owner", "activities", "amount",
    }
)  # fmt: skip
EVERY_FIELD = "*"
OWN_KEY = re.compile(r"[\w-]{1,50}")
UTC = ZoneInfo("UTC")
# How an amount is written: what parts the thousands, what the cents.
NUMBER_FORMATS = {
    "1234.56": ("", "."),
    "1,234.56": (",", "."),
    "1.234,56": (".", ","),
    "1234,56": ("", ","),
    "1 234,56": (" ", ","),
    "1'234.56": ("'", "."),
}


def own_field(name: str) -> tuple[str, str] | None:
    """Return subject and key of an own field by its name in a mapping; None for another name."""
    for subject, start in OWN_SUBJECTS.items():
        if name.startswith(start) and OWN_KEY.fullmatch(name, len(start)):
            return subject, name[len(start) :]
    return None


class Policy(StrEnum):
    """What a value of the file does to what is known; an empty one never does anything."""

    FILL = "fill"
    UPDATE = "update"
    CREATE = "create"
    SKIP = "skip"


class OutOfOrder(StrEnum):
    """What becomes of a row whose dates cannot be: won before it was created."""

    REFUSE = "refuse"
    DROP_DATE = "drop_date"


@dataclass(frozen=True)
class PlannedStep:
    """A step of the row's history: where to, and which column says when (none: unknown)."""

    stage: LifecycleStage | None
    disposition: Disposition
    at: str | None
    reason: str


@dataclass(frozen=True)
class StageRule:
    """The history of the rows whose `column` holds one of `values`; without column, of the rest."""

    column: str | None
    values: frozenset[str]
    steps: tuple[PlannedStep, ...]


@dataclass(frozen=True)
class Mapping:
    """A mapping that makes sense. Without `stages` the fields `stage` and `…_at` tell the story.

    With `hand_over` open MQLs that nobody owns go to Sales at once, as if they had just become so.
    """

    columns: AnyMapping[str, str]
    stages: tuple[StageRule, ...] = ()
    system: str = ""
    values: AnyMapping[str, AnyMapping[str, str]] = field(default_factory=dict)
    constants: AnyMapping[str, str] = field(default_factory=dict)
    policies: AnyMapping[str, Policy] = field(default_factory=dict)
    out_of_order: OutOfOrder = OutOfOrder.REFUSE
    hand_over: bool = False
    date_format: str = "%Y-%m-%d"
    number_format: str = "1234.56"
    zone: ZoneInfo = UTC
    encoding: str = "utf-8-sig"
    delimiter: str = ","

    @property
    def columns_needed(self) -> set[str]:
        """The columns that a file must have."""
        asked = {rule.column for rule in self.stages if rule.column}
        dated = {step.at for rule in self.stages for step in rule.steps if step.at}
        return {*self.columns, *asked, *dated}

    def column_of(self, name: str) -> str:
        """Return the column that carries the field `name`; "" where none does."""
        return next((column for column, field in self.columns.items() if field == name), "")

    def policy_of(self, name: str) -> Policy:
        """Return what a value of the field `name` does to a known one."""
        return self.policies.get(name) or self.policies.get(EVERY_FIELD, Policy.FILL)

    def tells(self, *names: str) -> bool:
        """Tell whether any of these fields comes in a column or as a constant."""
        return any(name in self.constants or name in self.columns.values() for name in names)

    def takes(self, name: str, known: object, told: object) -> bool:
        """Tell whether a value of the file, which is not empty, stands instead of a known one."""
        policy = self.policy_of(name)
        if policy in (Policy.CREATE, Policy.SKIP):
            return False
        return not known or (policy is Policy.UPDATE and known != told)
