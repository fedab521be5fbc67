"""The least body that each endpoint of the API takes, made from the schema that it publishes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
TEXTS = {"date-time": "2026-03-10T09:00:00Z", "date": "2026-03-10", "decimal": "1"}
# What the schema cannot tell: exactly one of several is needed.
CHOSEN = {
    "api/v1/leads/<int:pk>/give/": {"queue": True},
    "api/v1/goal-calculator/": {"customers": "1"},
    "api/v1/scenarios/": {"customers": "1", "name": "Plan"},
}


@lru_cache(maxsize=1)
def _schema() -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]


def body_of(route: str) -> Any:
    """Return what a POST to `route` takes: its required fields and no other; None for nothing."""
    path = "/" + ARGUMENT.sub(r"{\1}", route).replace("{pk}", "{id}")
    operation = _schema()["paths"].get(path, {}).get("post", {})
    content = operation.get("requestBody", {}).get("content")
    if content is None:
        return None
    return CHOSEN.get(route) or least(content["application/json"]["schema"])


def least(schema: Any) -> Any:
    """Return the least value that a schema takes."""
    schema = _resolved(schema)
    if "enum" in schema:
        return schema["enum"][0]
    kind = str(schema.get("type"))
    if kind == "object":
        return {name: least(schema["properties"][name]) for name in schema.get("required", ())}
    if kind == "array":
        return [least(schema["items"])]
    if kind == "string":
        return TEXTS.get(schema.get("format", ""), "x")
    return {"boolean": True, "None": {}}.get(kind, schema.get("minimum", 1))


def _resolved(schema: Any) -> Any:
    """Follow references and the first of several choices."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return _resolved(_schema()["components"]["schemas"][name])
    several = next((key for key in ("allOf", "oneOf", "anyOf") if key in schema), None)
    return _resolved(schema[several][0]) if several else schema
