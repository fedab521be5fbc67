"""One chunk of a file: rows read, looked at one by one in memory, written by sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from leads.enums import AttributeSubject
from leads.mapping import OutOfOrder, ReadRow
from leads.row_results import ChunkResult, RowProblem, RowResult, RowVerdict
from leads.services.contacts import TWO_CONTACTS
from leads.services.erasure_list import erased_among_many
from leads.services.following import RETURNS_FROM
from leads.services.history import Travel
from leads.services.importing.arrivals import Arrival
from leads.services.importing.cycles import Cycle, cycles_of
from leads.services.importing.employers import Employers
from leads.services.importing.known import fitting, news_of, what_was
from leads.services.importing.names import Meant, Names
from leads.services.importing.own import NOTHING, own_line
from leads.services.importing.people import People, Person
from leads.services.importing.session import ImportSession
from leads.services.importing.writing import write_arrivals
from leads.travelling import Leg, is_beyond, stumble, way_of

TWICE_IN_ROW = _("The same person and product line came earlier in this file, in row %(row)d.")
AHEAD = _("%(when)s lies in the future.")
DROPPED = _("%(why)s The date was left out.")
ERASED = _("This person was erased at his own wish, and is not taken in again.")
OUT_OF_ORDER = "out_of_order"


class FileChunk:
    """Rows of the file, read by the session's mapping; nothing of it asks the database twice."""

    def __init__(self, session: ImportSession, rows: Sequence[tuple[int, dict[str, str]]]) -> None:
        self.rows = rows
        self.read: list[ReadRow] = []
        self.refused: list[tuple[int, Sequence[RowProblem]]] = []
        if session.refusal is not None:
            code, message = session.refusal
            why = [RowProblem("", code, str(message))]
            self.refused = [(number, why) for number, _cells in rows]
            return
        read = session.reader.read
        for number, cells in rows:
            row = read(number, cells)
            if isinstance(row, ReadRow):
                self.read.append(row)
            else:
                self.refused.append((number, row))


class Chunk:
    """What becomes of the rows of a chunk, given what is known of their people."""

    def __init__(self, session: ImportSession, at: datetime) -> None:
        self._session, self._at = session, at
        self._people = People(session.mapping)
        self._employers = Employers(session.mapping)
        self._cycles: dict[int, list[Cycle]] = {}
        self._results: dict[int, RowResult] = {}
        self._arrivals: list[Arrival] = []

    def bring_in(self, chunk: FileChunk) -> ChunkResult:
        """Look at every row, write those that come in, and return what became of each."""
        for number, problems in chunk.refused:
            self._refuse(number, *problems)
        read: list[ReadRow] = chunk.read
        if read:
            read = self._without_erased(read)
            names = self._names = Names(read, self._session)  # made before anybody stands in line
            self._look_up(read)
            for row in read:
                self._place(row, names.meant(row))
            self._write()
        return ChunkResult(
            tuple(self._results[number] for number, _cells in chunk.rows),
            was={one.travel.lead_id: one.was for one in self._arrivals if one.was},
            companies=tuple(one.id for one in self._employers.changed),
        )

    def _without_erased(self, rows: Sequence[ReadRow]) -> list[ReadRow]:
        """Refuse the rows of people who were erased; nothing takes them in again."""
        emails = {row.values["email"] for row in rows if "email" in row.values}
        erased = erased_among_many(emails, {key for row in rows for key in row.keys})
        if not erased:
            return list(rows)
        left = []
        for row in rows:
            if row.values.get("email") in erased or not erased.isdisjoint(row.keys):
                self._refuse(row.number, RowProblem("", "erased", str(ERASED)))
            else:
                left.append(row)
        return left

    def _look_up(self, rows: Sequence[ReadRow]) -> None:
        self._people.read(rows)
        for head, cycles in cycles_of(self._people.known).items():
            self._cycles[id(self._people.known[head])] = cycles
        self._employers.read(rows)

    def _refuse(self, number: int, *problems: RowProblem) -> None:
        self._results[number] = RowResult(number, RowVerdict.REFUSED, problems)

    def _place(self, row: ReadRow, meant: Meant | RowProblem) -> None:
        """Decide: begin a lead, bring a known one forward, leave it alone, or refuse the row."""
        if isinstance(meant, RowProblem):
            self._refuse(row.number, meant)
            return
        late = self._told_ahead(row)
        if late is not None:
            self._refuse(row.number, late)
            return
        person, is_two = self._people.find(row)
        if is_two:
            self._refuse(row.number, RowProblem("", "two_contacts", str(TWO_CONTACTS)))
            return
        cycles = self._cycles.get(id(person), []) if person is not None else []
        known = [one for one in cycles if one.product_line_id == meant.product_line]
        if person is not None and known:
            self._bring_forward(row, meant, person, known)
            return
        self._begin(row, meant, person, cycles)

    def _told_ahead(self, row: ReadRow) -> RowProblem | None:
        """What a person did or said lies behind us."""
        for name in ("touch_at", "consent_at"):
            instant = getattr(row, name)
            if instant is not None and instant > self._at:
                column = self._session.mapping.column_of(name) or name
                message = str(AHEAD % {"when": f"{instant:%Y-%m-%d}"})
                return RowProblem(column, "in_the_future", message)
        return None

    def _begin(
        self,
        row: ReadRow,
        meant: Meant,
        known: Person | None,
        cycles: Sequence[Cycle],
    ) -> None:
        way = way_of(None, row.steps)
        instants = self._timely(row, way, row.instants, row.columns, None)
        if instants is None:
            return
        employer, _learnt = self._employers.take(row)
        person = self._people.take(row, known, employer)
        own = row.own.get(AttributeSubject.LEAD, NOTHING) if row.own else NOTHING
        also = fitting(row, meant, way[-1].there, self._session.mapping)
        travel = Travel(
            way,
            instants,
            self._reasons(row.reasons, way, meant),
            product_line_id=meant.product_line,
            source_id=meant.source,
            campaign_id=meant.campaign,
            owner_id=meant.owner,
            persona_id=meant.persona,
            returning=any(one.here.disposition in RETURNS_FROM for one in cycles),
            contact_is_new=person.is_new,
            queue_id=None if meant.owner else self._names.queue(meant.team, way[-1].there),
            attempts=row.activities or 0,
            attributes=own_line(own),
            competitor_id=also["competitor"],
            sql_type_id=also["sql_type"],
        )
        new = Cycle(0, 0, meant.product_line, travel.end, row=row.number)
        self._cycles.setdefault(id(person), []).append(new)
        self._arrivals.append(Arrival(row, meant, person, RowVerdict.CREATED, travel))

    def _bring_forward(
        self, row: ReadRow, meant: Meant, person: Person, known: Sequence[Cycle]
    ) -> None:
        cycle = next((one for one in known if one.is_open), known[-1])
        earlier = cycle.row or self._session.seen.get(cycle.lead_id)
        if earlier:
            message = str(TWICE_IN_ROW % {"row": earlier})
            self._refuse(row.number, RowProblem("", "twice_in_file", message))
            return
        left = [n for n, shape in enumerate(row.steps) if is_beyond(cycle.here, shape)]
        way = way_of(cycle.here, tuple(row.steps[n] for n in left))
        columns = [row.columns[n] for n in left]
        told = [row.instants[n] for n in left]
        instants = self._timely(row, way, told, columns, cycle.since)
        if instants is None:
            return
        employer, company_learnt = self._employers.take(row)
        person = self._people.take(row, person, employer)
        reasons = self._reasons([row.reasons[n] for n in left], way, meant)
        travel = Travel(
            way,
            instants,
            reasons,
            lead_id=cycle.lead_id,
            contact_id=cycle.contact_id,
            product_line_id=cycle.product_line_id,
        )
        end = travel.end if way else cycle.here
        fields = news_of(cycle, row, meant, end, self._session.mapping)
        moved = bool(left) or bool(fields) or person.learnt or company_learnt
        verdict = RowVerdict.UPDATED if moved else RowVerdict.UNCHANGED
        cycle.row = row.number
        was = what_was(cycle, fields)
        self._arrivals.append(
            Arrival(row, meant, person, verdict, travel, fields, cycle.owner_id, was)
        )

    @staticmethod
    def _reasons(told: Sequence[str], way: Sequence[Leg], meant: Meant) -> Sequence[str]:
        """The reason of a row is that of its close, unless the mapping names one."""
        if not meant.reason or not way or not way[-1].closes or told[-1]:
            return told
        return (*told[:-1], meant.reason)

    def _timely(
        self,
        row: ReadRow,
        way: Sequence[Leg],
        told: Sequence[datetime | None],
        columns: Sequence[str],
        since: datetime | None,
    ) -> Sequence[datetime | None] | None:
        """Return the instants of a way that may be gone; None where the row is refused.

        Dates that cannot be are left out where the mapping says so, and the row says which.
        """
        drops = self._session.mapping.out_of_order is OutOfOrder.DROP_DATE
        instants = told
        while (found := stumble(way, instants, since=since, at=self._at)) is not None:
            message = str(found.message).replace("%(who)s", str(_("Import")))
            problem = RowProblem(columns[found.step], found.code, message)
            if found.code != OUT_OF_ORDER or not drops:
                self._refuse(row.number, problem)
                return None
            instants = [None if n == found.step else one for n, one in enumerate(instants)]
            row.warnings.append(replace(problem, message=str(DROPPED % {"why": message})))
        return instants

    def _write(self) -> None:
        write_arrivals(
            self._arrivals, self._people, self._employers, session=self._session, at=self._at
        )
        for one in self._arrivals:
            warnings = tuple(one.row.warnings)
            number, lead_id = one.row.number, one.travel.lead_id
            self._results[number] = RowResult(number, one.verdict, warnings, lead_id, one.person.id)
