"""The whole product on a free port, as `parvis serve` would serve it, spoken to byte by byte."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from traceback import format_exception
from typing import Any

import httpx
import pytest
from litestar import Litestar

from parvis.app import create_app
from parvis.deployment import compose
from parvis.example_towns import town_folder
from parvis.people.agents import Grant, add_agent
from parvis.people.sessions import begin_session
from parvis.plugins import DiscoveredPlugin
from parvis.requests.history import broken_at
from parvis.requests.records import find
from parvis.serving import Server, configuration, listen
from parvis.settings import Settings, read_settings
from parvis_testing.jurisdictions import example_towns
from parvis_testing.modules import switch

HERE = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
POTHOLE = {
    "type": "pothole",
    "language": "fr",
    "answers": {"size": "small", "surface": "lane", "danger": False},
    "place": HERE,
    "requester": {"mode": "anonymous"},
}
GIVEN_AWAY = re.compile(r"Traceback|File \"|, line \d|\.py:\d|sqlite3|asyncpg|litestar|piccolo|msgspec", re.IGNORECASE)


class Answer:
    """An answer read off the wire."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        head, _, self.body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split(" ")[1]) if first.startswith("HTTP/1.1 ") else 0
        self.headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines if ": " in line)}


class Installation:
    """A running application on a port of its own, and ways to treat it badly."""

    def __init__(self, app: Any, port: int) -> None:
        self.app, self.port = app, port
        self.crashes: list[str] = []
        self.host = app.state.deployment.host
        self.address = f"http://127.0.0.1:{port}"

    async def send(self, *pieces: bytes, pause: float = 0, limit: float = 20) -> Answer:
        """Send bytes as they are, in pieces, and read until the other side has said all it will."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        reading = asyncio.create_task(self._read(reader))
        try:
            for piece in pieces:
                try:
                    writer.write(piece)
                    await writer.drain()
                except ConnectionError:
                    break  # it has heard enough
                if pause:
                    await asyncio.sleep(pause)
            async with asyncio.timeout(limit):
                return Answer(await reading)
        finally:
            reading.cancel()
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> bytes:
        read = b""
        try:
            while piece := await reader.read(65536):
                read += piece
        except ConnectionError:
            pass
        return read

    def http(self, **options: Any) -> httpx.AsyncClient:
        return httpx.AsyncClient(**{"base_url": self.address, "timeout": 30, **options})

    async def file(self, http: httpx.AsyncClient | None = None, key: str = "", **given: Any) -> httpx.Response:
        headers = {"idempotency-key": key} if key else {}
        if http is not None:
            return await http.post("/api/v1/requests", json=POTHOLE | given, headers=headers)
        async with self.http() as one:
            return await one.post("/api/v1/requests", json=POTHOLE | given, headers=headers)

    async def is_well(self) -> None:
        """Pages are shown and requests are taken in, as if nothing had happened."""
        assert self.crashes == []
        async with self.http() as http:
            home = await http.get("/fr/")
            assert home.status_code == 200
            filed = await self.file(http)
            assert filed.status_code == 201, filed.text
            tracking = await http.get(filed.json()["tracking_url"].replace("http://127.0.0.1:8000", self.address))
            assert tracking.status_code in (200, 303)

    async def is_kept(self, reference: str) -> None:
        """This acknowledged request is there, and its history is whole."""
        record = await find(self.host, reference)
        assert record is not None, reference
        assert await broken_at(record) is None

    async def signed_in(self, email: str, *grants: Grant) -> dict[str, str]:
        """The cookie of somebody of the town."""
        grants = grants or (Grant(role="agent", jurisdiction="parvis"),)
        person = await add_agent(
            self.host.engine, email=email, name=email.title(), password="quatre chevaux verts", grants=grants
        )
        return {"parvis_session": await begin_session(self.host.engine, person.id, "tests")}


def clear(answer: httpx.Response | Answer) -> None:
    """It tells people something, and nothing of how we are made."""
    status = answer.status_code if isinstance(answer, httpx.Response) else answer.status
    body = answer.text if isinstance(answer, httpx.Response) else answer.body.decode("utf-8", "replace")
    kind = answer.headers.get("content-type", "")
    assert 400 <= status < 600, status
    assert body, status
    assert not GIVEN_AWAY.search(body), body
    if not kind:
        assert body == "Invalid HTTP request received."  # uvicorn's own, before anything of ours
    elif kind.startswith("application/problem+json"):
        told = json.loads(body)
        assert told["status"] == status
        assert told["title"]
        assert told["detail"]
    elif kind.startswith("text/html"):
        assert "<h1" in body
    else:
        assert kind.startswith("text/plain"), kind


@asynccontextmanager
async def serving(settings: Settings, plugins: list[DiscoveredPlugin] | None = None) -> AsyncIterator[Installation]:
    """The product on a free port until the block ends."""
    async with listening(create_app(settings, plugins=plugins), settings) as installation:
        yield installation


@asynccontextmanager
async def listening(app: Litestar, settings: Settings) -> AsyncIterator[Installation]:
    ready = asyncio.Event()

    class Announcing(Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            ready.set()

    line = listen("127.0.0.1", 0)
    server = Announcing(configuration(app, settings), lambda: None)
    running = asyncio.create_task(server.serve(sockets=[line]))
    await asyncio.wait({running, asyncio.create_task(ready.wait())}, return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        await running
    try:
        yield Installation(app, line.getsockname()[1])
    finally:
        app.state.stopping.set()
        server.should_exit = True
        await running


@pytest.fixture(scope="session")
def jurisdictions():
    return example_towns()


def settings_on(data, **given):
    data.mkdir()
    given |= {"territory": town_folder(), "data": data, "worker": False, "grace": 1}
    return read_settings(None, {"PARVIS_SECRET_KEY": "s" * 40, "PARVIS_LOG_LEVEL": "error"}, **given)


@pytest.fixture
def settings(database_url, tmp_path, jurisdictions, monkeypatch):
    monkeypatch.setattr("parvis.deployment.load_jurisdictions", lambda folder, files: jurisdictions)
    return settings_on(tmp_path / "data", database=database_url)


@pytest.fixture(scope="session")
def whole_app(tmp_path_factory):
    """The application made once, for making it takes longer than most tests."""
    return create_app(settings_on(tmp_path_factory.mktemp("whole") / "data"))


@pytest.fixture(scope="session")
def first_state(whole_app):
    """What the application holds before its first call."""
    return whole_app.state.dict()


@pytest.fixture
def crashes(monkeypatch) -> list[str]:
    """What of ours broke: each is a fault, whatever was sent."""
    found: list[str] = []

    class Listening:
        def error(self, event: str, **facts: Any) -> None:
            error = facts.get("exc_info")
            found.append("".join([event, "\n", *(format_exception(error) if error else ())]))

        def warning(self, event: str, **facts: Any) -> None:
            pass

    monkeypatch.setattr("parvis.web.errors.log", Listening())
    return found


@pytest.fixture
async def installation(settings, crashes, whole_app, first_state) -> AsyncIterator[Installation]:
    """The installation with a host of this test's own, and nothing that it remembers of another."""
    for name in whole_app.state.dict().keys() - first_state.keys():
        del whole_app.state[name]
    fresh = compose(settings)
    whole_app.state.update(first_state | {"deployment": fresh})
    async with listening(whole_app, settings) as installation:
        await switch(installation.host, "on")
        installation.crashes = crashes
        yield installation
