"""The description of the API is complete and true: every route is in it, every answer obeys it."""

import jsonschema
import pytest
from litestar import Litestar, get
from litestar.params import FromQuery
from referencing import Registry, Resource

from parvis.api.description import document
from parvis.api.routing import OPERATIONS
from parvis.api.shapes import RequestShape


async def test_every_route_is_described_and_every_description_has_a_route(api):
    served = {
        (method.lower(), route.path.removeprefix("/api/v1").replace(":str", ""))
        for route in api.app.routes
        if route.path.startswith("/api/v1/")
        for method in route.methods - {"OPTIONS"}
    }
    described = {(each.method, each.path) for each in OPERATIONS} | {("get", "/openapi.json")}
    assert served == described


async def document_of(api):
    return (await api.get("/openapi.json")).json()


async def test_the_document_names_nothing_that_it_does_not_hold(api):
    document = await document_of(api)
    held = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    named = set(_references(document))
    assert named
    assert named <= held


def _references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)


CALLS = [
    ("get", "/request-types", "/request-types", None),
    ("get", "/request-types/{code}", "/request-types/hole", None),
    ("get", "/requests", "/requests", None),
    ("get", "/requests/{reference}", "/requests/{ref}?key={key}", None),
    ("get", "/requests/{reference}", "/requests/{ref}", None),
    ("get", "/requests/{reference}/story", "/requests/{ref}/story?key={key}", None),
    ("post", "/requests/{reference}/messages", "/requests/{ref}/messages?key={key}", {"words": "Merci"}),
    (
        "post",
        "/requests/{reference}/moves",
        "/requests/{ref}/moves?key={key}",
        {"transition": "withdraw", "version": 1},
    ),
    ("post", "/requests/{reference}/moves", "/requests/{ref}/moves?key={key}", {"transition": "withdraw"}),
    ("get", "/requests/{reference}", "/requests/nothing", None),
    ("post", "/requests", "/requests", {}),
    ("get", "/deliveries", "/deliveries", None),
]


@pytest.mark.parametrize(("method", "path", "asked", "body"), CALLS)
async def test_every_answer_obeys_its_description(api, method, path, asked, body):
    document = await document_of(api)
    receipt = await api.filed()
    address = "/api/v1" + asked.format(ref=receipt["reference"], key=receipt["key"])
    answer = await api.http.request(method, address, json=body)
    described = document["paths"][path][method]["responses"][str(answer.status_code)]
    (kind,) = described["content"]
    assert answer.headers["content-type"].partition(";")[0] == kind
    resource = Resource.from_contents(document | {"$schema": "https://json-schema.org/draft/2020-12/schema"})
    schema = described["content"][kind]["schema"]
    whole = {"$defs": {}, **_pointing(schema)}
    validator = jsonschema.Draft202012Validator(whole, registry=Registry().with_resource("urn:api", resource))
    validator.validate(answer.json())


def _pointing(schema):
    if "$ref" in schema:
        return {"$ref": f"urn:api{schema['$ref']}"}
    return schema | ({"items": _pointing(schema["items"])} if "items" in schema else {})


async def test_answers_of_each_type_are_described(api):
    document = await document_of(api)
    request_type = (await api.get("/request-types/hole")).json()
    assert document["components"]["schemas"]["Answers_hole"] == request_type["schema"]


def test_the_framework_would_leave_out_what_explains_a_shape():
    """Why the document is ours: see ADR 75."""

    @get("/requests")
    async def show(limit: FromQuery[int] = 50) -> RequestShape:
        raise NotImplementedError

    theirs = Litestar([show]).openapi_schema.to_schema()
    (operation,) = (each for each in OPERATIONS if each.id == "show_request")
    ours = document([operation], "Parvis", {})
    assert "members that they may not see" in ours["components"]["schemas"]["RequestShape"]["description"]
    assert "description" not in theirs["components"]["schemas"]["RequestShape"]
    assert list(theirs["paths"]["/requests"]["get"]["responses"]["400"]["content"]) == ["application/json"]
    described = ours["paths"]["/requests/{reference}"]["get"]["responses"]["400"]
    assert list(described["content"]) == ["application/problem+json"]
