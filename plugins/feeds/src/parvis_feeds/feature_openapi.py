"""The description of the features of a town as OpenAPI 3.0, which maps read to know what they may ask."""

from collections.abc import Iterable
from typing import Any

from parvis_feeds.feature_query import MOST, USUAL
from parvis_feeds.features import schema
from parvis_sdk.text import Text

LIMIT = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
BBOX = {
    "type": "array",
    "items": {"type": "number"},
    "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
}
PROBLEM = {"description": "RFC 9457", "content": {"application/problem+json": {"schema": {"type": "object"}}}}
VERSION = "1.0.0"


def described(root: str, town: Text, named: Iterable[tuple[str, Text, bool]], language: str) -> dict[str, Any]:
    """`named` are the collections: name, title, and whether a token is needed."""
    paths: dict[str, Any] = {
        path: {"get": _operation(summary.to(language))}
        for path, summary in (
            ("/", Text(fr="Page d’accueil", en="Landing page")),
            ("/conformance", Text(fr="Conformité", en="Conformance")),
            ("/collections", Text(fr="Collections", en="Collections")),
        )
    }
    for name, title, staff in named:
        secured: dict[str, Any] = {"security": [{"basic": []}, {"bearer": []}]} if staff else {}
        words = title.to(language)
        path = f"/collections/{name}"
        paths[path] = {"get": {**_operation(words), **secured}}
        paths[f"{path}/items"] = {"get": {**_operation(words, _narrowing(), "FeatureCollection"), **secured}}
        one = [{"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}]
        paths[f"{path}/items/{{featureId}}"] = {"get": {**_operation(words, one, "Feature"), **secured}}
    properties = {"type": "object", "properties": schema(language, staff=any(staff for _, _, staff in named))}
    return {
        "openapi": "3.0.3",
        "info": {"title": town.to(language), "version": VERSION},
        "servers": [{"url": root}],
        "paths": paths,
        "components": {
            "schemas": {"Properties": properties},
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _narrowing() -> list[dict[str, Any]]:
    words: dict[str, Any] = {"type": "string"}
    shapes = {"limit": LIMIT, "bbox": BBOX, "datetime": words, "type": words, "phase": words, "zone": words}
    return [
        {"name": name, "in": "query", "required": False, "schema": shape, "style": "form", "explode": False}
        for name, shape in shapes.items()
    ]


def _operation(summary: str, parameters: list[dict[str, Any]] | None = None, answer: str = "") -> dict[str, Any]:
    shape: dict[str, Any] = {"type": "object"}
    if answer:
        shape["properties"] = {"type": {"type": "string", "enum": [answer]}}
    if answer == "Feature":
        shape["properties"]["properties"] = {"$ref": "#/components/schemas/Properties"}
    media = "application/geo+json" if answer else "application/json"
    return {
        "summary": summary,
        "parameters": parameters or [],
        "responses": {"200": {"description": summary, "content": {media: {"schema": shape}}}, "default": PROBLEM},
    }
