"""What one step for a whole list costs: read to its end, shown how it would go, done; on both engines."""

import time
from typing import Any

from benchmarks.tables import table
from benchmarks.towns import folder, postgres, settings_for
from parvis.db import counted
from parvis.deployment import open_deployment
from parvis.identifiers import new_id
from parvis.logs import begin_logging
from parvis.requests.actors import Actor
from parvis.requests.host import Host
from parvis.requests.lists.search import Filters, whole_list
from parvis.requests.request_service import RequestService
from parvis.requests.visibility import Reach, Viewer
from parvis.settings import Settings
from parvis_bulk_actions.actions import Move, judge, sign_of
from parvis_bulk_actions.batches import BatchTarget, begin, chosen_of, go_on

SIZES = (100, 1000)
CLERK = Actor(kind="agent", id="benchmark", name="Aline Des Mesures")
REACH = Reach(permissions=frozenset({"see", "work"}), jurisdiction="parvis")
VIEWER = Viewer(kind="agent", id="benchmark", name=CLERK.name, reaches=(REACH,))


async def measure() -> str:
    """Both engines, a hundred and a thousand."""
    rows: list[list[object]] = []
    with folder() as place:
        rows += await _sizes("SQLite", settings_for(place))
    with folder() as place, postgres() as url:
        if url is not None:
            rows += await _sizes("PostgreSQL", settings_for(place, url))
    titles = ["engine", "requests", "list (ms)", "preview (ms)", "done (ms)", "ms each", "statements", "each"]
    words = "Potholes taken in charge by one press, each in a transaction of its own.\n\n"
    return "## Many at once\n\n" + words + table(titles, rows)


async def _sizes(engine: str, settings: Settings) -> list[list[object]]:
    begin_logging(settings)
    async with open_deployment(settings, migrating=True) as deployment:
        return [[engine, f"{size:,}", *await _one(deployment.host, size)] for size in SIZES]


async def _one(host: Host, size: int) -> list[object]:
    for _ in range(size):
        await _pothole(host)
    step = host.plugins.request_types["pothole"].workflow.transition("triage")
    if step is None:
        raise RuntimeError("a pothole is taken in charge by no step")
    action = Move(transition=step.code, sign=sign_of(step), title=step.title)
    filters = Filters(types=("pothole",), states=("received",), open=True)
    began = time.perf_counter()
    listed = await whole_list(host, VIEWER, "parvis", filters, sort="due", most=size)
    seconds = [time.perf_counter() - began]
    records = await chosen_of(host, "parvis", [row.reference for row in listed])
    began = time.perf_counter()
    refused = [why for record in records if (why := await judge(host, VIEWER, record, action)) is not None]
    seconds.append(time.perf_counter() - began)
    if refused:
        raise RuntimeError(f"{len(refused)} would not be changed: {refused[0].fr}")
    batch, began = new_id(), time.perf_counter()
    chosen = [BatchTarget(reference=record.reference, version=record.version) for record in records]
    with counted() as asked:
        await begin(host, batch, "parvis", action, chosen, actor=CLERK)
        done = await go_on(host, batch, VIEWER)
    seconds.append(time.perf_counter() - began)
    if done != size:
        raise RuntimeError(f"{done} of {size} were seen to")
    each = seconds[-1] / size
    cells: list[object] = [f"{part * 1000:.0f}" for part in seconds]
    return [*cells, f"{each * 1000:.1f}", f"{asked.count:,}", f"{asked.count / size:.1f}"]


async def _pothole(host: Host) -> None:
    raw: dict[str, Any] = {
        "language": "fr",
        "answers": {"size": "large", "surface": "lane", "danger": False},
        "place": {"lon": -73.5883, "lat": 45.51954, "address": "4563, rue Saint-Urbain"},
        "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
    }
    await RequestService(host).submit("parvis", "pothole", raw, channel="portal")
