"""An incident on one machine: a day’s reports in a while, then many a second, while the desk looks and writes."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from statistics import quantiles
from typing import Any

import httpx
import msgspec

from benchmarks.calling import post
from benchmarks.tables import table
from benchmarks.towns import POTHOLE, folder, postgres, settings_for
from parvis.app import create_app
from parvis.db.binding import bind, open_engine
from parvis.db.migrating import migrate
from parvis.db.tables import Delivery, ServiceRequest
from parvis.identifiers import new_id
from parvis.logs import begin_logging
from parvis.outbox.letters import letters
from parvis.people.agents import Grant, add_agent
from parvis.people.sessions import begin_session
from parvis.requests.actors import Actor
from parvis.requests.records import Record, get
from parvis.requests.request_service import RequestService
from parvis.settings import Settings
from parvis.switches import EVERYWHERE
from parvis.switches.deciding import decide
from parvis.working import WorkerProcess
from parvis_incidents.attaching import attach_due
from parvis_incidents.bulletin import Bulletin
from parvis_incidents.incidents import title_of
from parvis_incidents.tables import IncidentRequest, IncidentTold
from parvis_incidents.telling import announce_word
from parvis_sdk.counter import Receipt
from parvis_sdk.fields import File, Photo
from parvis_sdk.testing import answers_for
from parvis_sdk.text import Text

DAILY, DAILY_SECONDS = 400, 60.0  # what comes in two hours, in one minute
A_SECOND, SECONDS = 50, 60.0
LOOKS = 1.0  # seconds between two looks of the desk
LONGEST = 600.0  # until everything is told
TWICE = 5  # every fifth report is somebody's second one
ANA = Actor(kind="agent", id="storm", name="Ana Tremblay")
FIRST = Text(fr="Les équipes sont sorties.", en="Crews are out.")
LAST = Text(fr="La tempête est passée.", en="The storm has passed.")


class Times(msgspec.Struct):
    """How long each of many took, from the moment at which it was to begin, in milliseconds."""

    taken: list[float] = []

    def told(self) -> str:
        if len(self.taken) < 2:
            return "–"
        cuts = quantiles(self.taken, n=100)
        return f"{cuts[49]:.0f}, {cuts[98]:.0f}"


async def measure(
    daily: int = DAILY, daily_seconds: float = DAILY_SECONDS, a_second: int = A_SECOND, seconds: float = SECONDS
) -> str:
    """Both engines, one web process with its worker beside it; the people are in the former."""
    waves = ((daily, daily_seconds), (round(a_second * seconds), seconds))
    rows: list[list[object]] = []
    with folder() as place:
        rows.append(["SQLite", *await _storm(settings_for(place), waves)])
    with folder() as place, postgres() as url:
        if url is not None:
            rows.append(["PostgreSQL", *await _storm(settings_for(place, url), waves)])
    titles = [
        "engine",
        "receipt, ms (median, 99 %)",
        "in the storm",
        "list of the incident",
        "page of the incident",
        "kept, of",
        "attached",
        "people told of each word",
        "twice",
        "all told after, s",
    ]
    words = (
        f"An incident is under way: {daily:,} reports in {daily_seconds:.0f} s, then {a_second} a second for "
        f"{seconds:.0f} s, each at its own time whatever became of those before; a word is announced between, another "
        f"ends it. The desk looks at its list and at the incident every {LOOKS:.0f} s. One web process, people and "
        "all, and its worker beside it.\n\n"
    )
    return "## An incident\n\n" + words + table(titles, rows)


@asynccontextmanager
async def _worker_beside(settings: Settings) -> AsyncIterator[None]:
    ending = asyncio.Event()
    working = asyncio.create_task(WorkerProcess(settings).run(ending))
    try:
        yield
    finally:
        ending.set()
        await working


async def _storm(settings: Settings, waves: tuple[tuple[int, float], ...]) -> list[object]:
    engine = open_engine(settings.database_url)
    bind(engine)
    await migrate(engine)
    await engine.close()
    begin_logging(settings)
    app = create_app(msgspec.structs.replace(settings, worker=False))
    async with app.lifespan(), _worker_beside(settings):
        host = app.state.deployment.host
        await decide(
            host.engine,
            host.modules,
            jurisdiction=EVERYWHERE,
            module="incidents",
            state="on",
            by="benchmarks",
            why="",
        )
        incident = await _declare(host)
        submitting = Submitting(app)
        clerk = await _clerk(app)
        lists, pages, over = Times(), Times(), asyncio.Event()
        looking = asyncio.create_task(_look(clerk, incident, lists, pages, over))
        calm, wild = Times(), Times()
        await submitting.wave(*waves[0], calm)
        town = host.jurisdictions.jurisdiction("parvis")
        first = await announce_word(host, incident, new_id(), title_of(town, incident), FIRST, actor=ANA)
        await submitting.wave(*waves[1], wild)
        await attach_due(host)
        last = await announce_word(host, incident, new_id(), title_of(town, incident), LAST, actor=ANA, closing=True)
        over.set()
        await looking
        took = await _until_told()
        kept = await ServiceRequest.count().where(ServiceRequest.type == "pothole")
        attached = await IncidentRequest.count().where(IncidentRequest.incident == incident.id)
        told = [await IncidentTold.count().where(IncidentTold.word == word.id) for word in (first, last)]
        twice = await _twice(FIRST) + await _twice(LAST)
        await clerk.aclose()
    people = len(submitting.people)
    return [
        calm.told(),
        wild.told(),
        lists.told(),
        pages.told(),
        f"{kept:,} of {submitting.accepted:,}",
        f"{attached:,}",
        f"{told[0]:,} and {told[1]:,} of {people:,}",
        twice,
        f"{took:.0f}" if took is not None else f"not within {LONGEST:.0f}",
    ]


async def _declare(host: Any) -> Record:
    raw = {"language": "fr", "answers": {"what": "storm"}, "requester": {"mode": "anonymous"}}
    receipt = await RequestService(host).submit("parvis", "incident", raw, channel="counter", actor=ANA, declares=True)
    if not isinstance(receipt, Receipt):
        raise RuntimeError(f"the incident was refused: {receipt}")
    await host.of(Bulletin).look(host.jurisdictions)
    rows = await ServiceRequest.select(ServiceRequest.id).where(ServiceRequest.reference == receipt.reference)
    return await get(host, rows[0]["id"])


class Submitting:
    """People who report, each from an address of their own."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.callers = itertools.count()
        self.accepted = 0
        self.people: set[str] = set()
        request_type = app.state.deployment.host.plugins.request_types["pothole"]
        answers = answers_for(request_type.form, Random(1)).native
        self.answers = {
            code: value
            for code, value in answers.items()
            if not isinstance(request_type.form.field(code), Photo | File)
        }

    async def wave(self, count: int, seconds: float, times: Times) -> None:
        """So many reports spread evenly; one that is slow keeps none of the others back."""
        begun = time.perf_counter()
        sent = []
        for number in range(count):
            at = begun + seconds * number / count
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            sent.append(asyncio.create_task(self._report(at, times)))
        await asyncio.gather(*sent)

    async def _report(self, at: float, times: Times) -> None:
        number = next(self.callers)
        caller = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        email = f"resident{number - 1 if number % TWICE == 1 else number}@exemple.ca"
        person = {"mode": "named", "name": "Résident", "email": email}
        body = msgspec.json.encode(POTHOLE | {"answers": self.answers, "requester": person})
        status = await post(self.app, "/api/v1/requests", body, caller)
        times.taken.append((time.perf_counter() - at) * 1000)
        if status == 201:
            self.accepted += 1
            self.people.add(email)


async def _clerk(app: Any) -> httpx.AsyncClient:
    engine = app.state.deployment.host.engine
    grants = (Grant(role="manager", jurisdiction="parvis", unit=""),)
    person = await add_agent(engine, email="storm@parvis.example", name="Ana", password="x" * 20, grants=grants)
    clerk = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8000")
    clerk.cookies.set("parvis_session", await begin_session(engine, person.id, "benchmark"))
    return clerk


async def _look(clerk: httpx.AsyncClient, incident: Record, lists: Times, pages: Times, over: asyncio.Event) -> None:
    while not over.is_set():
        for path, times in (
            (f"/bureau?incident={incident.reference}&tri=newest", lists),
            (f"/bureau/incidents/{incident.reference}", pages),
        ):
            begun = time.perf_counter()
            answer = await clerk.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path} was answered {answer.status_code}")
            times.taken.append((time.perf_counter() - begun) * 1000)
        try:
            async with asyncio.timeout(LOOKS):
                await over.wait()
        except TimeoutError:
            continue


async def _until_told() -> float | None:
    """Seconds until no delivery waits any more."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < LONGEST:
        if not await Delivery.count().where(Delivery.state.is_in(["waiting", "claimed", "postponed"])):
            return time.perf_counter() - begun
        await asyncio.sleep(0.5)
    return None


async def _twice(words: Text) -> int:
    """How many people have more than one letter with these words."""
    found = Counter(each.to for each in await letters(limit=1_000_000) if words.fr in each.text)
    return sum(count > 1 for count in found.values())
