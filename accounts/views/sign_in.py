"""Signing in somebody whose identity another door has proved."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse

from accounts.models import User


def sign_in(request: HttpRequest, user: User) -> None:
    """Begin a session of `user` in place of any other, listed so that it can be ended."""
    logout(request)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    UserSession.objects.create_from_request(request)


def not_offered(request: HttpRequest) -> HttpResponse:
    """Stand in for a page of the sign-in library that has no place here."""
    raise Http404
