"""How often misspelt addresses find the right one first, and how long that takes, in a city and in a large one."""

import asyncio
import json
import shutil
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import httpx
import msgspec
from tests.addresses import city
from tests.addresses.misspellings import SLIPS

from benchmarks.tables import table
from benchmarks.towns import folder, postgres, settings_for
from parvis.app import create_app
from parvis.db.binding import bind, open_engine
from parvis.db.migrating import migrate
from parvis.example_towns import town_folder
from parvis.jurisdictions.reading import Findings
from parvis.jurisdictions.shapes import Plane
from parvis.logs import begin_logging
from parvis.plugins.module_discovery import find_modules
from parvis_address_search.address_book import AddressBook
from parvis_address_search.reading import read_address_book
from parvis_sdk.text import Text

SEED = 1
ASKED = 600
LARGE = 200_000
STREETS = 5_500
BOX = (-73.98, 45.40, -73.47, 45.71)


def measure() -> str:
    book = city.montreal()
    book.search("a", 1)
    kinds, seconds = _kinds(book)
    others = [_by_hand(book, seconds), _crossings(book, seconds)]
    large = _large()
    engines = asyncio.run(_engines())
    total = [f"all {len(kinds)} kinds", sum(int(row[1]) for row in kinds), _share(sum(row[2] for row in kinds), kinds)]
    shown = [[kind, count, f"{right / count:.1%}"] for kind, count, right in kinds]
    return "\n\n".join(
        (
            "## Addresses",
            f"All {len(book.addresses):,} addresses of a city, with every slip that changes them. Aims: 95 %, 20 ms.",
            table(["slip", "searches", "right one first"], [*shown, total, *others]),
            table(
                ["where", "searches", "ms of processor (median)", "(95 %)", "(worst)"],
                [*engines, ["index alone", *_ms(seconds)]],
            ),
            large,
        )
    )


def _share(right: int, kinds: list[tuple[str, int, int]]) -> str:
    return f"{right / sum(count for _, count, _ in kinds):.2%}"


def _kinds(book: AddressBook) -> tuple[list[tuple[str, int, int]], list[float]]:
    rows, seconds = [], []
    for kind in SLIPS:
        right = count = 0
        for typed, meant in city.misspelt(kind, list(book.addresses), SEED):
            begun = time.process_time()
            found = book.search(typed, 8)
            seconds.append(time.process_time() - begun)
            right += city.is_right(found, meant, kind)
            count += 1
        rows.append((kind, count, right))
    return rows, seconds


def _by_hand(book: AddressBook, seconds: list[float]) -> list[object]:
    right = count = 0
    for typed, meant in city.spoken():
        begun = time.process_time()
        found = book.search(typed, 8)
        seconds.append(time.process_time() - begun)
        right += city.is_meant(found, meant, book)
        count += 1
    return ["written by hand", count, f"{right / count:.1%}"]


def _crossings(book: AddressBook, seconds: list[float]) -> list[object]:
    crossings = city.described_crossings()
    right = 0
    for one in crossings:
        begun = time.process_time()
        found = book.search(one["said"], 3)
        seconds.append(time.process_time() - begun)
        right += city.is_crossing(found, one)
    return ["crossings as the city describes them", len(crossings), f"{right / len(crossings):.1%}"]


def _ms(seconds: list[float]) -> list[object]:
    ordered = sorted(seconds)
    cuts = (statistics.median(ordered), ordered[int(len(ordered) * 0.95)], ordered[-1])
    return [len(ordered), *(f"{cut * 1000:.1f}" for cut in cuts)]


async def _engines() -> list[list[object]]:
    """The page's own suggestions, asked of the whole application on each database."""
    rows = []
    with folder() as place, postgres() as url:
        territory = _territory(place / "territory")
        for name, database in (("SQLite", f"sqlite:///{place}/bench.sqlite"), ("PostgreSQL", url)):
            if database:
                rows.append([f"whole application, {name}", *_ms(await _asked(place, territory, database))])
    return rows


def _territory(place: Path) -> Path:
    """The first town of the demo with the addresses of the test city."""
    shutil.copytree(town_folder() / "parvis", place / "parvis")
    for name in ("addresses.csv", "crossings.csv"):
        shutil.copy(city.FILES / name, place / "parvis" / name)
    file = place / "parvis" / "jurisdiction.toml"
    file.write_text('modules = ["address_search"]\n' + file.read_text("utf-8"), "utf-8")
    west, south, east, north = BOX
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    shape = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    (place / "parvis" / "boundary.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [shape]}))
    return place


async def _asked(place: Path, territory: Path, database: str) -> list[float]:
    settings = msgspec.structs.replace(settings_for(place, database), territory=territory)
    begin_logging(settings)
    engine = open_engine(settings.database_url)
    modules = find_modules()
    bind(engine, modules=modules)
    await migrate(engine, modules)
    await engine.close()
    app = create_app(settings)
    chance = Random(SEED)
    addresses = list(city.montreal().addresses)
    seconds = []
    async with app.lifespan():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=app.state.deployment.host.base_url) as http:
            for _ in range(ASKED):
                typed = SLIPS[chance.choice(list(SLIPS))](chance, chance.choice(addresses))
                begun = time.process_time()
                answer = await http.get("/fr/adresses", params={"q": typed})
                seconds.append(time.process_time() - begun)
                answer.raise_for_status()
    return seconds[20:]


def _large() -> str:
    """A city of two hundred thousand addresses: the time to read it, its memory, and searches in it."""
    with folder() as place:
        (place / "addresses.csv").write_text("number,street,postal_code,lon,lat,place\n" + "".join(_many()), "utf-8")
        before, begun = _memory(), time.process_time()
        town = Text(fr="Ville de Montréal", en="City of Montréal")
        book = read_address_book(Findings(place), place, Plane(lon=-73.6, lat=45.52), town=town)
        read = time.process_time() - begun
        book.search("a", 1)
        indexed = time.process_time() - begun - read
        held = _memory() - before
        chance, seconds = Random(SEED), []
        for _ in range(1000):
            typed = SLIPS[chance.choice(list(SLIPS))](chance, book.addresses[chance.randrange(len(book.addresses))])
            begun = time.process_time()
            book.search(typed, 8)
            seconds.append(time.process_time() - begun)
    titles = [
        "addresses",
        "read (s)",
        "index (s), for the first search",
        "memory (MB)",
        "ms (median)",
        "ms (95 %)",
        "ms (worst)",
    ]
    row = [f"{len(book.addresses):,}", f"{read:.2f}", f"{indexed:.2f}", f"{held:.0f}", *_ms(seconds)[1:]]
    return "A large city, made by chance:\n\n" + table(titles, [row])


def _many() -> Iterator[str]:
    chance = Random(SEED)
    real = list(city.montreal().addresses.streets)
    parts = [
        "ba",
        "cou",
        "dré",
        "fon",
        "gau",
        "lé",
        "mar",
        "non",
        "pel",
        "quin",
        "ré",
        "sau",
        "ter",
        "vil",
        "bou",
        "char",
    ]
    while len(real) < STREETS:
        name = "".join(chance.choice(parts) for _ in range(chance.randint(2, 4))).capitalize()
        kind, before = chance.choice(["Rue", "Avenue", "Boulevard"]), chance.choice(["", "Saint-", "de la ", "du "])
        real.append(f"{kind} {before}{name}{chance.choice(['', '', '', ' Est', ' Ouest'])}")
    each = LARGE // len(real) + 1
    for street in real:
        written = f'"{street}"' if "," in street else street
        lon, lat, first = chance.uniform(-73.9, -73.5), chance.uniform(45.4, 45.7), chance.randint(1, 80) * 100
        for at in range(each):
            yield f"{first + 2 * at},{written},H2X {at % 9}A{at % 7},{lon + at / 1e5:.6f},{lat + at / 1e5:.6f},\n"


def _memory() -> float:
    """Megabytes held by this process."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 1e6
