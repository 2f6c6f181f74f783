"""Tries are counted by `caller_of`: no other code at a door reads an address, but to say or to allow it."""

import ast

import pytest

READS = {
    "parvis/people/throttle.py": {"caller_of"},
    "parvis/web/sign_in/recovery.py": {"alarm_of"},  # says it to the owner of an account
    "parvis_prometheus/page.py": {"may_collect"},  # compares it with the settings
}


def test_no_door_counts_a_raw_address(sources):
    """One IPv6 network has 2^64 addresses: if each were counted alone, no number of tries would be too many."""
    found = {}
    for path in sources:
        name = path.as_posix().partition("/src/")[2]
        if functions := _readers(path.read_text()):
            found[name] = functions
    assert found == READS


@pytest.mark.parametrize(
    "code",
    [
        "def door(request):\n    return request.client.host",
        "def door(here):\n    client = here.request.client\n    return client.host",
        "def door(request):\n    return request.scope['client'][0]",
        "def door(scope):\n    return scope.get('client')",
        "def door(request):\n    return request.headers.get('X-Forwarded-For')",
    ],
)
def test_the_rule_sees_an_address_that_is_read(code):
    assert _readers(code) == {"door"}


@pytest.mark.parametrize(
    "code",
    [
        "def door(request):\n    return caller_of(request)",
        "def door(host):\n    return host.client.send('client')",
    ],
)
def test_the_rule_leaves_others_alone(code):
    assert _readers(code) == set()


def _readers(code: str) -> set[str]:
    """The functions in which the address of a connection is read."""
    functions = [each for each in ast.walk(ast.parse(code)) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {each.name for each in functions if any(_reads(part) for part in ast.walk(each))}


def _reads(part: ast.AST) -> bool:
    match part:
        case ast.Attribute(attr="client", value=ast.Name(id="request") | ast.Attribute(attr="request")):
            return True
        case ast.Subscript(slice=ast.Constant(value="client")):
            return True
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(name)), *_]):
            return name.lower() in ("client", "x-forwarded-for", "x-real-ip", "forwarded")
    return False
