"""Every address answers every role as the matrix says; nothing unsafe passes without its token."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from accounts.enums import Role
from tests.access.matrix import GROUPS, LINES, Line
from tests.access.walking import ROLES, Walker, World, routes, walkers


def path_of(line: Line, world: World) -> str:
    return "/" + (line.path or line.route).format(**world.ids)


def test_the_matrix_names_every_address_and_no_other() -> None:
    written = {line.route for line in LINES}
    there = set(routes())
    missing, gone = sorted(there - written), sorted(written - there)
    assert (missing, gone) == ([], []), "Add or remove lines in tests/access/matrix/."
    assert len(written) == len(LINES)


@pytest.mark.parametrize("group", GROUPS)
def test_every_address_answers_every_role_as_written(group: str, world: World) -> None:
    cache.clear()  # the sign-in's rate limits
    asking = walkers(world)
    found = [
        (
            line.route,
            method,
            " ".join(walker.ask(method, path_of(line, world)) for walker in asking),
        )
        for line in GROUPS[group]
        for method in ("get", "post")
    ]
    written = [
        (line.route, method, " ".join(answers.split()))
        for line in GROUPS[group]
        for method, answers in (("get", line.get), ("post", line.post))
    ]
    assert found == written


def test_no_unsafe_request_passes_without_its_token(world: World) -> None:
    administrator = Walker(world.people["administrator"], csrf=True)
    found = {line.route: administrator.ask("post", path_of(line, world)) for line in LINES}
    assert found == {line.route: line.unsafe for line in LINES}


def test_the_columns_are_all_roles() -> None:
    assert len(ROLES) == len(Role) + 3  # a visitor, a newcomer, the head of the other side
    assert {len(line.get.split()) for line in LINES} == {len(ROLES)}
    assert {len(line.post.split()) for line in LINES} == {len(ROLES)}
