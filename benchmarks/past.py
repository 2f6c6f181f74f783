"""A file of an older system brought in by `parvis migration run` while somebody works at the desk of the same town."""

import asyncio
import os
import random
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from benchmarks.bounds import bounded
from benchmarks.pages import MANAGER, sign_in
from benchmarks.processes import PARVIS, environ_of, listening, processor
from benchmarks.tables import table
from benchmarks.towns import folder, postgres, settings_for
from parvis.deployment import open_deployment
from parvis.people.agents import Grant, add_agent
from parvis.settings import Settings

ROWS = int(os.environ.get("BENCH_ROWS", "20000"))
HUNDRED = 100_000
MOST_MINUTES, MOST_WAIT = 15.0, 1.0  # for a hundred thousand rows; seconds that a page of the desk may take
BETWEEN = 1.0  # seconds between two pages that somebody opens
PAGES = ("/bureau", "/bureau?q=rachel")
TYPES = {"Nid-de-poule": "pothole", "Lampadaire": "street_light", "Graffitis": "graffiti"}
MAPPING = """source = "ancien"
projection = "degrees"

[columns]
number = "numero"
type = "categorie"
state = "statut"
submitted = "creation"
closed = "fermeture"
lon = "x"
lat = "y"
address = "adresse"
words = ["description"]
email = "courriel"

[types]
"Nid-de-poule" = "pothole"
"Lampadaire" = "street_light"
"Graffitis" = "graffiti"

[states]
"Ouverte" = "received"
"Fermée" = "closed"
"""


async def measure() -> str:
    """Both engines; what a hundred thousand rows take is reckoned from these."""
    rows: list[list[object]] = []
    with folder() as place:
        rows.append(await _one("SQLite", settings_for(place.resolve()), place.resolve()))
    with folder() as place, postgres() as url:
        if url is not None:
            rows.append(await _one("PostgreSQL", settings_for(place.resolve(), url), place.resolve()))
    titles = ["engine", "rows", "seconds", "s of processor", "100,000 rows, minutes", "desk, ms (median)", "(worst)"]
    words = f"A page of the desk each {BETWEEN:.0f} s meanwhile. Of a run, half as long again it rests on purpose.\n\n"
    return "## Ten years of files\n\n" + words + table(titles, rows)


def written(file: Path, number: int) -> None:
    """Rows of ten years, each with a place, words and an address."""
    chance, first = random.Random(7), datetime(2016, 1, 4, 12, tzinfo=UTC)
    with file.open("w", encoding="utf-8") as out:
        out.write("numero;categorie;statut;creation;fermeture;x;y;adresse;description;courriel\n")
        for each in range(number):
            came = first + timedelta(minutes=each * 5_000_000 // max(number, 1))
            ended = came + timedelta(hours=chance.randrange(20, 600))
            lon, lat = -73.5807 + chance.uniform(-0.01, 0.01), 45.5236 + chance.uniform(-0.01, 0.01)
            state = "Ouverte" if each % 50 == 0 else "Fermée"
            out.write(
                f"A-{each:07};{chance.choice([*TYPES])};{state};{came:%Y-%m-%d %H:%M};{ended:%Y-%m-%d %H:%M};"
                f"{lon:.6f};{lat:.6f};{chance.randrange(1, 9999)}, rue Rachel Est;"
                f"Devant le numéro {each}, depuis quelques jours;personne{each % 5000}@exemple.ca\n"
            )


async def _one(engine: str, settings: Settings, place: Path) -> list[object]:
    async with open_deployment(settings, migrating=True) as deployment:
        email, password = MANAGER
        grants = [Grant(role="manager", jurisdiction="parvis")]
        await add_agent(deployment.host.engine, email=email, name="Manager", password=password, grants=grants)
    environ = environ_of(settings)
    said = ["modules", "on", "migration", "--town", "parvis", "--reason", "Bench"]
    switched = await asyncio.create_subprocess_exec(PARVIS, *said, env=environ, stdout=asyncio.subprocess.DEVNULL)
    await switched.wait()
    file, mapping = place / "ancien.csv", place / "ancien.toml"
    written(file, ROWS)
    mapping.write_text(MAPPING, "utf-8")
    command = ["migration", "run", str(file), "--town", "parvis", "--mapping", str(mapping), "--by", "Bench"]
    with listening([PARVIS, "serve", "--port"], place / "log", environ) as (_, port):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
            await sign_in(http)
            begun = time.perf_counter()
            quiet = {"stdout": asyncio.subprocess.DEVNULL, "stderr": asyncio.subprocess.DEVNULL}
            run = await asyncio.create_subprocess_exec(PARVIS, *command, env=environ, **quiet)
            waits, spent = [], 0.0
            while run.returncode is None:
                waits.append(await _waited(http, PAGES[len(waits) % len(PAGES)]))
                spent = _spent(run.pid, spent)
                await asyncio.sleep(BETWEEN)
            took = time.perf_counter() - begun
            if run.returncode:
                raise RuntimeError(f"the run ended with {run.returncode}")
    minutes = took / ROWS * HUNDRED / 60
    return [
        engine,
        f"{ROWS:,}",
        f"{took:.0f}",
        f"{spent:.0f}",
        bounded(f"past, {engine}, minutes", minutes, MOST_MINUTES, "{:.1f}"),
        f"{statistics.median(waits) * 1000:.0f}",
        bounded(f"past, {engine}, worst wait in ms", max(waits) * 1000, MOST_WAIT * 1000, "{:.0f}"),
    ]


def _spent(process: int, before: float) -> float:
    """Processor of the run so far, as it was when it was last asked."""
    try:
        return max(before, processor(process))
    except OSError:
        return before


async def _waited(http: httpx.AsyncClient, page: str) -> float:
    begun = time.perf_counter()
    (await http.get(page)).raise_for_status()
    return time.perf_counter() - begun
