"""API tokens: shown once, stored as a hash, dead when they should be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import RequestFactory
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.authentication import TokenAuthentication
from accounts.api.permissions import has_scope
from accounts.enums import Scope
from accounts.models import ApiToken, User
from accounts.services.tokens import create_token, hash_of, note_use, revoke_token
from smarketing import time_source
from smarketing.errors import BadInput
from tests.factories import TUESDAY


class Probe(APIView):
    permission_classes = [has_scope(read=Scope.LEADS_READ, write=Scope.LEADS_WRITE)]

    def get(self, request: Request) -> Response:
        return Response({})

    def post(self, request: Request) -> Response:
        return Response({}, status=201)


def make(user: User, *scopes: Scope) -> tuple[ApiToken, str]:
    at = time_source.now()
    return create_token(
        user, name="Export", scopes=scopes, expires_at=at + timedelta(days=1), at=at
    )


def ask(secret: str | None = None, user: User | None = None, method: str = "get") -> Any:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    request = getattr(RequestFactory(), method)("/probe", headers=headers)
    if user is not None:
        request.user = user
    return Probe.as_view()(request)


def test_the_secret_is_returned_once_and_only_its_hash_is_stored(rep: User) -> None:
    token, secret = make(rep, Scope.LEADS_READ)
    token.refresh_from_db()
    assert token.token_hash == hash_of(secret)
    assert secret.startswith(token.hint)
    assert secret not in [str(value) for value in vars(token).values()]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["leads:burn"]}, "scopes"),
        ({"expires_at": TUESDAY}, "expires_at"),
        ({"expires_at": TUESDAY + timedelta(days=366, seconds=1)}, "expires_at"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(
    rep: User, change: dict[str, Any], field: str
) -> None:
    facts = {
        "name": "Export",
        "scopes": [Scope.LEADS_READ],
        "expires_at": TUESDAY + timedelta(days=1),
    }
    with pytest.raises(BadInput) as refusal:
        create_token(rep, **{**facts, **change}, at=TUESDAY)
    assert list(refusal.value.fields) == [field]
    assert ApiToken.objects.count() == 0


def test_each_scope_opens_its_own_methods(rep: User) -> None:
    _token, reading = make(rep, Scope.LEADS_READ)
    _token, writing = make(rep, Scope.LEADS_WRITE)
    assert [ask(reading).status_code, ask(reading, method="post").status_code] == [200, 403]
    assert [ask(writing).status_code, ask(writing, method="post").status_code] == [403, 201]


def test_nobody_is_asked_to_sign_in_and_a_person_without_a_role_is_refused(
    newcomer: User, rep: User
) -> None:
    _token, secret = make(newcomer, Scope.LEADS_READ)
    assert ask().status_code == 401
    assert ask()["WWW-Authenticate"] == "Bearer"
    assert ask("smk_wrong").status_code == 401
    assert ask(secret).status_code == 403
    assert ask(user=rep).status_code == 200


def test_a_revoked_expired_or_abandoned_token_is_dead(rep: User) -> None:
    token, secret = make(rep, Scope.LEADS_READ)
    request = Request(RequestFactory().get("/", headers={"Authorization": f"Bearer {secret}"}))
    assert TokenAuthentication().authenticate(request) == (rep, token)

    revoke_token(token, at=TUESDAY)
    revoke_token(token, at=TUESDAY + timedelta(days=1))
    assert token.revoked_at == TUESDAY
    assert ask(secret).status_code == 401

    token, secret = make(rep, Scope.LEADS_READ)
    ApiToken.objects.filter(pk=token.pk).update(created_at=TUESDAY, expires_at=time_source.now())
    assert ask(secret).status_code == 401

    _token, secret = make(rep, Scope.LEADS_READ)
    User.objects.filter(pk=rep.pk).update(is_active=False, deactivated_at=TUESDAY)
    assert ask(secret).status_code == 401


def test_a_header_of_three_words_is_refused(db: None) -> None:
    request = Request(RequestFactory().get("/", headers={"Authorization": "Bearer a b"}))
    with pytest.raises(AuthenticationFailed):
        TokenAuthentication().authenticate(request)


def test_use_is_noted_at_most_once_a_minute(rep: User) -> None:
    token, _secret = make(rep, Scope.LEADS_READ)
    for seconds, noted in [(0, 0), (59, 0), (60, 60)]:
        note_use(token, at=TUESDAY + timedelta(seconds=seconds))
        token.refresh_from_db()
        assert token.last_used_at == TUESDAY + timedelta(seconds=noted)
