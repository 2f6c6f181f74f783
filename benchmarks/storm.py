"""A storm: a thousand potholes in ten minutes, with lists and public pages open, letters and texts, and some poison."""

import asyncio
import os
import sqlite3
import time
from collections import defaultdict
from contextlib import ExitStack, closing
from random import Random
from statistics import quantiles
from typing import Any

import asyncpg
import msgspec
from msgspec import structs

from benchmarks.bounds import bounded
from benchmarks.creates import prepared
from benchmarks.mails import MOST, outside, taken
from benchmarks.processes import PARVIS, Answer, answer_of, begun, environ_of, got, listening, posted, processor
from benchmarks.tables import table
from benchmarks.towns import folder, postgres, settings_for
from parvis import clock
from parvis.deployment import open_deployment
from parvis.people.agents import Grant, add_agent
from parvis.people.sessions import begin_session
from parvis.settings import Settings

REPORTS = 1_000
SECONDS = float(os.environ.get("BENCH_STORM_SECONDS", "600"))
WORKERS = 2
POISONED = 5
A_MESSAGE = 50  # milliseconds that mail server and gateway take for each
LOOKS = 1.0  # seconds between two looks at one page
LONGEST = 300.0  # seconds after the last report until everybody has to be told
ANSWERS, LETTERS = 1.0, 120.0  # aims, in seconds
PAGES = {
    "desk list": "/bureau",
    "desk list, overdue": "/bureau?retard=1",
    "dashboard": "/bureau/tableau",
    "one request": "/bureau/requete/{reference}",
    "tracking": "/fr/suivi/{reference}?cle={key}",
    "public list": "/fr/requetes",
    "public map": "/fr/requetes/carte?zoom=14&view=-73.60,45.50,-73.55,45.54",
    "GeoJSON": "/api/v1/requests.geojson",
    "home": "/fr/",
}
POISON = {
    "sqlite": "CREATE TRIGGER poison AFTER INSERT ON contact WHEN new.email LIKE 'poison%' "
    "BEGIN UPDATE service_request SET state = 'gone' WHERE id = new.request; END",
    "postgres": "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "UPDATE service_request SET state = 'gone' WHERE id = new.request; RETURN new; END $$; "
    "CREATE TRIGGER poison AFTER INSERT ON contact FOR EACH ROW WHEN (new.email LIKE 'poison%') "
    "EXECUTE FUNCTION poison()",
}
CIRCUITS = "SELECT subscriber, failures FROM circuit WHERE failures > 0 ORDER BY subscriber"
LEFT = "SELECT subscriber, state, count(*) AS many FROM delivery WHERE state <> 'done' GROUP BY subscriber, state"


async def measure(reports: int = REPORTS, seconds: float = SECONDS) -> str:
    """Both engines: one web process, two workers, all as shipped, each of its own."""
    rows: list[list[object]] = []
    with folder() as place, postgres() as url:
        for engine, database in (("SQLite", ""), ("PostgreSQL", url)):
            if database is not None:
                own = place.resolve() / engine
                own.mkdir()
                settings = structs.replace(settings_for(own, database), secret_key="s" * 48)
                rows += await _storm(engine, settings, reports, seconds)
    titles = ["engine", "what", "how many", "median, s", "99 %, s", "slowest, s", "aim, s"]
    load = os.getloadavg()[0]
    words = (
        f"{reports:,} potholes in {seconds:,.0f} seconds over HTTP, each at its own time whatever became of others, "
        f"given to persons in turn; half of the people are told by mail, half by text, each taking {A_MESSAGE} ms. "
        f"Meanwhile {len(PAGES)} pages are open, looked at every {LOOKS:.0f} s. One web process and {WORKERS} workers, "
        f"with their logs; people, mail server and gateway run on the same machine. {POISONED} requests among them are "
        "such that our own code stumbles over them. Letters and texts count from the receipt to their arrival. As it "
        f"ended, {load:.0f} processes wanted the {os.cpu_count()} processors of this machine.\n\n"
    )
    return "## A storm\n\n" + words + table(titles, rows)


async def _storm(engine: str, settings: Settings, reports: int, seconds: float) -> list[list[object]]:
    bodies = await prepared(settings, "dashboards", "public_requests")
    cookie = await _clerk(settings)
    await _asked(settings, POISON["postgres" if settings.database else "sqlite"])
    log, taken_by = settings.data / "log", settings.data / "taken"
    with outside(taken_by, A_MESSAGE, MOST) as (mail, texts), ExitStack() as stack:
        environ = environ_of(settings) | {
            "PARVIS_NOTIFY_HOST": "127.0.0.1",
            "PARVIS_NOTIFY_PORT": str(mail),
            "PARVIS_NOTIFY_TLS": "none",
            "PARVIS_NOTIFY_SMS_URL": f"http://127.0.0.1:{texts}/v1/messages",
        }
        web, port = stack.enter_context(listening([PARVIS, "serve", "--no-worker", "--port"], log, environ))
        workers = [stack.enter_context(begun([PARVIS, "work"], log, environ)).pid for _ in range(WORKERS)]
        storm = Storm(port, bodies["persons in turn"], cookie)
        await storm.warm()
        before = [processor(each) for each in (web, *workers)]
        await storm.blow(reports, seconds)
        told = await storm.all_told(lambda: taken(taken_by))
        spent = [processor(each) - was for each, was in zip((web, *workers), before, strict=True)]
    circuits = await _asked(settings, CIRCUITS)
    left = {f"{row['subscriber']} {row['state']}": row["many"] for row in await _asked(settings, LEFT)}
    return storm.rows(engine, told, circuits, left, spent)


class Storm:
    """People who report, people who look, and how long each of them waited."""

    def __init__(self, port: int, body: bytes, cookie: str) -> None:
        self.port, self.cookie = port, cookie
        self.raw: dict[str, Any] = msgspec.json.decode(body)
        self.waited: defaultdict[str, list[float]] = defaultdict(list)
        self.wrong: list[str] = []
        self.received: dict[str, float] = {}
        self.newest: tuple[str, str] = ("", "")
        self.chance = Random(1)

    async def warm(self) -> None:
        """One report and one look at each page, before anything is counted."""
        await self._report(0, time.monotonic())
        for name in PAGES:
            await self._look_once(name)
        self.waited.clear()
        self.received.clear()

    async def blow(self, reports: int, seconds: float) -> None:
        """All reports, spread by chance; pages are looked at until the last one was answered."""
        over = asyncio.Event()
        looking = [asyncio.create_task(self._look(name, over)) for name in PAGES]
        begun_at = time.monotonic()
        moments = sorted(self.chance.uniform(0, seconds) for _ in range(reports))
        reporting = []
        for number, moment in enumerate(moments, 1):
            await asyncio.sleep(max(0.0, begun_at + moment - time.monotonic()))
            reporting.append(asyncio.create_task(self._report(number, begun_at + moment, number % 200 == 100)))
        await asyncio.gather(*reporting)
        over.set()
        await asyncio.gather(*looking)

    async def all_told(self, lines: Any) -> dict[str, list[float]]:
        """Seconds from the receipt until the message arrived, by contact method; infinite without a message."""
        until = time.monotonic() + LONGEST
        came: dict[str, tuple[float, str]] = {}
        while time.monotonic() < until:
            came = {to: (at, way) for at, way, to, _ in lines()}
            if self.received.keys() <= came.keys():
                break
            await asyncio.sleep(0.5)
        told: dict[str, list[float]] = {"email": [], "sms": []}
        for to, at in self.received.items():
            arrived, way = came.get(to, (float("inf"), "sms" if to.startswith("+") else "email"))
            told[way].append(max(0.0, arrived - at))
        return told

    async def _report(self, number: int, due: float, poisoned: bool = False) -> None:
        person: dict[str, Any] = {"mode": "named", "name": "Zoé Côté"}
        to = f"{'poison' if poisoned else 'resident'}{number}@exemple.ca"
        if number % 2 and not poisoned:
            to = f"+1514{2000000 + number}"
            person |= {"phone": to, "preferred_channel": "sms"}
        else:
            person["email"] = to
        body = msgspec.json.encode(self.raw | {"requester": person})
        caller = {
            "x_forwarded_for": f"10.{number >> 8 & 255}.{number & 255}.1",
            "idempotency_key": f"storm-{number:08}",
        }
        answer = await self._asked("receipt", posted("/api/v1/requests", self.port, body, **caller), due, 201)
        if answer and not poisoned:
            receipt = msgspec.json.decode(answer.body)
            self.newest = receipt["reference"], receipt.get("key", "")
            self.received[to] = clock.now().timestamp()

    async def _look(self, name: str, over: asyncio.Event) -> None:
        await asyncio.sleep(self.chance.uniform(0, LOOKS))
        while not over.is_set():
            await self._look_once(name)
            try:
                async with asyncio.timeout(LOOKS):
                    await over.wait()
            except TimeoutError:
                continue

    async def _look_once(self, name: str) -> None:
        path = PAGES[name].format(reference=self.newest[0], key=self.newest[1])
        seen = {"cookie": f"parvis_session={self.cookie}"} if path.startswith("/bureau") else {}
        await self._asked(name, got(path, self.port, x_forwarded_for="10.200.0.1", **seen), time.monotonic(), 200)

    async def _asked(self, name: str, request: bytes, due: float, status: int) -> Answer | None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request)
            answer = await answer_of(reader)
        finally:
            writer.close()
        self.waited[name].append(time.monotonic() - due)
        if answer.status not in (status, 302, 303):
            self.wrong.append(f"{name}: {answer.status} {answer.body[:200]!r}")
            return None
        return answer

    def rows(
        self, engine: str, told: dict[str, list[float]], circuits: Any, left: dict[str, int], spent: list[float]
    ) -> list[list[object]]:
        """What is shown of it, with its bounds."""
        rows: list[list[object]] = []
        for name, waited in self.waited.items():
            slowest = bounded(f"storm on {engine}, {name}, s", max(waited), ANSWERS)
            rows.append([engine, name, len(waited), *_middle(waited), slowest, f"{ANSWERS:.0f}"])
        for way, waited in told.items():
            slowest = bounded(f"storm on {engine}, {way} after, s", max(waited), LETTERS, "{:.1f}")
            rows.append([engine, f"{way} after", len(waited), *_middle(waited), slowest, f"{LETTERS:.0f}"])
        opened = bounded(f"storm on {engine}, circuits that failed", len(circuits), 0, "{:.0f}")
        wrong = bounded(f"storm on {engine}, wrong answers", len(self.wrong), 0, "{:.0f}")
        rows.append([engine, "circuits that failed", opened, "", "", "", "0"])
        rows.append([engine, "wrong answers", wrong, "", "", "", "0"])
        rows.append(
            [engine, "left: " + (", ".join(f"{many} {of}" for of, many in left.items()) or "nothing"), *[""] * 5]
        )
        processors = f"web {spent[0]:.0f}, workers {' and '.join(f'{each:.0f}' for each in spent[1:])}"
        rows.append([engine, f"seconds of processor: {processors}", *[""] * 5])
        for each in self.wrong[:5]:
            print(each)
        return rows


def _middle(waited: list[float]) -> tuple[str, str]:
    cuts = quantiles(waited, n=100) if len(waited) > 1 else waited * 99
    return f"{cuts[49]:.2f}", f"{cuts[98]:.2f}"


async def _clerk(settings: Settings) -> str:
    """The session of somebody who sees the whole town."""
    async with open_deployment(settings) as deployment:
        grants = (Grant(role="manager", jurisdiction="parvis", unit=""),)
        engine = deployment.host.engine
        person = await add_agent(engine, email="storm@parvis.example", name="Ana", password="x" * 20, grants=grants)
        return await begin_session(engine, person.id, "benchmark")


async def _asked(settings: Settings, statement: str) -> list[Any]:
    """One statement by a connection of our own, beside the product."""
    if settings.database:
        connection = await asyncpg.connect(settings.database)
        try:
            return (
                list(await connection.fetch(statement))
                if statement.startswith("SELECT")
                else [await connection.execute(statement)]
            )
        finally:
            await connection.close()
    with closing(sqlite3.connect(settings.data / "parvis.sqlite")) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute(statement).fetchall()
        connection.commit()
        return rows
