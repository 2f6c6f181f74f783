"""An Open311 server as a source: each request once, by any manners of pages and dates; failures are told."""

import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from itertools import count

import httpx
import pytest

from parvis_migration.gathering import Gathered, Server, endpoint_at, gather
from parvis_migration.georeport import answer_in, row_of
from parvis_migration.refusals import Refusal

SINCE, UNTIL = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 7, 1, tzinfo=UTC)
ADDRESS = "https://311.rivemont.example/v2/requests.json"


class Town:
    """A server of GeoReport by its manners; `asked` are the questions that it heard."""

    def __init__(self, number=300, *, cap=1000, pages=True, dates=True, **manners):
        step = (UNTIL - SINCE) / number
        self.held = [
            {
                "service_request_id": f"R-{each}",
                "status": "closed" if each % 2 else "open",
                "service_name": "Nid-de-poule",
                "requested_datetime": (SINCE + each * step).isoformat(),
                "updated_datetime": (SINCE + each * step + timedelta(days=2)).isoformat(),
                "media_url": "/photos/1.jpg" if each == 0 else None,
            }
            for each in range(number)
        ]
        self.cap, self.pages, self.dates, self.manners = cap, pages, dates, manners
        self.asked = []
        self.failures = []  # answers that come first, in this order

    def __call__(self, asked):
        self.asked.append(asked)
        if self.failures:
            return self.failures.pop(0)
        params, suffix = asked.url.params, asked.url.path.rpartition(".")[2]
        if "/tokens/" in asked.url.path:
            return said([{"token": "T-1", "service_request_id": "R-token"}], suffix)
        if self.manners.get("xml_only") and suffix == "json":
            return httpx.Response(404, html="<!DOCTYPE html><p>Not found")
        if self.manners.get("strict") and "page" in params:
            return said([{"code": 400, "description": "page is unknown"}], suffix, "errors", 400)
        if int(params.get("page", "1")) > self.manners.get("deepest", 10_000):
            why = self.manners.get("refuses", 400)
            return said([{"code": why, "description": "no page so deep"}], suffix, "errors", why)
        since, until = (datetime.fromisoformat(params[name]) for name in ("start_date", "end_date"))
        if self.manners.get("outside"):  # both moments are outside of what it shows
            since, until = since + timedelta(microseconds=1), until - timedelta(microseconds=1)
        found = [
            each
            for each in reversed(self.held)
            if not self.dates or since <= datetime.fromisoformat(each["requested_datetime"]) <= until
        ]
        size = min(self.cap, int(params.get("page_size", self.cap)))
        first = (int(params.get("page", "1")) - 1) * size if self.pages else 0
        return said(found[first : first + size], suffix, headers=self.manners.get("headers"))


def said(rows, suffix, root="service_requests", status=200, headers=None):
    if suffix == "json":
        return httpx.Response(status, content=json.dumps(rows).encode(), headers=headers)
    whole = ET.Element(root)
    for row in rows:
        one = ET.SubElement(whole, {"errors": "error"}.get(root, "request"))
        for name, value in row.items():
            ET.SubElement(one, name).text = "" if value is None else str(value)
    return httpx.Response(status, content=ET.tostring(whole, "utf-8", xml_declaration=True), headers=headers)


@pytest.fixture
def gathering(tmp_path):
    """Gathers what a town shows; answers the rows, what was told, and the seconds that were waited."""

    folders = count()

    async def gathered_of(town, folder=None, suffix="", **more):
        waited, told = [], []

        async def pause(seconds):
            waited.append(seconds)

        between = {"since": SINCE, "until": UNTIL}
        endpoint = endpoint_at(ADDRESS.removesuffix("/requests.json"), **between, jurisdiction_id="", suffix=suffix)
        async with httpx.AsyncClient(transport=httpx.MockTransport(town)) as http:
            server = Server(http, endpoint, pause)
            with Gathered(folder or tmp_path / str(next(folders)), endpoint, **more) as kept:
                source = await gather(server, kept, told.append)
        return source, [each.en for each in source.told], waited

    return gathered_of


def ids(source):
    return sorted(row["service_request_id"] for _, row in source.rows)


@pytest.mark.parametrize(
    "manners",
    [
        {},
        {"cap": 40},
        {"cap": 50, "pages": False},
        {"cap": 25, "pages": False},
        {"cap": 7, "pages": False},
        {"pages": False},
        {"cap": 40, "deepest": 2},
        {"cap": 40, "deepest": 2, "refuses": 404},
        {"cap": 100, "outside": True},
        {"outside": True, "number": 182},
        {"xml_only": True},
        {"strict": True},
        {"strict": True, "cap": 50},
        {"dates": False},
    ],
)
async def test_each_request_is_read_once_by_any_manners(gathering, manners):
    town = Town(**manners)
    source, told, _ = await gathering(town)
    assert ids(source) == sorted(each["service_request_id"] for each in town.held)
    assert [each for each in told if "heeds no dates" not in each] == []
    assert bool(told) == (manners == {"dates": False})


async def test_what_a_server_never_shows_is_told(gathering):
    _, told, _ = await gathering(Town(cap=50, pages=False, dates=False))
    assert any("shows 50 requests only" in each for each in told)
    _, told, _ = await gathering(Town(headers={"X-Total-Count": "500"}))
    assert told[0] == "from 2024-01-01 to 2024-03-30 the server says 500 requests and gives 147"


async def test_pages_that_turn_in_a_circle_or_never_end_are_left(gathering, monkeypatch):
    class Circling(Town):
        def __call__(self, asked):
            number = int(asked.url.params["page"])
            return said([{"service_request_id": f"R-{number % 3}"}], "json")

    source, _, _ = await gathering(Circling())
    assert ids(source) == ["R-0", "R-1", "R-2"]

    class Endless(Town):
        def __call__(self, asked):
            number = f"{asked.url.params['start_date']} {asked.url.params['page']}"
            return said([{"service_request_id": number}], "json")

    monkeypatch.setattr("parvis_migration.gathering.MOST_PAGES", 4)
    _, told, _ = await gathering(Endless())
    assert told[0].endswith("pages do not end: reading stopped after 4 requests")


async def test_a_busy_server_is_waited_for_and_half_an_answer_asked_for_again(gathering):
    town = Town(9)
    town.failures = [
        httpx.Response(503, headers={"retry-after": "7"}),
        httpx.Response(200, content=b'[{"service_request_id": "R-1", "stat'),
    ]
    source, _, waited = await gathering(town, suffix="json")
    assert (len(source.rows), waited) == (9, [7.0, 2.0])


@pytest.mark.parametrize(
    ("failure", "why"),
    [
        (httpx.Response(503), "asks to wait (HTTP 503)"),
        (httpx.Response(200, html="<!DOCTYPE html><p>Maintenance"), "cut short, or neither"),
        (httpx.Response(200, content=b""), "cut short, or neither"),
        (said([{"code": "403", "description": "no key"}], "json"), "an error: 403 no key"),
        (httpx.Response(301, headers={"location": "https://311.rivemont.example/v3"}), "leads to https://311"),
        (httpx.Response(404), "an error: HTTP 404"),
    ],
)
async def test_a_server_that_does_not_answer_is_told_and_gone_on_with(gathering, tmp_path, failure, why):
    town, folder = Town(), tmp_path / "kept"

    def breaks_off(asked):
        return town(asked) if len(town.asked) < 3 else failure

    with pytest.raises(Refusal) as refusal:
        await gathering(breaks_off, folder, suffix="json")
    assert why in str(refusal.value)
    with (folder / "requests.jsonl").open("a") as rows:
        rows.write('{"service_request_id": "half')  # as a killed process leaves it
    already = len(town.asked)
    source, _, _ = await gathering(town, folder, suffix="json")
    assert ids(source) == sorted(each["service_request_id"] for each in town.held)
    first = {asked.url.params["start_date"] for asked in town.asked[already:]}
    assert first == {"2024-03-29T23:59:59Z", "2024-06-26T23:59:59Z"}  # the window before these was whole
    again = len(town.asked)
    await gathering(town, folder, suffix="json")
    assert len(town.asked) == again  # all of it is there
    town.held[0]["status"] = "closed"
    source, _, _ = await gathering(town, folder, suffix="json", is_anew=True)
    assert next(row["status"] for _, row in source.rows if row["service_request_id"] == "R-0") == "closed"


async def test_what_is_there_stays_until_all_of_it_came_once_more(gathering, tmp_path):
    town, folder = Town(), tmp_path / "kept"
    await gathering(town, folder, suffix="json")
    town.held[0]["status"] = "closed"

    def breaks_off(asked):
        return town(asked) if "2023-12-31" in asked.url.params["start_date"] else httpx.Response(503)

    with pytest.raises(Refusal):
        await gathering(breaks_off, folder, suffix="json", is_anew=True)
    already = len(town.asked)
    source, _, _ = await gathering(town, folder, suffix="json")
    assert len(town.asked) == already
    assert {row["status"] for _, row in source.rows if row["service_request_id"] == "R-0"} == {"open"}
    source, _, _ = await gathering(town, folder, suffix="json", is_anew=True)
    assert "2023-12-31T23:59:59Z" not in {asked.url.params["start_date"] for asked in town.asked[already:]}
    assert ids(source) == sorted(each["service_request_id"] for each in town.held)
    assert {row["status"] for _, row in source.rows if row["service_request_id"] == "R-0"} == {"closed"}
    assert sorted(each.name for each in folder.iterdir()) == [".lock", "gathered.json", "requests-2.jsonl"]
    source, _, _ = await gathering(Town(9), folder, suffix="json", is_anew=True)
    assert len(source.rows) == 9
    assert len((await gathering(Town(9), folder, suffix="json"))[0].rows) == 9


async def test_two_commands_at_once_do_not_mix_in_one_folder(gathering, tmp_path):
    endpoint = endpoint_at(ADDRESS, since=SINCE, until=UNTIL, jurisdiction_id="", suffix="json")
    with Gathered(tmp_path / "kept", endpoint), pytest.raises(Refusal, match="another command writes to"):
        await gathering(Town(3), tmp_path / "kept", suffix="json")
    assert len((await gathering(Town(3), tmp_path / "kept", suffix="json"))[0].rows) == 3


@pytest.mark.parametrize("damage", [lambda rows: rows[:-40], lambda rows: b"\0" * len(rows)])
async def test_a_folder_that_was_damaged_is_told(gathering, tmp_path, damage):
    await gathering(Town(9), tmp_path / "kept")
    rows = tmp_path / "kept/requests.jsonl"
    rows.write_bytes(damage(rows.read_bytes()))
    with pytest.raises(Refusal, match="is damaged"):
        await gathering(Town(9), tmp_path / "kept")


async def test_a_picture_at_no_address_keeps_no_request_out(gathering):
    town = Town(2)
    town.held[0]["media_url"] = ["http://[", "/photos/2.jpg"]
    source, _, _ = await gathering(town)
    assert [row["media_url"] for _, row in source.rows if row["service_request_id"] == "R-0"] == [
        "http://[\nhttps://311.rivemont.example/photos/2.jpg"
    ]


async def test_a_folder_of_another_server_is_refused(gathering, tmp_path):
    await gathering(Town(3), tmp_path / "kept")
    with pytest.raises(Refusal, match="name another folder"):
        await gathering(Town(3), tmp_path / "kept", suffix="xml")
    with pytest.raises(Refusal, match="since when"):
        endpoint_at(ADDRESS, since=None, until=None, jurisdiction_id="", suffix="")


async def test_a_request_with_a_token_alone_gets_its_number(gathering):
    town = Town(1)
    town.held = [{"token": "T-1", "requested_datetime": SINCE.isoformat(), "media_url": "/photos/1.jpg"}]
    source, _, _ = await gathering(town)
    [(_, row)] = source.rows
    assert row["service_request_id"] == "R-token"
    assert row["media_url"] == "https://311.rivemont.example/photos/1.jpg"


def test_answers_of_a_request_are_columns_and_its_notes_dated_lines():
    xml = b"""<?xml version="1.0"?><service_requests type="array"><request>
    <service_request_id>4</service_request_id><status>closed</status><updated_datetime>2016-03-09</updated_datetime>
    <attributes><attribute><code>size</code><value>large</value></attribute></attributes>
    <notes><note><datetime>2016-03-08T10:00:00Z</datetime><summary>Seen</summary>
    <description>On site</description></note></notes></request></service_requests>"""
    [request] = answer_in(xml, {}).requests
    row = row_of(request)
    assert row["attributes.size"] == "large"
    assert row["closed_datetime"] == "2016-03-09"
    assert row["journal"] == "2016-03-08T10:00:00Z Seen On site"
    assert row_of({"attributes": {"size": "small"}, "status": "open"})["attributes.size"] == "small"
    assert answer_in(b"<service_requests/>", {}).requests == ()
    assert answer_in(b'{"total": 4, "requests": []}', {}).total == 4
