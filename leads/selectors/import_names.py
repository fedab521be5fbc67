"""The names that a file may use: campaigns, people of ours, reasons; and the own fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from accounts.models import Team, User
from leads.folding import fold
from leads.mapping import Offered, offered
from leads.mapping.offered import Group
from leads.models import (
    Campaign,
    Competitor,
    CustomAttribute,
    Persona,
    ProductLine,
    Reason,
    Source,
    SqlType,
)

MOST_NAMES = 1_000
# Names outside these lists refuse the row; of the others new ones are added by the way.
MUST_BE_KNOWN = frozenset({"campaign", "persona", "owner", "owner_team", "reason", "sql_type"})
MODELS = {"source": Source, "campaign": Campaign, "product_line": ProductLine, "persona": Persona,
          "owner_team": Team, "competitor": Competitor, "sql_type": SqlType}  # fmt: skip
Name = tuple[str, str]


@dataclass(frozen=True)
class KnownNames:
    """What names of each field there are, as (what a file says, what it is called)."""

    names: Mapping[str, list[Name]] = field(default_factory=dict)

    def of(self, code: str) -> list[Name]:
        """Return the names of one field; none for one whose values are free."""
        return self.names.get(code, [])

    def is_unknown(self, code: str, text: str) -> bool:
        """Tell whether rows that say `text` would be refused for a name that nobody knows."""
        if not text or code not in MUST_BE_KNOWN or len(self.of(code)) >= MOST_NAMES:
            return False
        told = {fold(text) for name in self.of(code) for text in name}
        return fold(text) not in told


def known_names(codes: Iterable[str]) -> KnownNames:
    """Return the names of the given fields; one statement a field that has any."""
    return KnownNames({code: _names_of(code) for code in dict.fromkeys(codes) if _has_names(code)})


def _has_names(code: str) -> bool:
    return code in MODELS or code in MUST_BE_KNOWN


def _names_of(code: str) -> list[Name]:
    if code == "owner":
        people = User.objects.active().order_by("name", "id")
        return list(people.values_list("email", "name")[:MOST_NAMES])
    if code == "reason":
        reasons = Reason.objects.filter(is_active=True).order_by("id")
        return [(reason.code, str(reason.label)) for reason in reasons]
    rows = MODELS[code]._default_manager.order_by("name", "id")
    return [(name, name) for name in rows.values_list("name", flat=True)[:MOST_NAMES]]


def own_fields() -> list[CustomAttribute]:
    """Return the organisation's own fields in use; one statement."""
    return list(CustomAttribute.objects.filter(is_active=True).order_by("subject", "label", "id"))


def offered_own() -> list[Offered]:
    """Return the organisation's own fields as a file may carry them; one statement."""
    return [one for one in offered(own_fields()) if one.group is Group.OWN]
