"""Contacts that are likely one person twice: proposed, never merged by themselves.

Two contacts are proposed when they share company and folded name, the last nine digits of their
telephone, or company and the part of the e-mail before the @. Each question is answered by an index
and at most three others a contact are looked at, so that a switchboard's number proposes no crowd.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.rules import standing
from leads.models import Contact

WINDOW = 2_000
MOST = 50
LAST_ID = 2**63 - 1
WHY = {
    "name": _("Same name and company"),
    "phone": _("Same telephone"),
    "mailbox": _("Same mailbox name and company"),
}

OTHERS = """
    JOIN LATERAL (
        SELECT o.id FROM leads_contact AS o
        WHERE o.merged_into_id IS NULL AND o.id {relation} r.id AND {same}
        ORDER BY o.id DESC LIMIT 3
    ) AS other ON true
"""
DIGITS = r"right(regexp_replace({0}.phone, '\D', '', 'g'), 9)"
NAME = "o.company_id = r.company_id AND o.sort_key = r.sort_key"
PHONE = f"o.phone <> '' AND {DIGITS.format('o')} = {DIGITS.format('r')}"
MAILBOX = (
    "o.company_id = r.company_id AND split_part(o.email, '@', 1) = split_part(r.email, '@', 1)"
)
PAIRS_SQL = f"""
    WITH r AS MATERIALIZED (
        SELECT id, company_id, sort_key, email, phone FROM leads_contact
        WHERE {{asked}}
    ), pairs AS (
        SELECT r.id AS one, other.id AS two, 'name' AS why FROM r
            {OTHERS.replace("{same}", NAME)} WHERE r.sort_key <> ''
        UNION ALL
        SELECT r.id, other.id, 'phone' FROM r
            {OTHERS.replace("{same}", PHONE)} WHERE length({DIGITS.format("r")}) >= 7
        UNION ALL
        SELECT r.id, other.id, 'mailbox' FROM r
            {OTHERS.replace("{same}", MAILBOX)} WHERE r.email IS NOT NULL
    )
    SELECT one, two, array_agg(why ORDER BY why) FROM pairs
    WHERE NOT EXISTS (
        SELECT 1 FROM leads_notduplicate AS n
        WHERE n.first_id = LEAST(one, two) AND n.second_id = GREATEST(one, two)
    )
    GROUP BY one, two ORDER BY one DESC, count(*) DESC, two DESC LIMIT %(most)s
"""  # noqa: S608  # every part is fixed above
NEWEST = "merged_into_id IS NULL AND id < %(before)s ORDER BY id DESC LIMIT %(window)s"
OF_ALL = PAIRS_SQL.format(asked=NEWEST, relation="<")
OF_ONE = PAIRS_SQL.format(asked="merged_into_id IS NULL AND id = %(id)s", relation="<>")


@dataclass(frozen=True)
class Duplicate:
    """Two contacts that may be one, and what speaks for it (keys of `WHY`)."""

    one: Contact
    two: Contact
    why: tuple[str, ...]

    @property
    def both(self) -> tuple[Contact, Contact]:
        """The two."""
        return self.one, self.two

    @property
    def reasons(self) -> list[Any]:
        """What speaks for it, in words."""
        return [WHY[key] for key in self.why]


@dataclass(frozen=True)
class DuplicatePage:
    """Pairs found among some of the newest contacts; `before` is where to look on, None at the
    end."""

    pairs: Sequence[Duplicate]
    before: int | None


def likely_duplicates(user: Any, *, before: int | None = None) -> DuplicatePage:
    """Return the pairs whose newer one is among the 2 000 contacts before `before`; three
    statements. Pairs of which `user` sees only one are left out."""
    start = before or LAST_ID
    found = _pairs(OF_ALL, {"before": start, "window": WINDOW, "most": MOST})
    if len(found) == MOST:
        following: int | None = found[-1][0] + 1
        found = [pair for pair in found if pair[0] >= (following or 0)]
    else:
        rest = Contact.objects.canonical().filter(id__lt=start).order_by("-id")
        following = next(iter(rest.values_list("id", flat=True)[WINDOW - 1 : WINDOW]), None)
    return DuplicatePage(_read(user, found), following)


def duplicates_of(user: Any, contact_id: int) -> Sequence[Duplicate]:
    """Return who may be the same person as `contact_id`; two statements."""
    return _read(user, _pairs(OF_ONE, {"id": contact_id, "most": MOST}))


def _pairs(sql: str, params: dict[str, Any]) -> list[tuple[int, int, list[str]]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _read(user: Any, found: Sequence[tuple[int, int, list[str]]]) -> list[Duplicate]:
    ids = {pk for one, two, _why in found for pk in (one, two)}
    if not ids:
        return []
    rows = Contact.objects.visible_to(user, standing(user)).filter(id__in=ids)
    seen = {row.pk: row for row in rows.select_related("company").defer("search")}
    return [
        Duplicate(seen[one], seen[two], tuple(why))
        for one, two, why in found
        if one in seen and two in seen
    ]
