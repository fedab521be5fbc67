"""Sources, campaigns, product lines, personas, competitors and types of SQL by name: `google` and
`Google` are one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from leads.folding import fold
from leads.models import Campaign, Competitor, Persona, ProductLine, Source, SqlType

LONGEST_NAME = 100
LONGEST_KEY = {
    "source": LONGEST_NAME,
    "campaign": 150,
    "product_line": LONGEST_NAME,
    "persona": LONGEST_NAME,
    "competitor": LONGEST_NAME,
    "sql_type": LONGEST_NAME,
}
KINDS = {
    "source": Source,
    "campaign": Campaign,
    "product_line": ProductLine,
    "persona": Persona,
    "competitor": Competitor,
    "sql_type": SqlType,
}
ADDED_BY_THE_WAY: dict[str, type[Source | ProductLine | Competitor]] = {
    "source": Source,
    "product_line": ProductLine,
    "competitor": Competitor,
}
NAMES_SQL = " UNION ALL ".join(
    f"SELECT '{kind}', key, id FROM {model._meta.db_table} WHERE key = ANY(%({kind})s)"  # noqa: S608  # fixed names
    for kind, model in KINDS.items()
)


def key_of(kind: str, name: str) -> str:
    """Return the folded name as it is stored: folding may lengthen it."""
    return fold(name)[: LONGEST_KEY[kind]]


@dataclass
class Catalogue:
    """Ids by kind and folded name."""

    ids: dict[tuple[str, str], int] = field(default_factory=dict)

    def find(self, kind: str, name: str) -> int | None:
        """Return the id of what is called `name`, in any case and with or without accents."""
        return self.ids.get((kind, key_of(kind, name)))


def catalogue_of(**names: Iterable[str]) -> Catalogue:
    """Return the ids of the names given by kind (`KINDS`), in one statement; unknown ones are
    missing."""
    keys = {
        kind: sorted({key_of(kind, name) for name in names.get(kind, ()) if name}) for kind in KINDS
    }
    catalogue = Catalogue()
    if not any(keys.values()):
        return catalogue
    with connection.cursor() as cursor:
        cursor.execute(NAMES_SQL, keys)
        for kind, key, row_id in cursor.fetchall():
            catalogue.ids[kind, key] = row_id
    return catalogue


def add_missing(catalogue: Catalogue, kind: str, names: Iterable[str]) -> None:
    """Create the sources, product lines or competitors that `catalogue` lacks; one statement.

    The first spelling becomes the name. Two parallel callers make one row.
    """
    model = ADDED_BY_THE_WAY[kind]
    missing: dict[str, str] = {}
    for name in names:
        if name and catalogue.find(kind, name) is None:
            missing.setdefault(key_of(kind, name), name.strip()[:LONGEST_NAME])
    if not missing:
        return
    rows = [model(name=name, key=key) for key, name in missing.items()]
    model._default_manager.bulk_create(
        rows,  # type: ignore[arg-type]  # all rows are of this one model
        update_conflicts=True,
        unique_fields=["key"],
        # Not the key: who writes one locks out whoever points to the row and holds the line.
        update_fields=["name"],
    )
    for row in rows:
        catalogue.ids[kind, row.key] = row.pk
