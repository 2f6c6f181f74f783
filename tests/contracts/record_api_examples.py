"""Records the examples of the API's description from the answers that tests get, for operations that have none yet.

    PYTHONPATH=tests/contracts python -m pytest -p record_api_examples tests/house_rules/test_api_guide.py

An example is the first good answer of its operation, with what was sent for it; lists keep two items. It is written to
`api_examples.json` beside the operation. To renew one, take it out of that file first.
"""

import json
from collections import defaultdict
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import pytest

from parvis.api.examples import FILE, examples_in
from parvis.api.operations import Operation

MOST_ITEMS, MOST_BYTES = 2, 12_000
_found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)


def pytest_configure(config: pytest.Config) -> None:
    send = httpx.AsyncClient.send

    async def recorded(client: httpx.AsyncClient, request: httpx.Request, **options: Any) -> httpx.Response:
        answer = await send(client, request, **options)
        if request.url.path.startswith("/api/v1/") and answer.status_code < 300 and not options.get("stream"):
            app = getattr(client._transport, "app", None)
            if app is not None:
                keep(app, request, answer)
        return answer

    httpx.AsyncClient.send = recorded  # type: ignore[method-assign, assignment]


def keep(app: Any, request: httpx.Request, answer: httpx.Response) -> None:
    """Keep what was asked and answered, where its operation has no example."""
    found = operation_of(app, request)
    if found is None:
        return
    operation, named = found
    package = operation.function.__module__.rpartition(".")[0]
    if operation.id in _found[package] or operation.id in examples_in(package):
        return
    asked = named | {name: value for name, value in request.url.params.items() if name != "key"}
    example: dict[str, Any] = {"parameters": asked} if asked else {}
    if operation.body is not None:
        example["body"] = json.loads(request.content)
    if operation.answer is not None:
        if not answer.content or is_empty(answer.json()) or len(answer.content) > MOST_BYTES:
            return
        example["answer"] = shortened(answer.json())
    _found[package][operation.id] = example


def operation_of(app: Any, request: httpx.Request) -> tuple[Operation, dict[str, str]] | None:
    """The operation that was asked for, with what stood in its path."""
    sent = request.url.path.removeprefix("/api/v1").split("/")
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            operation = handler.opt.get("operation")
            if operation is None or operation.method != request.method.lower():
                continue
            parts = operation.path.split("/")
            named = {each[1:-1]: value for each, value in zip(parts, sent, strict=False) if each.startswith("{")}
            if len(parts) == len(sent) and operation.path.format(**named) == "/".join(sent):
                return operation, named
    return None


def is_empty(value: Any) -> bool:
    """Whether an answer shows nothing: an empty list, or an object whose only lists are empty."""
    if isinstance(value, dict):
        lists = [each for each in value.values() if isinstance(each, list)]
        return not value or (bool(lists) and len(value) <= 3 and not any(lists))
    return value in ([], "")


def shortened(value: Any) -> Any:
    """The same with two items of each list of objects."""
    if isinstance(value, dict):
        return {name: shortened(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shortened(each) for each in (value[:MOST_ITEMS] if value and isinstance(value[0], dict) else value)]
    return value


def pytest_sessionfinish(session: pytest.Session) -> None:
    for package, examples in _found.items():
        if examples:
            there = Path(str(files(package) / FILE))
            whole = dict(sorted((examples_in(package) | examples).items()))
            there.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", "utf-8")
