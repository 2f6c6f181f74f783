"""Many processes as on many machines: web and workers behind HAProxy, on PostgreSQL behind PgBouncer, killed in turn.

People file, a desk moves, lists are read, all by the address of the proxy. The test plays it small, the benchmark long.
"""

import asyncio
import itertools
import os
import random
import re
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from msgspec import Struct

from parvis import clock
from parvis.deployment import open_deployment
from parvis.example_towns import town_folder
from parvis.people.tokens import make_token
from parvis.settings import Settings
from parvis_testing.copied import CopiedProcess
from parvis_testing.databases import PostgresServer, StandbyServer
from parvis_testing.ports import free_port

from .test_hanging_database import parent_of, processes

SECRET = "a secret of thirty-two characters or more"
PROXY = Path(__file__).parents[2] / "deploy/haproxy.cfg"
SUBMISSION: dict[str, Any] = {
    "type": "pothole",
    "language": "fr",
    "answers": {"size": "small", "surface": "lane", "danger": False},
    "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
}
STEPS = (("triage", "triaged"), ("start", "in_progress"))
READ = ("/fr", "/api/v1/requests?type=pothole", "/fr/services", "/api/v1/request-types")
UNENCRYPTED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # nobody reads the authorities' certificates
READY_SECONDS = 300.0
PATIENCE = 60.0  # seconds that a person waits for one answer


class Failed(Struct, frozen=True, kw_only=True):
    """An answer that did not come, or was one of 5xx: when it was asked for and given up, and what was said."""

    began: float
    ended: float
    method: str
    said: str
    retry_after: bool


class Killed(Struct, frozen=True, kw_only=True):
    """A process that was killed, when that was asked for and when it was gone: until then it may take what comes."""

    name: str
    at: float
    gone: float


class Installation:
    """Web processes and workers with the same settings, and the proxy before them."""

    def __init__(self, folder: Path, database: str, direct: str = "", *, webs: int = 4, workers: int = 4) -> None:
        self.folder, self.proxy = folder, free_port()
        self.settings = Settings(
            territory=town_folder(),
            secret_key=SECRET,
            data=folder / "data",
            database=database,
            database_direct=direct,
            database_connections=4,
            worker=False,
            plugins={"notify": {"mode": "mailbox"}},
        )
        self.ports = [free_port() for _ in range(webs)]
        self.names = [*(f"web {port}" for port in self.ports), *(f"worker {number}" for number in range(workers))]
        self.log = folder / "processes.log"
        self.tokens: list[str] = []
        self.running: dict[str, CopiedProcess] = {}
        self.killed: list[Killed] = []
        self.troubled = asyncio.Event()  # the first was killed, or all trouble is over
        self.proxying: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
        return clean | {
            **clock.variables(),
            "PARVIS_TERRITORY": str(self.settings.territory),
            "PARVIS_SECRET_KEY": SECRET,
            "PARVIS_DATA": str(self.settings.data),
            "PARVIS_DATABASE": self.settings.database,
            "PARVIS_DATABASE_DIRECT": self.settings.database_direct,
            "PARVIS_DATABASE_CONNECTIONS": "4",
            "PARVIS_NOTIFY_MODE": "mailbox",
            "PARVIS_TRUSTED_PROXIES": "127.0.0.1",
            "PARVIS_LOG_LEVEL": "warning",
        }

    def start(self, name: str) -> None:
        kind, _, port = name.partition(" ")
        words = ("serve", "--no-worker", "--port", port) if kind == "web" else ("work",)
        self.running[name] = CopiedProcess(*words, environ=self.environment(), log=str(self.log))

    async def begin(self, people: int) -> None:
        """Start everything, with a key for each person, and wait until the proxy finds all web processes ready."""
        self.tokens = await tokens_for(self.settings, people)
        for name in self.names:
            self.start(name)
        self.proxying = self.proxy_with(program("haproxy") or "haproxy")
        async with asyncio.timeout(READY_SECONDS), httpx.AsyncClient(verify=UNENCRYPTED) as http:
            for port in self.ports:
                while not await answers(http, f"http://127.0.0.1:{port}/health/ready"):
                    await asyncio.sleep(0.1)
            while not await answers(http, f"http://127.0.0.1:{self.proxy}/fr"):
                await asyncio.sleep(0.1)

    def proxy_with(self, haproxy: str) -> subprocess.Popen[bytes]:
        """HAProxy with the shipped settings, but for addresses, and the certificate."""
        said = PROXY.read_text("utf-8")
        said = re.sub(r"bind :443 .*", f"bind 127.0.0.1:{self.proxy}", said)
        said = said.replace("log /dev/log local0", "log stdout format raw local0")
        lines = [f"    server web{number} 127.0.0.1:{port}" for number, port in enumerate(self.ports, 1)]
        said = re.sub(r"(    server web\d .*\n)+", "\n".join(lines) + "\n", said)
        file = self.folder / "haproxy.cfg"
        file.write_text(said)
        with self.log.open("ab") as log:
            return subprocess.Popen([haproxy, "-q", "-db", "-f", file], stdout=log, stderr=log)

    async def kill(self, name: str) -> None:
        at = time.monotonic()
        self.running[name].kill()
        try:
            await self.running[name].wait()
        finally:
            self.killed.append(Killed(name=name, at=at, gone=time.monotonic()))

    async def kill_in_turn(self, every: float, chance: random.Random) -> None:
        """A web process and a worker in turn, any of them, until cancelled; each is started again at once.

        A busy machine takes long to start one: the next web process is killed when no more than two are missing.
        """
        async with httpx.AsyncClient(verify=UNENCRYPTED, timeout=1) as http:
            for kind in itertools.cycle(("web", "worker")):
                await asyncio.sleep(every)
                while kind == "web" and await self.missing(http) > 2:
                    await asyncio.sleep(every / 4)
                name = chance.choice([each for each in self.names if each.startswith(kind)])
                assert self.running[name].returncode is None, f"{name} ended by itself: see {self.log}"
                await self.kill(name)
                self.start(name)
                self.troubled.set()

    async def missing(self, http: httpx.AsyncClient) -> int:
        """How many web processes are not ready."""
        asked = (answers(http, f"http://127.0.0.1:{port}/health/ready") for port in self.ports)
        return (await asyncio.gather(*asked)).count(False)

    async def end(self) -> None:
        for name in self.running:
            await self.kill(name)
        if self.proxying is not None:
            self.proxying.kill()
            self.proxying.wait(60)


async def answers(http: httpx.AsyncClient, url: str) -> bool:
    with suppress(httpx.TransportError):
        return (await http.get(url)).status_code == 200
    return False


class Person:
    """Files requests by the proxy, moves them and reads lists; trusts an answer only when it has come."""

    def __init__(self, number: int, token: str, installation: Installation, chance: random.Random) -> None:
        self.number, self.token, self.chance = number, token, chance
        self.base = f"http://127.0.0.1:{installation.proxy}"
        self.acknowledged: dict[str, str] = {}
        self.failed: list[Failed] = []
        self.answered = 0
        self.longest = 0.0

    async def live(self, requests: int, troubled: asyncio.Event) -> None:
        """So many requests, and then one after the other until the trouble has been."""
        # From an address of their own, as limits are by address.
        wire = httpx.AsyncHTTPTransport(local_address=f"127.1.0.{self.number + 1}", verify=UNENCRYPTED)
        async with httpx.AsyncClient(transport=wire, timeout=PATIENCE, base_url=self.base) as self.http:
            for turn in itertools.count():
                if turn >= requests and troubled.is_set():
                    return
                await self.send_and_move(turn)

    async def send_and_move(self, turn: int) -> None:
        once = {"idempotency-key": f"person-{self.number}-{turn}"}
        requester = {"mode": "named", "name": "Zoé Côté", "email": f"zoe{self.number}@exemple.ca"}
        sent = await self.call("POST", "/api/v1/requests", json=SUBMISSION | {"requester": requester}, headers=once)
        assert sent.status_code == 201, sent.text
        reference = sent.json()["reference"]
        assert reference not in self.acknowledged, "one key, one request"
        self.acknowledged[reference] = "received"
        for step, state in STEPS:
            assert (await self.call("GET", self.chance.choice(READ))).status_code == 200
            await self.move(f"/api/v1/requests/{reference}", step, state)
            self.acknowledged[reference] = state

    async def move(self, path: str, step: str, state: str) -> None:
        """Until it stands there: the answer to an earlier try may have died with its process."""
        while True:
            seen = (await self.call("GET", path)).json()
            if seen["state"] == state:
                return
            said = await self.call("POST", f"{path}/moves", json={"transition": step, "version": seen["version"]})
            assert said.status_code in (200, 409), said.text

    async def call(self, method: str, path: str, **given: Any) -> httpx.Response:
        """Ask until an answer comes, as a person or a program does that was told to come back."""
        key = {"authorization": f"Bearer {self.token}"} if path.startswith("/api") else {}
        headers = key | given.pop("headers", {})
        while True:
            began, retry_after = time.monotonic(), False
            try:
                answer = await self.http.request(method, path, headers=headers, **given)
            except httpx.TransportError as error:
                said = type(error).__name__
            else:
                self.longest = max(self.longest, time.monotonic() - began)
                if answer.status_code < 500:
                    self.answered += 1
                    return answer
                said, retry_after = str(answer.status_code), "retry-after" in answer.headers
            ended = time.monotonic()
            self.failed.append(Failed(began=began, ended=ended, method=method, said=said, retry_after=retry_after))
            await asyncio.sleep(self.chance.uniform(0.1, 0.3))


class Played(Struct, frozen=True, kw_only=True):
    """What people were told, what failed, and how many answers came, the slowest after so many seconds."""

    acknowledged: dict[str, str]
    failed: list[Failed]
    answered: int
    longest: float


async def play(installation: Installation, each: int, trouble: Coroutine[Any, Any, None], seed: int) -> Played:
    """Everybody files, moves and reads so often, and until there was trouble."""
    people = [Person(n, key, installation, random.Random(seed + n)) for n, key in enumerate(installation.tokens)]
    troubled = asyncio.create_task(trouble)
    troubled.add_done_callback(lambda _: installation.troubled.set())
    try:
        async with asyncio.TaskGroup() as town:
            for person in people:
                town.create_task(person.live(each, installation.troubled))
    finally:
        troubled.cancel()
        with suppress(asyncio.CancelledError):
            await troubled
    return Played(
        acknowledged={reference: state for person in people for reference, state in person.acknowledged.items()},
        failed=[one for person in people for one in person.failed],
        answered=sum(person.answered for person in people),
        longest=max(person.longest for person in people),
    )


class Pair:
    """A primary that acknowledges only what its standby has, and that standby."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        folder.chmod(0o755)
        places = [folder / name for name in ("primary", "standby")]
        for each in places:
            each.mkdir()
        self.primary = PostgresServer(binaries, str(places[0]))
        self.primary.start("synchronous_commit=on")
        self.primary.execute("postgres", "CREATE DATABASE town")
        self.standby = StandbyServer(self.primary, str(places[1]))
        self.standby.start()
        self.primary.execute("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.primary.execute("postgres", "SELECT pg_reload_conf()")
        self.url = f"postgresql://parvis@127.0.0.1:{self.primary.port},127.0.0.1:{self.standby.port}/town"
        self.died = self.promoted = 0.0

    async def fail_over(self, after: float) -> None:
        """The machine of the primary is gone, all its processes at one moment; somebody then promotes the standby."""
        await asyncio.sleep(after)
        self.died = time.monotonic()
        await asyncio.to_thread(self.kill_primary)
        await asyncio.sleep(1.0)  # until it is noticed
        await asyncio.to_thread(self.standby.promote)
        self.promoted = time.monotonic()

    def kill_primary(self) -> None:
        first = int(Path(self.primary.data, "postmaster.pid").read_text().split()[0])
        for each in (first, *(process for process in processes() if parent_of(process) == first)):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)

    def end(self) -> None:
        if self.died:
            self.primary.loop.close()
        else:
            self.primary.end()
        self.standby.end()


@asynccontextmanager
async def paired(binaries: Path) -> AsyncIterator[Pair]:
    """The pair, as long as a block lasts."""
    with tempfile.TemporaryDirectory(prefix="parvis-pair-") as folder:
        pair = await asyncio.to_thread(Pair, binaries, Path(folder))
        try:
            yield pair
        finally:
            await asyncio.to_thread(pair.end)


async def tokens_for(settings: Settings, count: int) -> list[str]:
    """Bring the database up, and make as many keys."""
    from msgspec import structs

    scopes = ("requests:read", "requests:write")
    direct = structs.replace(settings, database=settings.server_url, database_direct="")
    async with open_deployment(direct, migrating=True) as deployment:
        engine = deployment.host.engine
        made = [await make_token(engine, name=f"m{n}", jurisdiction="parvis", scopes=scopes) for n in range(count)]
    return [key for key, _ in made]


def unexplained(failed: list[Failed], killed: Sequence[Killed]) -> list[Failed]:
    """Failures during which no web process was killed, and which did not say when to come again."""
    webs = [each for each in killed if each.name.startswith("web")]
    cut_off = [each for each in failed if any(each.began <= web.gone and web.at <= each.ended for web in webs)]
    return [each for each in failed if each not in cut_off and not each.retry_after]


class Outcome(Struct, frozen=True, kw_only=True):
    """What is in the database of what was acknowledged."""

    lost: list[str]
    strangers: int
    twice: list[str]
    untold: list[str]
    waiting: int


async def outcome(settings: Settings, acknowledged: dict[str, str]) -> Outcome:
    """Compare everything that was acknowledged with what is kept, and with the letters that lie in the mailbox."""
    from parvis.db.tables import ServiceRequest
    from parvis.outbox import counts, letters

    async with open_deployment(settings):
        rows = await ServiceRequest.select(ServiceRequest.reference, ServiceRequest.state)
        kept = {row["reference"]: row["state"] for row in rows}
        sent = Counter((each.reference, each.subject) for each in await letters.letters(limit=1_000_000))
        now = await counts()
    told = Counter(reference for reference, _ in sent)
    return Outcome(
        lost=[reference for reference, state in acknowledged.items() if kept.get(reference) != state],
        strangers=len(kept.keys() - acknowledged.keys()),
        twice=[reference for (reference, _), many in sent.items() if many > 1],
        untold=[reference for reference in acknowledged if told[reference] != 1 + len(STEPS)],
        waiting=now.waiting + now.claimed + now.postponed,
    )


async def told_hours_later(settings: Settings) -> None:
    """What the last ones that were killed held is free again, and all is told."""
    from parvis.outbox import counts
    from parvis.worker import Relay

    async with open_deployment(settings) as deployment:
        with clock.moved_to(clock.now() + timedelta(hours=2)) as moved:
            while (await counts()).oldest is not None:
                await Relay(deployment.host).drain()
                moved.forward(hours=2)


async def until_told(settings: Settings, seconds: float) -> float:
    """How long it takes from now on until nothing waits any more."""
    from parvis.outbox import counts

    began = time.monotonic()
    async with open_deployment(settings), asyncio.timeout(seconds):
        while (await counts()).oldest is not None:
            await asyncio.sleep(0.5)
    return time.monotonic() - began


@asynccontextmanager
async def installed(
    folder: Path, database: str, direct: str = "", *, people: int, **given: Any
) -> AsyncIterator[Installation]:
    """An installation that has begun, and ends with the block."""
    installation = Installation(folder, database, direct, **given)
    try:
        await installation.begin(people)
        yield installation
    finally:
        await installation.end()


def program(name: str) -> str | None:
    """Where a program of the machine lies; of those for services, not everybody has the folder in their path."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
