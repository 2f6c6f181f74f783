"""Sends hostile calls to API operations and checks that each answer is a clear error."""

import copy
import json
import sys
from collections.abc import Iterator
from itertools import cycle, islice
from random import Random
from typing import Any

from parvis_sdk.testing.hostile import NUMBERS, THINGS, WORDS, deep
from parvis_testing.crowded import KEY, TOKEN, next_day
from parvis_testing.modules import every_scope

DAYS = ("0001-01-01", "1899-12-31", "2026-02-30", "9999-12-31", "2026-11-25T09:00:00Z", "0000-00-00")
UNKNOWN = ("0190a000-0000-7000-8000-000000000000", "7K3M-9QXT-4", "0", "-1")
PLACES: tuple[Any, ...] = (
    {"lon": 200, "lat": 0},
    {"lon": "x", "lat": "y"},
    {"lon": 1e308, "lat": -1e308},
    {"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]}},
    {"geometry": {"type": "MultiPolygon", "coordinates": [[[["a", None]]]]}},
    {"geometry": {"type": ["Point"], "coordinates": {}}},
    {"geometry": {"type": "LineString", "coordinates": [[-73.58, 45.52, 7], [-73.57, 45.53, 8]]}},
    {"assets": [{}, None, "x"], "words": "ici"},
)
WHOLE = (2**63, -(10**30), 10**4000)
VALUES: tuple[Any, ...] = (
    *(each for each in (*WORDS, *NUMBERS, *THINGS) if not isinstance(each, bytes | type)),
    *(*WHOLE, *DAYS, *UNKNOWN, *PLACES, deep(40), deep(40, dict)),
)
BODIES = (
    *(b"", b" ", b"{", b"[]", b"null", b"7", b'"x"', b"\xff\xfe", b"\x00", b"NaN", b'{"a": NaN}', b'{"a": 1e999}'),
    *(b'{"a": "\\ud800"}', b'{"\\ud800": 1}', b'{"\\u0000": "\\u0000"}', b'{"a": ' + b"9" * 6000 + b"}"),
    *(b"[" * 50_000, b'{"a":' * 5000, b"x" * 70_000),
)
PATHS = ("x", "%00", "%FF", "%ED%A0%80", "..%2F..", "%F0%9F%8C%B3", "a" * 3000, "-1", "9" * 400, "NaN", "%27%20OR%201")
NUMBERED = ("version", "seen", "number", "corrects")
BESIDE = (*NUMBERED, "nobody_asked", "__proto__")
MANY, FEW = 12, 4
JSON, PROBLEM = {"content-type": "application/json"}, "application/problem+json"


def as_json(value: Any) -> bytes:
    """JSON with NaN and infinite numbers, as some programs send it."""
    most = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        return json.dumps(value).encode()
    finally:
        sys.set_int_max_str_digits(most)


def members(body: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every member of a body."""
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, value in inner:
        yield (*at, name)
        yield from members(value, (*at, name))


def changed(body: dict[str, Any], at: tuple[Any, ...], value: Any) -> dict[str, Any]:
    became = copy.deepcopy(body)
    inner: Any = became
    for name in at[:-1]:
        inner = inner[name]
    inner[at[-1]] = value
    return became


def spoiled(body: dict[str, Any], random: Random) -> Iterator[dict[str, Any]]:
    """Copies of the body with one member replaced by an invalid value, removed, or an unknown one added."""
    values = cycle(random.sample(VALUES, len(VALUES)))  # each of them stands somewhere
    for at in members(body):
        yield from (changed(body, at, value) for value in islice(values, MANY if len(at) == 1 else FEW))
    for name in BESIDE:
        yield from (body | {name: value} for value in islice(values, MANY if name in NUMBERED else FEW))
    for name in body:
        yield {other: value for other, value in body.items() if other != name}


def trouble_with(answer, operation, document) -> str:
    """What is wrong with an answer: a server error, or an error that differs from its description."""
    status = answer.status_code
    if status == 500:
        return "500"
    if status < 400:
        return ""
    told = answer.json() if answer.headers["content-type"].partition(";")[0] == PROBLEM else {}
    if not ({"type", "title", "detail"} <= told.keys() and told["status"] == status):
        return f"{status} is no problem: {answer.text[:200]}"
    described = document["paths"][operation.path][operation.method]["responses"]
    return "" if str(status) in described else f"{status} is not described: {told['detail']}"


def address(operation, named: dict[str, str]) -> str:
    return "/api/v1" + operation.path.format(**named)


async def bodies_answered_clearly(api, operation, sent):
    """Sends invalid and modified bodies; returns the number accepted."""
    make, bodies, callers = sent
    document, token = (await api.get("/openapi.json")).json(), await api.token(*every_scope(api.host)["scopes"])
    random, count, taken, wrong = Random(operation.id), 0, 0, []
    for caller in callers:
        for body in bodies:
            plain = body | ({"day": next_day(api)} if body.get("day") == "" else {})
            scene = await make(api)
            for content in (as_json(plain), *BODIES, *map(as_json, spoiled(plain, random))):
                count += 1
                headers = JSON | {"idempotency-key": str(count)} | (token if caller == TOKEN else {})
                params = {"key": scene.key} if caller == KEY else {}
                path = address(operation, scene.named)
                answer = await api.http.request(operation.method, path, content=content, headers=headers, params=params)
                if trouble := trouble_with(answer, operation, document):
                    wrong.append((trouble, caller, content[:600]))
                if answer.status_code < 400:
                    taken, scene = taken + 1, await make(api)
    assert not wrong
    return taken


async def addresses_answered_clearly(api, operation, sent):
    """Sends invalid path and query parameters."""
    make, bodies, callers = sent
    document, token = (await api.get("/openapi.json")).json(), await api.token(*every_scope(api.host)["scopes"])
    names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    scene, wrong = await make(api), []
    usual = {name: scene.named.get(name, "x") for name in names}
    for caller in callers:
        headers = JSON | (token if caller == TOKEN else {})
        content = as_json(bodies[0]) if operation.method != "get" else None
        for strange in PATHS:
            asked = [address(operation, usual | {name: strange}) for name in names]
            asked += [f"{address(operation, usual)}?{name}={strange}" for name in ("key", *operation.query)]
            for path in asked:
                answer = await api.http.request(operation.method, path, content=content, headers=headers)
                if trouble := trouble_with(answer, operation, document):
                    wrong.append((trouble, caller, path[:200]))
    assert not wrong
