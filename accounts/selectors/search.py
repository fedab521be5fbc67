"""What the global search finds of people."""

from __future__ import annotations

from django.urls import reverse

from accounts.models import User
from accounts.selectors.people import filter_people, managed_people
from smarketing.registry import SearchHit


def find_people(user: User, words: str, limit: int) -> list[SearchHit]:
    """Return people whose settings `user` may open, by name or address; one statement."""
    found = filter_people(managed_people(user), {"q": words}).order_by("name", "pk")[:limit]
    return [
        SearchHit(person.name, person.email, reverse("settings-user", args=[person.pk]), "user")
        for person in found
    ]
