"""Documents a second: a letter of refusal, from the step that issues it to the row that keeps it, signed and not."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from msgspec import structs

from benchmarks.tables import table
from benchmarks.towns import folder, postgres, settings_for
from parvis import clock
from parvis.deployment import open_deployment
from parvis.logs import begin_logging
from parvis.requests.actors import Actor
from parvis.requests.host import Host
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record
from parvis.requests.request_service import RequestService
from parvis.sections import SigningSettings
from parvis.settings import Settings
from parvis_demo.keys import make_keys

ISSUED, AT_ONCE = 40, 4
CLERK = Actor(kind="agent", id="benchmark", name="Aline Des Mesures")
MARKET = {
    "event_name": "Marché de l’Avent",
    "event_kind": "market",
    "description": "Douze kiosques de bois sur la place, du vendredi au dimanche.",
    "opens_at": "10:00",
    "closes_at": "20:00",
    "people": 40,
    "accessible": True,
    "declaration": True,
}
REFUSAL = {"grounds": ["safety"], "reason": "La place est en travaux jusqu’au printemps."}


async def measure() -> str:
    """Both engines, one after the other and several at once."""
    rows: list[list[object]] = []
    with folder() as place:
        rows += await _both("SQLite", settings_for(place), place)
    with folder() as place, postgres() as url:
        if url is not None:
            rows += await _both("PostgreSQL", settings_for(place, url), place)
    titles = ["engine", "signed", "ms of processor", "one after the other, ms each", f"{AT_ONCE} at once, documents/s"]
    words = f"{ISSUED} letters of one page, each in the transaction of its step.\n\n"
    return "## Documents\n\n" + words + table(titles, rows)


async def _both(engine: str, settings: Settings, place: Path) -> list[list[object]]:
    begin_logging(settings)
    keys = make_keys(place / "keys", ("parvis", "rivemont"))
    found = []
    for signed, given in (("no", settings), ("yes", structs.replace(settings, signing=SigningSettings(keys=keys)))):
        async with open_deployment(given, migrating=True) as deployment:
            found.append([engine, signed, *await _rates(deployment.host)])
    return found


async def _rates(host: Host) -> list[object]:
    references = [await _waiting(host) for _ in range(2 * ISSUED + 1)]
    await _refuse(host, references.pop())
    began, spent = time.perf_counter(), time.process_time()
    for _ in range(ISSUED):
        await _refuse(host, references.pop())
    each, busy = (time.perf_counter() - began) / ISSUED, (time.process_time() - spent) / ISSUED
    began = time.perf_counter()
    await asyncio.gather(*(_several(host, references) for _ in range(AT_ONCE)))
    return [f"{busy * 1000:.0f}", f"{each * 1000:.0f}", f"{ISSUED / (time.perf_counter() - began):.0f}"]


async def _several(host: Host, references: list[str]) -> None:
    while references:
        await _refuse(host, references.pop())


async def _waiting(host: Host) -> str:
    day = (clock.now() + timedelta(days=60)).date().isoformat()
    raw: dict[str, Any] = {
        "language": "fr",
        "answers": MARKET | {"starts_on": day, "ends_on": day},
        "place": {"lon": -73.5883, "lat": 45.51954, "address": "4563, rue Saint-Urbain"},
        "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
    }
    receipt = await RequestService(host).submit("parvis", "event", raw, channel="portal")
    reference = str(getattr(receipt, "reference", ""))
    await make_move(host, reference, "check", {}, actor=CLERK, mover="agent")
    return reference


async def _refuse(host: Host, reference: str) -> None:
    became = await make_move(host, reference, "refuse", REFUSAL, actor=CLERK, mover="agent")
    if not isinstance(became, Record):
        raise RuntimeError(f"a refusal was answered {became}")
