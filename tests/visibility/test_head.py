"""HEAD, as monitors, link checkers and mail filters send it: over a real socket, to every address there is."""

import asyncio
import re
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from parvis.people.agents import Grant, add_agent
from parvis.people.roles import ROLES
from parvis.people.sessions import begin_session
from parvis.people.tokens import SCOPES, make_token
from parvis.serving import Server, configuration, listen

pytestmark = pytest.mark.slow

NO_ID = "01a21300-0000-7000-8000-000000000000"
FILLED = {"transition": "start", "z": "14", "x": "4843", "y": "5861"}
SECONDS = 20


class Line:
    """One connection to the server, kept from one question to the next."""

    def __init__(self, port: int, who: str) -> None:
        self.port, self.who = port, who

    async def __aenter__(self):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_):
        self.writer.close()

    async def ask(self, method: str, path: str) -> tuple[int, dict[str, str]]:
        """The status and headers of what comes back; what follows them stays on the line."""
        self.writer.write(f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n{self.who}\r\n".encode())
        head = (await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), SECONDS)).decode()
        first, *lines = head.strip().split("\r\n")
        assert first.startswith("HTTP/1.1 "), f"something stood before the answer to {method} {path}: {first[:80]}"
        return int(first.split()[1]), dict(line.lower().split(": ", 1) for line in lines if ": " in line)


@asynccontextmanager
async def listening(desk):
    """The application behind the server of `parvis serve`."""
    sock = listen("127.0.0.1", 0)
    config = configuration(desk.app, desk.deployment.settings)
    config.lifespan = "off"
    server = Server(config, lambda: None)
    serving = asyncio.create_task(server._serve([sock]))
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield server, sock.getsockname()[1]
    finally:
        desk.app.state.stopping.set()
        server.should_exit = True
        await serving
        desk.app.state.stopping.clear()  # the application is that of other tests too


async def everybody(desk) -> str:
    """What somebody sends along who may do everything, at the desk and by the API."""
    grants = tuple(Grant(role=role, jurisdiction="parvis", unit="") for role in ROLES)
    person = await add_agent(
        desk.host.engine, email="toute@parvis.example", name="Toute", password="x" * 20, grants=grants
    )
    session = await begin_session(desk.host.engine, person.id, "Tests")
    key, _ = await make_token(desk.host.engine, name="Pont", jurisdiction="parvis", scopes=tuple(SCOPES))
    return f"Cookie: parvis_session={session}\r\nAuthorization: Bearer {key}\r\n"


def addresses(app, filled: dict[str, str]) -> list[str]:
    """Every address that answers GET, its parameters filled in: the id of nothing where nothing is named."""
    return sorted(
        re.sub(r"\{(\w+)(:\w+)?\}", lambda found: filled.get(found[1], NO_ID), route.path_format)
        for route in app.routes
        if "GET" in route.methods
    )


async def test_head_on_any_page_or_operation_is_answered_as_get_and_the_connection_lives_on(desk, caplog):
    record = await desk.request("hole", "noise")
    paths = addresses(desk.app, FILLED | {"reference": record.reference})
    assert len(paths) > 150
    who = await everybody(desk)
    async with listening(desk) as (server, port):
        with capture_logs() as said:
            async with Line(port, "") as kept:
                assert all([(await kept.ask("HEAD", path))[0] < 500 for path in paths])
            async with Line(port, who) as kept:
                answered = {path: await kept.ask("HEAD", path) for path in paths}
        assert not [each for each in said if each["log_level"] in ("error", "critical")]
        for path in paths:
            async with Line(port, who) as once:  # a live page has no end to wait for
                status, headers = await once.ask("GET", path)
            assert answered[path][0] == status, path
            assert answered[path][1].get("content-type") == headers.get("content-type"), path
        async with asyncio.timeout(SECONDS):
            while server.server_state.tasks:  # a live page that was asked for its head alone is left at once
                await asyncio.sleep(0.02)
    assert not [each for each in caplog.records if each.levelname == "ERROR"]


async def test_head_is_counted_under_its_own_name_and_route(desk):
    async with listening(desk) as (_, port), Line(port, "") as line:
        assert (await line.ask("HEAD", "/api/v1/request-types"))[0] == 200
        assert (await line.ask("HEAD", "/rien/de/tel"))[0] == 404
    counted = {
        (each.labels["method"], each.labels["route"], each.labels["status"])
        for family in desk.app.state.counters["prometheus"].registry.collect()
        for each in family.samples
        if each.name == "parvis_http_requests_total" and each.labels["method"] == "HEAD"
    }
    assert {("HEAD", "/request-types", "200"), ("HEAD", "unmatched", "404")} <= counted
