"""The erasure list: keyed hashes of those who were erased, so that nothing takes them in again.

Nobody can read an address out of it, and without the installation's key nobody can ask it either.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Value

from accounts.querysets import normalise_email
from leads.enums.out import ErasureKey
from leads.models import ErasedKey

SALT = b"leads.erasure_list"
READ_WHOLE = 10_000
OutsideKey = tuple[str, str]


def erased_among(emails: Iterable[str], keys: Iterable[OutsideKey] = ()) -> set[str | OutsideKey]:
    """Return those of the e-mails and of the (system, external id) pairs that were erased; one
    statement, none where nothing is asked. E-mails come back as they were given."""
    asked = digests_of(emails, keys)
    if not asked:
        return set()
    rows = ErasedKey.objects.filter(digest__in=list(asked)).values_list("digest", flat=True)
    return {asked[digest] for digest in rows}


def erased_among_many(
    emails: Collection[str], keys: Collection[OutsideKey]
) -> set[str | OutsideKey]:
    """Do as `erased_among` does for thousands: a list that is short is read whole, and who is asked
    of is compared with it here; else a second statement asks."""
    if not emails and not keys:
        return set()
    known = set(ErasedKey.objects.values_list("digest", flat=True)[: READ_WHOLE + 1])
    if len(known) > READ_WHOLE:
        return erased_among(emails, keys)
    asked = digests_of(emails, keys) if known else {}
    return {asked[digest] for digest in known & asked.keys()}


def known_or_erased(
    known: QuerySet[Any], emails: Iterable[str], keys: Iterable[OutsideKey]
) -> tuple[bool, set[str | OutsideKey]]:
    """Return whether `known` holds a row, and what `erased_among` does, in one statement."""
    asked = digests_of(emails, keys)
    rows = known.order_by().values_list(Value(""))[:1]
    erased = ErasedKey.objects.filter(digest__in=list(asked)).values_list("digest")
    found = {digest for (digest,) in rows.union(erased, all=True)}
    return "" in found, {asked[digest] for digest in found if digest}


def digests_of(
    emails: Iterable[str], keys: Iterable[OutsideKey] = ()
) -> dict[str, str | OutsideKey]:
    """Return what each e-mail and each outside id would be on the list, under every key of the
    installation, for who asks the list in a statement of his own."""
    told: list[tuple[str, str | OutsideKey]] = [(_of_email(email), email) for email in emails]
    told += [(_of_key(key), key) for key in keys]
    return {_digest(text, secret): thing for secret in _secrets() for text, thing in told}


def note_erased(emails: Iterable[str], keys: Iterable[OutsideKey], *, at: datetime) -> None:
    """Put e-mails and outside ids on the list; one statement."""
    secret = _secrets()[0]
    told = [(ErasureKey.EMAIL, _of_email(email)) for email in emails]
    told += [(ErasureKey.EXTERNAL_ID, _of_key(key)) for key in keys]
    ErasedKey.objects.bulk_create(
        (ErasedKey(kind=kind, digest=_digest(text, secret), erased_at=at) for kind, text in told),
        ignore_conflicts=True,
    )


def _of_email(email: str) -> str:
    return f"email:{normalise_email(email)}"


def _of_key(key: OutsideKey) -> str:
    return f"id:{key[0]}\x1f{key[1]}"


def _secrets() -> list[bytes]:
    """Return a key of the list for the key in force first, then for those before it."""
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hmac.digest(SALT, secret.encode(), "sha256") for secret in known]


def _digest(text: str, secret: bytes) -> str:
    return hmac.digest(secret, text.encode(), "sha256").hex()
