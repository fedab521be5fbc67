"""API tokens: made once, shown once, stored as a hash."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.enums import Scope
from accounts.models import ApiToken, User
from smarketing.errors import BadInput

PREFIX = "smk_"
HINT_LENGTH = 9
LONGEST_LIFE = timedelta(days=366)
USE_NOTED_EVERY = timedelta(minutes=1)


def hash_of(secret: str) -> str:
    """Return the SHA-256 of `secret` in hex: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create_token(
    user: User, *, name: str, scopes: Iterable[str], expires_at: datetime, at: datetime
) -> tuple[ApiToken, str]:
    """Make a token of `user` and return it with its secret, which is kept nowhere.

    Raises BadInput for no or unknown scopes, an empty name, and an end that is past or more than
    a year away.
    """
    wanted = sorted(set(scopes))
    _check(name.strip(), wanted, expires_at, at)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        token_hash=hash_of(secret),
        hint=secret[:HINT_LENGTH],
        scopes=wanted,
        created_at=at,
        expires_at=expires_at,
    )
    return token, secret


def _check(name: str, scopes: list[str], expires_at: datetime, at: datetime) -> None:
    fields: dict[str, list[str]] = {}
    if not name:
        fields["name"] = [_("Name what the token is for.")]
    if not scopes or not set(scopes) <= set(Scope.values):
        fields["scopes"] = [_("Choose what the token may do.")]
    if not at < expires_at <= at + LONGEST_LIFE:
        fields["expires_at"] = [_("Choose an end within the next year.")]
    if fields:
        raise BadInput(_("The token was not created."), fields=fields)


def revoke_token(token: ApiToken, *, at: datetime) -> None:
    """End `token` at once; ending it again changes nothing."""
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at)
    token.refresh_from_db(fields=["revoked_at"])


def note_use(token: ApiToken, *, at: datetime) -> None:
    """Remember that `token` was used, at most once a minute: reads must not become writes."""
    if token.last_used_at is not None and token.last_used_at > at - USE_NOTED_EVERY:
        return
    long_ago = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - USE_NOTED_EVERY)
    ApiToken.objects.filter(long_ago, pk=token.pk).update(last_used_at=at)
