"""Bulk actions on the queue: four requests of one unit, and the pages to select, preview and confirm."""

import re

import pytest

from parvis.requests.lifecycle import make_move
from parvis_testing.desk import ANA


def hidden(page, name):
    """The hidden fields of a page."""
    return re.search(f'name="{name}" value="([^"]*)"', page.text)[1]


@pytest.fixture
async def four(desk):
    """Three new requests and one in progress, of the unit roads."""
    records = [await desk.request(unit="roads") for _ in range(4)]
    await make_move(desk.host, records[3].reference, "start", {}, actor=ANA, mover="agent")
    return [await desk.record(one.reference) for one in records]


async def ticked(clerk, records):
    """The page of possible actions for these."""
    return await clerk.get("/bureau/plusieurs?" + "&".join(f"r={one.reference}" for one in records))


async def previewed(clerk, page, do, **given):
    """The preview for each request."""
    return await clerk.post("/bureau/plusieurs", chosen=hidden(page, "chosen"), _do=do, **given)


async def sure(clerk, page, **given):
    """Confirms, and returns the result for each request."""
    kept = {name: value for name, value in re.findall(r'type="hidden" name="([^"_]+)" value="([^"]*)"', page.text)}
    return await clerk.post("/bureau/plusieurs", **(kept | {"_do": hidden(page, "_do"), "_sure": "1"} | given))
