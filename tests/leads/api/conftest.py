"""Callers of the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from accounts.enums import Scope
from accounts.models import User
from accounts.services.tokens import create_token
from smarketing import time_source


def caller(user: User, *scopes: Scope) -> APIClient:
    """A client with a token of `user`; without scopes named, with all."""
    at = time_source.now()
    _token, secret = create_token(
        user,
        name="test",
        scopes=scopes or tuple(Scope),
        expires_at=at + timedelta(days=1),
        at=at,
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


@pytest.fixture
def marketer_api(marketer: User) -> APIClient:
    return caller(marketer)


@pytest.fixture
def rep_api(rep: User) -> APIClient:
    return caller(rep)
