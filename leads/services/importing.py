"""History from a file: rows become contacts, leads and transitions through the gate, in chunks.

A row comes in whole or not at all, with its reason. Stage dates become history: no routing, clock
or notice follows. A row that is known already is brought forward or left alone, so the same file
twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.querysets import normalise_email
from leads.enums import Cause, Disposition
from leads.lifecycle import RANK, Position
from leads.mapping import CONTACT_FIELDS, NAME_FIELDS, Mapping, ReadRow, ReadStep, read_row
from leads.models import Contact, Lead
from leads.moving import Move, Refusal, Step, When
from leads.row_results import ChunkResult, RowProblem, RowResult, RowVerdict
from leads.services.catalogue import add_missing, catalogue_of
from leads.services.contacts import ContactFacts
from leads.services.deals import Deal, settle_deals
from leads.services.following import returns
from leads.services.house import House
from leads.services.moves import begin_leads, move_leads, rehearse_on
from leads.services.opening import Capture, contacts_of, cycles_of, new_lead
from leads.services.scoring import score_new
from smarketing.errors import BadInput

CHUNK = 1_000
MOST_PROBLEMS = 200


@dataclass(frozen=True)
class Problem:
    """Why a row stayed outside; rows are counted as in the file, its header being row 1."""

    row: int
    code: str
    message: str
    column: str = ""


@dataclass
class Report:
    """What an import did, or would do."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add(self, chunk: ChunkResult) -> None:
        """Count the rows of a chunk; the first problems are kept in words."""
        self.rows += len(chunk.rows)
        self.created += chunk.count(RowVerdict.CREATED)
        self.updated += chunk.count(RowVerdict.UPDATED)
        self.unchanged += chunk.count(RowVerdict.UNCHANGED)
        self.refused += chunk.count(RowVerdict.REFUSED)
        for row in chunk.rows:
            for problem in row.problems:
                if len(self.problems) < MOST_PROBLEMS:
                    told = Problem(row.number, problem.code, problem.message, problem.column)
                    self.problems.append(told)


@dataclass
class _Told:
    """The results of a chunk as they become known, by row number."""

    rows: dict[int, RowResult] = field(default_factory=dict)
    came_in: list[tuple[int, RowVerdict, Lead]] = field(default_factory=list)

    def refuse(self, row: int, code: str, message: Any, column: str = "") -> None:
        """Note why a row stays outside."""
        problem = RowProblem(column, code, str(message))
        self.rows[row] = RowResult(row, RowVerdict.REFUSED, (problem,))

    def take(self, row: int, verdict: RowVerdict, lead: Lead) -> None:
        """Note what became of a row; its lead may get its number later."""
        self.came_in.append((row, verdict, lead))

    def result(self, numbers: Iterable[int]) -> ChunkResult:
        """Return the results in the order of the rows."""
        for row, verdict, lead in self.came_in:
            self.rows[row] = RowResult(row, verdict, (), lead.pk, lead.contact_id)
        return ChunkResult(tuple(self.rows[number] for number in numbers))


@dataclass(frozen=True)
class _Row:
    number: int
    read: ReadRow
    capture: Capture


def import_history(
    rows: Iterable[dict[str, str]], mapping: Mapping, *, actor: User | None, at: datetime
) -> Report:
    """Bring in `rows` by `mapping`; each chunk of 1 000 is one transaction.

    Raises NotAllowed's refusal per row when `actor` lacks the right `import_history`; None is the
    operator of the machine.
    """
    report, house = Report(), House()
    numbered = enumerate(rows, start=2)
    while chunk := list(islice(numbered, CHUNK)):
        with transaction.atomic():
            report.add(import_chunk(chunk, mapping, actor=actor, at=at, house=house))
    return report


def import_chunk(
    rows: Sequence[tuple[int, dict[str, str]]],
    mapping: Mapping,
    *,
    actor: User | None,
    at: datetime,
    house: House | None = None,
) -> ChunkResult:
    """Bring in the numbered `rows` in the caller's transaction; return one result each, in order.

    A refused row leaves nothing behind and keeps no other outside. A dry run is the caller rolling
    back. `house` holds the rules where the caller has read them.
    """
    told = _Told()
    read = list(_read(rows, mapping, told, actor))
    contacts = contacts_of([row.capture for row in read], actor=actor, at=at)
    plan = _Plan(told, cycles_of(contacts), at, house or House())
    for row, contact in zip(read, contacts, strict=True):
        plan.place(row, contact)
    plan.carry_out()
    return told.result(number for number, _cells in rows)


def _read(
    chunk: Sequence[tuple[int, dict[str, str]]],
    mapping: Mapping,
    told: _Told,
    actor: User | None,
) -> Iterator[_Row]:
    """Yield the rows that can be read, with the ids of the names in them."""
    read: list[tuple[int, ReadRow]] = []
    for number, cells in chunk:
        try:
            read.append((number, read_row(mapping, cells)))
        except BadInput as error:
            told.refuse(number, "unreadable", error, next(iter(error.fields), ""))
    names = {kind: [row.values.get(kind, "") for _n, row in read] for kind in NAME_FIELDS}
    catalogue = catalogue_of(**names)
    add_missing(catalogue, "source", names["source"])
    add_missing(catalogue, "product_line", names["product_line"])
    owners = _owners(row.values.get("owner", "") for _n, row in read)
    for number, row in read:
        ids = {kind: catalogue.find(kind, row.values.get(kind, "")) for kind in NAME_FIELDS}
        unknown = _unknown(row, ids["campaign"], owners)
        if unknown:
            column = mapping.column_of(unknown[0].removeprefix("unknown_"))
            told.refuse(number, *unknown, column)
            continue
        capture = Capture(
            contact=_facts(row, mapping),
            steps=[_step(step, actor) for step in row.steps],
            owner_id=owners.get(normalise_email(row.values.get("owner", ""))),
            source_id=ids["source"],
            campaign_id=ids["campaign"],
            product_line_id=ids["product_line"],
        )
        yield _Row(number, row, capture)


def _owners(emails: Iterable[str]) -> dict[str, int]:
    wanted = {normalise_email(email) for email in emails if email}
    if not wanted:
        return {}
    return dict(User.objects.filter(email__in=wanted).values_list("email", "id"))


def _unknown(
    row: ReadRow, campaign_id: int | None, owners: dict[str, int]
) -> tuple[str, str] | None:
    """Campaigns and people are not made by the way; a wrong name is told."""
    campaign, owner = row.values.get("campaign", ""), row.values.get("owner", "")
    if campaign and campaign_id is None:
        return "unknown_campaign", _("There is no campaign “%(name)s”.") % {"name": campaign[:80]}
    if owner and normalise_email(owner) not in owners:
        return "unknown_owner", _("Nobody here has the e-mail “%(email)s”.") % {"email": owner[:80]}
    return None


def _facts(row: ReadRow, mapping: Mapping) -> ContactFacts:
    known = {name: row.values.get(name, "") for name in CONTACT_FIELDS}
    return ContactFacts(
        captured_through=row.values.get("captured_through", "") or "import",
        system=mapping.system if known["external_id"] else "",
        **known,
    )


def _step(step: ReadStep, actor: User | None) -> Step:
    return Step(
        to_stage=step.stage,
        disposition=step.disposition,
        actor=actor,
        cause=Cause.IMPORT,
        reason=step.reason,
        effective_at=step.at or When.UNKNOWN,
    )


class _Plan:
    """What becomes of the rows of a chunk, given what is known of their contacts."""

    def __init__(
        self, told: _Told, cycles: dict[int, list[Lead]], at: datetime, house: House
    ) -> None:
        self._told, self._cycles, self._at, self._house = told, cycles, at, house
        self._new: list[tuple[Lead, Sequence[Step]]] = []
        self._moves: list[Move] = []
        self._deals: list[tuple[Lead, ReadRow]] = []

    def place(self, row: _Row, contact: Contact | Refusal) -> None:
        """Decide: begin a lead, bring a known one forward, leave it alone, or refuse the row."""
        if isinstance(contact, Refusal):
            self._told.refuse(row.number, contact.code, contact)
            return
        cycles = self._cycles.setdefault(contact.pk, [])
        line = row.capture.product_line_id
        known = [lead for lead in cycles if lead.product_line_id == line]
        if not known:
            lead = new_lead(row.capture, contact, returning=returns(cycles))
            cycles.append(lead)
            self._new.append((lead, row.capture.steps))
            self._deals.append((lead, row.read))
            self._told.take(row.number, RowVerdict.CREATED, lead)
            return
        self._bring_forward(row, known)

    def _bring_forward(self, row: _Row, known: list[Lead]) -> None:
        lead = next((one for one in known if one.disposition == Disposition.OPEN), known[-1])
        if lead.pk is None:
            message = _("The same person and product line came earlier in this file.")
            self._told.refuse(row.number, "twice_in_file", message)
            return
        steps = _beyond(lead.position, row.capture.steps)
        if not steps:
            self._told.take(row.number, RowVerdict.UNCHANGED, lead)
            return
        refusal = rehearse_on(lead, steps, at=self._at)
        if refusal is not None:
            self._told.refuse(row.number, refusal.code, str(refusal) % {"who": "Import"})
            return
        self._moves += [Move(lead_id=lead.pk, **vars(step)) for step in steps]
        self._deals.append((lead, row.read))
        self._told.take(row.number, RowVerdict.UPDATED, lead)

    def carry_out(self) -> None:
        """Write everything through the gate, scored as it begins, then the deals."""
        scores = score_new([lead for lead, _s in self._new], at=self._at, house=self._house)
        begin_leads(self._new, at=self._at, house=self._house)
        scores.settle(at=self._at)
        moved = {lead.pk: lead for lead in move_leads(self._moves, at=self._at).leads}
        settle_deals(
            [
                Deal(moved.get(lead.pk, lead), read.amount, read.values.get("currency", "EUR"))
                for lead, read in self._deals
            ],
            home=self._house.rules.currency,
        )


def _beyond(here: Position, steps: Sequence[Step]) -> list[Step]:
    """Return the steps that a known lead has not gone yet: later stages, and a close."""
    left = []
    for step in steps:
        further = step.to_stage is not None and RANK[step.to_stage] > RANK[here.stage]
        closes = step.to_stage is None and step.disposition != here.disposition
        if further or closes:
            left.append(step)
    return left
