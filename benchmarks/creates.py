"""What one creation costs over real HTTP: CPU of the web process and of PostgreSQL, statements, beside bare rows.

`python -m benchmarks submit` prints it; a bare server of Litestar and asyncpg writes the same rows in the same minutes.
"""

import asyncio
import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import asyncpg
import msgspec
from msgspec import structs

from benchmarks.tables import table
from benchmarks.towns import POTHOLE, folder, free_port, postgres, settings_for
from parvis import clock
from parvis.db import insert_values, transaction
from parvis.deployment import open_deployment
from parvis.people.agents import Grant, add_agent
from parvis.requests.records import as_json
from parvis.settings import Settings
from parvis.switches import EVERYWHERE
from parvis.switches.deciding import decide
from parvis_routing.rules import Rule, of_files
from parvis_routing.tables import RuleSet
from parvis_sdk.fields import File, Photo
from parvis_sdk.testing import answers_for

AT_ONCE, WARMING, PATIENCE = 8, 200, 120.0
TURNS, NO_TURNS = "pothole", "graffiti"  # a type that a rule of persons gives out, and one that none does
TICKS = os.sysconf("SC_CLK_TCK")
COUNTING = "-c shared_preload_libraries=pg_stat_statements"
NO_STATEMENTS = ("BEGIN", "COMMIT", "ROLLBACK", "SET", "SHOW")
HEAD = (
    "POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nx-forwarded-for: {caller}\r\ncontent-type: application/json\r\n"
)


class Cost(NamedTuple):
    """Of one operation: CPU in milliseconds, statements, and how many went through in a second."""

    web: float
    database: float
    statements: float
    pace: float

    @property
    def whole(self) -> float:
        return self.web + self.database


async def measure(creations: int = 2000) -> str:
    """Creations of both types and bare rows, taken in turn twice; the cheaper time of each."""
    with folder() as place, postgres(COUNTING) as url:
        if url is None:
            return ""
        settings = settings_for(place.resolve(), url)
        bodies = await _prepared(settings)
        found: dict[str, Cost] = {}
        raw = [sys.executable, str(Path(__file__).with_name("bare.py")), url]
        with _parvis(settings) as (web, port), _process(raw, place / "bare.log", {}) as (bare, bare_port):
            for _ in range(2):
                for name, body in bodies.items():
                    cost = await _cost(url, web, port, "/api/v1/requests", body, creations)
                    found[name] = min(found.get(name, cost), cost, key=lambda each: each.whole)
                cost = await _cost(url, bare, bare_port, "/", b"{}", creations)
                found["bare"] = min(found.get("bare", cost), cost, key=lambda each: each.whole)
    limit = found["bare"].whole
    rows: list[list[object]] = [
        [
            name,
            *(f"{one:.2f}" for one in (each.web, each.database, each.whole, each.whole / limit)),
            f"{each.statements:.1f}",
            f"{each.pace:.0f}",
        ]
        for name, each in found.items()
    ]
    titles = ["created", "CPU-ms web", "CPU-ms PostgreSQL", "both", "÷ bare", "statements", "in a second"]
    words = f"{AT_ONCE} callers at once over HTTP, {creations} of each with a key of their own; no worker runs.\n\n"
    return "## Create\n\n" + words + table(titles, rows)


async def _prepared(settings: Settings) -> dict[str, bytes]:
    """A migrated database with three agents who share one type; the bodies to send."""
    async with open_deployment(settings, migrating=True) as deployment:
        host, town = deployment.host, deployment.jurisdictions.jurisdiction("parvis")
        for name in ("routing", "interests", "absences"):
            await decide(
                host.engine, host.modules, jurisdiction=EVERYWHERE, module=name, state="on", by="Benchmarks", why=""
            )
        people = [
            await add_agent(
                host.engine,
                email=f"{name}@parvis.example",
                name=name,
                password=secrets.token_urlsafe(16),
                grants=(Grant(role="agent", jurisdiction=town.code),),
            )
            for name in ("ana", "luc", "zoe")
        ]
        shared = Rule(id="b", types=(TURNS,), unit=town.default_unit, persons=tuple(each.id for each in people))
        rules = of_files(town)
        row = {"key": "parvis 1", "jurisdiction": town.code, "number": 1, "word": "", "back_to": 0}
        row |= {"body": as_json(structs.replace(rules, rules=(shared, *rules.rules))), "agent": "", "by": ""}
        async with transaction(host.engine):
            await insert_values(RuleSet, row | {"at": clock.now()})
        return {
            "persons in turn": _body(host.plugins.request_types[TURNS]),
            "nobody in turn": _body(host.plugins.request_types[NO_TURNS]),
        }


def _body(request_type: Any) -> bytes:
    answers = answers_for(request_type.form, Random(1)).native
    files = (Photo, File)
    without = {code: each for code, each in answers.items() if not isinstance(request_type.form.field(code), files)}
    return msgspec.json.encode(POTHOLE | {"type": request_type.code, "answers": without})


@contextlib.contextmanager
def _parvis(settings: Settings) -> Iterator[tuple[int, int]]:
    """The product as it is started by hand, its log written to a file."""
    given = {
        "PARVIS_TERRITORY": str(settings.territory),
        "PARVIS_SECRET_KEY": "s" * 48,
        "PARVIS_DATA": str(settings.data),
        "PARVIS_DATABASE": settings.database,
        "PARVIS_TRUSTED_PROXIES": "127.0.0.1",
        "PARVIS_LOG": "json",
    }
    parvis = str(Path(sys.executable).parent / "parvis")
    with _process([parvis, "serve", "--no-worker", "--port"], settings.data / "log", given) as served:
        yield served


@contextlib.contextmanager
def _process(command: list[str], log: Path, given: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """A server that was begun: its process, and the port on which it answers."""
    port = free_port()
    with log.open("wb") as out:
        process = subprocess.Popen([*command, str(port)], env={**os.environ, **given}, stdout=out, stderr=out)
    try:
        until = time.monotonic() + PATIENCE
        while not _listens(port):
            if time.monotonic() > until or process.poll() is not None:
                raise RuntimeError(log.read_text()[-2000:])
            time.sleep(0.05)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(30)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


async def _cost(url: str, web: int, port: int, path: str, body: bytes, creations: int) -> Cost:
    await _send(port, path, body, WARMING)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        await connection.execute("SELECT pg_stat_statements_reset()")
        before, began = (_processor(web), _backends()), time.monotonic()
        await _send(port, path, body, creations)
        seconds, after = time.monotonic() - began, (_processor(web), _backends())
        asked = "SELECT query, sum(calls)::int AS calls FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid "
        asked += "WHERE datname = current_database() AND query NOT LIKE '%pg_stat_statements%' GROUP BY query"
        calls = {each["query"]: each["calls"] for each in await connection.fetch(asked)}
    finally:
        await connection.close()
    if os.environ.get("BENCH_STATEMENTS"):
        print(*(f"{calls[each]:6} {each[:150]!r}" for each in sorted(calls, key=lambda each: -calls[each])), sep="\n")
    sent = sum(calls[each] for each in calls if not each.upper().startswith(NO_STATEMENTS))
    spent = [(later - earlier) / creations * 1000 for later, earlier in zip(after, before, strict=True)]
    return Cost(spent[0], spent[1], sent / creations, creations / seconds)


def _processor(process: int | str) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _backends() -> float:
    """Seconds of processor of all connections to the database of this run."""
    spent = 0.0
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if each.read_bytes().startswith(b"postgres: parvis bench "):
                spent += _processor(each.parent.name)
    return spent


async def _send(port: int, path: str, body: bytes, count: int) -> None:
    """So many creations by callers who keep their connections, each with a key of its own."""
    left = iter(range(count))

    async def caller() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in left:
            head = HEAD.format(path=path, caller=f"10.{number >> 8 & 255}.{number & 255}.1", port=port)
            head += f"idempotency-key: {secrets.token_hex(12)}\r\ncontent-length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = int(answer.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            said = await reader.readexactly(length)
            if not answer.startswith(b"HTTP/1.1 201"):
                raise RuntimeError(f"{answer!r} {said!r}")
        writer.close()

    await asyncio.gather(*(caller() for _ in range(AT_ONCE)))
