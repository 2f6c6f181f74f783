"""The guide of the API does what it says: every command is sent in its order, every answer has the members shown."""

import io
import json
import re
import shlex
from collections.abc import Iterable
from string import Template

import httpx
import pytest
from PIL import Image

from parvis.api.operations import Operation
from parvis.api.routing import every_operation
from parvis.people.tokens import SCOPES, make_token
from parvis.plugins.module_discovery import find_modules
from parvis_testing.modules import every_scope

OPERATIONS = every_operation(find_modules())
SITE = "http://127.0.0.1:8000"
BLOCK = re.compile(r"^```(sh|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `([A-Z]+) (/[^`]*)` \|", re.MULTILINE)


@pytest.fixture(scope="module")
def guide(root) -> str:
    return (root / "docs/api.md").read_text(encoding="utf-8")


@pytest.fixture
async def known(http) -> dict[str, str]:
    """The variables that the guide uses, as far as they are there before its first command."""
    host = http._transport.app.state.deployment.host
    key, _ = await make_token(host.engine, name="Entretien", jurisdiction="parvis", **every_scope(host))
    return {"PARVIS": f"{SITE}/api/v1", "TOKEN": key}


def photo() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (60, 40), "gray").save(written, "PNG")
    return written.getvalue()


def request_of(command: str) -> httpx.Request:
    """What curl would send, for the few of its options that the guide uses."""
    words = shlex.split(command)
    assert words.pop(0) == "curl"
    method, url, headers, body, files = "", "", {}, None, None
    while words:
        match words.pop(0):
            case "-X":
                method = words.pop(0)
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            case "--json":
                body = json.loads(words.pop(0))
            case "-F":
                name, _, file = words.pop(0).partition("=@")
                files = {name: (file, photo())}
            case other:
                assert other.startswith("http"), f"the test does not know {other}"
                url = other
    method = method or ("GET" if body is None and files is None else "POST")
    return httpx.Request(method, url, headers=headers, json=body, files=files)


def learn(answer: dict[str, str], known: dict[str, str]) -> None:
    """Keep what later commands use, as the reader of the guide does."""
    if "tracking_url" in answer and "REFERENCE" not in known:
        known |= {"REFERENCE": answer["reference"], "KEY": answer["key"]}
    elif "tracking_url" in answer:
        known |= {"OTHER": answer["reference"]}
    elif "upload" in answer:
        known |= {"FILE": answer["id"], "UPLOAD": answer["upload"]}
    elif "version" in answer and "reference" in answer:
        known |= {"VERSION": str(answer["version"])}


async def test_every_command_of_the_guide_works_and_answers_what_is_shown(guide, http, known):
    sent, answer = 0, {}
    for language, block in BLOCK.findall(guide):
        if language == "json":
            assert set(json.loads(block)) == set(answer)
        elif block.startswith("curl"):
            filled = Template(block.replace("'$FILE'", "$FILE").replace("'$UPLOAD'", "$UPLOAD")).substitute(known)
            response = await http.send(request_of(filled.replace("\\\n", "")))
            expected = (422,) if "huge" in block else (200, 201, 202)
            assert response.status_code in expected, f"{block}\n{response.status_code} {response.text}"
            answer = response.json() if response.content else {}
            if isinstance(answer, dict):
                learn(answer, known)
            sent += 1
    assert sent > 15
    assert {"REFERENCE", "KEY", "OTHER", "FILE", "UPLOAD"} <= set(known)


def table_of(operations: Iterable[Operation]) -> str:
    """Every operation with what it does, who may, and what its address takes."""
    rows = [f"| `{each.method.upper()} {each.path}` | {each.summary} | {callers(each)} |" for each in operations]
    return "\n".join(["| | | |", "|---|---|---|", *rows])


def callers(operation: Operation) -> str:
    by_token = operation.scope or (operation.key and not operation.is_for_holders)
    token = " + ".join(f"`{scope}`" for scope in operation.scopes) or "token"
    who = " or ".join(each for each, can in (("`key`", operation.key), (token, by_token)) if can)
    return "; ".join(each for each in (who, ", ".join(f"`{name}`" for name in operation.query)) if each)


def test_the_table_of_operations_is_that_of_the_description(guide):
    assert sorted(ROW.findall(guide)) == sorted((each.method.upper(), each.path) for each in OPERATIONS)
    table = table_of(OPERATIONS)
    assert table in guide, f"this is the table of docs/api.md:\n{table}"


def test_every_scope_is_told(guide):
    added = (scope.name for each in find_modules().modules for scope in each.module.scopes)
    assert set(re.findall(r"^\| `([a-z:]+)` \|", guide, re.MULTILINE)) == {*SCOPES, *added}
