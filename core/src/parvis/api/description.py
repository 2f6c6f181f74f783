"""The description of the API (OpenAPI 3.1), made from the same shapes that its answers are made of."""

from collections.abc import Iterator
from typing import Any

import msgspec
from litestar import get
from msgspec import Struct

from parvis import __version__
from parvis.api import connector_shapes, disclosing, granted, opinion_calls, place_shapes, published, shapes
from parvis.api.calls import AnyRequest, Call, call_of
from parvis.api.fee_operations import FEE_OPERATIONS
from parvis.api.figures_shapes import FiguresShape
from parvis.api.inspection_shapes import OPERATIONS_ON_VISITS
from parvis.api.narrowing import NARROWING
from parvis.api.operations import WHOLE, WORDS, Operation, Schema
from parvis.api.part_operations import PART_OPERATIONS
from parvis.requests.heart import types_for_anyone, types_of

PROBLEM = "application/problem+json"


OPERATIONS = (
    Operation(
        method="get",
        path="/request-types",
        id="list_request_types",
        summary="The kinds of request that this town offers; with `q`, those that its words may mean, likeliest first",
        answer=shapes.RequestTypeSummary,
        many=True,
        query={"q": WORDS},
        tag="request types",
    ),
    Operation(
        method="get",
        path="/request-types/{code}",
        id="show_request_type",
        summary="One kind of request, with the JSON Schema of its answers",
        answer=shapes.RequestTypeDetail,
        errors=(404,),
        tag="request types",
    ),
    Operation(
        method="post",
        path="/requests",
        id="file_request",
        summary="File a request; a repeated Idempotency-Key with the same body gives the first receipt again",
        answer=shapes.ReceiptShape,
        status=201,
        body=shapes.NewRequest,
        headers={"Idempotency-Key": WORDS},
        errors=(400, 403, 413, 415, 422),
    ),
    Operation(
        method="get",
        path="/requests",
        id="list_requests",
        summary="Requests in the order of their last change: public ones, or with a token those it may see",
        answer=shapes.RequestList,
        query={
            "updated_since": {"type": "string", "format": "date-time"},
            "limit": WHOLE,
            "cursor": {"type": "string"},
            "unit": WORDS,
            **NARROWING,
        },
        errors=(400, 422),
    ),
    Operation(
        method="get",
        path="/requests.geojson",
        id="list_public_features",
        summary="Public requests as GeoJSON, the newest first, two hundred at a time; the header `Link` leads on",
        answer=published.FeatureCollection,
        query={"cursor": {"type": "string"}, **NARROWING},
        errors=(400, 422),
    ),
    Operation(
        method="get",
        path="/requests/{reference}",
        id="show_request",
        summary="One request: its public part, with the key the requester's view, with a token what its scopes allow",
        answer=shapes.RequestShape,
        key=True,
        errors=(404,),
    ),
    Operation(
        method="patch",
        path="/requests/{reference}",
        id="amend_request",
        summary="Correct the type, the place or the answers",
        answer=shapes.RequestShape,
        body=shapes.Amendment,
        scope="requests:write",
        errors=(400, 403, 404, 409, 410, 415, 422, 428),
    ),
    Operation(
        method="get",
        path="/requests/{reference}/story",
        id="show_story",
        summary="What happened to a request, oldest first",
        answer=shapes.Story,
        key=True,
        errors=(404,),
    ),
    *PART_OPERATIONS,
    Operation(
        method="post",
        path="/requests/{reference}/moves",
        id="move_request",
        summary="Make a step of the workflow, with the answers it demands",
        answer=shapes.RequestShape,
        body=shapes.NewMove,
        scope="requests:write",
        key=True,
        errors=(400, 403, 404, 409, 410, 415, 422, 428),
    ),
    Operation(
        method="post",
        path="/requests/{reference}/messages",
        id="write_message",
        summary="Write to the town (with the key) or to the requester (with a token)",
        answer=shapes.RequestShape,
        body=shapes.NewMessage,
        scope="requests:write",
        key=True,
        errors=(400, 403, 404, 409, 410, 415, 422),
    ),
    Operation(
        method="post",
        path="/requests/{reference}/notes",
        id="write_note",
        summary="Write an internal note",
        answer=shapes.RequestShape,
        body=shapes.NewNote,
        scope="requests:write",
        errors=(400, 403, 404, 409, 410, 415, 422),
    ),
    Operation(
        method="post",
        path="/requests/{reference}/assignment",
        id="assign_request",
        summary="Give a request to a unit",
        answer=shapes.RequestShape,
        body=shapes.NewAssignment,
        scope="requests:write",
        errors=(400, 403, 404, 409, 410, 415, 422, 428),
    ),
    Operation(
        method="post",
        path="/requests/{reference}/followers",
        id="follow_request",
        summary="Ask to be told of the steps of a public request; a link to confirm is mailed",
        status=202,
        body=shapes.NewFollower,
        errors=(400, 404, 415, 422),
    ),
    Operation(
        method="post",
        path="/requests/{reference}/occurrences",
        id="add_occurrence",
        summary="Note with the key that it happened again",
        answer=shapes.RequestShape,
        body=shapes.NewOccurrence,
        key=True,
        errors=(400, 403, 404, 409, 410, 415, 422),
    ),
    Operation(
        method="put",
        path="/requests/{reference}/contact",
        id="replace_contact",
        summary="Change with the key how to be reached, and in which language",
        answer=shapes.RequestShape,
        body=shapes.NewContact,
        key=True,
        errors=(400, 403, 404, 409, 410, 415, 422, 428),
    ),
    Operation(
        method="put",
        path="/requests/{reference}/messages",
        id="choose_messages",
        summary="Stop messages to the requester with the key, or let them flow again",
        answer=shapes.RequestShape,
        body=shapes.MessagesWanted,
        key=True,
        errors=(400, 403, 404, 410, 415, 422),
    ),
    Operation(
        method="get",
        path="/public-figures",
        id="show_public_figures",
        summary="What came and was settled in the last ninety days, and in how many business days, by type",
        answer=published.PublicFigures,
        errors=(),
        tag="figures",
    ),
    Operation(
        method="get",
        path="/figures",
        id="show_figures",
        summary="Volumes, delays, promises, answers and reopenings, each with what is counted",
        answer=FiguresShape,
        query={"since": {"type": "string", "format": "date"}, "until": {"type": "string", "format": "date"}},
        scope="reports:read",
        errors=(400, 403, 422),
        tag="figures",
    ),
    Operation(
        method="post",
        path="/attachments",
        id="upload_file",
        summary="Send a file that a request or a message will name",
        answer=shapes.UploadShape,
        status=201,
        query={"upload": WORDS},
        errors=(413, 422),
        tag="files",
        upload=True,
    ),
    Operation(
        method="get",
        path="/attachments/{id}",
        id="download_file",
        summary="The content of a file of a request that the caller sees",
        key=True,
        errors=(404,),
        tag="files",
        download=True,
    ),
    Operation(
        method="get",
        path="/addresses",
        id="find_addresses",
        summary="Addresses, crossings and places that the words may mean; without words, the address of a point",
        answer=place_shapes.Addresses,
        query={
            "q": WORDS,
            "lon": {"type": "number", "minimum": -180, "maximum": 180},
            "lat": {"type": "number", "minimum": -90, "maximum": 90},
            "limit": WHOLE | {"maximum": 50, "default": 8},
        },
        errors=(400, 422),
        tag="places",
    ),
    Operation(
        method="get",
        path="/similar-requests",
        id="find_similar_requests",
        summary="Open requests of the same type near a place",
        answer=place_shapes.SimilarRequests,
        query={
            "type": WORDS | {"x-required": True},
            "lon": {"type": "number", "minimum": -180, "maximum": 180, "x-required": True},
            "lat": {"type": "number", "minimum": -90, "maximum": 90, "x-required": True},
        },
        errors=(400, 404, 422),
        tag="places",
    ),
    *FEE_OPERATIONS,
    Operation(
        method="get",
        path="/deliveries",
        id="list_deliveries",
        summary="Deliveries to plugins and people, newest first",
        answer=shapes.Deliveries,
        query={"state": WORDS, "before": WORDS, "limit": WHOLE},
        scope="operate",
        errors=(400, 403, 404, 422),
        tag="deliveries",
    ),
    Operation(
        method="post",
        path="/deliveries/{id}/revival",
        id="revive_delivery",
        summary="Try a dead or postponed delivery again",
        answer=shapes.Revived,
        scope="operate",
        errors=(403, 404, 409),
        tag="deliveries",
    ),
    Operation(
        method="get",
        path="/connectors",
        id="list_connectors",
        summary="Connected systems: how each stands",
        answer=connector_shapes.Connectors,
        scope="operate",
        errors=(403,),
        tag="connectors",
    ),
    *opinion_calls.OPERATIONS,
    *granted.OPERATIONS,
    *disclosing.OPERATIONS,
    *OPERATIONS_ON_VISITS,
)


@get("/openapi.json", media_type="application/json")
async def openapi(request: AnyRequest) -> dict[str, Any]:
    """This description; with the answers of each type that the town offers."""
    return description(await call_of(request))


def description(call: Call) -> dict[str, Any]:
    """The whole document."""
    named = [shapes.ProblemDetails, *(each for operation in OPERATIONS for each in _structs(operation))]
    _, components = msgspec.json.schema_components(
        list(dict.fromkeys(named)), ref_template="#/components/schemas/{name}"
    )
    for kind in types_of(call.heart, call.town) if call.token else types_for_anyone(call.heart, call.town):
        components[f"Answers_{kind.code}"] = kind.form.json_schema(call.language)
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Parvis · {call.town.name.to(call.language)}", "version": __version__},
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "key": {"type": "apiKey", "in": "query", "name": "key"},
            },
        },
    }


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
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(operation.body)}}}
    if operation.upload:
        file = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
        described["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": file}}}
    described["security"] = [
        *([{"token": [operation.scope]}] if operation.scope else [{}, {"token": []}]),
        *([{"key": []}] if operation.key else []),
    ]
    return described


def _parameters(operation: Operation) -> Iterator[Schema]:
    for part in operation.path.split("/"):
        if part.startswith("{"):
            yield {"name": part[1:-1], "in": "path", "required": True, "schema": {"type": "string"}}
    for name, schema in operation.query.items():
        plain = {key: value for key, value in schema.items() if key != "x-required"}
        yield {"name": name, "in": "query", "required": "x-required" in schema, "schema": plain}
    for name, schema in operation.headers.items():
        yield {"name": name, "in": "header", "required": False, "schema": schema}


def _success(operation: Operation) -> Schema:
    if operation.download:
        return {"description": "The content", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
    if operation.answer is None:
        return {"description": "Taken in"}
    schema = {"type": "array", "items": _ref(operation.answer)} if operation.many else _ref(operation.answer)
    return {"description": "The answer", "content": {"application/json": {"schema": schema}}}


def _errors(operation: Operation) -> Schema:
    content = {PROBLEM: {"schema": _ref(shapes.ProblemDetails)}}
    return {
        str(status): {"description": "A problem", "content": content}
        for status in sorted({400, 401, 429, 500, 503, *operation.errors})
    }


def _ref(struct: type[Struct]) -> Schema:
    return {"$ref": f"#/components/schemas/{struct.__name__}"}


HANDLERS = (openapi,)
