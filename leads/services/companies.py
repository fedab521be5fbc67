"""Companies at capture: found by the e-mail's domain, else by the folded name, created once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from leads.folding import fold
from leads.free_mail import company_domain
from leads.models import Company

LONGEST_NAME = 200  # a domain may be longer


@dataclass(frozen=True, kw_only=True)
class CompanyFacts:
    """What a capture says about where a person works."""

    name: str = ""
    email: str = ""
    country: str = ""

    @property
    def domain(self) -> str | None:
        """The domain that the company is found by; free-mail domains are nobody's."""
        return company_domain(self.email) if self.email else None

    @property
    def key(self) -> str:
        """The folded name."""
        return fold(self.name)[:LONGEST_NAME]


def companies_for(facts: Sequence[CompanyFacts], *, at: datetime) -> list[Company | None]:
    """Return for each of `facts` its company, None where nothing tells one.

    A business domain without a known company makes one, called by the name told or by the domain.
    Two parallel callers with one new domain get one company.
    """
    domains = {one.domain for one in facts if one.domain}
    keys = {one.key for one in facts if one.key}
    if not domains and not keys:
        return [None for _one in facts]
    rows = Company.objects.filter(Q(domain__in=domains) | Q(sort_key__in=keys)).order_by("-id")
    known = list(rows)
    by_domain = {company.domain: company for company in known if company.domain}
    by_name = {company.sort_key: company for company in known}
    new: list[Company] = []
    found = [_find(one, by_domain, by_name, new, at) for one in facts]
    if new:
        new.sort(key=lambda company: company.domain or "")  # one order: no ring of waiting writers
        Company.objects.bulk_create(
            new, update_conflicts=True, unique_fields=["domain"], update_fields=["domain"]
        )
    return found


def learn_own(company_id: int, told: Mapping[str, Any]) -> bool:
    """Give a company the values of own fields, by key, that it lacks; tell whether it got any.

    What is known stays. Must run inside a transaction; at most two statements.
    """
    company = Company.objects.select_for_update(no_key=True).get(pk=company_id)
    lacking = {key: value for key, value in told.items() if key not in company.attributes}
    if lacking:
        company.attributes = {**company.attributes, **lacking}
        company.version += 1
        company.save(update_fields=["attributes", "version"])
    return bool(lacking)


def _find(
    one: CompanyFacts,
    by_domain: dict[str, Company],
    by_name: dict[str, Company],
    new: list[Company],
    at: datetime,
) -> Company | None:
    if one.domain in by_domain:
        return by_domain[one.domain]
    namesake = by_name.get(one.key) if one.key else None
    # Two domains are two companies, also under one name.
    if namesake is not None and (one.domain is None or namesake.domain is None):
        return namesake
    if one.domain is None and not one.key:
        return None
    name = (one.name or one.domain or "")[:LONGEST_NAME]
    company = Company(
        name=name,
        sort_key=fold(name)[:LONGEST_NAME],
        domain=one.domain,
        country=one.country,
        created_at=at,
    )
    new.append(company)
    by_name.setdefault(company.sort_key, company)
    if one.domain:
        by_domain[one.domain] = company
    return company
