"""Random submissions thrown at every declared form, by page and by API: both take the same ones and keep the same."""

import asyncio
import io
import json
import re
from collections.abc import Iterator
from contextlib import asynccontextmanager
from html import unescape
from random import Random
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar import Litestar, Request, post
from PIL import Image

from parvis import clock
from parvis.app import create_app
from parvis.demo import town_folder
from parvis.house import find_plugins, open_house
from parvis.requests.contacts import contact_of
from parvis.requests.records import find
from parvis.settings import read_settings
from parvis.territory.calendars import local_day
from parvis.web.portal.visit import apply_address
from parvis.web.typed import flat_names, typed
from parvis_sdk.fields import AnyField, File, Group, Money, Number, OneOf, Photo, SeveralOf
from parvis_sdk.forms import Form
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.testing import answers_for, demand_for
from parvis_sdk.testing.answers import TODAY

HOUSE = open_house(find_plugins()[0])
TYPES = tuple(HOUSE.request_types.values())
EXAMPLES = 80  # for each request type; its forms take turns
HTTP_TRIES = 2  # whole walks through the portal for each request type
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


# --- the same submission twice ------------------------------------------------------------------------------------


def hostile(random: Random, field: AnyField) -> Pair:
    """A value that a page and JSON can both carry, whatever the question was."""
    chance = random.random()
    if isinstance(field, Number | Money) and chance < 0.5:
        return random.choice(NUMBERS)
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
    assert {kind.code for kind in TYPES} >= {"pothole", "noise", "tree_felling"}
    assert sum(len(forms_of(kind)) for kind in TYPES) > 60


def forms_of(kind: RequestType) -> tuple[Form, ...]:
    """The forms of its transitions and occurrences; the main one is read with the whole demand."""
    asked = [each.asks for each in kind.workflow.transitions if each.asks.fields()]
    return (*asked, *([kind.occurrence] if kind.occurrence else ()))


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.code)
def test_page_and_api_agree_on_every_demand(kind, browser):
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 2**32 - 1), spoilt=st.integers(0, 3), multipart=st.booleans())
    def agree(seed: int, spoilt: int, multipart: bool) -> None:
        random = Random(seed)
        made = demand_for(kind, random)
        native, page = msgspec.json.decode(msgspec.json.encode(made.native)), dict(made.page)
        page["answers"], page["requester"] = dict(page["answers"]), dict(page["requester"])
        for _ in range(spoilt):
            spoil(random, questions(kind.form), native["answers"], page["answers"])
        if spoilt and random.random() < 0.3:
            spoil_around(random, native, page)
        sent = {
            name: browser.understood(page.get(name) or {}, multipart=multipart) for name in ("answers", "requester")
        }
        sent["place"] = browser.understood({"place": page.get("place") or {}}, multipart=multipart).get("place")
        sent["language"] = page["language"]
        given = {"channel": "portal", "today": TODAY, "attachments": made.attachments}
        by_page, by_api = (judged(kind.read(raw, **given)) for raw in (sent, native))
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


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.code)
def test_page_and_api_agree_on_every_step_and_occurrence(kind, browser):
    forms = forms_of(kind)

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


# --- through the whole house --------------------------------------------------------------------------------------


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def a_photo() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(written, "JPEG")
    return written.getvalue()


PHOTO = a_photo()


@asynccontextmanager
async def running(database_url: str, data: Any):
    """The application over a real database, and a browser and a program that speak to it."""
    given = {"territory": town_folder(), "data": data, "database": database_url, "worker": False}
    app = create_app(read_settings(None, {"PARVIS_SECRET_KEY": "s" * 40, "PARVIS_LOG_LEVEL": "error"}, **given))
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8000")
    async with app.lifespan(), http:
        yield app.state.host.heart, http


class Walk:
    """One person's way through the pages of a form, without scripts."""

    def __init__(self, http: httpx.AsyncClient, boxes: list[tuple[str, str]], files: list[tuple[str, Any]]) -> None:
        self.http, self.boxes, self.files = http, boxes, files

    async def to_the_end(self, address: str) -> httpx.Response:
        """From the first page to the receipt, or to the page that says what is wrong."""
        page = await self.http.get(address)
        for _ in range(20):
            page = await self.press(page)
            if page.status_code != 303:
                return page
            address = page.headers["location"].partition("#")[0]
            if "/recu" in address or "/receipt" in address:
                return page
            page = await self.http.get(address)
        raise AssertionError(f"the form has no end: {address}")

    async def press(self, page: httpx.Response) -> httpx.Response:
        """Fill in what is asked on this page and go on."""
        main = page.text[page.text.index('<main id="main"') :]
        form = re.search(r'<form method="post"([^>]*)>(.*?)</form>', main, re.DOTALL)
        asked = {unescape(name) for name in re.findall(r'name="([^"]+)"', form[2])}
        codes = {name.partition(".")[0] for name in asked}
        fields = [(name, value) for name, value in self.boxes if name.partition(".")[0] in codes]
        token = re.search(r'name="_csrf" value="([^"]+)"', form[2])[1]
        action = re.search(r'action="([^"]+)"', form[1])
        parts = [("_csrf", (None, token)), *((name, (None, value)) for name, value in fields)]
        parts += [(name, file) for name, file in self.files if name.partition(".")[0] in codes]
        return await self.http.post(unescape(action[1]) if action else str(page.url), files=parts)


def without_files(fields: tuple[AnyField, ...], answers: dict[str, Any]) -> dict[str, Any]:
    """Answers in which each list of files is only counted: the two ways give them different ids."""
    counted = {field.code: field for field in fields if isinstance(field, Photo | File)}
    groups = {field.code: field for field in fields if isinstance(field, Group)}
    return {
        code: len(value)
        if code in counted
        else [without_files(groups[code].fields, row) for row in value]
        if code in groups
        else value
        for code, value in answers.items()
    }


def file_names(fields: tuple[AnyField, ...], answers: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Each question that is answered with files: its name on the page, the question and where its answer lies."""
    for field in fields:
        if isinstance(field, Photo | File) and answers.get(field.code):
            yield f"{prefix}{field.code}", (field, answers)
        elif isinstance(field, Group):
            for number, row in enumerate(answers.get(field.code) or ()):
                yield from file_names(field.fields, row, f"{prefix}{field.code}.{number}.")


def some_file(field: Photo | File) -> tuple[str, bytes, str]:
    if "image/jpeg" in field.kinds:
        return "photo.jpg", PHOTO, "image/jpeg"
    return "lettre.pdf", PDF, "application/pdf"


def without_names(page: dict[str, Any], fields: tuple[AnyField, ...]) -> dict[str, Any]:
    """A page's answers without the made-up ids of files, which a browser sends as files."""
    kept = {}
    for field in fields:
        if field.code in page and isinstance(field, Group):
            rows = page[field.code]
            kept[field.code] = {number: without_names(row, field.fields) for number, row in rows.items()}
        elif field.code in page and not isinstance(field, Photo | File):
            kept[field.code] = page[field.code]
    return kept


async def by_page(http: httpx.AsyncClient, kind: RequestType, made: Any, place: dict[str, Any]) -> httpx.Response:
    answers = without_names(made.page["answers"], kind.form.fields())
    boxes = as_boxes(answers) + as_boxes({"place": place}) + as_boxes(made.page["requester"])
    files = [
        (name, some_file(field))
        for name, (field, holder) in file_names(kind.form.fields(), made.native["answers"])
        for _ in holder[field.code]
    ]
    http.cookies.clear()
    return await Walk(http, boxes, files).to_the_end(apply_address("fr", kind))


async def by_api(http: httpx.AsyncClient, kind: RequestType, made: Any, place: dict[str, Any]) -> httpx.Response:
    native = msgspec.json.decode(msgspec.json.encode(made.native))
    upload = ""
    for _, (field, holder) in list(file_names(kind.form.fields(), native["answers"])):
        ids = []
        for _ in holder[field.code]:
            sent = {"file": some_file(field)}
            answer = await http.post("/api/v1/attachments", files=sent, params={"upload": upload} if upload else {})
            assert answer.status_code == 201, answer.text
            upload = answer.json()["upload"]
            ids.append(answer.json()["id"])
        holder[field.code] = ids
    body = {**native, "type": kind.code, "language": "fr", "upload": upload}
    if place:
        body["place"] = place
    return await http.post("/api/v1/requests", json={name: value for name, value in body.items() if value != ""})


async def test_the_whole_house_keeps_the_same_by_page_and_by_api(database_url, tmp_path, monkeypatch):
    monkeypatch.setattr("parvis.api.calls.LIMITS", {name: (10_000, window) for name, (_, window) in limits().items()})
    monkeypatch.setattr("parvis.web.portal.apply.SENDINGS", 10_000)
    async with running(database_url, tmp_path) as (heart, http):
        town = heart.territory.jurisdictions["parvis"]
        today = local_day(town.calendar, clock.now())
        for number, kind in enumerate(kind for kind in TYPES for _ in range(HTTP_TRIES)):
            made = demand_for(kind, Random(number), today=today)
            spot = {"lon": round(-73.5807 + number * 0.00003, 6), "lat": 45.5236, "address": "1234, rue Rachel Est"}
            place = spot if kind.place.need != "none" else {}
            page = await by_page(http, kind, made, place)
            assert page.status_code == 303, (kind.code, page.url, re.findall(r"error-message.*?</p>", page.text)[:5])
            told = await by_api(http, kind, made, place)
            assert told.status_code == 201, (kind.code, told.text)
            references = (page.headers["location"].split("/")[3], told.json()["reference"])
            one, two = [await find(heart, reference) for reference in references]
            assert (one.channel, two.channel) == ("portal", "api")
            fields = kind.form.fields()
            assert without_files(fields, one.answers) == without_files(fields, two.answers), kind.code
            for part in ("type", "state", "identity", "language", "place", "zone", "unit", "public", "promise"):
                assert getattr(one, part) == getattr(two, part), (kind.code, part)
            assert await contact_of(one) == await contact_of(two)


async def test_the_whole_house_refuses_the_same_by_page_and_by_api(database_url, tmp_path):
    async with running(database_url, tmp_path) as (_, http):
        for number, kind in enumerate(TYPES):
            made = demand_for(kind, Random(number), today=local_today())
            spot = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
            place = spot if kind.place.need != "none" else {}
            shown = kind.form.visible(made.native["answers"])
            asked = [field for field in shown if field.required and field.code in made.native["answers"]]
            if not asked:
                continue
            lacking = Random(number).choice(asked).code
            for raw in (made.native["answers"], made.page["answers"]):
                raw.pop(lacking)
            page = await by_page(http, kind, made, place)
            assert page.status_code == 422, (kind.code, lacking)
            assert f'id="{lacking}-error"' in page.text, (kind.code, lacking)
            told = await by_api(http, kind, made, place)
            assert told.status_code == 422, (kind.code, told.text)
            assert f"answers.{lacking}" in {each["path"] for each in told.json()["errors"]}


def limits() -> dict[str, Any]:
    from parvis.api.calls import LIMITS

    return LIMITS


def local_today() -> Any:
    return clock.now().date()
