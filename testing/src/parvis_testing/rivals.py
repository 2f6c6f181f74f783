"""Tests concurrent changes: two people with one form of the desk, or two programs with one operation."""

import asyncio
import re
from html import unescape

import pytest

from parvis.requests.history import broken_at
from parvis.requests.records import find
from parvis_testing.crowded import SCOPES
from parvis_testing.desk import said

WORDS = "MOT-À-GARDER"
UNSAID = "The form is out of date. Check the page, then send it again."
blindly = pytest.mark.parametrize(
    "given", [{}, {"version": "une vieille"}, {"version": "-1"}], ids=["none", "words", "below"]
)
"""A form that does not say what it was filled in from, in each way in which it may not."""


async def press(clerk, path, typed):
    """Sends a form from the desk, and returns the page that follows."""
    clerk.http.follow_redirects = False
    await clerk.get("/bureau/compte")
    return await clerk.post(path, **typed)


def boxes(page):
    """The values of all boxes of the page."""
    filled = re.findall(r'<input[^>]* value="([^"]*)"|<textarea[^>]*>([^<]*)</textarea>', page.text)
    return unescape(" ".join(value for pair in filled for value in pair))


def mine(typed, version, clerk):
    """The typed values of one person, with the version that they saw."""
    return {name: value.replace(WORDS, f"{WORDS} {clerk.person.name}") for name, value in typed.items()} | {
        "version": version
    }


async def two_managers(desk):
    return await desk.signed_in("manager"), await desk.signed_in("manager", name="Luc Roy")


async def refused_blind(clerk, api, reference, path, typed):
    """Checks that a form without a version changes nothing and keeps the typed words."""
    before = await find(api.host, reference)
    page = await press(clerk, path, typed)
    assert page.status_code == 422
    assert said(UNSAID) in clerk.text
    assert WORDS not in typed.values() or WORDS in boxes(page)
    assert (await find(api.host, reference)).version == before.version


async def one_of_two_is_told(clerks, api, reference, path, typed, version):
    """Checks that of two simultaneous forms one is saved, and the other is told and keeps its words."""
    answers = await asyncio.gather(*(press(clerk, path, mine(typed, version, clerk)) for clerk in clerks))
    assert sorted(answer.status_code for answer in answers) == [303, 409], [clerk.text for clerk in clerks]
    late = next(answer for answer in answers if answer.status_code == 409)
    assert WORDS not in typed.values() or WORDS in boxes(late)
    assert await broken_at(await find(api.host, reference)) is None


async def the_later_is_told(clerks, api, reference, path, typed, version):
    """Checks that the second person is told what the first did, even if the action is no longer possible."""
    first, second = clerks
    assert (await press(first, path, mine(typed, version, first))).status_code == 303, first.text
    late = await press(second, path, mine(typed, version, second))
    assert late.status_code == 409, second.text
    assert WORDS not in typed.values() or f"{WORDS} {second.person.name}" in boxes(late)
    assert await broken_at(await find(api.host, reference)) is None


async def called(api, path, body, key="1"):
    """The answer of an operation to a program of the town."""
    return await api.http.post(path, json=body, headers={"idempotency-key": key} | await api.token(*SCOPES))


async def call_refused_blind(api, reference, call, body):
    """Checks that a call without a version overwrites nothing; `call` sends a body with an idempotency key."""
    before = await find(api.host, reference)
    blind = await call({name: value for name, value in body.items() if name != "version"}, "1")
    assert (blind.status_code, blind.json()["errors"][0]["path"]) == (428, "version")
    assert (await find(api.host, reference)).version == before.version


async def one_of_two_programs_is_told(api, reference, call, body):
    """Checks that of two simultaneous calls one is refused, and so is a third with the old version."""
    answers = await asyncio.gather(*(call(body, key) for key in ("1", "2")))
    assert sorted(answer.status_code for answer in answers) == [200, 409], [answer.text for answer in answers]
    late = await call(body, "3")
    assert late.status_code == 409, late.text
    assert await broken_at(await find(api.host, reference)) is None
