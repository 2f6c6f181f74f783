"""What trying rules on past requests costs: seconds, statements, memory, by how many there are and what is asked."""

import asyncio
import time
import tracemalloc

from benchmarks.multiply import multiply
from benchmarks.tables import table
from benchmarks.towns import folder, lived_in, settings_for
from parvis.db import counted
from parvis.deployment import open_deployment
from parvis.requests.visibility import SYSTEM_VIEWER
from parvis.settings import Settings
from parvis_routing.rules import Rule, Rules, of_files
from parvis_routing.trying import try_out
from parvis_sdk.conditions import Is

SIZES = (5_000, 50_000)
FAR = 3660  # days
ASKING = {
    "types": Rule(id="1", types=("pothole",), unit="parks"),
    "zones, answers": Rule(
        id="1", zones=("outremont",), answers=Is(field="danger", value=True), types=("pothole",), unit="parks"
    ),
    "words": Rule(id="1", words=("fuite de gaz", "trottoir", "sidewalk", "lampadaire"), unit="parks"),
}


def measure() -> str:
    """SQLite, five and fifty thousand requests; memory is what Python holds at most besides what it held before."""
    rows: list[list[object]] = []
    with folder() as place:
        settings = settings_for(place)
        asyncio.run(lived_in(settings))
        for size in SIZES:
            asyncio.run(multiply(place / "parvis.sqlite", size))
            rows += asyncio.run(_tried(settings, size))
    titles = ["rules ask for", "requests", "seconds", "µs each", "statements", "memory (MB)", "would go elsewhere"]
    words = "Each request routed twice, by the rules of the files and by others, read in pieces of a thousand.\n\n"
    return "## Trying rules\n\n" + words + table(titles, rows)


async def _tried(settings: Settings, size: int) -> list[list[object]]:
    rows: list[list[object]] = []
    async with open_deployment(settings) as deployment:
        town = deployment.jurisdictions.jurisdiction("parvis")
        now = of_files(town)
        for asking, rule in ASKING.items():
            then = Rules(rules=(rule, *now.rules), default=now.default)
            began = time.perf_counter()
            with counted() as asked:
                trial = await try_out(deployment.host, SYSTEM_VIEWER, town, now, then, days=FAR, most=size)
            seconds = time.perf_counter() - began
            tracemalloc.start()
            await try_out(deployment.host, SYSTEM_VIEWER, town, now, then, days=FAR, most=size)
            most = tracemalloc.get_traced_memory()[1] / 1e6
            tracemalloc.stop()
            each = f"{seconds / trial.tried * 1e6:.0f}"
            rows.append([asking, f"{trial.tried:,}", f"{seconds:.1f}", each, asked.count, f"{most:.1f}", trial.moved])
    return rows
