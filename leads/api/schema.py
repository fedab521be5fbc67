"""What the OpenAPI schema cannot find out by itself."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema_field

from leads.filters import (
    LAST_ID,
    LEAST_SCORE,
    MOST_DAYS,
    MOST_SCORE,
    DaysFilter,
    IdFilter,
    OwnerFilter,
    ScoreFilter,
)

OWNER_PATTERN = r"^(me|nobody|[1-9][0-9]{0,17})$"
extend_schema_field({"type": "integer", "minimum": 1, "maximum": LAST_ID})(IdFilter)
extend_schema_field({"type": "string", "pattern": OWNER_PATTERN})(OwnerFilter)
extend_schema_field({"type": "number", "minimum": LEAST_SCORE, "maximum": MOST_SCORE})(ScoreFilter)
extend_schema_field({"type": "number", "minimum": 0, "maximum": MOST_DAYS})(DaysFilter)


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped library
    """`Authorization: Bearer …` with a token from Settings, API tokens."""

    target_class = "accounts.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of your own from Settings, API tokens, with its scopes.",
        }
