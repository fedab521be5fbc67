"""What the sign-in tells us: other sessions end with a new password, single sign-on joins."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set, user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from accounts.services.invitations import join_by_single_sign_on
from accounts.services.sessions import end_sessions
from smarketing import time_source


@receiver([password_changed, password_set, password_reset], dispatch_uid="end_other_sessions")
def end_other_sessions(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """A new password signs the person out everywhere else, at once."""
    own = request.session.session_key if request.user == user else None
    end_sessions(user, keep=own)


@receiver(user_logged_in, dispatch_uid="join_on_first_sign_in")
def join_on_first_sign_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Whom the identity provider vouches for need not follow the invitation's link."""
    if user.joined_at is None:
        join_by_single_sign_on(user, at=time_source.now())
