"""Who may use an endpoint: a token needs the scope, and every caller needs a role.

    class LeadList(APIView):
        permission_classes = [has_scope(read=Scope.LEADS_READ, write=Scope.LEADS_WRITE)]

Without credentials the answer is 401, without the scope or the role 403. A person's own session
carries every scope: what he may do is then decided by the rules alone.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.enums import Scope
from accounts.models import ApiToken
from accounts.rules import is_member


def has_scope(read: Scope | str, write: Scope | str | None = None) -> type[BasePermission]:
    """Return the permission that asks for `read` on safe methods and `write` on the others.

    Without `write` the `read` scope is asked for on every method.
    """
    wanted_to_read, wanted_to_write = Scope(read), Scope(write or read)

    class HasScope(BasePermission):
        message: Any = _("This token does not include what the request needs.")

        def has_permission(self, request: Request, view: Any) -> bool:
            if not request.user.is_authenticated or not is_member(request.user):
                self.message = _("You have no role here yet.")
                return False
            wanted = wanted_to_read if request.method in SAFE_METHODS else wanted_to_write
            self.message = HasScope.message
            return not isinstance(request.auth, ApiToken) or wanted in request.auth.scopes

    return HasScope
