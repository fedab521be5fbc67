"""Values of own fields on their way onto people, companies and leads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from leads.mapping import Mapping as FileMapping
from leads.mapping import own_code
from leads.services.copying import quoted

Values = Mapping[str, Any]
NOTHING: Values = {}
EMPTY = "{}"


def learnt(
    known: Values | None, told: Values, subject: str, mapping: FileMapping
) -> dict[str, Any] | None:
    """Return `known` with what is told and stands by its policy; None where nothing is new."""
    known = known or NOTHING
    new = {
        key: value
        for key, value in told.items()
        if _takes(mapping, own_code(subject, key), known.get(key), value)
    }
    return {**known, **new} if new else None


def _takes(mapping: FileMapping, code: str, known: Any, told: Any) -> bool:
    """No is a value too: only what is not there counts as empty."""
    return mapping.takes(code, None if known is None else (known,), (told,))


def as_json(values: Values) -> str:
    """Return the values as the column of a statement takes them."""
    return json.dumps(values, ensure_ascii=False) if values else EMPTY


def own_line(values: Values) -> str:
    """Return the values as COPY reads them."""
    return quoted(as_json(values)) if values else EMPTY
