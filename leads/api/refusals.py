"""Who asks the API, and how a refusal of the gate is answered: 403 for a right, 409 for a rule."""

from __future__ import annotations

from rest_framework.request import Request

from accounts.models import User
from leads.moving import MovesRefused
from smarketing.errors import NotAllowed, NotFound

RIGHTS = frozenset({"wrong_side", "not_owner", "no_history_right"})


def caller(request: Request) -> User:
    """Return the person behind the request; the permission has let nobody else in."""
    assert isinstance(request.user, User)  # noqa: S101  # see the permission
    return request.user


def as_right(refused: MovesRefused) -> Exception:
    """Tell a missing right (403) and a row that is gone (404) from a rule that says no (409)."""
    refusal = refused.refusals[0]
    if refusal.code in RIGHTS:
        return NotAllowed(str(refusal), code=refusal.code)
    if refusal.code == "not_found":
        return NotFound(str(refusal))
    return refused
