"""Two web processes restarted one after the other while people send and read: not one request of theirs fails.

Real processes, told by signals and telling as systemd hears it. Before them stands a balancer that does what nginx of
the guide does: connections kept for a while, the other process where one cannot be reached, no form ever sent twice.
"""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import Process
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from msgspec import Struct

from parvis import clock
from parvis.example_towns import town_folder
from parvis_testing.copied import CopiedProcess
from parvis_testing.ports import free_port

from .test_killed_processes import ANSWERS, PLACE

pytestmark = [pytest.mark.slow, pytest.mark.both_engines]

PROGRAM = (sys.executable, "-c", "from parvis.cli import main; main()")
DRAIN = 3  # seconds
KEPT = 1.5  # seconds that the balancer keeps a connection that nobody uses: less than it takes to drain
PEOPLE = 5
PATIENCE = 200
SUBMISSION = {
    "type": "pothole",
    "language": "fr",
    "answers": ANSWERS,
    "place": PLACE,
    "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
}


class Web:
    """One web process, and what it tells systemd."""

    process: Process | CopiedProcess

    def __init__(self, folder, database: str, port: int) -> None:
        self.log, self.port = folder / f"log-{port}", port
        self.line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        address = f"{folder}/notify-{port}"
        self.line.bind(address)
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
        self.environ = clean | {
            **clock.variables(),
            "NOTIFY_SOCKET": address,
            "WATCHDOG_USEC": "2000000",
            "PARVIS_TERRITORY": str(town_folder()),
            "PARVIS_SECRET_KEY": "s" * 40,
            "PARVIS_DATA": str(folder / "data"),
            "PARVIS_DATABASE": database,
            "PARVIS_DATABASE_CONNECTIONS": "4",
            "PARVIS_DRAIN": str(DRAIN),
            "PARVIS_TRUSTED_PROXIES": "127.0.0.1",
            "PARVIS_LOG_LEVEL": "warning",
        }

    async def start(self) -> None:
        """Started, and ready as it says itself."""
        words = ("serve", "--no-worker", "--port", str(self.port))
        self.process = CopiedProcess(*words, environ=self.environ, log=str(self.log))
        await self.until_told("READY=1")

    async def stop(self) -> None:
        self.process.terminate()
        await self.until_told("STOPPING=1")
        async with asyncio.timeout(PATIENCE):
            assert await self.process.wait() == 0

    async def until_told(self, wanted: str) -> None:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(PATIENCE):
            while wanted not in (await loop.sock_recv(self.line, 4096)).decode().splitlines():
                assert self.process.returncode is None, self.log.read_text()

    async def end(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()
        self.line.close()


class Balancer:
    """What nginx does with the settings of our guide."""

    def __init__(self, ports: tuple[int, ...]) -> None:
        limits = httpx.Limits(max_keepalive_connections=32, keepalive_expiry=KEPT)
        self.upstreams = [httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", limits=limits) for port in ports]
        self.turn = 0

    async def pass_on(self, method: str, path: str, **given) -> int:
        """The status of the answer that comes back; 502 where there is none to be had."""
        self.turn += 1
        first = self.turn % len(self.upstreams)
        for upstream in (*self.upstreams[first:], *self.upstreams[:first]):
            try:
                return (await upstream.request(method, path, timeout=60, **given)).status_code
            except httpx.ConnectError:
                continue  # nothing was sent yet
            except httpx.TransportError:
                if method == "GET":
                    continue
                return 502
        return 502

    async def close(self) -> None:
        for each in self.upstreams:
            await each.aclose()


class Tried(Struct):
    """What people met with."""

    answered: int = 0
    failed: list[tuple[str, str, int]] = []


async def one_person(balancer: Balancer, number: int, tried: Tried, over: asyncio.Event) -> None:
    """Reads and sends in turn until told to stop."""
    asked = 0
    while not over.is_set():
        asked += 1
        who = {"x-forwarded-for": f"198.18.{number}.{asked % 250}"}
        if asked % 3 == 0:
            method, path, given = "POST", "/api/v1/requests", {"json": SUBMISSION}
        else:
            method, path, given = "GET", ("/fr/", "/api/v1/request-types")[asked % 2], {}
        status = await balancer.pass_on(method, path, headers=who | {"host": "127.0.0.1"}, **given)
        if status in (200, 201):
            tried.answered += 1
        else:
            tried.failed.append((method, path, status))
        await asyncio.sleep(0.25)


@asynccontextmanager
async def two_processes(folder, database):
    webs = [Web(folder, database, free_port()) for _ in range(2)]
    try:
        for each in webs:
            await each.start()
        yield webs
    finally:
        for each in webs:
            await each.end()


async def status_of(port: int, path: str) -> int:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        with suppress(httpx.TransportError):
            return (await http.get(path, timeout=60)).status_code
    return 0


async def test_restarting_two_processes_as_the_guide_describes_fails_no_request_under_load(tmp_path, database_url):
    """Residents read "502" for as long as an update takes."""
    async with two_processes(tmp_path, database_url) as webs:
        balancer, tried, over = Balancer(tuple(each.port for each in webs)), Tried(), asyncio.Event()
        people = [asyncio.create_task(one_person(balancer, number, tried, over)) for number in range(PEOPLE)]
        for each in webs:
            before = tried.answered
            assert await status_of(each.port, "/health/ready") == 200
            stopping = asyncio.create_task(each.stop())
            async with asyncio.timeout(PATIENCE):
                while await status_of(each.port, "/health/ready") != 503:  # a balancer that asks is told at once
                    await asyncio.sleep(0.05)
            assert await status_of(each.port, "/health/live") == 200  # an orchestrator need not kill it
            await stopping
            await each.start()
            assert tried.answered > before, "nobody was served meanwhile"
        await asyncio.sleep(1)
        over.set()
        await asyncio.gather(*people)
        await balancer.close()
    assert tried.failed == []
    assert tried.answered > 50


async def test_a_socket_that_systemd_holds_open_loses_nobody_while_the_only_process_is_restarted(
    tmp_path, database_url
):
    """A small town has one process: requests that arrive during its restart wait for a moment and are answered."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        held.listen(128)
        web = Web(tmp_path, database_url, held.getsockname()[1])

        async def begin() -> Process:
            script = f'exec 3<&{held.fileno()}; export LISTEN_FDS=1 LISTEN_PID=$$; exec "$@"'
            words = ("bash", "-c", script, "-", *PROGRAM, "serve", "--no-worker")
            with web.log.open("ab") as log:
                return await asyncio.create_subprocess_exec(
                    *words, env=web.environ, pass_fds=(held.fileno(),), stdout=log, stderr=log
                )

        web.process = await begin()
        try:
            await web.until_told("READY=1")
            balancer, tried, over = Balancer((web.port,)), Tried(), asyncio.Event()
            people = [asyncio.create_task(one_person(balancer, number, tried, over)) for number in range(3)]
            await asyncio.sleep(1)
            await web.stop()
            web.process = await begin()
            await web.until_told("READY=1")
            before = tried.answered
            async with asyncio.timeout(PATIENCE):
                while tried.answered < before + 20:
                    await asyncio.sleep(0.1)
            over.set()
            await asyncio.gather(*people)
            await balancer.close()
            assert tried.failed == []
        finally:
            await web.end()


async def test_a_process_tells_that_it_lives_as_often_as_its_unit_asks(tmp_path, database_url):
    web = Web(tmp_path, database_url, free_port())
    try:
        await web.start()
        for _ in range(3):
            await web.until_told("WATCHDOG=1")
    finally:
        await web.end()
