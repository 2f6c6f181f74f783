"""Start and memory of a whole installation: processor until home answers, megabytes idle and after many requests."""

import asyncio
import contextlib
import io
import os
import sys
import time

from msgspec import structs

from benchmarks.bounds import bounded
from benchmarks.processes import PARVIS, ask, children, cost_of, environ_of, got, listening, memory, processor
from benchmarks.tables import table
from benchmarks.towns import folder, lived_in, own_request, settings_for
from parvis.deployment import open_deployment
from parvis.settings import Settings

BARE = "import litestar, piccolo.table, pluggy"
REQUESTS = 40_000
STEPS = 8  # between which the memory is read
AT_ONCE = 8
TIMES = 3
LOOKS = 0.2
PAGES = (
    "/fr/",
    "/fr/demande/rues-et-trottoirs/nid-de-poule",
    "/fr/requetes",
    "/fr/requetes/carte?zoom=14&view=-73.60,45.50,-73.55,45.54",
    "/api/v1/requests.geojson",
    "/fr/chiffres",
    "{tracking}",
    "/en/",
)


def measure(requests: int = REQUESTS) -> str:
    """A town that was lived in, on SQLite, served with its worker beside it."""
    with folder() as place:
        settings = structs.replace(settings_for(place.resolve()), secret_key="s" * 48)
        with contextlib.redirect_stdout(io.StringIO()):
            asyncio.run(lived_in(settings))
        tracking = asyncio.run(_tracking(settings))
        environ = environ_of(settings) | {"PARVIS_WORKER": "true", "PARVIS_NOTIFY_MODE": "mailbox"}
        bare = min(cost_of([sys.executable, "-c", BARE], environ) for _ in range(TIMES))
        starts = []
        for number in range(TIMES - 1):
            with listening([PARVIS, "serve", "--port"], place / "log", environ) as (web, port):
                asyncio.run(_home(port))
                starts.append(processor(web))
                if number == 0:
                    busy = memory(_worker(web))
        with listening([PARVIS, "serve", "--port"], place / "log", environ) as (web, port):
            asyncio.run(_home(port))
            starts.append(processor(web))
            worker = _worker(web)
            idle, of_worker = memory(web), memory(worker)
            grown = asyncio.run(_asked(web, port, tracking, requests))
    return _told(min(starts), bare, idle, (of_worker, busy), grown)


def _told(
    start: float,
    bare: float,
    idle: dict[str, float],
    workers: tuple[dict[str, float], dict[str, float]],
    grown: list[tuple[int, float]],
) -> str:
    after = f"after {grown[-1][0]:,} requests" if grown else "after none"
    of_worker, busy = workers
    rows: list[list[object]] = [
        ["processor until home answers, s (least of three)", f"{start:.2f}", ""],
        ["the bare three imported, s", f"{bare:.2f}", ""],
        ["times", bounded("start of serve ÷ bare imports", start / bare, 5, "{:.1f}"), "5"],
        ["web, idle, MB", bounded("idle web, MB", idle["rss"], 160, "{:.0f}"), "160"],
        ["its share of what both hold, MB", f"{idle['pss']:.0f}", ""],
        ["worker, idle, MB", bounded("idle worker, MB", of_worker["rss"], 120, "{:.0f}"), "120"],
        ["its share of what both hold, MB", f"{of_worker['pss']:.0f}", ""],
        ["worker that has told all of the demo, MB", f"{busy['rss']:.0f}", ""],
        [f"web, {after}, MB", bounded(f"web {after}, MB", grown[-1][1] if grown else 0, 200, "{:.0f}"), "200"],
    ]
    steps = ", ".join(f"{megabytes:.0f} after {count:,}" for count, megabytes in grown)
    words = f"SQLite, the towns and requests of the demo, every plugin installed. Web, MB: {steps}."
    return "## Start and memory\n\n" + table(["what", "measured", "aim"], rows) + "\n\n" + words


async def _tracking(settings: Settings) -> str:
    async with open_deployment(settings) as deployment:
        return (await own_request(deployment.host)).partition("?")[0]


async def _home(port: int) -> None:
    [answer] = await ask(port, 1, 1, lambda _: got("/fr/", port))
    if answer.status != 200:
        raise RuntimeError(f"home was answered {answer.status}")


def _worker(web: int) -> int:
    """The worker beside a web process, once it works and rests."""
    until, before = time.monotonic() + 120, 0.0
    while time.monotonic() < until:
        time.sleep(2)
        found = children(web)
        spent = sum(processor(each) for each in found)
        if found and spent > 0.5 and spent - before < LOOKS:
            return found[0]
        before = spent
    raise RuntimeError("no worker came to rest")


async def _asked(web: int, port: int, tracking: str, requests: int) -> list[tuple[int, float]]:
    pages = [each.format(tracking=tracking) for each in PAGES]
    seen = []
    for step in range(1, STEPS + 1):
        some = requests * step // STEPS - requests * (step - 1) // STEPS
        await ask(
            port, some, AT_ONCE, lambda number: got(pages[number % len(pages)], port, x_forwarded_for=_caller(number))
        )
        seen.append((requests * step // STEPS, memory(web)["rss"]))
        if os.environ.get("BENCH_VERBOSE"):
            print(seen[-1], flush=True)
    return seen


def _caller(number: int) -> str:
    return f"10.{number >> 14 & 255}.{number >> 6 & 255}.{number & 63}"
