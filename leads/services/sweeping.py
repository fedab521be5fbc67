"""A sweep of the whole database for addresses: wherever a text or a JSON value holds one, it goes.

Erasing a person first removes what is known to be about him; this finds what nobody thought of: a
note on somebody else's lead, a reader's saved search, a change kept by the history. One statement a
table finds which of the addresses stand in it, however many are looked for; only where one does, a
second one takes it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Cast

GONE = "[…]"
# Our own people and their sessions: an address that is theirs too stays theirs.
KEPT_TABLES = ("accounts_user", "accounts_userevent", "account_", "socialaccount_", "mfa_",
               "usersessions_", "django_", "auth_", "pghistory_events")  # fmt: skip
# Whole addresses only: anna@b.example is not part of rosanna@b.example.
BEFORE, AFTER = "[[:alnum:]._%+-]", r"(?![[:alnum:]-]|\.[[:alnum:]])"
ADDRESS = rf"{BEFORE}+@[[:alnum:].-]*[[:alnum:]]"
PLAIN = re.compile(r"[\w.%+-]+@[\w.-]*\w")
# In a JSON value a line break is written as a letter, which belongs to no address.
ESCAPES = r"\\[bfnrt]"
FIND_SQL = """
    WITH texts AS (
        SELECT said FROM (SELECT concat_ws(E'\\n', {columns}) AS said FROM {table}) AS t
        WHERE said LIKE '%%@%%'
    )
    SELECT DISTINCT lower(found[1])
    FROM texts CROSS JOIN LATERAL regexp_matches(said, %s, 'g') AS found
    WHERE lower(found[1]) = ANY(%s)
    UNION
    SELECT odd FROM unnest(%s::text[]) AS odd
    WHERE EXISTS (SELECT FROM texts WHERE strpos(lower(said), odd) > 0)
"""


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
    wanted = sorted({address.lower() for address in addresses if address})
    return sum(_sweep_table(model, wanted) for model in swept_models()) if wanted else 0


def _sweep_table(model: Any, wanted: Sequence[str]) -> int:
    texts = {field.name: _text_of(field) for field in model._meta.local_fields if _is_text(field)}
    found = _found(model, list(texts), wanted) if texts else []
    if not found:
        return 0
    pattern = _pattern(found)
    rows = model._base_manager.all()
    holds = Q()
    for name, text in texts.items():
        rows = rows.alias(**{f"swept_{name}": text})
        holds |= Q(**{f"swept_{name}__iregex": pattern})
    changes = {name: _without(model._meta.get_field(name), pattern) for name in texts}
    return int(rows.filter(holds).update(**changes))


def _found(model: Any, names: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Return which of the addresses stand in the table."""
    quote = connection.ops.quote_name
    fields = [model._meta.get_field(name) for name in names]
    columns = [_said(quote(field.column), isinstance(field, models.JSONField)) for field in fields]
    sql = FIND_SQL.format(columns=", ".join(columns), table=quote(model._meta.db_table))
    plain = [one for one in wanted if PLAIN.fullmatch(one)]
    odd = [one for one in wanted if not PLAIN.fullmatch(one)]
    with connection.cursor() as cursor:
        cursor.execute(sql, [f"({ADDRESS})", plain, odd])
        return [address for (address,) in cursor.fetchall()]


def _said(column: str, is_json: bool) -> str:
    return (
        f"regexp_replace({column}::text, '{ESCAPES}', ' ', 'g')" if is_json else column + "::text"
    )


def _pattern(addresses: Iterable[str]) -> str:
    any_of = "|".join(re.escape(address) for address in addresses)
    return rf"(?:(?<!{BEFORE})|(?<={ESCAPES}))(?:{any_of}){AFTER}"


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
