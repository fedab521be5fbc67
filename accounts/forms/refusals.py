"""How a form says what a service refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from smarketing.errors import BadInput, DomainError, NotAllowed, NotFound


def attempt(form: forms.BaseForm, act: Callable[[], Any]) -> bool:
    """Run `act`; tell whether it was done, with the refusal written at its fields if not.

    A missing right and a row that is not there are no matter of the form: they go on as they are.
    """
    try:
        act()
    except (NotAllowed, NotFound):
        raise
    except BadInput as refusal:
        for field, reasons in refusal.fields.items():
            for reason in reasons:
                form.add_error(field if field in form.fields else None, reason)
        if not refusal.fields:
            form.add_error(None, str(refusal.message))
    except DomainError as refusal:
        form.add_error(None, str(refusal.message))
    return not form.errors
