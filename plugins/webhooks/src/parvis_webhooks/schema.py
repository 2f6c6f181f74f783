"""The JSON Schema of what is told, made of the structs that are sent.

python -m parvis_webhooks.schema > plugins/webhooks/schema/payload-1.json
"""

import inspect
import json
from typing import Any

import msgspec

from parvis_webhooks.mapping import VERSION, Payload


def schema() -> dict[str, Any]:
    """The schema of a payload (2020-12)."""
    made = msgspec.json.schema(Payload, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:parvis:webhooks:payload:{VERSION}",
        **_in_lines(made),
    }


def _in_lines(part: Any) -> Any:
    """The same with each description in lines of its own, as a docstring is meant."""
    if isinstance(part, list):
        return [_in_lines(each) for each in part]
    if not isinstance(part, dict):
        return part
    lines = {
        key: inspect.cleandoc(each) for key, each in part.items() if key == "description" and isinstance(each, str)
    }
    return {key: lines.get(key) or _in_lines(each) for key, each in part.items()}


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2, ensure_ascii=False))  # noqa: T201
