"""A hundred thousand lots of an ArcGIS kept as copies: first read, read again, in use by another process, asked of."""

import asyncio
import math
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any

import httpx
from msgspec import structs
from tests.counterparts.arcgis import Field, Layer, arcgis_server

from benchmarks.tables import table
from benchmarks.towns import folder, postgres, settings_for
from parvis.deployment import open_deployment
from parvis.jurisdictions.layers import known_of
from parvis.logs import begin_logging
from parvis.requests.host import Host
from parvis.sections import OutgoingSettings
from parvis.settings import Settings
from parvis.switches import EVERYWHERE
from parvis.switches.deciding import decide
from parvis_connectors.layers import layers
from parvis_connectors.polling import poll_now
from parvis_connectors.renewing import LayerRenewal
from parvis_connectors.switched import NAME
from parvis_sdk.requests import Place

LOTS, EDITS, GONE, ACROSS = 100_000, 100, 10, 400
WEST, SOUTH, SIZE = -73.75, 45.45, 0.0005
FIELDS = (Field("NO_LOT", length=20), Field("MATRICULE", length=20), Field("USAGE", "Integer"))
ASKED = 2000


async def measure() -> str:
    """Both engines against one server, which is another process."""
    rows: list[list[object]] = []
    for engine in ("SQLite", "PostgreSQL"):
        with folder() as place, postgres() if engine == "PostgreSQL" else _nothing() as url, _arcgis() as arcgis:
            if engine == "SQLite" or url is not None:
                rows += await _measured(engine, settings_for(place, url or ""), arcgis)
    words = f"{LOTS:,} lots of {len(_ring(0))} corners by pages of 2,000; then {EDITS} edited and {GONE} gone.\n\n"
    return "## Layers\n\n" + words + table(["engine", "measured", ""], rows)


async def _measured(engine: str, settings: Settings, arcgis: SimpleNamespace) -> list[list[object]]:
    begin_logging(settings)
    read = [
        {"name": name, "url": url, "code": "NO_LOT", "facts": {"matricule": "MATRICULE", "use": "USAGE"}}
        for name, url in arcgis.layers.items()
    ]
    given = {**settings.plugins, "gis_arcgis": {"layers": read}}
    settings = structs.replace(settings, plugins=given, outgoing=OutgoingSettings(private=("127.0.0.0/8",)))
    found: list[list[object]] = []
    ceiling = await _raw(arcgis.layers["dated"])
    async with open_deployment(settings, migrating=True) as deployment:
        host = deployment.host
        await decide(
            host.engine, host.modules, jurisdiction=EVERYWHERE, module=NAME, state="on", by="Benchmarks", why=""
        )
        dated, undated = ("arcgis_dated", "arcgis_undated")
        with _lag() as lag:
            cost, first, came = await _poll(host, dated)
        found.append([engine, "first reading", f"{cost} ({first / ceiling:.1f} times the raw answers)"])
        found.append([engine, "longest the event loop stood still in it", f"{lag.longest * 1000:.0f} ms"])
        await _poll(host, undated)
        _same(came, LOTS)
        elsewhere = LayerRenewal(deployment.host.of(LayerRenewal).towns)
        begun, processor = time.perf_counter(), time.process_time()
        await elsewhere.look(host)
        found.append([engine, "both layers into the memory of a process that starts", _seconds(begun, processor)])
        arcgis.edit()
        cost, _, came = await _poll(host, dated)
        _same(came, EDITS + GONE)
        found.append([engine, "what changed, by dates of edits", cost])
        cost, _, came = await _poll(host, undated)
        _same(came, EDITS + GONE)
        found.append([engine, "what changed, every row compared", cost])
        begun, processor = time.perf_counter(), time.process_time()
        await elsewhere.look(host)
        found.append([engine, "what changed, into the memory of a process", _seconds(begun, processor)])
        _same(sum(each.features for each in await layers(host)), 2 * (LOTS - GONE))
        found.append([engine, "facts of a point, of both layers", f"{_asked(host) * 1000:.2f} ms"])
    return found


async def _poll(host: Host, name: str) -> tuple[str, float, int | None]:
    """What it cost, in words and in seconds, and how much came."""
    begun, processor = time.perf_counter(), time.process_time()
    came = await poll_now(host, host.plugins.connectors[name], "bench")
    return _seconds(begun, processor), time.perf_counter() - begun, came


async def _raw(url: str) -> float:
    """Seconds in which a client gets the same pages and does nothing with them."""
    begun, after = time.perf_counter(), -1
    asked = {"f": "json", "outFields": "NO_LOT,MATRICULE,USAGE", "outSR": "4326", "orderByFields": "OBJECTID"}
    async with httpx.AsyncClient(timeout=60) as http:
        for _ in range(math.ceil(LOTS / ASKED)):
            answer = await http.post(f"{url}/query", data={**asked, "where": f"(1=1) AND OBJECTID > {after}"})
            after += ASKED if after > 0 else ASKED + 1
            answer.raise_for_status()
    return time.perf_counter() - begun


def _asked(host: Host) -> float:
    """Seconds for the facts of one point, of many points once their shapes were read."""
    town = host.jurisdictions.jurisdiction("parvis")
    places = [Place(lon=WEST + (n % ACROSS + 0.5) * SIZE, lat=SOUTH + 0.0002) for n in range(100)]
    for _ in range(2):
        begun = time.perf_counter()
        for place in places:
            if not known_of(town, place).get("dated"):
                raise RuntimeError(f"nothing is known of {place}")
    return (time.perf_counter() - begun) / len(places)


@contextmanager
def _lag() -> Iterator[SimpleNamespace]:
    """How long the event loop let nobody else in while this lasts."""
    seen = SimpleNamespace(longest=0.0)

    async def watch() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0.005)
            seen.longest = max(seen.longest, time.perf_counter() - begun - 0.005)

    task = asyncio.get_running_loop().create_task(watch())
    try:
        yield seen
    finally:
        task.cancel()


@contextmanager
def _arcgis() -> Iterator[SimpleNamespace]:
    """The server in a process of its own; `edit()` has people there change and delete rows."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        addresses = ours.recv()

        def edit() -> None:
            ours.send("edit")
            ours.recv()

        yield SimpleNamespace(layers=addresses, edit=edit)
    finally:
        process.terminate()


def _serve(pipe: Connection) -> None:
    dated = Layer("dated", fields=FIELDS, geometry="polygon", max_record_count=2000)
    undated = Layer("undated", fields=FIELDS, geometry="polygon", max_record_count=2000, edit_tracking=False)
    with arcgis_server([dated, undated]) as server:
        for name in ("dated", "undated"):
            server.layer(name).fill(_lot(number) for number in range(LOTS))
        server.layer("dated").rows.execute("UPDATE features SET EditDate = EditDate - 86400000")
        pipe.send({name: server.layer(name).url for name in ("dated", "undated")})
        while pipe.recv():
            for name in ("dated", "undated"):
                for number in range(EDITS):
                    server.layer(name).change(1 + number * 997, USAGE=9)
                for number in range(GONE):
                    server.layer(name).remove(500 + number * 997)
            pipe.send("done")


def _lot(number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    return (
        {"NO_LOT": f"{1_000_000 + number}", "MATRICULE": f"9840-{number:07}", "USAGE": number % 7},
        {"rings": [_ring(number)]},
    )


def _ring(number: int) -> list[list[float]]:
    west, south = WEST + number % ACROSS * SIZE, SOUTH + number // ACROSS * SIZE
    side = [0.0, 0.25, 0.5, 0.75]
    corners = [(0.0, at) for at in side] + [(at, 1.0) for at in side]
    corners += [(1.0, 1 - at) for at in side] + [(1 - at, 0.0) for at in side] + [(0.0, 0.0)]
    return [[round(west + x * SIZE, 7), round(south + y * SIZE, 7)] for x, y in corners]


@contextmanager
def _nothing() -> Iterator[None]:
    yield None


def _seconds(begun: float, processor: float) -> str:
    return f"{time.perf_counter() - begun:.1f} s, {time.process_time() - processor:.1f} of our processor"


def _same(found: int | None, wanted: int) -> None:
    if found != wanted:
        raise RuntimeError(f"{found} instead of {wanted}")
