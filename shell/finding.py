"""The global search: asks each source that the person may use, one query each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from smarketing.registry import SearchHit, search_sources

SHORTEST_QUERY = 2
LONGEST_QUERY = 200
HITS_PER_SOURCE = 6


@dataclass(frozen=True)
class Group:
    """What one source found."""

    label: str
    hits: Sequence[SearchHit]


def find(user: Any, query: str) -> list[Group]:
    """Return the non-empty answers to `query`; one letter is no question, NUL no letter."""
    query = query.replace("\x00", " ").strip()[:LONGEST_QUERY]
    if len(query) < SHORTEST_QUERY:
        return []
    found = (
        Group(str(source.label), list(source.find(user, query, HITS_PER_SOURCE)))
        for source in search_sources.for_user(user)
    )
    return [group for group in found if group.hits]


def results(groups: Sequence[Group]) -> list[dict[str, str]]:
    """Return the answers flat, as the command menu lists them."""
    return [
        {"group": group.label, "label": hit.label, "detail": hit.detail, "url": hit.url,
         "icon": hit.icon}
        for group in groups
        for hit in group.hits
    ]  # fmt: skip
