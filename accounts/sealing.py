"""Secrets of others that we must be able to use again: stored sealed, opened only to use them.

What only has to be recognised (tokens, links) is stored as a digest instead.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

GONE = "The address was sealed under a secret key that is not known any more."
PURPOSE = b"smarketing.sealing"


class CannotOpenError(Exception):
    """It was sealed under a secret key that is known no more."""


def seal(secret: str) -> str:
    """Return `secret` sealed under today's secret key."""
    return _keys().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Return what was sealed, under today's key or an earlier one; raises CannotOpenError."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise CannotOpenError(GONE) from None


def _keys() -> MultiFernet:
    return MultiFernet(
        [Fernet(_derived(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _derived(key: str) -> bytes:
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE)
    return base64.urlsafe_b64encode(hkdf.derive(key.encode()))
