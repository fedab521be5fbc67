"""The doors of every page: who may pass is declared on the view, by the predicates of `rules.py`.

A visitor is sent to the sign-in page and comes back afterwards; a person whose rights do not reach
is refused with 403; what he may not even know of is 404, which the querysets see to.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias, TypeVar, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import is_member
from smarketing.errors import NotAllowed

Guarded = TypeVar("Guarded", bound=Callable[..., HttpResponseBase])
Predicate: TypeAlias = Callable[[Any], bool]


def requires(*predicates: Predicate) -> Callable[[Guarded], Guarded]:
    """Let active people pass for whom at least one of `predicates` holds; none means every one."""

    def decorate(view: Guarded) -> Guarded:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated or not request.user.is_active:
                return _to_sign_in(request)
            if predicates and not any(holds(request.user) for holds in predicates):
                raise NotAllowed(_("Your role does not include this page."))
            return view(request, *args, **kwargs)

        return cast(Guarded, guarded)

    return decorate


def signed_in(view: Guarded) -> Guarded:
    """Let every signed-in person pass, also one who has no role yet."""
    return requires()(view)


def member_required(view: Guarded) -> Guarded:
    """Let everyone pass who holds a role, whichever it is."""
    return requires(is_member)(view)


def person(request: HttpRequest) -> User:
    """Return the signed-in person of a guarded view."""
    if not isinstance(request.user, User):
        raise NotAllowed(_("Sign in first."))
    return request.user


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page; a fragment's request moves the whole page there."""
    came_from = request.headers.get("HX-Current-URL") or ""
    if request.headers.get("HX-Request") != "true":
        if request.method in {"GET", "HEAD"}:
            return redirect_to_login(request.get_full_path())
        return redirect_to_login(resolve_url(settings.LOGIN_REDIRECT_URL))
    own = request.build_absolute_uri("/")
    back = "/" + came_from.removeprefix(own) if came_from.startswith(own) else "/"
    response = HttpResponse(status=204)
    response["HX-Redirect"] = redirect_to_login(back)["Location"]
    return response
