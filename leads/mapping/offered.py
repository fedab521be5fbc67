"""What a file may carry, as the mapping page lists it: fields by group, policies, choices. Pure.

`read_mapping` accepts exactly these fields; a test holds both to each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from leads.enums import AttributeKind, AttributeSubject, Disposition, LifecycleStage, TouchKind
from leads.mapping.shape import (
    CONSTANT_ONLY,
    OTHER_ID,
    OWN_SUBJECTS,
    WITH_POLICY,
    OutOfOrder,
    Policy,
)


class Accepts(StrEnum):
    """What the cells of a field hold."""

    TEXT = "text"
    EMAIL = "email"
    NAME = "name"  # of something that the product knows: a campaign, a team
    DATE = "date"
    AMOUNT = "amount"
    COUNT = "count"
    NUMBER = "number"
    CHOICE = "choice"
    FLAG = "flag"


class Group(StrEnum):
    """Under which heading a field is listed, in this order."""

    PERSON = "person"
    COMPANY = "company"
    LEAD = "lead"
    STORY = "story"
    DEAL = "deal"
    TOUCH = "touch"
    CONSENT = "consent"
    OWN = "own"


GROUP_LABELS: dict[Group, Any] = {
    Group.PERSON: _("Person"),
    Group.COMPANY: _("Company"),
    Group.LEAD: _("Lead"),
    Group.STORY: _("Dates"),
    Group.DEAL: _("Deal"),
    Group.TOUCH: _("What brought them"),
    Group.CONSENT: _("Consent"),
    Group.OWN: _("Own fields"),
}


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A field that a column, or a constant, may carry.

    `with_policy`: a policy may speak of it. `as_column`, `as_constant`: where it may stand.
    `makes_new`: a name that nobody knows yet is added to the lists by the way.
    """

    code: str
    label: Any
    group: Group
    accepts: Accepts = Accepts.TEXT
    choices: tuple[tuple[str, Any], ...] = ()
    hint: Any = ""
    with_policy: bool = False
    as_column: bool = True
    as_constant: bool = True
    makes_new: bool = False


class OwnField(Protocol):
    """What is asked of a custom attribute."""

    subject: str
    key: str
    label: str
    kind: str
    choices: Sequence[str]


# (code, label, what its cells hold); the rest follows from the shape of a mapping.
Plain = tuple[str, Any, Accepts]
T, N, D = Accepts.TEXT, Accepts.NAME, Accepts.DATE
FIELDS_OF: dict[Group, tuple[Plain, ...]] = {
    Group.PERSON: (
        ("email", _("E-mail"), Accepts.EMAIL),
        ("external_id", _("Id in another system"), T),
        ("given_name", _("Given name"), T),
        ("family_name", _("Family name"), T),
        ("phone", _("Phone"), T),
        ("job_title", _("Job title"), T),
        ("country", _("Country"), T),
        ("city", _("City"), T),
        ("captured_through", _("How these people came (a few words)"), T),
    ),
    Group.COMPANY: (
        ("company", _("Company"), T),
        ("sector", _("Sector of the company"), T),
        ("employees", _("Employees of the company"), Accepts.COUNT),
        ("company_country", _("Country of the company"), T),
    ),
    Group.LEAD: (
        ("source", _("Source"), N),
        ("campaign", _("Campaign"), N),
        ("product_line", _("Product line"), N),
        ("persona", _("Persona"), N),
        ("sql_type", _("Type of SQL"), N),
        ("owner", _("Owner"), N),
        ("owner_team", _("Team that owns it"), N),
        ("activities", _("Attempts made so far"), Accepts.COUNT),
        ("reason", _("Why it was lost or disqualified"), N),
        ("competitor", _("Lost to (competitor)"), N),
    ),
    Group.STORY: (
        ("stage", _("Stage or outcome"), Accepts.CHOICE),
        ("lead_at", _("Became a lead on"), D),
        ("mql_at", _("Became MQL on"), D),
        ("sal_at", _("Accepted on (SAL)"), D),
        ("sql_at", _("Became SQL on"), D),
        ("opportunity_at", _("Became opportunity on"), D),
        ("won_at", _("Won on"), D),
        ("lost_at", _("Lost on"), D),
        ("disqualified_at", _("Disqualified on"), D),
        ("recycled_at", _("Went back to nurturing on"), D),
    ),
    Group.DEAL: (("amount", _("Amount"), Accepts.AMOUNT), ("currency", _("Currency"), T)),
    Group.TOUCH: (
        ("touch", _("Kind of touch"), Accepts.CHOICE),
        ("touch_at", _("Touched on"), D),
        ("utm_source", _("UTM source"), T),
        ("utm_medium", _("UTM medium"), T),
        ("utm_campaign", _("UTM campaign"), T),
        ("utm_term", _("UTM term"), T),
        ("utm_content", _("UTM content"), T),
    ),
    Group.CONSENT: (
        ("consent", _("Agrees to mails of Marketing"), Accepts.FLAG),
        ("consent_at", _("Said so on"), D),
        ("consent_text", _("What was agreed to"), T),
        ("consent_version", _("Version of that text"), T),
    ),
}
ENDINGS = (Disposition.WON, Disposition.LOST, Disposition.DISQUALIFIED, Disposition.RECYCLED)
CHOICES: dict[str, tuple[tuple[str, Any], ...]] = {
    "stage": (
        *((one.value, one.label) for one in LifecycleStage),
        *((one.value, one.label) for one in ENDINGS),
    ),
    "touch": tuple(TouchKind.choices),
}
HINTS: dict[str, Any] = {
    "external_id": _("Name the system; one column for each system."),
    "owner": _("Somebody of ours, by e-mail or by name."),
    "owner_team": _("Open leads without an owner wait in this team's queue."),
    "activities": _("A number: calls, mails and meetings that came before the import."),
    "employees": _("A whole number: how many people work there."),
    "sql_type": _("Kept with leads that have come as far as SQL."),
    "competitor": _("Kept with leads that were lost."),
    "currency": _("Three letters, like EUR."),
    "touch_at": _("Without it the touch happened when the lead began."),
    "consent": _("Yes or no."),
}
MAKES_NEW = frozenset({"source", "product_line", "company", "competitor"})
KINDS: dict[str, Accepts] = {
    AttributeKind.TEXT: Accepts.TEXT,
    AttributeKind.NUMBER: Accepts.NUMBER,
    AttributeKind.DATE: Accepts.DATE,
    AttributeKind.FLAG: Accepts.FLAG,
    AttributeKind.CHOICE: Accepts.CHOICE,
}
POLICY_LABELS: dict[Policy, tuple[Any, Any]] = {
    Policy.FILL: (_("Fill what is empty"), _("A value that is known stays.")),
    Policy.UPDATE: (_("Update"), _("The file's value replaces what is known.")),
    Policy.CREATE: (_("New people only"), _("Known people and leads keep what they have.")),
    Policy.SKIP: (_("Leave out"), _("The column is not read.")),
}
OUT_OF_ORDER_LABELS: dict[OutOfOrder, tuple[Any, Any]] = {
    OutOfOrder.REFUSE: (_("Refuse the row"), _("It can be corrected and uploaded again.")),
    OutOfOrder.DROP_DATE: (
        _("Leave the later date out"),
        _("The step is kept, at a time nobody knows."),
    ),
}


def offered(own: Iterable[OwnField] = ()) -> tuple[Offered, ...]:
    """Return every field that a file may carry, in the order of the groups.

    `own` are the organisation's own fields in use; each is offered as `contact.attributes.<key>`
    and so on. An id of a further system is mapped as `external_id:<system>`.
    """
    built_in = [_offer(group, *plain) for group, each in FIELDS_OF.items() for plain in each]
    return (*built_in, *map(_offer_own, own))


def _offer(group: Group, code: str, label: Any, accepts: Accepts) -> Offered:
    is_identity = code in ("email", "external_id")
    return Offered(
        code=code,
        label=label,
        group=group,
        accepts=accepts,
        choices=CHOICES.get(code, ()),
        hint=HINTS.get(code, ""),
        with_policy=code in WITH_POLICY,
        as_column=code not in CONSTANT_ONLY,
        as_constant=not is_identity,
        makes_new=code in MAKES_NEW,
    )


def _offer_own(one: OwnField) -> Offered:
    return Offered(
        code=own_code(one.subject, one.key),
        label=one.label,
        group=Group.OWN,
        accepts=KINDS[one.kind],
        choices=tuple((choice, choice) for choice in one.choices),
        hint=AttributeSubject(one.subject).label,
        with_policy=True,
    )


def own_code(subject: str, key: str) -> str:
    """Return the field of an own attribute; criteria know it by the same name."""
    return f"{OWN_SUBJECTS[subject]}{key}"


def other_id(system: str) -> str:
    """Return the field of an id in a further system."""
    return f"{OTHER_ID}{system}"
