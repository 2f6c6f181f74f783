"""The API offers what it did: paths, parameters, shapes; a change of it is made on purpose and seen in review."""

import difflib
import runpy
from pathlib import Path

import pytest

from parvis.api.description import document
from parvis.api.routing import every_operation
from parvis.plugins.module_discovery import find_modules

HERE = Path(__file__).parent


def test_the_operations_of_the_api_and_their_shapes_are_as_written_down():
    told = list(runpy.run_path(str(HERE / "api_operations.py"))["lines"]())
    kept = (HERE / "api_operations.txt").read_text(encoding="utf-8").splitlines()
    changes = "\n".join(difflib.unified_diff(kept, told, "written down", "now", lineterm=""))
    how = "if this is meant, run `python tests/contracts/api_operations.py > tests/contracts/api_operations.txt`"
    assert told == kept, f"{how}:\n{changes}"


def test_what_is_written_down_tells_parameters_answers_problems_and_members():
    kept = (HERE / "api_operations.txt").read_text(encoding="utf-8").splitlines()
    for line in (
        "PATCH /requests/{reference} (amend_request, requests)",
        '    security [{"token": ["requests:read", "requests:write"]}]',
        '    query within {"maximum": 20000, "minimum": 1, "type": "integer"}',
        '    200 {"application/json": {"schema": {"$ref": "#/components/schemas/RequestShape"}}}',
        "    problems 400 401 403 404 409 410 415 422 428 429 500 503",
        "schema RequestShape",
        '    version* {"type": "integer"}',
    ):
        assert line in kept, line


def test_no_schema_is_named_by_the_file_it_stands_in():
    kept = (HERE / "api_operations.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in kept if line.startswith("schema ") and "." in line] == []


BESIDE = {"next_cursor", "total", "more"}
CALCULATED = {"estimate_fees", "search_requests"}  # lists that are asked for by a body


def lists_of(told):
    """The answers of operations that list something, by the name of the operation."""
    for methods in told["paths"].values():
        for method, each in methods.items():
            ((_, answer),) = ((status, one) for status, one in each["responses"].items() if status < "300")
            if "application/json" not in answer.get("content", {}):
                continue
            schema = answer["content"]["application/json"]["schema"]
            shape = told["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
            named = each["operationId"].startswith(("list_", "find_")) or each["operationId"] in CALCULATED
            members = shape.get("properties", {})
            alone = [name for name in members if name not in BESIDE]
            rows = len(alone) == 1 and members[alone[0]].get("type") == "array"
            if (method == "get" and (rows or named or shape.get("type") == "array")) or named:
                yield each["operationId"], shape


def of_another_shape(told):
    return {
        name
        for name, shape in lists_of(told)
        if shape.get("properties", {}).get("items", {}).get("type") != "array"
        or not {"items", "next_cursor"} <= {*shape.get("required", ())}
    }


def test_every_list_has_the_same_shape():
    told = document(every_operation(find_modules()), "Parvis", {})
    assert {"list_request_types", "show_story", "list_tasks_of_request", *CALCULATED} <= {*dict(lists_of(told))}
    assert of_another_shape(told) == set()


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "array", "items": {}},
        {"properties": {"deliveries": {"type": "array"}, "next_before": {"type": "string"}}},
        {"properties": {"rows": {"type": "array"}}, "required": ["rows"]},
        {"properties": {"items": {"type": "array"}}, "required": ["items"]},
    ],
)
def test_a_list_of_another_shape_is_found(shape):
    answer = {"content": {"application/json": {"schema": shape}}}
    told = {"paths": {"/deliveries": {"get": {"operationId": "list_deliveries", "responses": {"200": answer}}}}}
    assert of_another_shape(told | {"components": {"schemas": {}}}) == {"list_deliveries"}
