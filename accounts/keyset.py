"""Where a long list goes on: the key of its last row, as text that fits a query string.

A key is signed: one of somebody's own making could hold what no column can be compared with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core import signing

SALT = "accounts.keyset"


def key_to(key: Sequence[Any] | None) -> str:
    """Write the key of a row."""
    return "" if key is None else signing.dumps(list(key), salt=SALT)


def key_from(text: str | None, types: Sequence[Callable[[Any], Any]]) -> Any:
    """Read a key of these `types`; None for none, and for one that nobody of ours wrote."""
    if not text:
        return None
    try:
        parts = signing.loads(text, salt=SALT)
        if not isinstance(parts, list) or len(parts) != len(types):
            return None
        return tuple(read(part) for read, part in zip(types, parts, strict=True))
    except (signing.BadSignature, ValueError, TypeError):
        return None
