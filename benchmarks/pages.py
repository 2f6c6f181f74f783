"""What pages cost at four hundred and at very many requests: processor, statements, bytes over the wire."""

import asyncio
import contextlib
import gc
import io
import shutil
import statistics
import time

import httpx

from benchmarks.multiply import multiply
from benchmarks.tables import table
from benchmarks.towns import folder, lived_in, own_request, settings_for
from parvis.app import create_app
from parvis.db import counted
from parvis.logs import begin_logging
from parvis.settings import Settings

TIMES = 24
READY = ("home", "public list", "public map, whole town", "public GeoJSON")
MANAGER = ("gestion@parvis.example", "demo-gestion")


def measure(rows: int) -> str:
    """Home, form, public list, tracking, desk queue and dashboard, at both sizes."""
    with folder() as place:
        settings = settings_for(place)
        with contextlib.redirect_stdout(io.StringIO()):
            asyncio.run(lived_in(settings))
        small = asyncio.run(_pages(settings))
        with folder() as large_place:
            shutil.copytree(place, large_place, dirs_exist_ok=True)
            made = asyncio.run(multiply(large_place / "parvis.sqlite", rows))
            large = asyncio.run(_pages(settings_for(large_place)))
    lines: list[list[object]] = []
    for name, (ms, queries, size) in small.items():
        many_ms, many_queries, many_size = large[name]
        lines.append([name, f"{ms:.1f}", f"{many_ms:.1f}", queries, many_queries, f"{size:,}", f"{many_size:,}"])
    titles = ["page", "CPU-ms at 400", f"CPU-ms at {made:,}", "statements", "statements", "bytes", "bytes"]
    note = (
        "SQLite; processor of the whole process without the network (a quarter of the times took less), bytes as sent "
        "with brotli. `hello` is the shortest answer, through the same layers: compare with it, within one run. "
        "What is `ready` was asked without a cookie within a second.\n\n"
    )
    return "## Pages\n\n" + note + table(titles, lines)


async def _pages(settings: Settings) -> dict[str, tuple[float, int, int]]:
    begin_logging(settings)
    app = create_app(settings)
    async with app.lifespan():
        host = app.state.deployment.host
        private = await own_request(host)
        tracking = private.partition("?")[0]
        reference = tracking.rpartition("/")[2]
        transport = httpx.ASGITransport(app=app)
        headers = {"accept": "text/html", "accept-encoding": "br"}
        async with httpx.AsyncClient(transport=transport, base_url=host.base_url, headers=headers) as http:
            await http.get(private, follow_redirects=True)
            addresses = {
                "hello": "/health/live",
                "home": "/fr/",
                "form": "/fr/demande/rues-et-trottoirs/nid-de-poule",
                "public list": "/fr/requetes",
                "public list, narrowed": "/fr/requetes?type=pothole&period=365&near=45.5236,-73.5807&within=1000",
                "public list, words": "/fr/requetes?q=rachel",
                "public map, whole town": "/fr/requetes/carte?zoom=12",
                "public map, a few streets": "/fr/requetes/carte?zoom=16&view=-73.585,45.520,-73.575,45.527",
                "public feed": "/fr/requetes.atom",
                "public GeoJSON": "/api/v1/requests.geojson",
                "public figures": "/fr/chiffres",
                "tracking": tracking,
            }
            measured = {name: await _page(http, address) for name, address in addresses.items()}
            async with httpx.AsyncClient(transport=transport, base_url=host.base_url, headers=headers) as anybody:
                for name in READY:
                    measured[f"{name}, ready"] = await _page(anybody, addresses[name])
            await sign_in(http)
            desk = {
                "desk queue": "/bureau",
                "desk queue, narrowed": "/bureau?type=pothole&ouvertes=toutes&depuis=2020-01-01",
                "desk search": "/bureau?q=rachel",
                "desk request": f"/bureau/requete/{reference}",
                "dashboard": "/bureau/tableau",
            }
            return measured | {name: await _page(http, address) for name, address in desk.items()}


async def sign_in(http: httpx.AsyncClient) -> None:
    page = await http.get("/connexion")
    token = page.text.partition('name="_csrf" value="')[2].partition('"')[0]
    email, password = MANAGER
    sent = {"_csrf": token, "email": email, "password": password}
    (await http.post("/connexion", data=sent, follow_redirects=True)).raise_for_status()


async def _page(http: httpx.AsyncClient, address: str) -> tuple[float, int, int]:
    answer = await http.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    times = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(TIMES):
            begun = time.process_time()
            with counted() as queries:
                answer = await http.get(address)
            times.append((time.process_time() - begun) * 1000)
    finally:
        gc.enable()
    size = int(answer.headers.get("content-length", len(answer.content)))
    return statistics.quantiles(times, n=4)[0], queries.count, size
