"""The OpenAPI document as this service answers: problems instead of 422, and what HTTP itself adds to each GET.

Knows no address: what one operation takes and gives stands beside its endpoint.
"""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI

from .problems import MEDIA_TYPE

_PROBLEM: Final = {
    "type": "object",
    "description": "A problem (RFC 9457): what is wrong, and what to do; browsers are shown it as a page",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Leads to an explanation"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "The path that was asked"},
        "line": {"type": "integer", "minimum": 1, "description": "Of a query, an update or RDF"},
        "column": {"type": "integer", "minimum": 1},
        "request_id": {"type": "string", "description": "What the log knows the request by"},
        "offered": {"type": "array", "items": {"type": "string"}, "description": "Media types there are"},
    },
}
_TOLD: Final[dict[str, Any]] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_MEANINGS: Final = {
    "400": "The request does not fit: the problem says where",
    "404": "There is nothing at this address",
    "429": "This client asks too often: try again after `Retry-After`",
    "503": "The store does not answer, or too many ask at once: try again after `Retry-After`",
    "default": "A problem (RFC 9457)",
}
_OF_EVERY_GET: Final = {
    "206": "The part that was asked for with `Range`",
    "304": "What the client has (`If-None-Match`) is right still",
    "416": "The part that was asked for (`Range`) lies behind the end",
}
_ALWAYS_ANEW: Final = frozenset({"/healthz", "/readyz", "/metrics"})
_BEARER: Final = {"type": "http", "scheme": "bearer", "description": "A key that `jixiao keys` made"}
_FOREIGN: Final = ("HTTPValidationError", "ValidationError")
"""What FastAPI describes errors by, and nobody is told here."""


class DescribedApplication(FastAPI):
    """FastAPI, with an OpenAPI document that is true of this service."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document; it is made once."""
        if self.openapi_schema is None:
            schema = super().openapi()
            schemas = schema.setdefault("components", {}).setdefault("schemas", {})
            for name in _FOREIGN:
                schemas.pop(name, None)
            schemas["Problem"] = _PROBLEM
            schema["components"]["securitySchemes"] = {"key": _BEARER}
            for path, operations in schema["paths"].items():
                for method, operation in operations.items():
                    _describe(operation, kept=method == "get" and path not in _ALWAYS_ANEW)
        return super().openapi()


def _describe(operation: dict[str, Any], *, kept: bool) -> None:
    """Add to an operation what is true of all; `kept`: clients may keep its answers, and ask for parts of them."""
    for parameter in operation.get("parameters", ()):
        parameter.setdefault("required", False)
        parameter["schema"] = _sendable(parameter["schema"])
    answers: dict[str, dict[str, Any]] = operation["responses"]
    answers.pop("422", None)
    if kept and "200" in answers:
        _add_parts_and_copies(answers)
    for status, meaning in _MEANINGS.items():
        answers.setdefault(status, {"description": meaning})
    for status, answer in answers.items():
        if status >= "400":
            answer["content"] = _TOLD
    operation["responses"] = dict(sorted(answers.items()))


def _add_parts_and_copies(answers: dict[str, dict[str, Any]]) -> None:
    for status, meaning in _OF_EVERY_GET.items():
        answers.setdefault(status, {"description": meaning})
    answers["206"].setdefault("content", {media_type: {} for media_type in answers["200"].get("content", {})})


def _sendable(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter without null, which no address can say."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    told: dict[str, Any] = {key: value for key, value in schema.items() if key != "anyOf"} | kinds[0]
    return told
