"""When a form's page was shown, signed: who answers faster than one can read is no person."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing

SALT = "leads.capture-form"
LEAST, MOST = timedelta(seconds=2), timedelta(hours=24)


@dataclass(frozen=True)
class Stamp:
    """The page of a form as it was shown: `nonce` is its own name, unlike any other's, `consent`
    the version of the words that it asked the consent in."""

    nonce: str
    shown_at: float
    consent: int = 0

    def is_in_time(self, at: datetime) -> bool:
        """Tell whether a person may have filled it in: neither at once nor a day later."""
        age = at.timestamp() - self.shown_at
        return LEAST.total_seconds() <= age <= MOST.total_seconds()


def write_stamp(token: str, *, at: datetime, consent: int = 0) -> str:
    """Return the stamp of a page of the form `token` that is shown at `at`."""
    told = {"f": token, "n": secrets.token_urlsafe(16), "t": at.timestamp(), "c": consent}
    return signing.dumps(told, salt=SALT)


def read_stamp(text: str, token: str) -> Stamp | None:
    """Return the stamp, None where it is not ours or of another form."""
    try:
        told = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    return Stamp(told["n"], told["t"], told.get("c", 0)) if told.get("f") == token else None
