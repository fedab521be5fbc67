"""Where a long list goes on: the key of its last row, as text that fits a query string."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any


def key_to(key: Sequence[Any] | None) -> str:
    """Write the key of a row."""
    if key is None:
        return ""
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode().rstrip("=")


def key_from(text: str | None, types: Sequence[Callable[[Any], Any]]) -> Any:
    """Read a key of these `types`; None for none, and for one that nobody of ours wrote."""
    if not text:
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        parts = json.loads(raw)
        if not isinstance(parts, list) or len(parts) != len(types):
            return None
        return tuple(read(part) for read, part in zip(types, parts, strict=True))
    except (binascii.Error, ValueError, TypeError, UnicodeError, OverflowError):
        return None
