"""The description of the API (OpenAPI 3.1), made from its operations and from the shapes that answers are made of."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from parvis import __version__
from parvis.api.calls import AnyRequest, Call, Given
from parvis.api.examples import example_of
from parvis.api.operations import WORDS, Operation, Schema, operation
from parvis.api.shapes import ListAnswer, ProblemDetails

NAMED = {"type": "string", "pattern": "^[0-9A-Za-z_-]{1,60}$"}
PROBLEM = "application/problem+json"


@operation("GET /openapi.json", "This description", any_query=True)
async def show_description(call: Given[Call], request: AnyRequest) -> dict[str, Any]:
    """What the application answers, with the answers of each type that the town offers."""
    handlers = (handler for route in request.app.routes for handler in getattr(route, "route_handlers", ()))
    served = [handler.opt["operation"] for handler in handlers if "operation" in handler.opt]
    there = call.host.modules.of(call.town)
    return description(call, [each for each in served if each.id != "show_description" and there.has(each.owner)])


def description(call: Call, operations: Iterable[Operation]) -> dict[str, Any]:
    """The whole document for the caller, with the answers of each type that the town offers."""
    answers = {
        f"Answers_{request_type.code}": request_type.form.json_schema(call.language) for request_type in call.types
    }
    return document(operations, call.town.name.to(call.language), answers)


def document(operations: Iterable[Operation], town: str, answers: Mapping[str, Schema]) -> dict[str, Any]:
    """The operations and their shapes, with the schemas of `answers` by name."""
    operations = list(operations)
    named = [ProblemDetails, *(shape for each in operations for shape in _structs(each))]
    _, components = msgspec.json.schema_components(
        list(dict.fromkeys(named)), ref_template="#/components/schemas/{name}"
    )
    for name in _sent(components, [each.body.__name__ for each in operations if each.body]):
        components[name]["additionalProperties"] = False
    for each in operations:
        if "fields" in each.query and each.answer:
            items = components[each.answer.__name__]["properties"]["items"]
            row = items["items"]["$ref"].removesuffix("Row")
            whole = components[row.rpartition("/")[2]]
            every = {name: told for name, told in whole.items() if name != "required"}
            components[f"{whole['title']}Row"] = every | {"title": f"{whole['title']}Row"}
            items["items"] = {"$ref": f"{row}Row"}
    for answer in {each.answer for each in operations if each.answer and issubclass(each.answer, ListAnswer)}:
        components[answer.__name__]["required"].append("next_cursor")
    paths: dict[str, dict[str, Any]] = {}
    for each in operations:
        paths.setdefault(each.path, {})[each.method] = _described(each)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Parvis · {town}", "version": __version__},
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {
            "schemas": {**components, **answers},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "key": {"type": "apiKey", "in": "query", "name": "key"},
            },
        },
    }


def _sent(components: Mapping[str, Schema], names: list[str]) -> set[str]:
    """The shapes that bodies have, those inside of them too."""
    known: set[str] = set()
    while names := [each for each in names if each not in known]:
        known.update(names)
        names = re.findall(r"#/components/schemas/(\w+)", str([components[each] for each in names]))
    return known


def _structs(operation: Operation) -> Iterator[type[Struct]]:
    yield from (each for each in (operation.answer, operation.body) if each is not None)


def _described(operation: Operation) -> Schema:
    described: Schema = {
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": [*_parameters(operation)],
        "responses": {str(operation.status): _success(operation), **_errors(operation)},
    }
    if operation.body is not None:
        content: Schema = {"schema": _ref(operation.body), **_example(operation, "body")}
        described["requestBody"] = {"required": True, "content": {"application/json": content}}
    if operation.upload:
        file = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
        described["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": file}}}
    described["security"] = [
        *([{"token": [*operation.scopes]}] if operation.scope else [{}, {"token": []}]),
        *([{"key": []}] if operation.key else []),
    ]
    return described


def _parameters(operation: Operation) -> Iterator[Schema]:
    given = example_of(operation).get("parameters", {})

    def shown(name: str) -> Schema:
        return {"example": given[name]} if name in given else {}

    for part in operation.path.split("/"):
        if part.startswith("{"):
            yield {"name": part[1:-1], "in": "path", "required": True, "schema": NAMED, **shown(part[1:-1])}
    queried = operation.query | ({"key": WORDS} if operation.key else {})
    for place, asked in (("query", queried), ("header", operation.headers)):
        for name, schema in asked.items():
            plain = {key: value for key, value in schema.items() if key != "x-required"}
            yield {"name": name, "in": place, "required": "x-required" in schema, "schema": plain, **shown(name)}


def _success(operation: Operation) -> Schema:
    if operation.download:
        binary = {"schema": {"type": "string", "format": "binary"}}
        return {"description": "The content", "content": {"application/octet-stream": binary, "*/*": binary}}
    if operation.answer is None:
        return {"description": "Taken in"}
    content: Schema = {"schema": _ref(operation.answer), **_example(operation, "answer")}
    return {"description": "The answer", "content": {operation.media: content}}


def _example(operation: Operation, which: str) -> Schema:
    found = example_of(operation)
    return {"example": found[which]} if which in found else {}


def _errors(operation: Operation) -> Schema:
    content = {PROBLEM: {"schema": _ref(ProblemDetails)}}
    return {str(status): {"description": "A problem", "content": content} for status in operation.statuses}


def _ref(struct: type[Struct]) -> Schema:
    return {"$ref": f"#/components/schemas/{struct.__name__}"}
