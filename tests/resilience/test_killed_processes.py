"""Web and worker processes killed at random while residents send and agents move: nothing acknowledged is lost.

Real processes on a real database, SQLite or PostgreSQL; `kill -9`, so that nothing is cleaned up by anybody.
"""

import asyncio
import itertools
import os
import random
import ssl
from collections import Counter
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import httpx
import pytest

from parvis import clock
from parvis_testing.copied import CopiedProcess
from parvis_testing.ports import free_port

pytestmark = [pytest.mark.slow, pytest.mark.both_engines]

SECRET = "a secret of thirty-two characters or more"
CLIENTS, PER_CLIENT = 8, 12
ANSWERS_BETWEEN_KILLS, LEAST_KILLS = (10, 40), 5
ANSWERS = {"size": "small", "surface": "lane", "danger": False}
PLACE = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
UNENCRYPTED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # every call would read the authorities' certificates for nothing
STEPS = (("triage", "triaged"), ("start", "in_progress"), ("resolve", "resolved"))
READY_SECONDS, STUCK_SECONDS = 300, 600


class Fleet:
    """Two web processes and two workers, each started again whenever it is killed."""

    def __init__(self, environment, ports, log):
        self.environment, self.ports, self.log = environment, ports, log
        self.running = {}
        self.kills = Counter()

    def start(self, name):
        kind, _, port = name.partition(":")
        arguments = ("serve", "--no-worker", "--port", port) if kind == "web" else ("work",)
        self.running[name] = CopiedProcess(*arguments, environ=self.environment, log=self.log.name)

    def start_all(self):
        for name in (*(f"web:{port}" for port in self.ports), "worker:1", "worker:2"):
            self.start(name)

    async def kill(self, name):
        process = self.running[name]
        process.kill()
        await process.wait()

    async def kill_at_random(self, chance, progress):
        """After every few answers one process dies; webs and workers in turn, so that both kinds die often."""
        for kind in itertools.cycle(("web", "worker")):
            if not await progress.until_more(chance.randint(*ANSWERS_BETWEEN_KILLS)):
                return
            name = chance.choice([each for each in self.running if each.startswith(kind)])
            assert self.running[name].returncode is None, f"{name} ended by itself: see {self.log.name}"
            await self.kill(name)
            self.kills[kind] += 1
            self.start(name)

    async def kill_all(self):
        for name in self.running:
            await self.kill(name)


class Progress:
    """How many answers have come, for those who wait for more of them."""

    def __init__(self):
        self.answers, self.over = 0, False
        self.more = asyncio.Condition()

    async def another(self):
        async with self.more:
            self.answers += 1
            self.more.notify_all()

    async def end(self):
        async with self.more:
            self.over = True
            self.more.notify_all()

    async def until_more(self, count):
        """Wait for so many more answers; False when there will be none."""
        wanted = self.answers + count
        async with self.more:
            await self.more.wait_for(lambda: self.over or self.answers >= wanted)
        return not self.over


class Person:
    """Sends requests and moves them, and trusts an answer only when it has come; asks again until one comes."""

    def __init__(self, number, token, ports, chance, progress):
        self.number, self.ports, self.chance, self.progress = number, ports, chance, progress
        self.headers = {"authorization": f"Bearer {token}"}
        self.acknowledged = {}

    async def call(self, method, path, **given):
        """Ask any of the web processes until one of them answers."""
        while True:
            base = f"http://127.0.0.1:{self.chance.choice(self.ports)}/api/v1"
            try:
                async with httpx.AsyncClient(timeout=10, headers=self.headers, verify=UNENCRYPTED) as http:
                    answer = await http.request(method, base + path, **given)
            except httpx.TransportError:
                await asyncio.sleep(self.chance.uniform(0.02, 0.2))
                continue
            if answer.status_code < 500:
                await self.progress.another()
                return answer
            await asyncio.sleep(0.1)

    async def send_and_move(self, count):
        for turn in range(count):
            reference = await self.send(turn)
            for transition, target in STEPS:
                await self.move(reference, transition, target)

    async def send(self, turn):
        submission = {
            "type": "pothole",
            "language": self.chance.choice(("fr", "en")),
            "answers": ANSWERS,
            "place": PLACE,
            "requester": {"mode": "named", "name": "Zoé Côté", "email": f"zoe{self.number}@exemple.ca"},
        }
        once = {"idempotency-key": f"person-{self.number}-{turn}"}
        answer = await self.call("POST", "/requests", json=submission, headers=self.headers | once)
        assert answer.status_code == 201, answer.text
        reference = answer.json()["reference"]
        assert reference not in self.acknowledged
        self.acknowledged[reference] = "received"
        return reference

    async def move(self, reference, transition, target):
        seen = (await self.call("GET", f"/requests/{reference}")).json()["version"]
        sent = {"transition": transition, "version": seen}
        answer = await self.call("POST", f"/requests/{reference}/moves", json=sent)
        if answer.status_code != 200:  # the answer to an earlier try may have died with its process
            answer = await self.call("GET", f"/requests/{reference}")
        assert answer.status_code == 200, answer.text
        assert answer.json()["state"] == target, (transition, answer.text)
        self.acknowledged[reference] = target


@pytest.fixture
def settings(database_url, tmp_path):
    from parvis.example_towns import town_folder
    from parvis.settings import Settings

    return Settings(
        territory=town_folder(),
        secret_key=SECRET,
        data=tmp_path / "data",
        database=database_url,
        database_connections=4,
        worker=False,
        plugins={"notify": {"mode": "mailbox"}},
    )


@pytest.fixture
def environment(settings):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
    return clean | {
        **clock.variables(),
        "PARVIS_TERRITORY": str(settings.territory),
        "PARVIS_SECRET_KEY": SECRET,
        "PARVIS_DATA": str(settings.data),
        "PARVIS_DATABASE": settings.database,
        "PARVIS_DATABASE_CONNECTIONS": "4",
        "PARVIS_NOTIFY_MODE": "mailbox",
    }


@pytest.fixture
async def fleet(environment, tmp_path):
    log = (tmp_path / "processes.log").open("wb")
    fleet = Fleet(environment, [free_port(), free_port()], log)
    try:
        yield fleet
    finally:
        await fleet.kill_all()
        log.close()


@asynccontextmanager
async def opened(settings):
    from parvis.deployment import open_deployment

    async with open_deployment(settings) as deployment:
        yield deployment


async def tokens_for(settings, count):
    from parvis.people.tokens import make_token

    async with opened(settings) as deployment:
        made = [
            await make_token(
                deployment.host.engine,
                name=f"m{number}",
                jurisdiction="parvis",
                scopes=("requests:read", "requests:write"),
            )
            for number in range(count)
        ]
    return [key for key, _ in made]


async def until_ready(ports):
    async with asyncio.timeout(READY_SECONDS), httpx.AsyncClient() as http:
        for port in ports:
            while True:
                with suppress(httpx.TransportError):
                    if (await http.get(f"http://127.0.0.1:{port}/health/web")).status_code == 200:
                        break
                await asyncio.sleep(0.1)


async def test_killed_processes_lose_nothing_acknowledged_and_tell_nobody_twice(settings, fleet):
    seed = random.SystemRandom().randrange(2**32)
    print(f"chance: {seed}")  # noqa: T201 - shown when the test fails
    chance = random.Random(seed)
    tokens = await tokens_for(settings, CLIENTS)
    progress = Progress()
    people = [
        Person(number, token, fleet.ports, random.Random(seed + number), progress)
        for number, token in enumerate(tokens)
    ]
    fleet.start_all()
    await until_ready(fleet.ports)
    async with asyncio.timeout(STUCK_SECONDS), asyncio.TaskGroup() as group:
        group.create_task(fleet.kill_at_random(chance, progress))
        sending = [group.create_task(person.send_and_move(PER_CLIENT)) for person in people]
        await asyncio.wait(sending)
        await progress.end()
    await fleet.kill_all()
    acknowledged = {reference: state for person in people for reference, state in person.acknowledged.items()}
    assert len(acknowledged) == CLIENTS * PER_CLIENT
    assert min(fleet.kills["web"], fleet.kills["worker"]) >= LEAST_KILLS, fleet.kills
    async with opened(settings) as deployment:
        await everything_acknowledged_is_there_once(deployment.host, acknowledged)
        await every_delivery_is_done_once_or_waits_in_sight(deployment.host, acknowledged)


async def everything_acknowledged_is_there_once(host, acknowledged):
    from parvis.db.tables import ServiceRequest
    from parvis.requests.history import broken_at, entries_of
    from parvis.requests.records import find

    kept = Counter(row["reference"] for row in await ServiceRequest.select(ServiceRequest.reference))
    assert kept == Counter(acknowledged.keys()), "each idempotency key is one request, and each is acknowledged"
    for reference, state in acknowledged.items():
        record = await find(host, reference)
        assert record.state == state
        assert await broken_at(record) is None
        entries = await entries_of(record)
        assert [entry.kind for entry in entries] == ["submitted", *["moved"] * len(STEPS)]
        assert [entry.body["transition"] for entry in entries[1:]] == [transition for transition, _ in STEPS]


async def every_delivery_is_done_once_or_waits_in_sight(host, acknowledged):
    from parvis.db.tables import Delivery
    from parvis.outbox import counts, letters
    from parvis.worker import Relay

    events = await Delivery.select(Delivery.reference, Delivery.event_id).where(Delivery.subscriber == "notify.tell")
    assert len({row["event_id"] for row in events}) == len(events)
    assert Counter(row["reference"] for row in events) == {reference: 1 + len(STEPS) for reference in acknowledged}
    before = await counts()
    assert before.dead == before.skipped == 0
    with clock.moved_to(clock.now() + timedelta(hours=2)) as moved:  # what the killed ones held is free again
        while (await counts()).oldest is not None:
            await Relay(host).drain()
            moved.forward(hours=2)
    sent = await letters.letters(limit=100_000)
    by_request = {reference: [] for reference in acknowledged}
    for letter in reversed(sent):
        by_request[letter.reference].append(letter.subject)
    for reference, subjects in by_request.items():
        assert len(subjects) == len(set(subjects)) == 1 + len(STEPS), (reference, subjects)
    again = await Delivery.count().where(Delivery.attempts > 1)
    print(f"deliveries whose worker was killed: {again}")  # noqa: T201 - shown when the test fails
    after = await counts()
    assert (after.waiting, after.claimed, after.postponed, after.dead) == (0, 0, 0, 0)
    beats = await Delivery.count().where((Delivery.subscriber == "heartbeat") & (Delivery.state == "done"))
    assert after.done - beats == 2 * (1 + len(STEPS)) * len(acknowledged)  # each event told, each message sent
