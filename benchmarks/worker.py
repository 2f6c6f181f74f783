"""The worker's share of a create, told and mailed, in CPU-seconds and statements; and good ones behind bad ones."""

import asyncio
import itertools
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import httpx

from benchmarks.processes import processor
from benchmarks.tables import table
from benchmarks.towns import POTHOLE, folder, postgres, settings_for
from parvis.db import counted, transaction
from parvis.db.tables import Delivery, Letter, ServiceRequest
from parvis.deployment import open_deployment
from parvis.requests.host import Host
from parvis.requests.request_service import RequestService
from parvis.settings import Settings
from parvis.worker import Relay
from parvis_sdk.counter import Receipt
from parvis_sdk.fields import File, Photo
from parvis_sdk.testing import answers_for
from parvis_testing.ports import free_port

CREATES, WARM = 1_000, 50
AT_ONCE = 8
LOOKS = 0.2  # seconds between two looks whether all is told
POISON, GOOD = 5, 500
LONGEST = 300.0  # seconds until all of these are told


async def measure(creates: int = CREATES) -> str:
    """Both engines, and what nothing but the rows of a create costs in the same minutes."""
    rows: list[list[object]] = []
    with folder() as place:
        share = await _share(settings_for(place), creates)
        rows.append(["SQLite", *share, "–", "–", await _behind_bad(settings_for(place))])
    with folder() as place, postgres() as url:
        if url is not None:
            share = await _against_bare(settings_for(place, url), url, creates)
            rows.append(["PostgreSQL", *share, await _behind_bad(settings_for(place, url))])
    titles = [
        "engine",
        "worker",
        "database",
        "statements",
        "deliveries/s",
        "bare create",
        "worker's share ÷ bare",
        f"{GOOD} behind {POISON} bad, s",
    ]
    words = (
        f"CPU-seconds for {creates:,} creates: what the worker does after each, an acknowledgement told by `notify` "
        f"and kept in the mailbox, two deliveries. Bare is Litestar and asyncpg writing the same rows over HTTP, "
        f"{AT_ONCE} at once, web and database together. On SQLite the database is in the worker. Last: {POISON} "
        f"requests over which our own code stumbles, then {GOOD} others; seconds until all of these are told.\n\n"
    )
    return "## Worker\n\n" + words + table(titles, rows)


async def _share(settings: Settings, creates: int) -> list[object]:
    async with open_deployment(settings, migrating=True) as deployment:
        worker, database, statements, took = await _told(deployment.host, settings, creates)
    return [*_each((worker, database), creates), f"{statements / creates:.2f}", f"{2 * creates / took:.0f}"]


async def _against_bare(settings: Settings, url: str, creates: int) -> list[object]:
    async with open_deployment(settings, migrating=True) as deployment:
        worker, database, statements, took = await _told(deployment.host, settings, creates)
    bare = await _bare(url, creates)
    told = [f"{statements / creates:.2f}", f"{2 * creates / took:.0f}"]
    return [
        *_each((worker, database), creates),
        *told,
        *_each((bare,), creates),
        f"{(worker + database) / bare:.2f}",
    ]


def _each(seconds: Iterable[float], creates: int) -> list[str]:
    return [f"{each * 1000 / creates:.2f}" for each in seconds]


async def _told(host: Host, settings: Settings, creates: int) -> tuple[float, float, int, float]:
    """CPU-seconds of this process and of the database, statements, and seconds until all is told."""
    submissions = people(host)
    await submitted(host, submissions, WARM)
    await until_told(host)
    await submitted(host, submissions, creates)
    before, begun, spent = await used_by(settings.database, "parvis"), time.perf_counter(), time.process_time()
    with counted() as queries:
        await until_told(host)
    spent, took = time.process_time() - spent, time.perf_counter() - begun
    return spent, await used_by(settings.database, "parvis") - before, queries.count, took


async def _behind_bad(settings: Settings) -> str:
    """Seconds until good requests are told that came after bad ones."""
    async with open_deployment(settings) as deployment:
        host = deployment.host
        submissions = people(host)
        bad = await submitted(host, submissions, POISON)
        async with transaction(host.engine):
            broken = ServiceRequest.update({ServiceRequest.state: "gone"})
            await broken.where(ServiceRequest.reference.is_in(bad))
        good = await submitted(host, submissions, GOOD)
        stopping, begun = asyncio.Event(), time.perf_counter()
        working = asyncio.create_task(Relay(host).run(stopping))
        last = Letter.reference.is_in(good)
        while await Letter.count().where(last) < GOOD and time.perf_counter() - begun < LONGEST:  # noqa: ASYNC110
            await asyncio.sleep(LOOKS)
        took = time.perf_counter() - begun
        stopping.set()
        await working
    return f"{took:.1f}" if took < LONGEST else f"not within {LONGEST:.0f}"


def people(host: Host) -> Iterable[dict[str, Any]]:
    """Submissions of a pothole, each of somebody else."""
    request_type = host.plugins.request_types["pothole"]
    answers = answers_for(request_type.form, Random(1)).native
    without_files = {
        code: value for code, value in answers.items() if not isinstance(request_type.form.field(code), Photo | File)
    }
    for number in itertools.count():
        person = {"mode": "named", "name": "Zoé Côté", "email": f"zoe{number}@exemple.ca"}
        raw = POTHOLE | {"answers": without_files, "requester": person}
        yield {name: value for name, value in raw.items() if name != "type"}


async def submitted(host: Host, submissions: Iterable[dict[str, Any]], count: int) -> list[str]:
    """So many requests, without any worker; their references."""
    counter = RequestService(host)
    references = []
    for raw in itertools.islice(submissions, count):
        receipt = await counter.submit("parvis", "pothole", raw, channel="portal")
        if not isinstance(receipt, Receipt):
            raise RuntimeError(f"a submission was refused: {receipt}")
        references.append(receipt.reference)
    return references


async def until_told(host: Host) -> None:
    """One relay, as a worker runs it, until no delivery waits any more."""
    stopping = asyncio.Event()
    working = asyncio.create_task(Relay(host).run(stopping))
    while await _waiting():  # noqa: ASYNC110
        await asyncio.sleep(LOOKS)
    stopping.set()
    await working


async def _waiting() -> int:
    return int(await Delivery.count().where(Delivery.state.is_in(["waiting", "claimed", "postponed"])))


async def used_by(url: str, application: str) -> float:
    """Seconds of processor that PostgreSQL has used for the open connections of an application; 0 without one."""
    if not url:
        return 0.0
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT pid FROM pg_stat_activity WHERE application_name = $1", application)
    finally:
        await connection.close()
    return sum(processor(row["pid"]) for row in rows)


async def _bare(url: str, creates: int) -> float:
    """CPU-seconds of the least that a create costs, web and database."""
    port = free_port()
    words = [sys.executable, str(Path(__file__).with_name("bare.py")), f"{url}?application_name=bare", str(port)]
    process = await asyncio.create_subprocess_exec(*words)
    try:
        await _asked(port, WARM)
        before, spent = await used_by(url, "bare"), processor(process.pid)
        await _asked(port, creates)
        return processor(process.pid) - spent + await used_by(url, "bare") - before
    finally:
        process.terminate()
        await process.wait()


async def _asked(port: int, count: int) -> None:
    """So many posts of a small body, several at once; a server that is just beginning is waited for."""
    left = iter(range(count))
    transport = httpx.AsyncHTTPTransport(retries=50)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", transport=transport, timeout=60) as client:

        async def caller() -> None:
            for _ in left:
                (await client.post("/", json={"what": "pothole"})).raise_for_status()

        await asyncio.gather(*(caller() for _ in range(AT_ONCE)))
