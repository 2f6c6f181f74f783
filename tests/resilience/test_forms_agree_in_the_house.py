"""Submissions walked through every page of the portal and sent to the API: both keep the same, refuse the same."""

import io
import re
from collections.abc import Iterator
from contextlib import asynccontextmanager
from html import unescape
from random import Random
from typing import Any

import httpx
import msgspec
from PIL import Image

from parvis import clock
from parvis.api.calls import LIMITS
from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.jurisdictions.calendars import local_day
from parvis.requests.contacts import contact_of
from parvis.requests.records import find
from parvis.settings import read_settings
from parvis.web.portal.visit import apply_address
from parvis_sdk.fields import AnyField, File, Group, Photo
from parvis_sdk.request_types import RequestType
from parvis_sdk.testing import submission_for
from parvis_testing.modules import switch

from .test_forms_agree import TYPES, as_boxes

OFFERED = [request_type for request_type in TYPES if request_type.opened_by != "town"]
TRIES = 2  # whole walks for each request type
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


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
        await switch(app.state.deployment.host, "on")
        yield app.state.deployment.host, http


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
        form = re.search(r'<form(?: id="[^"]*")? method="post"([^>]*)>(.*?)</form>', main, re.DOTALL)
        asked = {unescape(name) for name in re.findall(r'name="([^"]+)"', form[2])}
        codes = {name.partition(".")[0] for name in asked}
        fields = [(name, value) for name, value in self.boxes if name.partition(".")[0] in codes]
        token = re.search(r'name="_csrf" value="([^"]+)"', form[2])[1]
        action = re.search(r'action="([^"]+)"', form[1])
        if "place.assets" in asked:
            fields.append(("place.assets", "-"))  # none of the town's own things
        if 'value="insist"' in form[2]:
            fields.append(("do", "insist"))  # whatever the town's schedule says
        parts = [("_csrf", (None, token)), *((name, (None, value)) for name, value in fields)]
        parts += [(name, file) for name, file in self.files if name.partition(".")[0] in codes]
        # A page shown once more lists what it has received; its boxes for files are empty, as in a browser.
        self.files = [(name, file) for name, file in self.files if name.partition(".")[0] not in codes]
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


def some_file(field: Photo | File, number: int) -> tuple[str, bytes, str]:
    """Each by a name of its own: what has one name and one content, a page keeps once."""
    if "image/jpeg" in field.kinds:
        return f"photo-{number}.jpg", PHOTO, "image/jpeg"
    return f"lettre-{number}.pdf", PDF, "application/pdf"


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


async def by_page(
    http: httpx.AsyncClient, request_type: RequestType, made: Any, place: dict[str, Any]
) -> httpx.Response:
    answers = without_names(made.page["answers"], request_type.form.fields())
    boxes = as_boxes(answers) + as_boxes({"place": place}) + as_boxes(made.page["requester"])
    files = [
        (name, some_file(field, number))
        for name, (field, holder) in file_names(request_type.form.fields(), made.native["answers"])
        for number, _ in enumerate(holder[field.code])
    ]
    http.cookies.clear()
    return await Walk(http, boxes, files).to_the_end(apply_address("fr", request_type))


async def by_api(
    http: httpx.AsyncClient, request_type: RequestType, made: Any, place: dict[str, Any]
) -> httpx.Response:
    native = msgspec.json.decode(msgspec.json.encode(made.native))
    upload = ""
    for _, (field, holder) in list(file_names(request_type.form.fields(), native["answers"])):
        ids = []
        for number, _ in enumerate(holder[field.code]):
            sent = {"file": some_file(field, number)}
            answer = await http.post("/api/v1/attachments", files=sent, params={"upload": upload} if upload else {})
            assert answer.status_code == 201, answer.text
            upload = answer.json()["upload"]
            ids.append(answer.json()["id"])
        holder[field.code] = ids
    body = {**native, "type": request_type.code, "language": "fr", "upload": upload, "insist": True}
    if place:
        body["place"] = place
    return await http.post("/api/v1/requests", json={name: value for name, value in body.items() if value != ""})


async def test_the_whole_house_keeps_the_same_by_page_and_by_api(database_url, tmp_path, monkeypatch):
    monkeypatch.setattr("parvis.api.calls.LIMITS", {name: (10_000, window) for name, (_, window) in LIMITS.items()})
    monkeypatch.setattr("parvis.web.portal.sending.SENDINGS", 10_000)
    async with running(database_url, tmp_path) as (host, http):
        town = host.jurisdictions.by_code["parvis"]
        today = local_day(town.calendar, clock.now())
        for number, request_type in enumerate(request_type for request_type in OFFERED for _ in range(TRIES)):
            made = submission_for(request_type, Random(number), today=today)
            spot = {"lon": round(-73.5807 + number * 0.00003, 6), "lat": 45.5236, "address": "1234, rue Rachel Est"}
            place = spot if request_type.place.need != "none" else {}
            page = await by_page(http, request_type, made, place)
            assert page.status_code == 303, (
                request_type.code,
                page.url,
                re.findall(r"error-message.*?</p>", page.text)[:5],
            )
            told = await by_api(http, request_type, made, place)
            assert told.status_code == 201, (request_type.code, told.text)
            references = (page.headers["location"].split("/")[3], told.json()["reference"])
            one, two = [await find(host, reference) for reference in references]
            assert (one.channel, two.channel) == ("portal", "api")
            fields = request_type.form.fields()
            assert without_files(fields, one.answers) == without_files(fields, two.answers), request_type.code
            for part in ("type", "state", "identity", "language", "place", "zone", "unit", "public", "promise"):
                assert getattr(one, part) == getattr(two, part), (request_type.code, part)
            assert await contact_of(one) == await contact_of(two)


async def test_the_whole_house_refuses_the_same_by_page_and_by_api(database_url, tmp_path):
    async with running(database_url, tmp_path) as (host, http):
        today = local_day(host.jurisdictions.by_code["parvis"].calendar, clock.now())
        for number, request_type in enumerate(OFFERED):
            made = submission_for(request_type, Random(number), today=today)
            spot = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
            place = spot if request_type.place.need != "none" else {}
            shown = request_type.form.visible(made.native["answers"])
            asked = [field for field in shown if field.required and field.code in made.native["answers"]]
            if not asked:
                continue
            lacking = Random(number).choice(asked).code
            for raw in (made.native["answers"], made.page["answers"]):
                raw.pop(lacking)
            page = await by_page(http, request_type, made, place)
            assert page.status_code == 422, (request_type.code, lacking)
            assert f'id="{lacking}-error"' in page.text, (request_type.code, lacking)
            told = await by_api(http, request_type, made, place)
            assert told.status_code == 422, (request_type.code, told.text)
            assert f"answers.{lacking}" in {each["path"] for each in told.json()["errors"]}
