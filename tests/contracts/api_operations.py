"""What the API offers, one line a fact, to be read as a diff.

python tests/contracts/api_operations.py > tests/contracts/api_operations.txt

Paths, methods, parameters, bodies, answers, problems, who may call, and every schema; words that explain are left out.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

from parvis.api.description import document
from parvis.api.routing import every_operation
from parvis.plugins.module_discovery import find_modules

WORDS = ("description", "summary", "title")


def lines() -> Iterator[str]:
    """The facts of every operation, those of the modules here among them."""
    yield from facts_of(document(every_operation(find_modules()), "Parvis", {}))


def facts_of(document: dict[str, Any]) -> Iterator[str]:
    for path, methods in sorted(document["paths"].items()):
        for method, operation in sorted(methods.items()):
            yield f"{method.upper()} {path} ({operation['operationId']}, {', '.join(operation['tags'])})"
            yield f"    security {_told(operation['security'])}"
            for each in operation["parameters"]:
                must = "*" if each["required"] else ""
                yield f"    {each['in']} {each['name']}{must} {_told(each['schema'])}"
            if body := operation.get("requestBody"):
                yield f"    body {_told(body['content'])}"
            yield from _answers(operation["responses"])
    for name, schema in sorted(document["components"]["schemas"].items()):
        yield f"schema {name}"
        for member, told in sorted(schema.get("properties", {}).items()):
            must = "*" if member in schema.get("required", ()) else ""
            yield f"    {member}{must} {_told(told)}"
        rest = {key: value for key, value in schema.items() if key not in (*WORDS, "properties", "required")}
        yield f"    {_told(rest)}"


def _answers(responses: dict[str, Any]) -> Iterator[str]:
    problems = []
    for status, response in sorted(responses.items()):
        if "application/problem+json" in response.get("content", {}):
            problems.append(status)
        else:
            yield f"    {status} {_told(response.get('content', {}))}"
    yield f"    problems {' '.join(problems)}"


def _told(value: Any) -> str:
    return json.dumps(_without_examples(value), sort_keys=True, ensure_ascii=False)


def _without_examples(content: Any) -> Any:
    """The same without what `test_api_examples.py` holds."""
    if not isinstance(content, dict):
        return content
    return {name: _without_examples(each) for name, each in content.items() if name != "example"}


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())
