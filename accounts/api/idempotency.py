"""`Idempotency-Key`: a write that is sent again does nothing again and is answered the same.

    class LeadAccept(APIView):
        @once_by_key
        @extend_schema(...)
        def post(self, request: Request, pk: int) -> Response: ...

The handler runs in one transaction with the row that keeps its answer. Kept are answers of success
only: a refusal changed nothing, so a caller who mends the cause may use its key again. While the
first request runs, a second with its key is told 409 `idempotency_key_in_use`; the key with another
method, address or body is 422 `idempotency_key_reused`. Keys belong to the person and last a day.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, TypeVar, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import is_success

from accounts.models import KeptAnswer, User
from accounts.services.kept_answers import keep_answer, kept_answer, take_key
from smarketing import time_source
from smarketing.errors import BadInput, Refused

HEADER = "Idempotency-Key"
LONGEST_KEY = 255
IN_USE = _("A request with this Idempotency-Key is being worked on. Ask again in a moment.")
REUSED = _("This Idempotency-Key was used for another request. Send a new one.")
BAD_KEY = _("An Idempotency-Key has 1 to 255 printable ASCII characters.")

KEYED: set[Any] = set()  # the handlers that obey the header, for the schema and the tests
Handler = TypeVar("Handler", bound=Callable[..., Response])
DESCRIPTION = OpenApiParameter(
    name=HEADER,
    type={"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
    location=OpenApiParameter.HEADER,
    required=False,
    description="A word of your own for this request, for example a UUID. Sent again within 24 "
    "hours with the same body, nothing is done again and the first answer comes back, with "
    "`Idempotency-Replayed: true`. With another request it is refused (422); while the first is "
    "still running, too (409). Refusals are not kept.",
)


class KeyedSchema(AutoSchema):
    """The OpenAPI schema, which tells of the header wherever it is read."""

    def get_override_parameters(self) -> list[Any]:
        """Return what the endpoint itself declares, and the header."""
        declared = list(super().get_override_parameters())
        handler = getattr(self.view, self.method.lower(), None)
        return [*declared, DESCRIPTION] if is_keyed(handler) else declared

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        """Return what the endpoint itself declares, and how the header is refused."""
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if is_keyed(getattr(self.view, self.method.lower(), None)):
            bodies.setdefault("409", {"description": str(IN_USE)})
            bodies.setdefault("422", {"description": str(BAD_KEY)})
        return bodies


def once_by_key(handler: Handler) -> Handler:
    """Make the write `handler` of an API view obey `Idempotency-Key` (see above)."""

    @wraps(handler)
    def keyed(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return handler(view, request, *args, **kwargs)
        return _once(request, _read(key), lambda: handler(view, request, *args, **kwargs))

    KEYED.add(keyed)
    return cast(Handler, keyed)


def is_keyed(handler: Any) -> bool:
    """Tell whether a handler obeys the header."""
    return getattr(handler, "__func__", handler) in KEYED


def _read(key: str) -> str:
    if not (1 <= len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()) or " " in key:
        raise BadInput(BAD_KEY, fields={HEADER: [BAD_KEY]})
    return key


@transaction.atomic
def _once(request: Request, key: str, work: Callable[[], Response]) -> Response:
    user, at = cast(User, request.user), time_source.now()
    fingerprint = _fingerprint(request)
    if not take_key(user, key):
        raise Refused(IN_USE, code="idempotency_key_in_use")
    known = kept_answer(user, key, at=at)
    if known is not None:
        return _replay(known, fingerprint)
    response = work()
    if is_success(response.status_code):
        body = JSONRenderer().render(response.data).decode() if response.data is not None else ""
        row = KeptAnswer(user=user, key=key, fingerprint=fingerprint, body=body, created_at=at)
        row.status = response.status_code
        keep_answer(row)
    else:
        transaction.set_rollback(True)
    return response


def _replay(known: KeptAnswer, fingerprint: str) -> Response:
    if known.fingerprint != fingerprint:
        raise BadInput(REUSED, fields={HEADER: [REUSED]}, code="idempotency_key_reused")
    data = json.loads(known.body) if known.body else None
    return Response(data, status=known.status, headers={"Idempotency-Replayed": "true"})


def _fingerprint(request: Request) -> str:
    """Return the digest of what was asked: method, address with its query, and what it says.

    A body that is streamed is known by its length: reading it here would hold it up.
    """
    data: Any = request.data
    if hasattr(data, "read"):
        data = {"streamed": request.headers.get("Content-Length")}
    if isinstance(data, QueryDict):
        data = {name: [_plain(one) for one in values] for name, values in data.lists()}
    said = json.dumps(data, sort_keys=True, ensure_ascii=False)
    asked = "\n".join([str(request.method), request.get_full_path(), said])
    return sha256(asked.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Return a field's value, for a file its digest."""
    if not isinstance(value, UploadedFile):
        return value
    digest = sha256(b"".join(value.chunks())).hexdigest()
    value.seek(0)
    return {"file": value.name, "sha256": digest}
