"""What the names in a chunk mean: sources, campaigns, product lines, personas, competitors, types
of SQL, people of ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.querysets import normalise_email
from leads.enums import LifecycleStage, QueueKind
from leads.folding import fold
from leads.lifecycle import Position
from leads.mapping import ReadRow
from leads.mapping.shape import NAME_FIELDS
from leads.models import Queue
from leads.row_results import RowProblem
from leads.services.catalogue import ADDED_BY_THE_WAY, add_missing, catalogue_of, key_of
from leads.services.importing.session import ImportSession

UNKNOWN: dict[str, Any] = {
    "campaign": _("There is no campaign “%(name)s”."),
    "persona": _("There is no persona “%(name)s”."),
    "sql_type": _("There is no type of SQL “%(name)s”."),
    "owner": _("Nobody here has the e-mail or the name “%(name)s”, or several have it."),
    "owner_team": _("There is no team “%(name)s”."),
    "reason": _("There is no reason “%(name)s”."),
}
SHOWN = 80
TOLD = (*NAME_FIELDS, "owner", "owner_team", "reason")


@dataclass(frozen=True, slots=True)
class Meant:
    """The ids that a row's names stand for."""

    source: int | None
    campaign: int | None
    product_line: int | None
    persona: int | None
    owner: int | None
    reason: str
    team: int | None = None
    competitor: int | None = None
    sql_type: int | None = None


Named = tuple[str, ...]


class Names:
    """The names of one chunk, found by one statement (and one for owners), made where new.

    Sources, product lines and competitors are made by the way; campaigns, personas, types of SQL,
    people and reasons are not: a wrong name is told.
    """

    def __init__(self, rows: Sequence[ReadRow], session: ImportSession) -> None:
        self._session = session
        told = {
            kind: {row.values[kind] for row in rows if kind in row.values} for kind in NAME_FIELDS
        }
        self._catalogue = catalogue_of(**told)
        for kind in ADDED_BY_THE_WAY:
            add_missing(self._catalogue, kind, sorted(told[kind]))
        self._ids = {
            (kind, name): self._catalogue.ids.get((kind, key_of(kind, name)))
            for kind, names in told.items()
            for name in names
        }
        self._owners = _owners({row.values["owner"] for row in rows if "owner" in row.values})
        self._teams: dict[str, int] = {}
        if session.mapping.tells("owner_team"):
            teams = Team.objects.values_list("name", "id")
            self._teams = {fold(name): pk for name, pk in teams}
        self._queues: dict[tuple[str, int], int] = {}
        self._known: dict[Named, Meant | RowProblem] = {}

    def meant(self, row: ReadRow) -> Meant | RowProblem:
        """Return what the names of `row` stand for, or which of them is unknown."""
        told = row.values.get
        named = (*[told(kind, "") for kind in TOLD],)
        known = self._known.get(named)
        if known is None:
            known = self._known[named] = self._meant(row)
        return known

    def queue(self, team: int | None, end: Position) -> int | None:
        """Return the queue of `team` in which an open lead waits that has come so far."""
        if team is None or not end.is_open:
            return None
        is_lead = end.stage is LifecycleStage.LEAD
        kind = (QueueKind.QUALIFICATION if is_lead else QueueKind.FALLBACK).value
        known = self._queues.get((kind, team))
        if known is None:
            queue, _made = Queue.objects.get_or_create(kind=kind, team_id=team)
            known = self._queues[kind, team] = queue.pk
        return known

    def _meant(self, row: ReadRow) -> Meant | RowProblem:
        values = row.values
        ids = {kind: self._ids.get((kind, values.get(kind, ""))) for kind in NAME_FIELDS}
        owner, reason, team = None, "", None
        if "owner" in values:
            owner = self._owners.get(normalise_email(values["owner"]))
        if "reason" in values:
            reason = self._session.reason(values["reason"]) or ""
        if "owner_team" in values:
            team = self._teams.get(fold(values["owner_team"]))
        found = {**ids, "owner": owner, "owner_team": team, "reason": reason}
        for kind, known in found.items():
            if not known and kind in values and kind in UNKNOWN:
                message = str(UNKNOWN[kind] % {"name": values[kind][:SHOWN]})
                column = self._session.mapping.column_of(kind)
                return RowProblem(column, f"unknown_{kind}", message)
        return Meant(
            ids["source"],
            ids["campaign"],
            ids["product_line"],
            ids["persona"],
            owner,
            reason,
            team,
            ids["competitor"],
            ids["sql_type"],
        )


def _owners(told: Collection[str]) -> dict[str, int]:
    """Return the people of ours who are told by e-mail, or by a name that one of them alone has."""
    keys = {normalise_email(one) for one in told}
    if not keys:
        return {}
    people = User.objects.annotate(called=Lower("name"))
    found = people.filter(Q(email__in=keys) | Q(called__in=keys))
    rows = list(found.values_list("called", "email", "id"))
    names = Counter(called for called, _email, _pk in rows)
    named = {called: pk for called, _email, pk in rows if names[called] == 1}
    return {**named, **{email: pk for _called, email, pk in rows}}
