"""Five thousand real permits brought in as history, counted as their file counts them; and one very long file."""

import asyncio
import dataclasses
import io
import time
from functools import cache

import httpx
import msgspec
from PIL import Image
from tests.permits.calgary import SOURCE, counted, permit, rows, town_there

from benchmarks.pages import _page, sign_in
from benchmarks.tables import table
from benchmarks.towns import folder, settings_for
from parvis import clock
from parvis.access_scope import Scope
from parvis.app import create_app
from parvis.db import counted as counting
from parvis.deployment import open_deployment
from parvis.logs import begin_logging
from parvis.requests.actors import Actor
from parvis.requests.attached.receiving import receive_file
from parvis.requests.drafting import holder_of
from parvis.requests.host import Host
from parvis.requests.lists.search import Filters, queue
from parvis.requests.request_service import RequestService
from parvis.requests.visibility import SYSTEM_VIEWER
from parvis.requests.work import conversation
from parvis.selection import Period
from parvis.settings import Settings
from parvis_dashboards.decisions import Decisions, decisions
from parvis_demo.prepare import prepare
from parvis_migration.importing import bring_in
from parvis_sdk.counter import Receipt
from parvis_sdk.requests import Attachment

ENTRIES, ATTACHMENTS = 200, 40
ALWAYS = Period(since=clock.as_utc(clock.now().replace(year=1990)), until=clock.now())
ANA = Actor(kind="agent", id="bench", name="Ana Tremblay")


def measure() -> str:
    """Both in fresh databases."""
    with folder() as place:
        history = asyncio.run(_history(settings_for(place)))
    with folder() as place:
        long_file = asyncio.run(_long_file(settings_for(place)))
    return f"## Permits\n\n{history}\n\n{long_file}"


async def _history(settings: Settings) -> str:
    lines = list(rows())
    async with open_deployment(settings, migrating=True) as deployment:
        town = town_there(deployment.host.jurisdictions.jurisdiction("parvis"))
        jurisdictions = msgspec.structs.replace(deployment.host.jurisdictions, by_code={"parvis": town})
        host = dataclasses.replace(deployment.host, jurisdictions=jurisdictions)
        begun = time.perf_counter()
        for row in lines:
            answer = await bring_in(host, town, SOURCE, permit(row))
            if not isinstance(answer, Receipt):
                raise RuntimeError(f"{row['permitnum']}: {answer}")
        seconds = time.perf_counter() - begun
        begun = time.perf_counter()
        with counting() as queries:
            told = await decisions(Scope(jurisdiction="parvis"), ALWAYS, town.calendar, "construction")
        counted_ms = (time.perf_counter() - begun) * 1000
        _compare(told, counted(lines))
        begun = time.perf_counter()
        found = await queue(host, SYSTEM_VIEWER, "parvis", Filters(categories=("demolition",), open=None))
        listed_ms = (time.perf_counter() - begun) * 1000
    cells: list[list[object]] = [
        [
            f"{len(lines):,} permits brought in, with their steps",
            f"{seconds:.0f} s ({len(lines) / seconds:.0f} a second)",
        ],
        ["decisions by month and category, equal to the file", f"{counted_ms:.0f} ms, {queries.count} statements"],
        [f"the {found.total} demolitions, first page", f"{listed_ms:.0f} ms"],
        ["median and nine in ten, in days", f"{told.total.median:g} and {told.total.ninetieth:g}"],
    ]
    return table(["history", "measured"], cells)


def _compare(told: Decisions, expected: dict[str, dict[str, tuple[int, int, float | None, float | None]]]) -> None:
    for name, lines in expected.items():
        found = {each.code: (each.received, each.decided, each.median, each.ninetieth) for each in getattr(told, name)}
        for code, line in lines.items():
            same = all(a == b or (a and b and abs(a - b) < 1e-6) for a, b in zip(found[code], line, strict=True))
            if not same or found.keys() != lines.keys():
                raise RuntimeError(f"{name} {code}: {found.get(code)} is not {line}")


async def _long_file(settings: Settings) -> str:
    """The private page and the page at the desk of a request of which much was written and sent."""
    begin_logging(settings)
    async with open_deployment(settings, migrating=True) as deployment:
        await prepare(deployment.host, counts={"parvis": 20})
        reference, private = await _much_written(deployment.host)
    app = create_app(settings)
    async with app.lifespan():
        host = app.state.deployment.host
        transport = httpx.ASGITransport(app=app)
        headers = {"accept": "text/html", "accept-encoding": "br"}
        async with httpx.AsyncClient(transport=transport, base_url=host.base_url, headers=headers) as http:
            await http.get(private, follow_redirects=True)
            track = await _page(http, private.partition("?")[0])
            await sign_in(http)
            desk = await _page(http, f"/bureau/requete/{reference}")
    cells = [
        [name, f"{ms:.0f}", count, f"{size:,}"] for name, (ms, count, size) in (("tracking", track), ("desk", desk))
    ]
    return table([f"a file of {ENTRIES} entries and {ATTACHMENTS} files", "ms", "statements", "bytes"], cells)


async def _much_written(host: Host) -> tuple[str, str]:
    counter = RequestService(host)
    answers = {"size": "large", "surface": "lane", "danger": False}
    raw = {
        "language": "fr",
        "answers": answers,
        "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
        "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
    }
    receipt = await counter.submit("parvis", "pothole", raw, channel="portal")
    if not isinstance(receipt, Receipt):
        raise RuntimeError(str(receipt))
    for number in range(ATTACHMENTS // 5):
        holder = holder_of(f"bench-{number}")
        files = [await receive_file(host, holder, "files", f"photo-{number}-{at}.jpg", _picture(at)) for at in range(5)]
        ids = [each.id for each in files if isinstance(each, Attachment)]
        await conversation.reply(host, receipt.reference, f"Voici {number}", actor=ANA, files=ids, holder=holder)
    for number in range(ENTRIES - 1 - ATTACHMENTS // 5):
        await conversation.note(host, receipt.reference, f"Mot {number}: le dossier avance.", actor=ANA)
    return receipt.reference, receipt.tracking_url


@cache
def _picture(shade: int) -> bytes:
    held = io.BytesIO()
    Image.effect_noise((320, 240), 20 + shade).convert("RGB").save(held, "JPEG")
    return held.getvalue()
