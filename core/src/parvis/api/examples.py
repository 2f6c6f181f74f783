"""Examples of each operation, as it was once answered: `api_examples.json` in the package that it is of."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from parvis.api.operations import Operation

FILE = "api_examples.json"


@cache
def examples_in(package: str) -> dict[str, dict[str, Any]]:
    """By the id of its operation, what was sent (`parameters`, `body`) and the `answer`."""
    file = files(package) / FILE
    return dict(json.loads(file.read_text("utf-8"))) if file.is_file() else {}


def example_of(operation: Operation) -> dict[str, Any]:
    """The example of an operation; empty where it has none."""
    return examples_in(operation.function.__module__.rpartition(".")[0]).get(operation.id, {})
