"""A day on which every other system has its own bad weather: real processes, workers killed at random, then calm again.

The test plays it small, the benchmark with five thousand requests.
"""

import asyncio
import json
import os
import random
import signal
import sys
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from msgspec import Struct

from parvis import clock
from parvis.deployment import open_deployment
from parvis.example_towns import town_folder
from parvis.outbox import Counts, counts
from parvis.people.tokens import make_token
from parvis.settings import Settings
from parvis_testing.ports import free_port

SECRET = "a secret of thirty-two characters or more"
WEATHERS = {
    "orders": "reset",
    "contacts": "hang",
    "streets": "error",
    "lights": "busy",
    "parks": "rubbish",
    "waste": "vanish",
    "snow": "swallow",
}
STEPS = ("triage", "start")
SUBMISSION: dict[str, Any] = {
    "type": "pothole",
    "language": "fr",
    "answers": {"size": "small", "surface": "lane", "danger": False},
    "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
    "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
}
AT_ONCE = 4  # people who file at the same time
DESKS = 40
HOURS_LATER = 4 * 3600  # after which everything that was put off is due


class Latencies(Struct, frozen=True, kw_only=True):
    """How long people waited for the answer to a submission, in milliseconds."""

    median: float
    slow: float
    count: int


class BadDay:
    """One installation with its processes, and the other systems."""

    def __init__(self, folder: Path, database: str, *, workers: int = 2, seed: int | None = None) -> None:
        self.folder, self.workers = folder, workers
        self.web, self.there = free_port(), free_port()
        self.chance = random.Random(seed)
        self.kills = 0
        self.references: list[str] = []
        self.settings = Settings(
            territory=town_folder(),
            secret_key=SECRET,
            data=folder / "data",
            database=database,
            database_connections=6,
            worker=False,
        )
        self.processes: dict[str, asyncio.subprocess.Process] = {}
        self.log = (folder / "processes.log").open("wb")

    def environment(self, later: int) -> dict[str, str]:
        """What each process is told; `later` moves its clock, in seconds."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
        return clean | {
            "PARVIS_SETTINGS": str(self.written()),
            "PARVIS_SECRET_KEY": SECRET,
            "PARVIS_WEBHOOKS_SECRETS": json.dumps({name: secret_of(name) for name in WEATHERS}),
            **clock.variables(timedelta(seconds=later)),
        }

    def written(self) -> Path:
        """The settings file."""
        endpoints = "".join(
            f'\n[[plugins.webhooks.endpoints]]\nname = "{name}"\nurl = "http://127.0.0.1:{self.there}/{name}"\n'
            for name in WEATHERS
        )
        file = self.folder / "parvis.toml"
        file.write_text(
            f'territory = "{self.settings.territory}"\ndata = "{self.settings.data}"\n'
            f'database = "{self.settings.database}"\ndatabase_connections = 6\nlog_level = "error"\n'
            'trusted_proxies = ["127.0.0.1"]\n'
            f'[outgoing]\nprivate = ["127.0.0.1"]\n[plugins.notify]\nmode = "mailbox"\n{endpoints}'
        )
        return file

    async def begin(self) -> None:
        """Start the portal, the workers and the other systems."""
        async with open_deployment(self.settings, migrating=True) as deployment:
            scopes = ("requests:read", "requests:write")
            made = [
                await make_token(deployment.host.engine, name=f"desk {number}", jurisdiction="parvis", scopes=scopes)
                for number in range(DESKS)
            ]
        self.keys = [key for key, _ in made]
        receiver = (sys.executable, "-m", "tests.counterparts.receiver", str(self.there))
        self.processes["others"] = await self.process(*receiver, cwd=Path(__file__).parents[2])
        parvis = str(Path(sys.executable).with_name("parvis"))
        self.processes["web"] = await self.process(parvis, "serve", "--no-worker", "--port", str(self.web))
        for number in range(self.workers):
            self.processes[f"worker {number}"] = await self.process(parvis, "work")
        await self.until_there(f"http://127.0.0.1:{self.web}/health/web")
        await self.until_there(f"http://127.0.0.1:{self.there}/_/taken")

    async def process(self, *command: str, later: int = 0, cwd: Path | None = None) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *command, env=self.environment(later), stdout=self.log, stderr=self.log, cwd=cwd
        )

    async def until_there(self, url: str) -> None:
        async with asyncio.timeout(120), httpx.AsyncClient() as http:
            while True:
                with suppress(httpx.TransportError):
                    if (await http.get(url)).status_code == 200:
                        return
                await asyncio.sleep(0.1)

    async def weather(self, **wanted: str) -> None:
        """Order the weather of the other systems."""
        async with httpx.AsyncClient() as http:
            (await http.post(f"http://127.0.0.1:{self.there}/_/weather", json=wanted)).raise_for_status()

    async def file(self, count: int) -> Latencies:
        """People file so many requests and the desk moves each; how long they waited for the receipts."""
        took: list[float] = []
        left = iter(range(count))
        async with asyncio.TaskGroup() as people:
            for _ in range(AT_ONCE):
                people.create_task(self.one_person(left, took))
        took.sort()
        return Latencies(median=took[len(took) // 2], slow=took[int(len(took) * 0.95)], count=len(took))

    async def one_person(self, left: Any, took: list[float]) -> None:
        base = f"http://127.0.0.1:{self.web}/api/v1"
        async with httpx.AsyncClient(timeout=60) as http:
            for _ in left:
                began = time.perf_counter()
                answer = await http.post(f"{base}/requests", json=SUBMISSION, headers=self.a_resident())
                took.append((time.perf_counter() - began) * 1000)
                assert answer.status_code == 201, answer.text
                reference = answer.json()["reference"]
                for step in STEPS:
                    await self.moved(http, f"{base}/requests/{reference}", step)
                self.references.append(reference)

    async def moved(self, http: httpx.AsyncClient, request: str, step: str) -> None:
        """A desk reads the request and moves it; where another system wrote in between, it reads again."""
        desk = self.a_desk()
        while True:
            seen = (await http.get(request, headers=desk)).json()["version"]
            moved = await http.post(f"{request}/moves", json={"transition": step, "version": seen}, headers=desk)
            if moved.status_code != 409 or moved.json()["errors"][0]["path"] != "version":
                break
        assert moved.status_code == 200, moved.text

    def a_resident(self) -> dict[str, str]:
        """Another one each time, as behind a proxy: nobody files thousands of requests alone."""
        return {"x-forwarded-for": f"198.18.{self.chance.randrange(256)}.{self.chance.randrange(256)}"}

    def a_desk(self) -> dict[str, str]:
        """One of the desks that move requests by the API."""
        return {"authorization": f"Bearer {self.chance.choice(self.keys)}"}

    async def kill_workers(self, every: float) -> None:
        """Kill one worker after the other at random, and start it again, until cancelled."""
        while True:
            await asyncio.sleep(self.chance.uniform(every / 2, every * 1.5))
            name = f"worker {self.chance.randrange(self.workers)}"
            await self.kill(name)
            self.kills += 1
            self.processes[name] = await self.process(str(Path(sys.executable).with_name("parvis")), "work")

    async def kill(self, name: str) -> None:
        process = self.processes[name]
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        await process.wait()

    async def hours_later(self) -> None:
        """The workers go on some hours later: whatever was put off or held by a killed worker is due."""
        for number in range(self.workers):
            name = f"worker {number}"
            await self.kill(name)
            command = (str(Path(sys.executable).with_name("parvis")), "work")
            self.processes[name] = await self.process(*command, later=HOURS_LATER)

    async def until_all_is_told(self, seconds: float) -> Counts:
        """Until nothing waits any more."""
        async with open_deployment(self.settings) as deployment:
            async with asyncio.timeout(seconds):
                while (now := await counts()).oldest is not None:
                    await asyncio.sleep(0.5)
            assert deployment.plugins
            return now

    async def taken(self) -> dict[str, dict[str, int]]:
        """What each of the other systems took."""
        async with httpx.AsyncClient() as http:
            answer = await http.get(f"http://127.0.0.1:{self.there}/_/taken")
        told: dict[str, dict[str, int]] = answer.json()
        return told

    async def end(self) -> None:
        for name in self.processes:
            await self.kill(name)
        self.log.close()


@asynccontextmanager
async def bad_day(folder: Path, database: str, **given: Any) -> AsyncIterator[BadDay]:
    """A day that has begun, and ends with the block."""
    day = BadDay(folder, database, **given)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(day.end)
        await day.begin()
        yield day


def told(names: Sequence[str], taken: dict[str, dict[str, int]]) -> dict[str, tuple[int, int]]:
    """For each system how many events it took, and in how many requests they came in disorder."""
    return {name: (taken.get(name, {}).get("count", 0), taken.get(name, {}).get("disorder", 0)) for name in names}


def secret_of(name: str) -> str:
    """What calls to one endpoint are signed with; each has its own."""
    return "whsec_" + b64encode(f"{name:.<32}".encode()).decode()
