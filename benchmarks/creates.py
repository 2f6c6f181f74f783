"""What one creation costs over real HTTP: CPU of the web process and of PostgreSQL, statements, beside bare rows.

`python -m benchmarks submit` prints it; a bare server of Litestar and asyncpg writes the same rows in the same minutes.
"""

import os
import secrets
import sys
import time
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import asyncpg
import msgspec
from msgspec import structs

from benchmarks.processes import PARVIS, ask, backends, environ_of, listening, posted, processor
from benchmarks.tables import table
from benchmarks.towns import POTHOLE, folder, postgres, settings_for
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

AT_ONCE, WARMING = 8, 200
TURNS, NO_TURNS = "pothole", "graffiti"  # a type that a rule of persons gives out, and one that none does
COUNTING = "-c shared_preload_libraries=pg_stat_statements"
NO_STATEMENTS = (
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SET",
    "SHOW",
    "RESET",
    "CLOSE",
    "UNLISTEN",
    "SELECT PG_ADVISORY_UNLOCK",
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
        bodies = await prepared(settings)
        found: dict[str, Cost] = {}
        raw = [sys.executable, str(Path(__file__).with_name("bare.py")), url]
        serving = [PARVIS, "serve", "--no-worker", "--port"]
        environ = environ_of(settings)
        with (
            listening(serving, settings.data / "log", environ) as (web, port),
            listening(raw, place / "bare.log", environ) as (bare, bare_port),
        ):
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


async def prepared(settings: Settings, *modules: str) -> dict[str, bytes]:
    """A migrated database with three agents who share one type, and these modules on; the bodies to send."""
    async with open_deployment(settings, migrating=True) as deployment:
        host, town = deployment.host, deployment.jurisdictions.jurisdiction("parvis")
        for name in ("routing", "interests", "absences", *modules):
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


async def _cost(url: str, web: int, port: int, path: str, body: bytes, creations: int) -> Cost:
    await _send(port, path, body, WARMING)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        await connection.execute("SELECT pg_stat_statements_reset()")
        before, began = (processor(web), backends()), time.monotonic()
        await _send(port, path, body, creations)
        seconds, after = time.monotonic() - began, (processor(web), backends())
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


async def calls_so_far(url: str) -> float:
    """How many statements the database has been asked, without those that begin and end a transaction."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        asked = "SELECT query, sum(calls)::int AS calls FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid "
        asked += "WHERE datname = current_database() AND query NOT LIKE '%pg_stat_statements%' GROUP BY query"
        rows = await connection.fetch(asked)
    finally:
        await connection.close()
    return float(sum(each["calls"] for each in rows if not each["query"].upper().startswith(NO_STATEMENTS)))


async def _send(port: int, path: str, body: bytes, count: int) -> None:
    """So many creations by callers who keep their connections, each with a key of its own."""

    def request(number: int) -> bytes:
        caller = f"10.{number >> 8 & 255}.{number & 255}.1"
        return posted(path, port, body, x_forwarded_for=caller, idempotency_key=secrets.token_hex(12))

    for answer in await ask(port, count, AT_ONCE, request):
        if answer.status != 201:
            raise RuntimeError(f"{answer}")
