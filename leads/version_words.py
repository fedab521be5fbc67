"""What changed from one version to the next, in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """What one part of a version lost and gained."""

    label: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


def changed_text(label: str, old: str, new: str) -> Change | None:
    """Return how a text changed, None when it did not."""
    if old == new:
        return None
    return Change(label, tuple(filter(None, [old])), tuple(filter(None, [new])))


def changed_list(label: str, old: Sequence[str], new: Sequence[str]) -> Change | None:
    """Return the lines that went and came, None when they are the same in any order."""
    removed = tuple(line for line in old if line not in new)
    added = tuple(line for line in new if line not in old)
    return Change(label, removed, added) if removed or added else None
