"""Random submissions thrown at every declared form, by page and by API: both take the same ones and keep the same."""

import asyncio
import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar import Litestar, Request, post

from parvis.plugins.discovery import find_plugins
from parvis.plugins.loading import load_plugins
from parvis.web.typed import flat_names, typed
from parvis_sdk.fields import AnyField, Group, Money, Number, OneOf, SeveralOf
from parvis_sdk.forms import Form
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.testing import answers_for, submission_for
from parvis_sdk.testing.answers import TODAY

HOUSE = load_plugins(find_plugins()[0])
TYPES = tuple(HOUSE.request_types.values())
EXAMPLES = 80  # for each request type; its forms take turns
Pair = tuple[Any, Any]

WORDS = (
    "", " ", "\x00", "\x1b[31m", "\u202egpj.exe", "x" * 5_000, "é" * 300, "' OR 1=1 --", "{{ 7 * 7 }}", "{reference}",
    "<script>alert(1)</script>", "../../etc/passwd", "1e999", "NaN", "-0", "٣", "2026-02-30", "0000-00-00", "25:61",
    "9" * 400, "never_offered", "yes", "oui", "no", "1", "12,5", "1 234,50 $", "a\r\nb", "2026-06-15", "0", "12:30",
    "+1 450 555-0199", "zoe@exemple.ca", "zoé@", "true", "None", "null", "[]", "{}", "a@b.c\x00", "\u00a0", "\ufeff",
)  # fmt: skip
AFTER = ("", "\x00", " ", "x", "\u200b", "\u0301", "\x7f")
NUMBERS: tuple[Pair, ...] = (
    (-1, "-1"), (0, "0"), (10**9, "1000000000"), (10**14, "100000000000000"), (0.5, "0,5"), (12.34, "12.34"),
    (3.14159, "3.14159"), (-0.01, "-0,01"), (999_999.99, "999 999,99"), (float("nan"), "NaN"), (float("inf"), "inf"),
)  # fmt: skip


AMOUNTS: tuple[Pair, ...] = (  # a machine sends cents, a person writes dollars
    (-1, "-0,01"), (0, "0"), (50, "0,5"), (1234, "12.34"), (10**11, "1000000000"), (99_999_999, "999 999,99 $"),
)  # fmt: skip


# --- the same submission twice ------------------------------------------------------------------------------------


def hostile(random: Random, field: AnyField) -> Pair:
    """A value that a page and JSON can both carry, whatever the question was."""
    chance = random.random()
    if isinstance(field, Number | Money) and chance < 0.5:
        return random.choice(AMOUNTS if isinstance(field, Money) else NUMBERS)
    if isinstance(field, OneOf | SeveralOf) and chance < 0.3:
        almost = f"{random.choice(field.options).code}{random.choice(AFTER)}"
        return almost, almost
    if chance < 0.6:
        words = random.choice(WORDS)
        return words, words
    if chance < 0.75:
        several = [random.choice(WORDS) or "x" for _ in range(random.randint(2, 5))]
        return several, several
    if chance < 0.9:
        named = {name: random.choice(WORDS) or "x" for name in random.sample(("day", "month", "year", "lon", "a"), 3)}
        return named, named
    return None, ""


def spoil(random: Random, form_fields: tuple[AnyField, ...], native: dict[str, Any], page: dict[str, Any]) -> None:
    """One thing done to both: an answer taken away, put in place of another, or given to a hidden question."""
    field = random.choice(form_fields)
    rows, numbered = native.get(field.code), page.get(field.code)
    if isinstance(field, Group) and isinstance(rows, list) and isinstance(numbered, dict) and random.random() < 0.6:
        row = random.randrange(len(rows))
        if isinstance(rows[row], dict):
            spoil(random, field.fields, rows[row], numbered[str(row)])
            return
    if random.random() < 0.3:
        native.pop(field.code, None)
        page.pop(field.code, None)
        return
    native[field.code], page[field.code] = hostile(random, field)


def questions(form: Form) -> tuple[AnyField, ...]:
    return form.fields()


def as_boxes(values: dict[str, Any]) -> list[tuple[str, str]]:
    """What a browser sends: a name and words for each box, shapes drawn on the map as GeoJSON in one of them."""
    boxes = []
    for name, value in geometries(values):
        boxes.append((name, json.dumps(value)))
    drawn = {name for name, _ in boxes}
    return boxes + [
        (name, value)
        for name, value in flat_names(values)
        if not any(name == each or name.startswith(f"{each}.") for each in drawn)
    ]


def geometries(values: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(values, dict):
        for name, value in values.items():
            where = f"{prefix}.{name}" if prefix else name
            if name == "geometry" and isinstance(value, dict):
                yield where, value
            else:
                yield from geometries(value, where)


class Browser:
    """Sends forms to a page of ours and tells what the page understood."""

    def __init__(self) -> None:
        @post("/")
        async def take(request: Request[Any, Any, Any]) -> bytes:
            return msgspec.json.encode((await typed(request)).values)

        app = Litestar([take], openapi_config=None, logging_config=None)
        transport = httpx.ASGITransport(app=app)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://page")
        self.runner = asyncio.Runner()

    def understood(self, values: dict[str, Any], *, multipart: bool) -> dict[str, Any]:
        """The values as `typed` reads them off the wire, urlencoded or multipart."""
        boxes = as_boxes(values)
        if multipart and boxes:
            files = [(name, (None, value)) for name, value in boxes]
            sending = self.http.post("/", files=files)
        else:
            data: dict[str, list[str]] = {}
            for name, value in boxes:
                data.setdefault(name, []).append(value)
            sending = self.http.post("/", data=data)
        answer = self.runner.run(sending)
        assert answer.status_code == 201, answer.text
        return msgspec.json.decode(answer.content)

    def close(self) -> None:
        self.runner.run(self.http.aclose())
        self.runner.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    browser = Browser()
    yield browser
    browser.close()


def judged(read: Any) -> Any:
    """What a reading comes to: the clean thing itself, or which problems which questions have."""
    if not isinstance(read, Problems):
        return read
    # Of rubbish in place of the rows of a group, a page and JSON may count the rows differently.
    return sorted({(re.sub(r"\.\d+(?=\.|$)", "", each.path), each.code) for each in read.found})


# --- every form, every type ---------------------------------------------------------------------------------------


def test_our_plugins_declare_the_forms_that_are_tried():
    assert {request_type.code for request_type in TYPES} >= {"pothole", "noise", "tree_felling"}
    assert sum(len(forms_of(request_type)) for request_type in TYPES) > 60


def forms_of(request_type: RequestType) -> tuple[Form, ...]:
    """The forms of its transitions and occurrences; the main one is read with the whole submission."""
    asked = [each.asks for each in request_type.workflow.transitions if each.asks.fields()]
    return (*asked, *([request_type.occurrence] if request_type.occurrence else ()))


@pytest.mark.parametrize("request_type", TYPES, ids=lambda request_type: request_type.code)
def test_page_and_api_agree_on_every_submission(request_type, browser):
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 2**32 - 1), spoilt=st.integers(0, 3), multipart=st.booleans())
    def agree(seed: int, spoilt: int, multipart: bool) -> None:
        random = Random(seed)
        made = submission_for(request_type, random)
        native, page = msgspec.json.decode(msgspec.json.encode(made.native)), dict(made.page)
        page["answers"], page["requester"] = dict(page["answers"]), dict(page["requester"])
        for _ in range(spoilt):
            spoil(random, questions(request_type.form), native["answers"], page["answers"])
        if spoilt and random.random() < 0.3:
            spoil_around(random, native, page)
        sent = {
            name: browser.understood(page.get(name) or {}, multipart=multipart) for name in ("answers", "requester")
        }
        sent["place"] = browser.understood({"place": page.get("place") or {}}, multipart=multipart).get("place")
        sent["language"] = page["language"]
        given = {"channel": "portal", "today": TODAY, "attachments": made.attachments}
        by_page, by_api = (judged(request_type.read(raw, **given)) for raw in (sent, native))
        assert by_page == by_api, (native, page)
        if not spoilt:
            assert not isinstance(by_api, list), by_api

    agree()


def spoil_around(random: Random, native: dict[str, Any], page: dict[str, Any]) -> None:
    """Something done to the place or to the requester, in both."""
    part = random.choice(("place", "requester"))
    names = {"place": ("lon", "lat", "address", "words"), "requester": ("mode", "name", "email", "phone")}[part]
    name, words = random.choice(names), random.choice(WORDS) or "x"
    for raw in (native, page):
        raw[part] = {**(raw.get(part) or {}), name: words}


@pytest.mark.parametrize("request_type", TYPES, ids=lambda request_type: request_type.code)
def test_page_and_api_agree_on_every_step_and_occurrence(request_type, browser):
    forms = forms_of(request_type)

    @settings(max_examples=EXAMPLES // 2, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(
        form=st.sampled_from(forms), seed=st.integers(0, 2**32 - 1), spoilt=st.integers(0, 2), multipart=st.booleans()
    )
    def agree(form: Form, seed: int, spoilt: int, multipart: bool) -> None:
        random = Random(seed)
        made = answers_for(form, random)
        native, page = msgspec.json.decode(msgspec.json.encode(made.native)), dict(made.page)
        for _ in range(spoilt):
            spoil(random, questions(form), native, page)
        sent = browser.understood(page, multipart=multipart)
        by_page, by_api = (judged(form.read(raw, today=TODAY, attachments=made.attachments)) for raw in (sent, native))
        assert by_page == by_api, (native, page)

    if forms:
        agree()
