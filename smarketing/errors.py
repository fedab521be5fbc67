"""The domain's errors. Pure: the edge translates them into status codes and messages.

`Refused` is a rule of the domain saying no (409), `NotAllowed` a missing right (403), `BadInput`
a value that cannot be read (422, with the field), `NotFound` a row the asker may not know of (404).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """A refusal in the words of the domain.

    `code` is stable and machine-readable; `message` is for people and already translated or
    lazily translatable; `params` are the values named in it.
    """

    code = "refused"

    def __init__(self, message: Any, *, code: str = "", **params: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.params: Mapping[str, Any] = params

    def __str__(self) -> str:
        return str(self.message)


class Refused(DomainError):
    """A rule forbids the change as things stand; nothing was done."""


class NotAllowed(DomainError):
    """The person may see the thing but not do this to it; nothing was done."""

    code = "not_allowed"


class NotFound(DomainError):
    """There is no such thing, or the person may not know that there is."""

    code = "not_found"


class BadInput(DomainError):
    """Values that cannot be accepted; `fields` maps each field to its reasons."""

    code = "bad_input"

    def __init__(
        self, message: Any, *, fields: Mapping[str, list[Any]] | None = None, **params: Any
    ) -> None:
        super().__init__(message, **params)
        self.fields: Mapping[str, list[Any]] = fields or {}
