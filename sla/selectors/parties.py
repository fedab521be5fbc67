"""What is read about the agreement and those who will sign it."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.enums import TeamKind
from accounts.models import Team, User
from sla.enums import Side
from sla.models import Agreement


@dataclass(frozen=True)
class Party:
    """One side of the agreement: its root team, None while there is none. The head signs."""

    kind: TeamKind
    team: Team | None

    @property
    def can_sign(self) -> bool:
        """Tell whether somebody may sign for this side."""
        return self.team is not None and self.team.head is not None and self.team.head.is_active


def parties() -> tuple[Party, Party]:
    """Return Marketing and Sales as they stand, with their heads; one query."""
    roots = Team.objects.roots().exclude(kind=TeamKind.OTHER).select_related("head")
    by_kind = {team.kind: team for team in roots}
    marketing, sales = (
        Party(kind, by_kind.get(kind)) for kind in (TeamKind.MARKETING, TeamKind.SALES)
    )
    return marketing, sales


@dataclass(frozen=True)
class Signer:
    """Somebody who may sign a version for a side, in place of its head if he is a deputy."""

    side: Side
    user: User
    deputises: User | None = None

    @property
    def user_id(self) -> int:
        """Who it is."""
        return self.user.pk


def signers(version: Agreement) -> tuple[list[Signer], list[Signer]]:
    """Return who may sign a version for Marketing and for Sales, the head first; active people."""
    deputies = (version.marketing_deputy, version.sales_deputy)
    marketing, sales = (
        _of_side(side, party, deputy)
        for side, party, deputy in zip(
            (Side.MARKETING, Side.SALES), parties(), deputies, strict=True
        )
    )
    return marketing, sales


def _of_side(side: Side, party: Party, deputy: User | None) -> list[Signer]:
    head = party.team.head if party.team is not None else None
    found = [Signer(side, head)] if head is not None and head.is_active else []
    if deputy is not None and deputy.is_active and deputy != head:
        found.append(Signer(side, deputy, head))
    return found
