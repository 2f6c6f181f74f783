"""How the demonstration is connected to its road crews: settings of the plugin `webhooks`, and what they begin with."""

import secrets
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from msgspec import structs

from parvis.access_scope import Reach
from parvis.db import transaction
from parvis.outbox import deliveries
from parvis.requests.host import Host
from parvis.requests.lists.search import Filters, queue
from parvis.requests.records import find
from parvis.requests.visibility import Viewer
from parvis.settings import Settings
from parvis_demo.crews.book import Book
from parvis_demo.crews.system import Crews

PLUGIN = "webhooks"
PACKAGE = f"parvis_{PLUGIN}"
NAME = "crews"
CONNECTOR = f"webhook_{NAME}"
CREWS = "crews"  # where the state of an application has them, while a demonstration runs
TOWN = "parvis"
TYPES = ("pothole", "snowy_sidewalk", "street_light", "fallen_branch", "illegal_dumping")
TITLE = "Équipes de voirie / Road crews"
ARRIVALS, SECRET = "crews.json", "crews.secret"
FILES = (ARRIVALS, SECRET)
SECONDS = 3  # so that one who watches it hang need not wait for long
HERE = "127.0.0.1/32"
AT_ONCE = 10  # requests that they are told of on order
CLERK = Viewer(
    kind="agent",
    id=NAME,
    name=NAME,
    reaches=(Reach(permissions=frozenset({"see"}), jurisdiction=TOWN, unit=""),),
)


@contextmanager
def road_crews(folder: Path) -> Iterator[Crews | None]:
    """Their system while the demonstration runs; None where the plugin is not installed."""
    if find_spec(PACKAGE) is None:
        yield None
        return
    key = secrets.token_bytes(32)
    secret = folder / SECRET
    secret.touch(0o600)
    secret.write_text(f"whsec_{b64encode(key).decode()}\n", "utf-8")
    crews = Crews(Book(folder / ARRIVALS), key)
    crews.become("well")
    try:
        yield crews
    finally:
        crews.end()


def connected(settings: Settings, folder: Path, crews: Crews) -> Settings:
    """These settings with their endpoint beside those of the file, and leave to call this machine."""
    endpoint = {
        "name": NAME,
        "title": TITLE,
        "url": crews.address,
        "types": TYPES,
        "towns": (TOWN,),
        "secret_file": str((folder / SECRET).absolute()),
        "seconds": SECONDS,
    }
    given: dict[str, Any] = settings.plugins.get(PLUGIN, {})
    told = given | {"endpoints": [*given.get("endpoints", ()), endpoint]}
    outgoing = structs.replace(settings.outgoing, private=(*settings.outgoing.private, HERE))
    return structs.replace(settings, plugins=settings.plugins | {PLUGIN: told}, outgoing=outgoing)


async def tell_of_some(host: Host) -> int:
    """Have them told of the latest open requests of their types as these stand now; of how many."""
    if host.jurisdictions.get(TOWN) is None:
        return 0
    found = await queue(host, CLERK, TOWN, Filters(types=TYPES, open=True), sort="updated", limit=AT_ONCE)
    records = [await find(host, row.reference) for row in found.rows]
    async with transaction(host.engine):
        for record in records:
            if record is not None:
                await deliveries.resend(CONNECTOR, request=record.id, reference=record.reference)
    return len(records)
