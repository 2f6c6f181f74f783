"""What pages weigh over the wire until somebody touches them: the first page to a new visitor, others after it.

Photos are apart, and what maps draw where there are no tiles.
"""

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from .known import Known
from .people import PHONE, People
from .tour import POTHOLE, Walk

if TYPE_CHECKING:
    from playwright.async_api import Page

APART = ("territoire.geojson", "/fichiers/", "/files/")
MOST_FIRST = 80_000
MOST_LATER = 40_000

LETTERS_AGAIN = """
async most => {
  const font = performance.getEntriesByType("resource").find(each => each.name.endsWith(".woff2"))
  for (let come = 0, number = 0; come < most; number += 1)
    come += (await (await fetch(`${font.name}?${number}`)).arrayBuffer()).byteLength
}
"""


async def weight_of(page: "Page", bring: Callable[[], Awaitable[Any]]) -> dict[str, int]:
    """The bytes that come over the wire while a page is brought, headers included, by the path that they come from."""
    network = await page.context.new_cdp_session(page)
    await network.send("Network.enable")
    await network.send("Network.setBypassServiceWorker", {"bypass": True})  # it would fetch pages where nobody weighs
    addresses: dict[str, str] = {}
    sizes: dict[str, float] = {}
    network.on("Network.requestWillBeSent", lambda sent: addresses.update({sent["requestId"]: sent["request"]["url"]}))
    network.on("Network.loadingFinished", lambda come: sizes.update({come["requestId"]: come["encodedDataLength"]}))
    await bring()
    await page.wait_for_load_state("networkidle")
    await network.detach()
    weights: dict[str, int] = {}
    for id, size in sizes.items():
        path = urlsplit(addresses.get(id, "")).path
        weights[path] = weights.get(path, 0) + round(size)
    return {path: size for path, size in weights.items() if not any(each in path for each in APART)}


def too_heavy(name: str, weights: dict[str, int], most: int) -> str:
    """What to say of a page that is over its weight, with what weighs the most in it; nothing of any other."""
    whole = sum(weights.values())
    heaviest = sorted(weights, key=lambda path: -weights[path])[:3]
    parts = ", ".join(f"{path} {weights[path]:,}" for path in heaviest)
    return f"{name}: {whole:,} bytes of {most:,} ({parts})" if whole >= most else ""


async def test_the_first_page_is_light_for_a_new_visitor(people: People):
    page = await people.come("fr", width=PHONE)
    assert too_heavy("home", await weight_of(page, lambda: page.goto("/fr/")), MOST_FIRST) == ""


async def test_a_page_that_grew_too_heavy_is_named_with_what_weighs_in_it(people: People):
    page = await people.come("fr", width=PHONE)
    await page.goto("/fr/")
    await page.wait_for_load_state("networkidle")

    async def bring_with_letters_it_has_already() -> None:
        await page.goto("/fr/services")
        await page.evaluate(LETTERS_AGAIN, MOST_LATER)

    told = too_heavy("services", await weight_of(page, bring_with_letters_it_has_already), MOST_LATER)
    assert told.startswith("services: ")
    assert re.search(r"of 40,000 \(/\S+\.woff2 [45]\d,\d{3}, ", told)


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
    assert too_heavy(name, await weight_of(page, ways[name]), MOST_LATER) == ""
