"""`Authorization: Bearer <token>`: found by hash, alive, of an active person."""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.services.tokens import hash_of, note_use
from smarketing import time_source


class TokenAuthentication(BaseAuthentication):
    """Authenticate by an API token; `request.auth` is the token, whose scopes permissions ask."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the person and the token, None without one; raise for a wrong or dead one."""
        word, _space, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if word.lower() != self.keyword.lower():
            return None
        at = time_source.now()
        token = (
            ApiToken.objects.select_related("user")
            .filter(
                token_hash=hash_of(secret.strip()), revoked_at__isnull=True, user__is_active=True
            )
            .filter(expires_at__gt=at)
            .first()
        )
        if token is None:
            raise AuthenticationFailed()
        note_use(token, at=at)
        return token.user, token

    def authenticate_header(self, request: Request) -> Any:
        """Make refusals 401 rather than 403."""
        return self.keyword
