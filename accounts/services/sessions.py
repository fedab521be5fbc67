"""Sessions are ended at once, wherever the person is signed in."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from accounts.models import User


def end_sessions(user: User, *, keep: str | None = None) -> int:
    """Sign `user` out everywhere but in the session with the key `keep`; return how many ended."""
    known = UserSession.objects.filter(user=user).exclude(session_key=keep or "")
    keys = list(known.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user=user, session_key__in=keys).delete()
    return len(keys)
