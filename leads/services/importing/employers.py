"""The companies of a chunk: found by the e-mail's domain, else by the folded name, made by COPY.

The rules are those of `leads.services.companies`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from leads.enums import AttributeSubject
from leads.folding import fold
from leads.free_mail import company_domain
from leads.mapping import Mapping, ReadRow
from leads.models import Company
from leads.services.companies import LONGEST_NAME
from leads.services.copying import NULL, Copier, or_null, quoted, stamp
from leads.services.importing.own import NOTHING, Values, as_json, learnt, own_line

# A field of a mapping, and how the company calls it.
FACTS = {"sector": "sector", "company_country": "country", "employees": "employees"}
COMPANIES = Copier(
    Company, "id", "name", "sort_key", "domain", "sector", "country", "employees", "created_at",
    "attributes",
)  # fmt: skip
READ = """
    SELECT id, name, sort_key, domain, sector, country, employees, attributes FROM leads_company
"""
COMPANIES_SQL = f"""
    {READ} WHERE domain = ANY(%(domains)s) UNION {READ} WHERE sort_key = ANY(%(names)s)
    ORDER BY 1 DESC
"""
LEARNT_SQL = """
    UPDATE leads_company AS old SET attributes = new.attributes::jsonb, sector = new.sector,
        country = new.country, employees = new.employees, version = old.version + 1
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::int[])
        AS new(id, attributes, sector, country, employees)
    WHERE old.id = new.id
"""


@dataclass(slots=True, eq=False)
class Employer:
    """A company as the chunk knows it; `id` 0 until it is written, and then it is none else."""

    id: int = 0
    name: str = ""
    key: str = ""
    domain: str | None = None
    sector: str = ""
    country: str = ""
    employees: int | None = None
    own: Values = field(default_factory=dict)
    is_changed: bool = False

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Employer) and 0 != self.id == other.id)

    __hash__ = None  # type: ignore[assignment]  # its id comes late


class Employers:
    """For whom the people of a chunk work."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping, self._facts = mapping, tuple(one for one in FACTS if mapping.tells(one))
        self._by_domain: dict[str, Employer] = {}
        self._by_name: dict[str, Employer] = {}
        self.new: list[Employer] = []

    def read(self, rows: Sequence[ReadRow]) -> None:
        """Read the companies that the rows may mean, by one statement."""
        told = [row.values for row in rows]
        domains = {company_domain(one["email"]) for one in told if "email" in one} - {None}
        names = {_key(one["company"]) for one in told if "company" in one}
        if not domains and not names:
            return
        with connection.cursor() as cursor:
            asked: dict[str, Any] = {"domains": list(domains), "names": list(names)}
            cursor.execute(COMPANIES_SQL, asked)
            # The oldest of one name is last.
            for pk, name, key, domain, sector, country, employees, own in cursor.fetchall():
                facts = (pk, name, key, domain, sector, country, employees)
                employer = Employer(*facts, own=json.loads(own))
                if employer.domain:
                    self._by_domain[employer.domain] = employer
                self._by_name[employer.key] = employer

    def take(self, row: ReadRow) -> tuple[Employer | None, bool]:
        """Return the company of a row, made where a business domain or a name tells a new one, and
        whether the row says of it what nobody knew."""
        found = self._find(row)
        is_new = found is not None and self._learn_facts(found, row)
        told = row.own.get(AttributeSubject.COMPANY, NOTHING) if row.own else NOTHING
        new = learnt(found.own, told, AttributeSubject.COMPANY, self._mapping) if found else None
        if found is not None and new is not None:
            found.own, is_new = new, True
        if found is not None and is_new:
            found.is_changed = True
        return found, is_new

    def _learn_facts(self, employer: Employer, row: ReadRow) -> bool:
        """Fill or replace what the row says of the company; tell whether anything is new."""
        is_new = False
        for name in self._facts:
            told = row.employees if name == "employees" else row.values.get(name)
            known = getattr(employer, FACTS[name])
            # Nobody at all is a number too: only what is not there counts as empty.
            before = None if known in (None, "") else (known,)
            if told is not None and self._mapping.takes(name, before, (told,)):
                setattr(employer, FACTS[name], told)
                is_new = True
        return is_new

    def _find(self, row: ReadRow) -> Employer | None:
        values = row.values
        email, name = values.get("email"), values.get("company", "")
        domain = company_domain(email) if email else None
        known = self._by_domain.get(domain) if domain else None
        if known is not None:
            return known
        key = _key(name) if name else ""
        namesake = self._by_name.get(key) if key else None
        # Two domains are two companies, also under one name.
        if namesake is not None and (domain is None or namesake.domain is None):
            return namesake
        if domain is None and not key:
            return None
        return self._make(row, (name or domain or "")[:LONGEST_NAME], domain)

    def _make(self, row: ReadRow, name: str, domain: str | None) -> Employer:
        """A company that nobody knew is as the row says, whatever the policies of known ones."""
        told = row.values.get
        employer = Employer(
            0,
            name,
            _key(name),
            domain,
            sector=told("sector", ""),
            country=told("company_country") or told("country", ""),
            employees=row.employees,
            own=row.own.get(AttributeSubject.COMPANY, NOTHING) if row.own else NOTHING,
        )
        self.new.append(employer)
        self._by_name.setdefault(employer.key, employer)
        if domain:
            self._by_domain[domain] = employer
        return employer

    def write(self, ids: Sequence[int], *, at: datetime) -> None:
        """Write the new companies with these ids, by one statement."""
        self.new.sort(key=lambda one: one.domain or "")  # one order: no ring of waiting writers
        for one, pk in zip(self.new, ids, strict=True):
            one.id = pk
        COMPANIES.write(
            [
                COMPANIES.line
                % (
                    one.id,
                    quoted(one.name),
                    quoted(one.key),
                    quoted(one.domain) if one.domain else NULL,
                    quoted(one.sector),
                    quoted(one.country),
                    or_null(one.employees),
                    stamp(at),
                    own_line(one.own),
                )
                for one in self.new
            ]
        )

    def write_learnt(self) -> None:
        """Write what was learnt of companies that were known, by one statement."""
        changed = self.changed
        if changed:
            columns: list[list[Any]] = [
                [one.id for one in changed],
                [as_json(one.own) for one in changed],
                [one.sector for one in changed],
                [one.country for one in changed],
                [one.employees for one in changed],
            ]
            with connection.cursor() as cursor:
                cursor.execute(LEARNT_SQL, columns)

    @property
    def changed(self) -> list[Employer]:
        """Companies that were known before the chunk, and of which it says something new."""
        known = {one.id: one for one in self._by_name.values() if one.is_changed}
        known |= {one.id: one for one in self._by_domain.values() if one.is_changed}
        for one in self.new:
            known.pop(one.id, None)
        return [known[pk] for pk in sorted(known)]


def _key(name: str) -> str:
    return fold(name)[:LONGEST_NAME]
