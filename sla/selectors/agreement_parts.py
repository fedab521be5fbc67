"""A version of the agreement with all its parts, and its canonical text.

The canonical text is what is signed: every word and number that binds, in one fixed order, as JSON.
People are named by their ids, for names change and the agreement does not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from sla.enums import AgreementState, SectionKey
from sla.models import Agreement, Commitment

TERMS = (
    "system_of_record",
    "keeper_id",
    "marketing_deputy_id",
    "sales_deputy_id",
    "lost_deals",
    "longest_pause_days",
    "compliance_floor",
    "renew_every_months",
    "wanted_from",
)
PROMISED = (
    "lineage", "side", "team_id", "kind", "why", "clock_scope", "target_minutes", "target_days",
    "attempts", "warning_share", "most_reroutes", "reroute_cooldown_minutes", "period", "target",
    "floor", "metric", "least_n", "stage", "to_stage", "product_line_id", "persona_id", "source_id",
    "country", "score_from", "score_below",
)  # fmt: skip
DEFINED = ("stage", "version", "prose", "criteria", "responsible", "exit_rule", "longest_stay_days")
PORTRAYED = (
    "persona_id", "version", "description", "goals", "pains", "opening_line", "criteria",
    "exclusions", "journey", "sources",
)  # fmt: skip
RUNG = ("share", "tell_owner", "tell_manager", "tell_head", "reroute")


def with_parts() -> QuerySet[Agreement]:
    """Return versions with everything that is read of them; fifteen statements for any number."""
    promised = Commitment.objects.select_related(
        "team", "product_line", "persona", "source"
    ).prefetch_related("bands", "levels", "shares__user")
    return Agreement.objects.select_related(
        "keeper", "marketing_deputy", "sales_deputy", "based_on", "created_by", "proposed_by"
    ).prefetch_related(
        "sections",
        "protocol__person",
        "messaging",
        "definitions__definition",
        "personas__persona_version__persona",
        "sql_types__sql_type",
        Prefetch("commitments", promised.order_by("position", "id")),
        "signatures__signer",
    )


@dataclass(frozen=True)
class AgreedType:
    """A type of SQL as a version says it; `number` is its id."""

    number: int
    name: str
    description: str
    playbook: str

    @property
    def steps(self) -> list[str]:
        """The steps of its playbook."""
        return [line.strip() for line in self.playbook.splitlines() if line.strip()]


def types_of(version: Agreement) -> list[AgreedType]:
    """Return the types of SQL of a version that came by `with_parts`, by name.

    A draft says what the types say today; later versions what was agreed on.
    """
    is_draft = version.state == AgreementState.DRAFT
    rows = [(one.sql_type_id, one.sql_type if is_draft else one) for one in version.sql_types.all()]
    said = [AgreedType(pk, row.name, row.description, row.playbook) for pk, row in rows]
    return sorted(said, key=lambda one: (one.name, one.number))


def canonical_text(version: Agreement) -> str:
    """Return the words and numbers of a version that came by `with_parts`, as JSON."""
    return json.dumps(_content(version), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(version: Agreement) -> str:
    """Return the SHA-256 of the canonical text, in hex."""
    return hashlib.sha256(canonical_text(version).encode()).hexdigest()


def _content(version: Agreement) -> dict[str, Any]:
    order = list(SectionKey)
    written = {row.key: row.text for row in version.sections.all()}
    types = {"sql_types": [asdict(one) for one in types_of(version)]}
    # Versions from before types were part of it keep the hash that was signed.
    return (types if types["sql_types"] else {}) | {
        "number": version.number,
        "terms": _told(version, TERMS),
        "sections": [[key.value, written.get(key, "")] for key in order],
        "definitions": _sorted(_told(one.definition, DEFINED) for one in version.definitions.all()),
        "personas": _sorted(
            _told(one.persona_version, PORTRAYED) | {"name": one.persona_version.persona.name}
            for one in version.personas.all()
        ),
        "commitments": _sorted(_promise(one) for one in version.commitments.all()),
        "protocol": _sorted(
            _told(one, ("step", "side", "person_id", "longest_minutes", "on_failure"))
            for one in version.protocol.all()
        ),
        "messaging": _sorted(_told(one, ("stage", "writer")) for one in version.messaging.all()),
    }


def _promise(row: Commitment) -> dict[str, Any]:
    return _told(row, PROMISED) | {
        "bands": sorted([one.score_from, one.target_minutes] for one in row.bands.all()),
        "levels": _sorted(_told(one, RUNG) for one in row.levels.all()),
        "shares": sorted([one.user_id, _plain(one.target)] for one in row.shares.all()),
    }


def _told(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    """Return the value as JSON tells it, numbers without the zeros that a column adds."""
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    return format(value.normalize(), "f") if hasattr(value, "normalize") else str(value)


def _sorted(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True, ensure_ascii=False))
