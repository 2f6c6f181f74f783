"""Each operation of the API is described with an example, which is as its schema says."""

import pytest
from jsonschema import Draft202012Validator

from parvis.api.description import document
from parvis.api.routing import every_operation
from parvis.plugins.module_discovery import find_modules

OPERATIONS = every_operation(find_modules())
OF_OTHERS = {"ask_plugin", "tell_plugin"}  # what an address of a plugin takes and answers, its author says
RECORD = "no example: `PYTHONPATH=tests/contracts python -m pytest -p record_api_examples` with a test that asks for it"
DESCRIBED = document(OPERATIONS, "Parvis", {})


def described(operation):
    return DESCRIBED["paths"][operation.path][operation.method]


def wrong_with(schema, example):
    whole = {**schema, "components": DESCRIBED["components"]}
    validator = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{'.'.join(map(str, each.path))}: {each.message[:200]}" for each in validator.iter_errors(example)]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.id)
def test_what_is_sent_and_answered_is_shown_as_it_is_described(operation):
    told = described(operation)
    shown = []
    for each in told["parameters"]:
        if each["in"] == "path" and operation.id not in OF_OTHERS:
            assert "example" in each, f"{each['name']}: {RECORD}"
        if "example" in each and each["schema"].get("type") == "string":
            shown.append((each["name"], each["schema"], each["example"]))
    if operation.body is not None:
        shown.append(("body", *taken(told["requestBody"]["content"]["application/json"])))
    if operation.answer is not None:
        (content,) = told["responses"][str(operation.status)]["content"].values()
        shown.append(("answer", *taken(content)))
    assert {name: wrong for name, schema, example in shown if (wrong := wrong_with(schema, example))} == {}


def taken(content):
    assert "example" in content, RECORD
    return content["schema"], content["example"]


def test_an_example_that_is_not_as_it_is_described_is_found():
    operation = next(each for each in OPERATIONS if each.id == "show_request")
    schema, example = taken(described(operation)["responses"]["200"]["content"]["application/json"])
    assert wrong_with(schema, example) == []
    assert wrong_with(schema, example | {"version": "one"}) != []
