"""Walks every address of the resolver as every role, and undoes what it did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from accounts.models import User

# The columns of the matrix, in order.
ROLES = (
    "anonymous", "newcomer", "marketer", "rep", "head", "facilitator", "administrator", "other_head"
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """Who walks, and the ids that addresses name."""

    people: dict[str, User | None]
    ids: dict[str, Any]


def routes() -> Iterator[str]:
    """Every route of the resolver, as written in the URL tables; API and allauth included."""

    def walk(patterns: Any, prefix: str) -> Iterator[str]:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns, route)
            else:
                yield route

    yield from walk(get_resolver().url_patterns, "")


class Walker:
    """A browser of one role that forgets, after each request, all that the request did."""

    def __init__(self, user: User | None, *, csrf: bool = False) -> None:
        self.client = Client(enforce_csrf_checks=csrf, raise_request_exception=False)
        if user is not None:
            self.client.force_login(user)
        self.cookies = self.client.cookies.output(header="")

    def ask(self, method: str, path: str) -> str:
        """Return the status of a request; `in` for a way to the sign-in and back."""
        self.client.cookies = SimpleCookie(self.cookies)
        with transaction.atomic():
            got = getattr(self.client, method)(path)
            transaction.set_rollback(True)
        location = got.headers.get("Location", "")
        to_sign_in = got.status_code == 302 and location.startswith("/accounts/login/?next=")
        return "in" if to_sign_in else str(got.status_code)


def walkers(world: World) -> list[Walker]:
    """Return one walker a role, in the order of the columns."""
    return [Walker(world.people[role]) for role in ROLES]
