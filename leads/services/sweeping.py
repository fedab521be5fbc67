"""A sweep of the whole database for one address: wherever a text or a JSON value holds it, it goes.

Erasing a person first removes what is known to be about him; this finds what nobody thought of: a
note on somebody else's lead, a reader's saved search, a change kept by the history. One statement a
table, whatever its rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Cast

GONE = "[…]"
# Our own people and their sessions: an address that is theirs too stays theirs.
KEPT_TABLES = ("accounts_user", "accounts_userevent", "account_", "socialaccount_", "mfa_",
               "usersessions_", "django_", "auth_", "pghistory_events")  # fmt: skip


def swept_models() -> list[Any]:
    """Return every model whose table a sweep looks through."""
    return [
        model
        for model in apps.get_models()
        if model._meta.managed
        and not model._meta.proxy
        and not model._meta.db_table.startswith(KEPT_TABLES)
    ]


def sweep(addresses: Iterable[str]) -> int:
    """Take `addresses` out of every text of the database; return how many rows were changed.

    The caller has lifted the protection of history for its transaction.
    """
    wanted = [address for address in addresses if address]
    if not wanted:
        return 0
    pattern = "|".join(re.escape(address) for address in wanted)
    # Whole addresses only: anna@b.example is not part of rosanna@b.example.
    whole = rf"(?<![[:alnum:]._%+-])({pattern})(?![[:alnum:]-]|\.[[:alnum:]])"
    return sum(_sweep_table(model, whole) for model in swept_models())


def _sweep_table(model: Any, pattern: str) -> int:
    texts = {field.name: _text_of(field) for field in model._meta.local_fields if _is_text(field)}
    if not texts:
        return 0
    rows = model._base_manager.all()
    holds = Q()
    for name, text in texts.items():
        rows = rows.alias(**{f"swept_{name}": text})
        holds |= Q(**{f"swept_{name}__iregex": pattern})
    changes = {name: _without(model._meta.get_field(name), pattern) for name in texts}
    return int(rows.filter(holds).update(**changes))


def _is_text(field: Any) -> bool:
    """Tell whether a column holds words of people; ours to choose from are no words of theirs."""
    if isinstance(field, (models.JSONField, SearchVectorField)):
        return True
    return isinstance(field, (models.CharField, models.TextField)) and not field.choices


def _text_of(field: Any) -> Any:
    return Cast(F(field.name), TextField())


def _without(field: Any, pattern: str) -> Any:
    found = Func(
        _text_of(field), Value(pattern), Value(GONE), Value("gi"),
        function="regexp_replace", output_field=TextField(),
    )  # fmt: skip
    is_typed = isinstance(field, (models.JSONField, SearchVectorField))
    return Cast(found, type(field)()) if is_typed else found
