"""A town whose potholes become work orders and whose permit fees become invoices in a system beyond a line."""

import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from parvis import clock
from parvis.db import Engine
from parvis.files import LocalFiles
from parvis.http_client import Clients
from parvis.outbox import listing
from parvis.plugins.discovery import find_plugins
from parvis.plugins.loading import load_plugins
from parvis.plugins.module_discovery import find_modules
from parvis.plugins.plugin_settings import settings_from
from parvis.requests.actors import Actor
from parvis.requests.attached.receiving import receive_file
from parvis.requests.history import entries_of
from parvis.requests.host import Host
from parvis.requests.records import Record, find
from parvis.requests.request_service import RequestService
from parvis.sections import OutgoingSettings
from parvis.switches import Switchboard
from parvis.worker import Limits, Relay
from parvis_connectors.polling import poll_now
from parvis_fees.charges import Charge, charges_of
from parvis_sdk.connectors import Connector
from parvis_testing.jurisdictions import example_towns
from parvis_testing.modules import switch

from ..counterparts.line import Line
from ..journeys.charged import submit_charged

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
ZOE = {"name": "Zoé Côté", "email": "zoe@exemple.ca"}
HERE = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
HOLE = {"size": "large", "surface": "lane", "danger": False}


def jpeg(shade: int = 90) -> bytes:
    """A photo that the crew took."""
    drawn = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, shade, shade)).save(drawn, "JPEG")
    return drawn.getvalue()


class ErpTown:
    """The town, and a worker that works when it is told to."""

    def __init__(self, host: Host) -> None:
        self.host, self.counter = host, RequestService(host)

    async def hole(self, photo: bytes = b"") -> str:
        """A resident reports a pothole."""
        answers: dict[str, Any] = HOLE
        if photo:
            kept: Any = await receive_file(self.host, "hole", "photos", "trou.jpg", photo)
            answers = HOLE | {"photos": [kept.id]}
        raw = {"language": "fr", "answers": answers, "place": HERE, "requester": {"mode": "named", **ZOE}}
        receipt: Any = await self.counter.submit("parvis", "pothole", raw, channel="portal", holder="hole")
        return str(receipt.reference)

    async def sign(self, requester: dict[str, Any] | None = None, east: float = 0.01) -> str:
        """Somebody owes the fee of a sign."""
        return (await submit_charged(self.host, requester or ZOE, east, paid=False)).reference

    async def work(self) -> None:
        """The worker hands over whatever is due, until nothing is."""
        await Relay(self.host, Limits(seconds=20.0), luck=lambda: 0.0).drain()

    async def work_later(self) -> None:
        """Hours later, when what was postponed is due and every circuit lets one try through, and some time after."""
        for hours in (3, 6, 9):
            with clock.moved_to(clock.now() + timedelta(hours=hours)):
                await self.work()

    async def poll(self, name: str) -> int | None:
        return await poll_now(self.host, self.connector(name), "worker")

    def connector(self, name: str) -> Connector:
        return self.host.plugins.connectors[name]

    async def record(self, reference: str) -> Record:
        record = await find(self.host, reference)
        assert record is not None
        return record

    async def charge(self, reference: str) -> Charge:
        return (await charges_of((await self.record(reference)).id))[-1]

    async def notes(self, reference: str) -> str:
        """Everything that connectors said, for the desk."""
        entries = await entries_of(await self.record(reference))
        told = [
            each.personal.get("note", {}).get("fr", "") for each in entries if each.kind == "external" and each.personal
        ]
        return "\n".join(told)

    async def troubles(self) -> list[str]:
        """What keeps deliveries from being done."""
        return [str(line.trouble) for line in await listing(["postponed", "dead"])]


@asynccontextmanager
async def erp_town(engine: Engine, folder: Path, settings: dict[str, Any]) -> AsyncIterator[ErpTown]:
    found, troubles = find_plugins()
    plugins = load_plugins(found, settings_from({"erp_connector": settings}, {}), troubles)
    assert not plugins.troubles, [str(each) for each in plugins.troubles]
    clients = Clients(OutgoingSettings(private=("127.0.0.0/8",)))
    host = Host(
        engine=engine,
        jurisdictions=example_towns(),
        plugins=plugins,
        files=LocalFiles(folder / "files"),
        secret=b"a secret of thirty-two characters",
        base_url="http://127.0.0.1:8000",
        modules=Switchboard(find_modules()),
    ).having(clients)
    await switch(host, "on")
    try:
        yield ErpTown(host)
    finally:
        await clients.close()


class Faster:
    """Somebody who does something there just after we were answered, so many times."""

    def __init__(self, line: Line, body: bytes, *, path: str = "", method: str = "", times: int = 1) -> None:
        self.body, self.path, self.method, self.times = body, path, method, times
        self.carried = line.carried
        self.does: Callable[[], Any] = lambda: None
        line.carried = self.carry  # type: ignore[method-assign]

    def carry(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Any:
        reply = self.carried(method, path, headers, body)
        meant = self.body in body and self.path in path and self.method in ("", method)
        if self.times and meant:
            self.times -= 1
            self.does()
        return reply
