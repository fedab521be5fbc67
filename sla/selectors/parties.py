"""What is read about the agreement and those who will sign it."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.enums import TeamKind
from accounts.models import Team


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
