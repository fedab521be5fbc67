"""How often an address of the network may knock at a public door."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

SECONDS = 60


def too_often(request: HttpRequest, door: str, most: int) -> bool:
    """Count one knock and tell whether it is more than `most` within a minute.

    Counted by the network's address and approximately: two knocks at once may count as one.
    """
    return too_many(f"{door}:{get_adapter(request).get_client_ip(request)}", most)


def too_many(door: str, most: int) -> bool:
    """Count one knock, whoever knocks, and tell whether it is more than `most` within a minute."""
    key = f"knocks:{door}"
    if cache.add(key, 1, SECONDS):
        return False
    try:
        return int(cache.incr(key)) > most
    except ValueError:  # it has run out in between
        cache.set(key, 1, SECONDS)
        return False
