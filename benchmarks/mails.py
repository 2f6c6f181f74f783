"""Acknowledgements by a real mail server that takes its time for each: letters a second, processor, connections."""

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import structs

from benchmarks.processes import listening
from benchmarks.tables import table
from benchmarks.towns import folder, postgres, settings_for
from benchmarks.worker import people, submitted, until_told, used_by
from parvis.db import counted
from parvis.deployment import open_deployment
from parvis.settings import Settings
from parvis_testing.ports import free_port

LETTERS, WARM = 500, 24
A_LETTER = 50  # milliseconds that the server takes for one
MOST = 50  # connections that it lets in at once, as Postfix does


async def measure(letters: int = LETTERS) -> str:
    """Both engines; then a server that lets in but three connections at once, as some services do."""
    rows: list[list[object]] = []
    with folder() as place, postgres() as url:
        for engine, database, most in (
            ("SQLite", "", MOST),
            ("PostgreSQL", url, MOST),
            *((("PostgreSQL", url, 3),) if not os.environ.get("B_SHORT") else ()),
        ):
            if database is not None:
                own = place.resolve() / f"{engine}-{most}"
                own.mkdir()
                rows.append([engine, most, *await _sent(settings_for(own, database), letters, most)])
    titles = ["engine", "lets in", "letters/s", "worker, CPU-ms", "database, CPU-ms", "statements", "letters for one"]
    words = (
        f"{letters} acknowledgements told and sent by one worker; the server takes {A_LETTER} ms for each. Last: how "
        "many letters went over one connection.\n\n"
    )
    return "## Mail\n\n" + words + table(titles, rows)


async def _sent(settings: Settings, letters: int, most: int) -> list[object]:
    with outside(settings.data / "taken", A_LETTER, most) as (mail, _):
        by_mail = {"mode": "smtp", "host": "127.0.0.1", "port": mail, "tls": "none"}
        settings = structs.replace(settings, plugins={"notify": by_mail})
        async with open_deployment(settings, migrating=True) as deployment:
            host = deployment.host
            submissions = people(host)
            await submitted(host, submissions, WARM)
            await until_told(host)
            before = taken(settings.data / "taken")
            await submitted(host, submissions, letters)
            used, begun, spent = await used_by(settings.database, "parvis"), time.perf_counter(), time.process_time()
            with counted() as queries:
                await until_told(host)
            spent, took = time.process_time() - spent, time.perf_counter() - begun
            used = await used_by(settings.database, "parvis") - used
    lines = taken(settings.data / "taken")
    if len({each[2] for each in lines}) != len(lines):
        raise RuntimeError("somebody was told twice")
    here = lines[len(before) :]
    connections = here[-1][3] - before[-1][3]
    of_each = (f"{1000 * each / letters:.1f}" for each in (spent, used))
    return [f"{len(here) / took:.0f}", *of_each, f"{queries.count / letters:.2f}", f"{letters / connections:.1f}"]


@contextlib.contextmanager
def outside(log: Path, milliseconds: int, most: int) -> Iterator[tuple[int, int]]:
    """A mail server and a gateway of texts in a process of their own; their ports."""
    mail = free_port()
    command = [sys.executable, "-m", "benchmarks.outside", str(log), str(milliseconds), str(most), str(mail)]
    with listening(command, log.with_suffix(".said"), without_ours()) as (_, texts):
        yield mail, texts


def without_ours() -> dict[str, str]:
    """The surroundings of this process without settings of Parvis."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}


def taken(log: Path) -> list[Any]:
    """What both took so far, in its order."""
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []
