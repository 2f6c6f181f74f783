"""What pages weigh over the wire, photos and parts of maps apart: the first page to a new visitor, others after it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import pytest

from .known import Known
from .people import PHONE, People
from .tour import POTHOLE, Walk

if TYPE_CHECKING:
    from playwright.async_api import Page

APART = ("maps-", "map-", "territoire.geojson", "marker-", "layers-", "/fichiers/", "/files/")
MOST_FIRST = 80_000
MOST_LATER = 40_000


async def weight_of(page: "Page", bring: Callable[[], Awaitable[None]]) -> int:
    """The bytes that come over the wire while a page is brought, headers included."""
    network = await page.context.new_cdp_session(page)
    await network.send("Network.enable")
    addresses: dict[str, str] = {}
    sizes: dict[str, float] = {}
    network.on("Network.requestWillBeSent", lambda sent: addresses.update({sent["requestId"]: sent["request"]["url"]}))
    network.on("Network.loadingFinished", lambda come: sizes.update({come["requestId"]: come["encodedDataLength"]}))
    await bring()
    await page.wait_for_load_state("networkidle")
    await network.detach()
    return round(sum(size for id, size in sizes.items() if not any(each in addresses.get(id, "") for each in APART)))


async def test_the_first_page_is_light_for_a_new_visitor(people: People):
    page = await people.come("fr", width=PHONE)
    assert await weight_of(page, lambda: page.goto("/fr/")) < MOST_FIRST


@pytest.mark.parametrize(
    "name", ["services", "service", "form", "form of a permit", "list", "public page", "own request", "queue", "case"]
)
async def test_a_later_page_is_light(people: People, known: dict[str, Known], name: str):
    page = await people.come("fr", width=PHONE)
    walk = Walk(page=page, language="fr", known=known)
    await walk.go()
    await page.wait_for_load_state("networkidle")
    if name in ("queue", "case"):
        await walk.at_desk("manager", "/bureau/compte")
    ways: dict[str, Callable[[], Awaitable[None]]] = {
        "services": lambda: walk.go(":services"),
        "service": lambda: walk.go(":services", *POTHOLE["fr"]),
        "form": lambda: walk.go(":apply", *POTHOLE["fr"]),
        "form of a permit": lambda: walk.go(":apply", "permis", "abattage-d-arbre"),
        "list": lambda: walk.go(":list"),
        "public page": lambda: walk.go(":public", known["long"].reference),
        "own request": lambda: walk.open("long"),
        "queue": lambda: page.goto("/bureau"),
        "case": lambda: page.goto(f"/bureau/requete/{known['long'].reference}"),
    }
    assert await weight_of(page, ways[name]) < MOST_LATER
