"""Who loses a race for a unique value looks again: by then he sees who won, and tells it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, transaction

P = ParamSpec("P")
T = TypeVar("T")


def looking_twice(act: Callable[P, T]) -> Callable[P, T]:
    """Run `act` in a transaction of its own, once more when a constraint refused what it wrote.

    Its look found a value free that another session had just taken; that one has committed by now,
    so the second look meets the row and refuses in the words of the field. Whatever the constraint
    still refuses then is no race and is raised.
    """

    @wraps(act)
    def twice(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            with transaction.atomic():
                return act(*args, **kwargs)
        except IntegrityError:
            with transaction.atomic():
                return act(*args, **kwargs)

    return twice
